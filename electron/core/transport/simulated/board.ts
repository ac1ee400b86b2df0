import type { BoardLink } from './board-link'
import { BoardOutput } from './board-output'
import { Interpreter, type InterpreterOptions, type RunEnd } from './interpreter'
import type { InterpreterAccess } from './memory-map'
import { RAW_BANNER, RAW_PROMPT, RawRepl } from './raw-repl'

const CTRL_A = 0x01
const CTRL_B = 0x02
const CTRL_D = 0x04
const INPUT_CHUNK_BYTES = 4096

export interface BoardOptions extends Omit<InterpreterOptions, 'io'> {
  readonly link: BoardLink
  readonly maxSourceBytes: number
  /** Makes the host look at the link. */
  readonly callHost: () => void
}

/** One simulated board: the interpreter, its REPL in both modes, and the firmware's life around them. It runs in a worker. */
export class Board {
  private mode: 'friendly' | 'raw' = 'friendly'
  private readonly rawRepl: RawRepl
  private input: Uint8Array = new Uint8Array(0)
  private inputAt = 0

  private constructor(
    private readonly options: BoardOptions,
    private readonly interpreter: Interpreter,
    private readonly output: BoardOutput,
  ) {
    this.rawRepl = new RawRepl(
      {
        send: text => output.sendRaw(text),
        run: source => this.runSource(source),
        softReset: () => this.softReset(),
        leave: () => this.leaveRaw(),
      },
      options.maxSourceBytes,
    )
  }

  static async load(options: BoardOptions): Promise<Board> {
    const output = new BoardOutput(options.link, options.callHost)
    // While it is loaded, the interpreter prints nothing and reads nothing.
    let board: Board | null = null
    const interpreter = await Interpreter.load({
      ...options,
      io: {
        write: (bytes, kind) => output.write(bytes, kind),
        read: limit => board?.readInput(limit) ?? null,
        hasInput: () => board?.hasInput ?? false,
        sleep: durationMs => options.link.waitForKick(options.link.kicks, durationMs),
        onCollected: durationMs => options.link.noteCollection(durationMs),
      },
    })
    board = new Board(options, interpreter, output)
    return board
  }

  /** What the host needs to reach running code from outside. */
  get access(): InterpreterAccess {
    return this.interpreter.access
  }

  /** From power-on for ever: only an error or the end of the worker ends it. */
  run(): never {
    this.startUp()
    for (;;) {
      const [byte] = this.takeInput(1)
      if (byte === undefined) continue
      if (this.mode === 'raw') this.rawRepl.push(byte)
      else this.pushFriendly(byte)
    }
  }

  /** Begins as firmware does after its own set-up: boot.py, main.py (not in raw mode), REPL. */
  private startUp(): void {
    for (let end = this.runStartFiles(); end !== 'done'; end = this.runStartFiles()) this.prepareRestart(end)
    if (this.mode === 'raw') {
      this.output.mute(() => {
        this.interpreter.startRepl()
        this.interpreter.feed(CTRL_A)
      })
      this.output.sendRaw(RAW_BANNER + RAW_PROMPT)
    } else {
      // Before its banner the interpreter sends a line end, which firmware does not do at a start.
      this.output.skip(2)
      this.interpreter.startRepl()
    }
  }

  private runStartFiles(): RunEnd {
    const end = this.running(() => this.interpreter.runFile('boot.py'))
    return end === 'done' && this.mode === 'friendly' ? this.running(() => this.interpreter.runFile('main.py')) : end
  }

  private prepareRestart(end: 'restart' | 'reset'): void {
    if (end === 'restart') this.output.sendRaw('MPY: soft reboot\r\n')
    else this.mode = 'friendly'
    this.rawRepl.reset()
    this.interpreter.reset()
  }

  private softReset(): void {
    this.prepareRestart('restart')
    this.startUp()
  }

  private onRunEnd(end: RunEnd): void {
    if (end === 'done') return
    this.prepareRestart(end)
    this.startUp()
  }

  private runSource(source: Uint8Array): void {
    this.interpreter.feedSource(withoutControlBytes(source))
    // The interpreter's "OK": the raw REPL has given the answer that fits its mode.
    this.output.skip(2)
    this.onRunEnd(this.running(() => this.interpreter.feed(CTRL_D)))
  }

  /** The host looks after running code, see `Collector`. */
  private running(run: () => RunEnd): RunEnd {
    this.options.link.setRunning(true)
    const end = run()
    this.options.link.setRunning(false)
    return end
  }

  private leaveRaw(): void {
    this.mode = 'friendly'
    this.interpreter.feed(CTRL_B)
  }

  private pushFriendly(byte: number): void {
    if (byte !== CTRL_A) {
      this.onRunEnd(this.running(() => this.interpreter.feed(byte)))
      return
    }
    // Only the interpreter knows whether its line is empty, so its answer says what Ctrl-A meant.
    const answer = this.output.listen(() => this.interpreter.feed(byte))
    if (answer.endsWith(RAW_BANNER + RAW_PROMPT)) this.mode = 'raw'
  }

  private get hasInput(): boolean {
    return this.inputAt < this.input.length || this.options.link.input.used > 0
  }

  /** Null when a Ctrl-C ended the wait. */
  private readInput(limit: number): Uint8Array | null {
    for (;;) {
      if (this.interpreter.isInterrupted) return null
      const bytes = this.takeInput(limit)
      if (bytes.length > 0) return bytes
    }
  }

  /** Blocks until there is input or the host has kicked; then it may give nothing. */
  private takeInput(limit: number): Uint8Array {
    const { link } = this.options
    if (this.inputAt === this.input.length) {
      const kicks = link.kicks
      this.input = link.input.read(INPUT_CHUNK_BYTES)
      this.inputAt = 0
      if (this.input.length === 0) link.waitForKick(kicks)
      else if (link.takeRoomWanted()) this.options.callHost()
    }
    const taken = this.input.subarray(this.inputAt, this.inputAt + limit)
    this.inputAt += taken.length
    return taken
  }
}

/**
 * In raw-paste mode 01 and 02 are data, which the interpreter's plain raw mode would take for commands. They can only stand
 * in literals and comments, where an escape means the same (but in raw strings).
 */
function withoutControlBytes(source: Uint8Array): Uint8Array {
  if (!source.some(isControlByte)) return source
  const escaped: number[] = []
  for (const byte of source) {
    if (isControlByte(byte)) escaped.push(...Buffer.from(`\\x0${byte}`))
    else escaped.push(byte)
  }
  return Uint8Array.from(escaped)
}

function isControlByte(byte: number): boolean {
  return byte >= CTRL_A && byte <= CTRL_D
}
