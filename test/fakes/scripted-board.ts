import { Emitter } from '../../electron/core/base/emitter'
import { type Transport, TransportError } from '../../electron/core/transport/transport'

/** What a board under test does. Text is sent byte for byte (Latin-1). */
export interface BoardScript {
  /** Answers a snippet. Without it every snippet prints nothing. May return at once or end the run later by `run.end()`. */
  readonly onRun?: (code: string, run: BoardRun) => void
  /** What the board does when the conversation begins. Default: it waits at the friendly prompt. */
  readonly start?: 'friendly' | 'half-line' | 'triple-quote' | 'paste' | 'raw' | 'half-buffer' | 'program'
  /** Interrupts that the program running at the start swallows before it ends. */
  readonly swallowedInterrupts?: number
  /** What the program running at the start prints, again and again, for as long as it runs. */
  readonly programPrints?: string
  readonly hasBackPressure?: boolean
  /** What code prints last never arrives. */
  readonly isUnmarked?: boolean
  /**
   * Raw-paste mode. `old`, the default: the board does not know it. `stalls` frees no window; `mute` never answers; `aborts`
   * ends it after the first window, as one that has read a syntax error; `loses its end`: what says that it has all does not arrive.
   */
  readonly rawPaste?: 'old' | 'refused' | 'offered' | 'stalls' | 'mute' | 'aborts' | 'loses its end'
  /** Printed by a timer of the board whenever a window of raw-paste mode is filled. */
  readonly timerPrints?: string
  /** The friendly prompt, which a program can set. Default: `>>> `. */
  readonly prompt?: string
  /** Of the snippets, so many find no memory to be compiled in; probes are snippets too. */
  readonly memoryErrors?: number
  /** How the board's bytes are cut. Default: what it sends at once comes at once. */
  readonly cut?: (bytes: Uint8Array) => readonly Uint8Array[]
  /** Replaces the board: sees what is written and answers with `send`, or not. */
  readonly insteadOfBoard?: (written: Uint8Array, board: ScriptedBoard) => void
}

/** One run of a snippet as its script sees it. */
export interface BoardRun {
  print(text: string): void
  /** Ends the run; with a text, by that uncaught exception. */
  end(exception?: string): void
  /** Ends the run by a soft reset, as `sys.exit()` does. */
  exit(): void
  /** Called for each byte but 03 that comes during the run. Default: nobody reads it. */
  onInput: (character: string) => void
  /** Called for each 03 during the run. Default: ends it with a KeyboardInterrupt. */
  onInterrupt: () => void
}

const BANNER = 'MicroPython v1.27.0 on 2026-01-01; scripted board\r\nType "help()" for more information.\r\n>>> '
const WINDOW_BYTES = 128
const RAW_BANNER = 'raw REPL; CTRL-B to exit\r\n>'
export const KEYBOARD_INTERRUPT = 'Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\nKeyboardInterrupt: \r\n'

export function latin1(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}

export function fromLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

/** The statement with which code says that it has come to its end. */
const END_MARK = /\n?__import__\('sys'\)\.stdout\.write\(b'\\x1f([\w-]{11})'\)/

/** What was written, as if no code had been given a last statement of the protocol's own. */
export function withoutEndMarks(written: string): string {
  return written.replaceAll(new RegExp(END_MARK, 'g'), '')
}

/**
 * A board that follows MicroPython's modes and control bytes, and a script for the rest. Its bytes arrive in a microtask
 * of their own, as a transport's do. Reads its input byte by byte, in order.
 */
export class ScriptedBoard implements Transport {
  readonly backend = 'serial'
  readonly port = '/dev/ttyTEST0'
  readonly hasBackPressure: boolean
  isOpen = true
  pendingWriteBytes = 0
  readonly released = Promise.resolve()

  private readonly data = new Emitter<Uint8Array>()
  private readonly lost = new Emitter<TransportError>()
  readonly onData = this.data.event
  readonly onLost = this.lost.event

  /** Everything written so far, Latin-1. */
  written = ''
  /** Each `write` call. */
  readonly writes: Uint8Array[] = []
  /** Snippets that were executed, without the probes that only prove the prompt. */
  readonly executed: string[] = []
  softResets = 0
  /** Requests for raw-paste mode. */
  rawPastes = 0
  /** While true, writes are not taken. */
  isBlocked = false
  /** Set while something else sits on the port, see `BoardScript`. */
  insteadOfBoard: BoardScript['insteadOfBoard']
  /** While true, what is written is lost, as in a board that still starts. */
  isDeaf = false

  private mode: 'friendly' | 'paste' | 'raw' | 'raw-paste' | 'running' = 'friendly'
  private input = ''
  private isRaw = false
  private run: BoardRun | null = null
  private readonly blocked: (() => void)[] = []
  private outbox = ''
  private isPaused = false
  private hasAborted = false
  private memoryErrors: number

  constructor(private readonly script: BoardScript = {}) {
    this.hasBackPressure = script.hasBackPressure ?? true
    this.insteadOfBoard = script.insteadOfBoard
    this.memoryErrors = script.memoryErrors ?? 0
    this.begin(script.start ?? 'friendly')
  }

  get listenerCount(): number {
    return this.data.listenerCount + this.lost.listenerCount
  }

  open(): Promise<void> {
    return Promise.resolve()
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.isOpen) throw this.goneError()
    this.writes.push(bytes)
    if (this.isBlocked) {
      this.pendingWriteBytes += bytes.length
      await new Promise<void>(resolve => this.blocked.push(resolve))
      this.pendingWriteBytes -= bytes.length
    }
    if (!this.isOpen) throw this.goneError()
    this.written += fromLatin1(bytes)
    if (this.isDeaf) return
    if (this.insteadOfBoard !== undefined) this.insteadOfBoard(bytes, this)
    else for (const byte of bytes) this.read(byte)
  }

  async close(): Promise<void> {
    this.kill()
  }

  kill(): void {
    this.isOpen = false
    this.unblock()
  }

  setPaused(paused: boolean): void {
    this.isPaused = paused
    if (!paused && this.outbox !== '') queueMicrotask(() => this.deliver())
  }

  /** Takes what was held back, and everything from now on. */
  unblock(): void {
    this.isBlocked = false
    for (const resume of this.blocked.splice(0)) resume()
  }

  /** The cable is pulled. */
  unplug(): void {
    this.isOpen = false
    this.unblock()
    this.lost.fire(this.goneError())
  }

  /** Sends bytes as they are, whatever the board does. */
  send(text: string): void {
    if (this.outbox === '' && !this.isPaused) queueMicrotask(() => this.deliver())
    this.outbox += text
  }

  /** The reset button: the interpreter starts anew, at the friendly prompt. */
  reset(): void {
    this.isRaw = false
    this.run = null
    this.toPrompt(`\r\n${BANNER}`)
  }

  private deliver(): void {
    if (this.isPaused) return
    const bytes = latin1(this.outbox)
    this.outbox = ''
    for (const piece of this.script.cut?.(bytes) ?? [bytes]) {
      if (this.isOpen && piece.length > 0) this.data.fire(piece)
    }
  }

  private begin(start: NonNullable<BoardScript['start']>): void {
    switch (start) {
      case 'friendly':
        break
      case 'half-line':
        this.input = 'print('
        break
      case 'triple-quote':
        this.input = '"""abc\n'
        break
      case 'paste':
        this.mode = 'paste'
        this.input = 'x = 1\n'
        break
      case 'raw':
        this.mode = 'raw'
        this.isRaw = true
        break
      case 'half-buffer':
        this.mode = 'raw'
        this.isRaw = true
        this.input = 'import mac'
        break
      case 'program': {
        let left = this.script.swallowedInterrupts ?? 0
        const run = this.newRun('program')
        run.onInterrupt = () => {
          if (left-- <= 0) run.end(KEYBOARD_INTERRUPT)
        }
        const { programPrints } = this.script
        if (programPrints !== undefined) this.printForever(run, programPrints)
      }
    }
  }

  /** Prints as fast as the listener takes it, for as long as the run goes on. Takes no time of a fake clock. */
  printForever(run: BoardRun, text: string): void {
    if (this.run !== run || !this.isOpen) return
    this.send(text)
    setImmediate(() => this.printForever(run, text))
  }

  private read(byte: number): void {
    if (this.mode === 'running') {
      if (byte === 3) this.run?.onInterrupt()
      else this.run?.onInput(String.fromCharCode(byte))
      return
    }
    if (this.mode === 'raw') this.readRaw(byte)
    else if (this.mode === 'raw-paste') this.readRawPaste(byte)
    else if (this.mode === 'paste') this.readPaste(byte)
    else this.readFriendly(byte)
  }

  private readRaw(byte: number): void {
    if (byte === 1 && this.input === '\x05A') this.answerRawPaste()
    else if (byte === 1) this.toPrompt(RAW_BANNER)
    else if (byte === 2) {
      this.isRaw = false
      this.toPrompt(`\r\n${BANNER}`)
    } else if (byte === 3) this.input = ''
    else if (byte !== 4) this.input += String.fromCharCode(byte)
    else if (this.input === '') {
      this.send('OK\r\n')
      this.softReset()
    } else this.execute()
  }

  private answerRawPaste(): void {
    this.rawPastes++
    this.input = ''
    switch (this.script.rawPaste ?? 'old') {
      case 'old':
        this.toPrompt(RAW_BANNER)
        return
      case 'refused':
        this.send('R\x00>')
        return
      case 'mute':
        return
      default:
        this.mode = 'raw-paste'
        this.send(`R\x01${String.fromCharCode(WINDOW_BYTES)}\x00`)
        if (this.script.rawPaste !== 'stalls') this.send('\x01')
    }
  }

  private readRawPaste(byte: number): void {
    if (byte === 3) this.toPrompt('\x04\x04KeyboardInterrupt: \r\n\x04>')
    else if (byte === 4 && this.hasAborted) this.toPrompt('\x04SyntaxError: invalid syntax\r\n\x04>')
    else if (byte === 4) {
      if (this.script.rawPaste !== 'loses its end') this.send('\x04')
      this.start()
    } else {
      this.input += String.fromCharCode(byte)
      if (this.input.length % WINDOW_BYTES !== 0) return
      this.send(this.script.timerPrints ?? '')
      if (this.script.rawPaste === 'aborts' && !this.hasAborted) {
        this.hasAborted = true
        this.send('\x04')
      } else if (this.script.rawPaste !== 'stalls') this.send('\x01')
    }
  }

  private readFriendly(byte: number): void {
    if (byte === 3) this.toPrompt('\r\n>>> ')
    else if (this.input !== '') {
      if (byte >= 0x20 || byte === 13) this.send(this.echo(byte))
    } else if (byte === 1) {
      this.isRaw = true
      this.toPrompt(`\r\n${RAW_BANNER}`)
    } else if (byte === 2) this.toPrompt(`\r\n${BANNER}`)
    else if (byte === 4) this.softReset()
    else if (byte === 5) {
      this.mode = 'paste'
      this.send('\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ')
    } else this.send(this.echo(byte))
  }

  private readPaste(byte: number): void {
    if (byte === 3 || byte === 4) this.toPrompt('\r\n>>> ')
    else this.send(this.echo(byte))
  }

  private echo(byte: number): string {
    const character = String.fromCharCode(byte)
    this.input += character
    return character
  }

  private execute(): void {
    this.send('OK')
    this.start()
  }

  private start(): void {
    const code = this.input
    this.input = ''
    const run = this.newRun('snippet')
    if (this.memoryErrors > 0) {
      this.memoryErrors--
      run.end('MemoryError: memory allocation failed, allocating 208 bytes\r\n')
      return
    }
    // The probe of the prompt: a missing key, whose text is two literals joined.
    const probe = /^\{\}\['(\w+)'\+'(\w+)'\]$/.exec(code)
    if (probe !== null) {
      run.end(`Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\nKeyError: ${probe[1]}${probe[2]}\r\n`)
      return
    }
    const mark = END_MARK.exec(code)
    run.mark = mark === null || this.script.isUnmarked === true ? '' : `\x1f${mark[1]}`
    const source = code.replace(END_MARK, '') || '\n'
    this.executed.push(source)
    if (this.script.onRun === undefined) run.end()
    else this.script.onRun(source, run)
  }

  private newRun(kind: 'program' | 'snippet'): BoardRun & { mark: string } {
    this.mode = 'running'
    const ending = (): boolean => {
      if (this.run !== run) return false
      this.run = null
      return true
    }
    const run: BoardRun & { mark: string } = {
      mark: '',
      print: text => this.send(text),
      end: (exception = '') => {
        if (!ending()) return
        if (kind === 'program') this.toPrompt(`${exception}${BANNER}`)
        else this.toPrompt(`${exception === '' ? run.mark : ''}\x04${exception}\x04>`)
      },
      exit: () => {
        if (!ending()) return
        this.send('\x04\x04')
        this.softReset()
      },
      onInput: () => {},
      onInterrupt: () => run.end(KEYBOARD_INTERRUPT),
    }
    this.run = run
    return run
  }

  private softReset(): void {
    this.softResets++
    this.toPrompt(`MPY: soft reboot\r\n${this.isRaw ? RAW_BANNER : BANNER}`)
  }

  private toPrompt(text: string): void {
    this.input = ''
    const { prompt } = this.script
    this.hasAborted = false
    this.mode = this.isRaw ? 'raw' : 'friendly'
    this.send(prompt === undefined ? text : text.replace(/>>> $/, prompt))
  }

  private goneError(): TransportError {
    return new TransportError('disconnected', `The board on ${this.port} is gone.`)
  }
}
