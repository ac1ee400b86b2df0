import type { Clock } from '../base/clock'
import { type Disposable, DisposableStore } from '../base/disposable'
import { type Transport, TransportError } from '../transport/transport'
import { Activity, type LinkFailure, type OutputSink } from './activity'
import type { BoardHabits } from './board-habits'
import { BoardInput } from './board-input'
import { ProtocolError } from './board-protocol'
import type { DialogueReader } from './board-talk'
import { ControlByte } from './control-bytes'
import type { InterruptSignal } from './interrupt-ladder'
import { RAW_PASTE_REQUEST, RawPaste, strangeBytes } from './raw-paste'
import type { RawReplEvent } from './raw-repl-events'
import { RawReplParser } from './raw-repl-parser'

const INTERRUPT = Uint8Array.of(ControlByte.interrupt)
const ENTER_RAW = Uint8Array.of(ControlByte.enterRaw)
const LEAVE_RAW = Uint8Array.of(ControlByte.leaveRaw)
const END = Uint8Array.of(ControlByte.end)
/** First letter of the raw banner, with which a board answers that does not know raw-paste mode. */
const OLD_BOARD = 'r'.charCodeAt(0)

/**
 * One transport and the parser behind it, lent to one activity at a time. Output goes to the activity's sink as it comes,
 * everything else waits in its queue. Without an activity, output goes to `idleSink`.
 */
export class RawReplLink implements Disposable {
  private readonly parser = new RawReplParser()
  private readonly subscriptions = new DisposableStore()
  private activity: Activity | null = null
  private failedWith: LinkFailure | null = null
  private promptIsKnown = false
  /** Bytes that are not the protocol's own went out since the prompt was proved: nobody knows what the board made of them. */
  private isStirred = false
  /** Reads what comes before the parser does, while code is handed over in raw-paste mode. */
  private paste: RawPaste | null = null
  /** Reads instead of the parser, while a program on the board says what no parser is to look at. */
  private dialogue: DialogueReader | null = null
  /** Whether the board prints the mark at the end of code; once it could not, it is not asked for it again on this connection. */
  marksEnd: 'untried' | 'always' | 'never' = 'untried'
  /**
   * When its prompt was proved the board had no memory to compile even that. The raw prompt gathers plain code in the heap, and
   * nothing catches the error when that has no room (`vstr_add_byte` in MicroPython's pyexec.c): longer code may end the interpreter.
   */
  lacksMemory = false
  /** Of the code that is handed over in raw-paste mode. */
  private pastedMark: Uint8Array | null = null
  /** Bytes for what runs on the board. Held back while an activity speaks itself. */
  readonly input: BoardInput

  constructor(
    private readonly transport: Transport,
    readonly clock: Clock,
    private readonly idleSink: OutputSink,
    readonly habits: BoardHabits,
  ) {
    this.input = new BoardInput(clock, transport.hasBackPressure, bytes => this.writeInput(bytes))
    this.subscriptions.add(transport.onData(bytes => this.receive(bytes)))
    this.subscriptions.add(transport.onLost(({ message, hint }) => this.fail(new ProtocolError('disconnected', message, hint))))
  }

  get port(): string {
    return this.transport.port
  }

  get hasBackPressure(): boolean {
    return this.transport.hasBackPressure
  }

  /** Set once the transport is lost or the link disposed. */
  get failure(): LinkFailure | null {
    return this.failedWith
  }

  get isBusy(): boolean {
    return this.activity !== null
  }

  /** True from the proof of the raw prompt until anything unexpected comes, or anything but code goes. */
  get promptKnown(): boolean {
    return this.promptIsKnown && !this.isStirred && this.failedWith === null
  }

  get atPrompt(): boolean {
    return this.parser.atPrompt
  }

  get promptsOwed(): number {
    return this.parser.promptsOwed
  }

  /** Takes the link. Throws when it is taken, and `failure` when there is one. */
  begin(sink: OutputSink): Activity {
    if (this.failedWith !== null) throw this.failedWith
    if (this.activity !== null) throw new Error('The board is still busy with what it was asked before.')
    this.activity = new Activity(this.clock, sink)
    this.input.holdBack()
    return this.activity
  }

  /** Gives the link back. What still comes of the activity is output from outside. */
  end(activity: Activity): void {
    if (this.activity !== activity) return
    this.abandon()
    this.activity = null
    this.input.release()
  }

  /** The next write ends with the 04 that has the board execute. `mark`: what the code prints at its end. */
  expectExecution(mark: Uint8Array | null = null): void {
    this.parser.expectExecution(mark)
  }

  /** Asks for raw-paste mode. What the board says of it is read by the result, and told by `raw-paste` events. */
  requestRawPaste(mark: Uint8Array | null = null): RawPaste {
    this.paste = new RawPaste()
    this.pastedMark = mark
    this.post(RAW_PASTE_REQUEST)
    return this.paste
  }

  /** What runs has printed, and nothing that may be its end. */
  get isPrinting(): boolean {
    return this.parser.isPrinting
  }

  /** All that comes from here on is the reader's, up to where it says that the program has ended. */
  openDialogue(reader: DialogueReader): void {
    this.dialogue = reader
  }

  get hasDialogue(): boolean {
    return this.dialogue !== null
  }

  /** Whatever the program still says: it is told to end, and only the parser knows how the board ends it. */
  closeDialogue(): void {
    this.dialogue = null
  }

  /** Stops reading an execution's answer, wherever in it the board is. */
  abandon(): void {
    this.paste = null
    this.dialogue = null
    this.dispatch(this.parser.abandon())
  }

  /** The answer that came is the one that only the raw prompt can give. */
  promptProved(): void {
    this.dispatch(this.parser.settle())
    this.promptIsKnown = true
    this.isStirred = false
  }

  sendInterrupt(): void {
    this.post(INTERRUPT)
  }

  requestPrompt(): void {
    this.parser.promptRequested()
    this.post(ENTER_RAW)
  }

  leaveRaw(): void {
    this.post(LEAVE_RAW)
  }

  /** Executes what the board was given; with nothing given, it resets softly. */
  sendEnd(): void {
    this.post(END)
  }

  /** The banner that comes next was brought about by something other than a request. */
  expectBanner(): void {
    this.parser.promptRequested()
  }

  signal(signal: InterruptSignal): void {
    if (signal === 'interrupt') this.sendInterrupt()
    else if (signal === 'ask') this.requestPrompt()
    else if (signal === 'leave') this.leaveRaw()
    else this.sendEnd()
  }

  /** Whether earlier bytes still wait for the board to read. */
  get isWriteBlocked(): boolean {
    return this.transport.pendingWriteBytes > 0
  }

  /** Resolves when the system has taken the bytes. Never rejects: a failed write fails the link. */
  async write(bytes: Uint8Array): Promise<void> {
    this.promptIsKnown = false
    try {
      await this.transport.write(bytes)
    } catch (error) {
      this.fail(writeFailure(error))
    }
  }

  /** Nothing works afterwards; what waits is rejected with the error. Only the first failure counts. */
  fail(error: LinkFailure): void {
    if (this.failedWith !== null) return
    this.failedWith = error
    this.subscriptions.dispose()
    this.dispatch(this.parser.abandon())
    this.activity?.stop(error)
    this.input.drop(error)
  }

  dispose(): void {
    this.fail(new ProtocolError('cancelled', `The conversation with the board on ${this.port} was ended.`))
  }

  private async writeInput(bytes: Uint8Array): Promise<void> {
    if (this.failedWith !== null) throw this.failedWith
    this.isStirred = true
    if (bytes.length === 0) return
    try {
      await this.transport.write(bytes)
    } catch (error) {
      this.fail(writeFailure(error))
      throw this.failedWith ?? error
    }
  }

  private post(bytes: Uint8Array): void {
    void this.write(bytes)
  }

  private receive(bytes: Uint8Array): void {
    this.activity?.onBytes?.(bytes)
    const rest = this.paste === null ? bytes : this.readPaste(this.paste, bytes)
    this.dispatch(this.parser.feed(this.dialogue === null ? rest : this.readDialogue(this.dialogue, rest)))
  }

  /** Returns what is not the program's. */
  private readDialogue(dialogue: DialogueReader, bytes: Uint8Array): Uint8Array {
    const rest = bytes.subarray(dialogue.feed(bytes))
    if (rest.length > 0) this.dialogue = null
    return rest
  }

  /** Returns what is not of raw-paste mode. */
  private readPaste(paste: RawPaste, bytes: Uint8Array): Uint8Array {
    let rest = bytes.subarray(paste.feed(bytes))
    while (paste.state === 'open' && rest.length > 0) {
      const strange = strangeBytes(rest)
      this.dispatch(this.parser.feed(rest.subarray(0, strange)))
      rest = rest.subarray(strange)
      rest = rest.subarray(paste.feed(rest))
    }
    if (paste.state === 'closed') this.parser.expectOutput(this.pastedMark)
    // The request ended with the 01 that asks for the banner.
    if (paste.state === 'unknown' && rest[0] === OLD_BOARD) this.parser.promptRequested()
    if (paste.state !== 'asking' && paste.state !== 'open') this.paste = null
    this.activity?.push({ type: 'raw-paste' })
    return rest
  }

  private dispatch(events: readonly RawReplEvent[]): void {
    for (const event of events) {
      if ('bytes' in event) {
        const sink = this.activity?.sink ?? this.idleSink
        sink(event)
      } else {
        this.activity?.push(event)
      }
      if (event.type === 'ended') this.promptIsKnown = this.parser.promptsOwed === 0
      if (event.type === 'outside' || event.type === 'banner' || event.type === 'friendly-prompt') this.promptIsKnown = false
    }
  }
}

/** A write that the system refuses is told as such; one that failed because the port is gone is a lost board. */
function writeFailure(error: unknown): LinkFailure {
  if (!(error instanceof TransportError)) return new ProtocolError('disconnected', error instanceof Error ? error.message : String(error))
  const { reason, message, hint } = error
  return reason === 'disconnected' || reason === 'cancelled' ? new ProtocolError(reason, message, hint) : error
}
