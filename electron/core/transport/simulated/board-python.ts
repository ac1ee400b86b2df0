/**
 * What a board has and the WebAssembly build lacks, in Python. Imported once before the board starts, so that the modules
 * are there without lying among its files.
 */

/** Opening this path restarts the board: the way from `machine.reset` out of the interpreter. */
export const RESET_PATH = '/dev/reset'

/** `uniqueId`: bytes as hexadecimal digits. */
const machine = (uniqueId: string): string => `
_frequency = 160_000_000

def unique_id():
    return bytes.fromhex("${uniqueId}")

def freq(hz=None):
    global _frequency
    if hz is None:
        return _frequency
    _frequency = hz

def reset():
    open("${RESET_PATH}")

def soft_reset():
    raise SystemExit
`

/** The build's own \`input\` reads from where nothing ever comes. */
const input = `
import sys
_read = sys.stdin.buffer.read
_write = sys.stdout.write
_last = 0

def input(prompt=""):
    global _last
    _write(str(prompt))
    line = ""
    while True:
        c = _read(1)[0]
        pair = _last
        _last = 0
        if c == 13 or c == 10:
            if pair and pair != c:
                continue
            _last = c
            _write("\\n")
            return line
        if c == 4 and not line:
            raise EOFError
        if c == 8 or c == 127:
            if line:
                line = line[:-1]
                _write("\\x08 \\x08")
        elif 32 <= c <= 126:
            line += chr(c)
            _write(chr(c))
`

/**
 * The build's asyncio waits with a browser's timers, through the module \`js\`. This one has a single timer and is run by
 * whoever waits. It also stands in front of the real \`js\`, which would reach out of the board.
 */
const timers = `
from time import sleep_ms, ticks_add, ticks_diff, ticks_ms
_call = None
_due = 0

def setTimeout(call, delay_ms):
    global _call, _due
    _call = call
    _due = ticks_add(ticks_ms(), max(0, delay_ms))
    return 1

def clearTimeout(timer):
    global _call
    _call = None

def wait():
    call = _call
    if call is None:
        sleep_ms(10)
        return
    left = ticks_diff(_due, ticks_ms())
    if left > 0:
        sleep_ms(left)
    clearTimeout(1)
    call()

import sys
sys.modules["js"] = sys.modules["timers"]
`

const errors = `
class JsException(Exception):
    pass

import sys
sys.modules["jsffi"] = sys.modules["errors"]
`

const asyncioRun = `
import asyncio, js

def run(coroutine):
    results = []
    task = asyncio.create_task(coroutine)
    task.state = lambda task, result: results.append(result)
    while not results:
        js.wait()
    if isinstance(results[0], StopIteration):
        return results[0].value
    raise results[0]

asyncio.run = run
`

/** Source texts by module name, in the order they are to be imported. */
export function boardModules(uniqueId: string): ReadonlyMap<string, string> {
  return new Map([
    ['machine', machine(uniqueId)],
    ['timers', timers],
    ['errors', errors],
    ['asyncio_run', asyncioRun],
    ['terminal', input],
  ])
}

/** Code of all kinds in which nothing but byte code is being executed while the scheduled call happens. */
export const COLLECTOR_SAMPLES = `
import micropython, time

def ask():
    micropython.schedule(time.sleep_ms, 0)

def loop(a=1, *rest, b=2, **named):
    ask()
    for i in range(2):
        pass
    ask()
    i = 2
    while i:
        i -= 1

def closure():
    inside = 3
    def inner(step):
        nonlocal inside
        ask()
        while inside > 0:
            inside -= step
    inner(1)

def values():
    loop()
    yield 1
    yield from other_values()

def other_values():
    ask()
    for i in range(2):
        yield i

async def wait():
    loop()

async def main():
    await wait()

class Thing:
    def method(self, a, b=2):
        try:
            loop(a, b, 3, b=4, c=5)
        finally:
            closure()

def run():
    ask()
    for i in range(2):
        pass
    loop()
    thing = Thing()
    thing.method(1, b=3)
    method = thing.method
    method(2)
    for value in values():
        pass
    generator = values()
    generator.send(None)
    next(generator)
    try:
        main().send(None)
    except StopIteration:
        pass
`

/** Run at the top level after the imports; leaves no names behind. */
export const FINISH_PRELUDE = `
import builtins, terminal, sys
builtins.input = terminal.input
for name in ("timers", "errors", "terminal", "asyncio_run"):
    del sys.modules[name]
del builtins, terminal, sys, name
`

/** Runs a file of the board's in the namespace of the REPL, with its own name in tracebacks. One line: see \`withoutRunner\`. */
export function fileRunner(path: string): string {
  return `exec(compile(open("${path}").read(),"${path}","exec"))`
}

/** A traceback without the entry of \`fileRunner\`. */
export function withoutRunner(traceback: string): string {
  return traceback.replace('  File "<stdin>", line 1, in <module>\r\n', '').replace('  File "<stdin>", line 1, in <module>\n', '')
}
