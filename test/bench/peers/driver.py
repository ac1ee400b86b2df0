"""Drives the tools that Muster is measured against, in one long-lived process, so that no start is counted.

Takes one command a line on standard input, as JSON, and answers each with one line: {"ok": ...} or {"error": "..."}.
Times are seconds of a monotonic clock around the tool's own call, and nothing else.
"""

import hashlib
import json
import os
import sys
import tempfile
import time


class Mpremote:
    """The serial transport that mpremote's own commands use."""

    def __init__(self, port, raw_paste):
        from mpremote.transport_serial import SerialTransport

        self.transport = SerialTransport(port, 115200)
        self.transport.use_raw_paste = raw_paste
        self.transport.enter_raw_repl(soft_reset=False)

    def run(self, code):
        return self.transport.exec(code)

    def write(self, path, data, chunk):
        self.transport.fs_writefile(path, data, **({"chunk_size": chunk} if chunk else {}))

    def read(self, path, chunk):
        return bytes(self.transport.fs_readfile(path, **({"chunk_size": chunk} if chunk else {})))

    def close(self):
        self.transport.exit_raw_repl()
        self.transport.close()


class Belay:
    """Belay's conversation with a board, below its decorators."""

    def __init__(self, port, raw_paste):
        from belay.pyboard import Pyboard

        self.board = Pyboard(port)
        self.board.use_raw_paste = raw_paste
        self.board.enter_raw_repl(soft_reset=False)

    def run(self, code):
        return self.board.exec(code)

    def write(self, path, data, chunk):
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            self.board.fs_put(file.name, path)

    def read(self, path, chunk):
        with tempfile.NamedTemporaryFile() as file:
            self.board.fs_get(path, file.name)
            return file.read()

    def close(self):
        self.board.close()


class Rshell:
    """rshell in its quickest way: binary, with the buffer that it takes for boards on USB."""

    def __init__(self, port, raw_paste):
        import rshell.main as rshell

        self.rshell = rshell
        rshell.QUIET = True
        rshell.ASCII_XFER = False
        rshell.BUFFER_SIZE = rshell.USB_BUFFER_SIZE
        self.device = rshell.DeviceSerial(port, 115200, 0)
        rshell.add_device(self.device)

    def run(self, code):
        board = self.device.pyb
        board.enter_raw_repl()
        output = board.exec(code)
        board.exit_raw_repl()
        return output

    def write(self, path, data, chunk):
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            self.rshell.cp(file.name, self.device.name_path.rstrip("/") + path)

    def read(self, path, chunk):
        with tempfile.NamedTemporaryFile() as file:
            self.rshell.cp(self.device.name_path.rstrip("/") + path, file.name)
            return file.read()

    def close(self):
        self.rshell.DEVS.remove(self.device)
        self.rshell.DEFAULT_DEV = None
        self.device.close()


class Ampy:
    def __init__(self, port, raw_paste):
        from ampy.files import Files
        from ampy.pyboard import Pyboard

        self.board = Pyboard(port)
        self.files = Files(self.board)

    def run(self, code):
        self.board.enter_raw_repl()
        output = self.board.exec_(code)
        self.board.exit_raw_repl()
        return output

    def write(self, path, data, chunk):
        self.files.put(path, data)

    def read(self, path, chunk):
        return bytes(self.files.get(path))

    def close(self):
        self.board.close()


TOOLS = {"mpremote": Mpremote, "belay": Belay, "rshell": Rshell, "ampy": Ampy}


def run_many(tool, count):
    times = []
    for _ in range(count):
        began = time.perf_counter()
        output = tool.run("print(1)")
        times.append(time.perf_counter() - began)
        if bytes(output).strip() != b"1":
            raise ValueError("print(1) answered %r" % bytes(output))
    return {"seconds": times}


def write_file(tool, path, source, chunk):
    with open(source, "rb") as file:
        data = file.read()
    began = time.perf_counter()
    tool.write(path, data, chunk)
    return {"seconds": [time.perf_counter() - began]}


def read_file(tool, path, chunk):
    began = time.perf_counter()
    data = tool.read(path, chunk)
    return {"seconds": [time.perf_counter() - began], "sha256": hashlib.sha256(data).hexdigest()}


def main():
    # The tools print what they like; only answers go to the true standard output.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    tool = None
    for line in sys.stdin:
        command = json.loads(line)
        try:
            what = command["do"]
            if what == "open":
                tool = TOOLS[command["tool"]](command["port"], command["rawPaste"])
                answer = {}
            elif what == "run":
                answer = run_many(tool, command["count"])
            elif what == "write":
                answer = write_file(tool, command["path"], command["source"], command.get("chunk"))
            elif what == "read":
                answer = read_file(tool, command["path"], command.get("chunk"))
            else:
                if tool is not None:
                    tool.close()
                tool = None
                answer = {}
            reply = {"ok": answer}
        # ampy's errors are BaseException, and rshell leaves the process.
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            reply = {"error": "%s: %s" % (type(error).__name__, error)}
        answers.write(json.dumps(reply) + "\n")
        answers.flush()


main()
