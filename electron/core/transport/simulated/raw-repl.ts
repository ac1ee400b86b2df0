/**
 * The raw REPL's side of a simulated board, byte by byte (MicroPython shared/runtime/pyexec.c).
 *
 * The WebAssembly build can't take source in raw-paste mode itself: its way of reading standard input always answers with
 * nothing, so the upload would never end. Therefore raw mode is spoken here, and the interpreter gets whole sources.
 */

const CTRL_A = 0x01
const CTRL_B = 0x02
const CTRL_C = 0x03
const CTRL_D = 0x04
const CTRL_E = 0x05
const LETTER_A = 0x41

/** Half of the firmware's 256-byte input buffer. */
export const RAW_PASTE_WINDOW_BYTES = 128

export const RAW_BANNER = 'raw REPL; CTRL-B to exit\r\n'
export const RAW_PROMPT = '>'
const END = '\x04'

export interface RawReplBoard {
  send(text: string): void
  /** Runs the source and sends all that follows: its output, 04, the exception's text, 04, and the prompt or a restart's text. */
  run(source: Uint8Array): void
  softReset(): void
  /** Back to the friendly REPL, banner and all. */
  leave(): void
}

type State = 'line' | 'paste' | 'discarding'

export class RawRepl {
  private state: State = 'line'
  private buffer = new Uint8Array(1024)
  private length = 0
  private windowLeft = RAW_PASTE_WINDOW_BYTES

  /** `maxSourceBytes`: a larger source is a MemoryError, as on a board whose heap it does not fit into. */
  constructor(
    private readonly board: RawReplBoard,
    private readonly maxSourceBytes: number,
  ) {}

  reset(): void {
    this.state = 'line'
    this.length = 0
    this.buffer = new Uint8Array(1024)
  }

  push(byte: number): void {
    switch (this.state) {
      case 'line':
        this.onLineByte(byte)
        break
      case 'paste':
        this.onPasteByte(byte)
        break
      case 'discarding':
        if (byte === CTRL_C || byte === CTRL_D) this.finishWithout(this.outOfMemory())
        break
    }
  }

  private onLineByte(byte: number): void {
    switch (byte) {
      case CTRL_A:
        if (this.length === 2 && this.buffer[0] === CTRL_E) this.onPasteRequest()
        else this.restartLine(RAW_BANNER + RAW_PROMPT)
        break
      case CTRL_B:
        this.reset()
        this.board.leave()
        break
      case CTRL_C:
        this.length = 0
        break
      case CTRL_D:
        this.onLineEnd()
        break
      default:
        // One byte more than allowed is kept as the sign that there were too many.
        if (this.length <= this.maxSourceBytes) this.append(byte)
    }
  }

  private onLineEnd(): void {
    if (this.length === 0) {
      this.board.send('OK\r\n')
      this.board.softReset()
    } else if (this.length > this.maxSourceBytes) {
      this.board.send('OK')
      this.finishWithout(this.outOfMemory())
    } else {
      this.board.send('OK')
      this.runBuffer()
    }
  }

  private onPasteRequest(): void {
    if (this.buffer[1] !== LETTER_A) {
      this.restartLine(`R\x00${RAW_PROMPT}`)
      return
    }
    this.length = 0
    this.state = 'paste'
    this.windowLeft = RAW_PASTE_WINDOW_BYTES
    // The size opens one window, and the 01 at once a second one.
    this.board.send(`R\x01${String.fromCharCode(RAW_PASTE_WINDOW_BYTES & 0xff, RAW_PASTE_WINDOW_BYTES >> 8)}\x01`)
  }

  private onPasteByte(byte: number): void {
    if (byte === CTRL_C) {
      this.board.send(END)
      this.finishWithout('KeyboardInterrupt: \r\n')
      return
    }
    if (byte === CTRL_D) {
      this.board.send(END)
      if (this.length === 0) this.finishWithout('')
      else this.runBuffer()
      return
    }
    if (this.length >= this.maxSourceBytes) {
      // The device ends the upload: it says so, and throws away what comes until the host has noticed.
      this.board.send(END)
      this.state = 'discarding'
      return
    }
    this.append(byte)
    this.windowLeft--
    if (this.windowLeft === 0) {
      this.board.send('\x01')
      this.windowLeft = RAW_PASTE_WINDOW_BYTES
    }
  }

  private runBuffer(): void {
    const source = this.buffer.slice(0, this.length)
    this.reset()
    this.board.run(source)
  }

  /** The end of an execution that never began. */
  private finishWithout(exception: string): void {
    this.reset()
    this.board.send(END + exception + END + RAW_PROMPT)
  }

  private restartLine(answer: string): void {
    this.length = 0
    this.board.send(answer)
  }

  private outOfMemory(): string {
    return `MemoryError: memory allocation failed, allocating ${this.maxSourceBytes + 1} bytes\r\n`
  }

  private append(byte: number): void {
    if (this.length === this.buffer.length) {
      const larger = new Uint8Array(this.buffer.length * 2)
      larger.set(this.buffer)
      this.buffer = larger
    }
    this.buffer[this.length++] = byte
  }
}
