import { INTERRUPT_TIMEOUT_MS } from '../../../shared/limits'
import type { BoardIdentity } from '../../../shared/model'
import { type Clock, settlesWithin } from '../base/clock'
import { Emitter } from '../base/emitter'
import type { Logger } from '../base/logger'
import type { Transport } from '../transport/transport'
import type { OutputSink } from './activity'
import { BoardControl, type ControlOptions } from './board-control'
import { type BoardHabits, newBoardHabits } from './board-habits'
import { type BoardProtocol, type Departure, type ExecutionEnd, type OutputChunk, ProtocolError } from './board-protocol'
import type { BoardTalk } from './board-talk'
import { ByteHold } from './byte-hold'
import type { ByteEvent } from './event-run'
import { Execution, type ExecutionKind } from './execution'
import { HostTalk } from './host-talk'
import { IDENTITY_ANSWER_MAX_BYTES, identityCode, readIdentity, shortIdentityCode } from './identity'
import { InterruptLadder } from './interrupt-ladder'
import { newToken, reachPrompt } from './prompt-search'
import { RawReplLink } from './raw-repl-link'
import { Sighting } from './sighting'
import { encodeSource } from './source-code'

export interface MicroPythonProtocolOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Of this board, from earlier connections. */
  readonly habits?: BoardHabits
}

/** The conversation with a MicroPython board over an open transport. */
export function createMicroPythonProtocol(transport: Transport, options: MicroPythonProtocolOptions): BoardProtocol {
  return new MicroPythonProtocol(transport, options)
}

export class MicroPythonProtocol implements BoardProtocol {
  private readonly output = new Emitter<OutputChunk>()
  private readonly link: RawReplLink
  private readonly clock: Clock
  private readonly logger: Logger
  private execution: Execution | null = null
  private interruption: Promise<boolean> | null = null
  private isEntered = false
  private isWatching = false
  private readonly control: BoardControl
  /** What is being done with the board that is no execution. */
  private controlling: Promise<unknown> = Promise.resolve()

  readonly onOutput = this.output.event
  readonly talk: BoardTalk
  private readonly passOn = ({ type, bytes }: ByteEvent): void => this.output.fire({ channel: type, bytes })

  constructor(transport: Transport, options: MicroPythonProtocolOptions) {
    this.clock = options.clock
    this.logger = options.logger
    this.link = new RawReplLink(transport, options.clock, this.passOn, options.habits ?? newBoardHabits())
    this.control = new BoardControl(this.link, options.clock, this.passOn)
    this.talk = new HostTalk(this.link, {
      start: (code, sink, kind) => this.start(code, sink, kind),
      interrupt: timeoutMs => this.interrupt(timeoutMs),
      passOn: this.passOn,
    })
  }

  get isBusy(): boolean {
    return this.link.isBusy
  }

  watch(): void {
    this.isWatching = true
  }

  enter(options: ControlOptions): Promise<void> {
    return this.controlled(this.reach(options))
  }

  softReset(options: ControlOptions): Promise<void> {
    return this.controlled(this.control.softReset(options))
  }

  async restart(options: ControlOptions): Promise<void> {
    await this.controlled(this.control.restart(options))
    this.isWatching = true
  }

  async leaveToWatch(timeoutMs: number): Promise<void> {
    this.dropInput('was left')
    await this.controlled(this.control.leave(timeoutMs))
    this.isWatching = true
  }

  runAway(code: string, options: ControlOptions): Promise<Departure> {
    return this.controlled(this.depart(code, options))
  }

  private async reach({ timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<void> {
    const { link } = this
    const activity = link.begin(this.passOn)
    const sighting = new Sighting()
    activity.onBytes = bytes => sighting.add(bytes)
    const cancel = (): void => activity.stop(new ProtocolError('cancelled', `Connecting to the board on ${link.port} was cancelled.`))
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    try {
      const isReached = await reachPrompt(link, activity, this.clock.monotonicMs() + timeoutMs)
      if (!isReached) throw sighting.toError(link.port, timeoutMs)
      this.isEntered = true
      this.isWatching = false
    } finally {
      signal.removeEventListener('abort', cancel)
      link.end(activity)
    }
  }

  async identify({ timeoutMs, nonce = newToken() }: { readonly timeoutMs: number; readonly nonce?: string }): Promise<BoardIdentity> {
    const token = newToken()
    if (this.link.lacksMemory) return readIdentity(new Uint8Array(), token, nonce)
    let isLate = false
    const giveUp = this.clock.after(timeoutMs, () => {
      isLate = true
      // Its failure is that of the execution, which is waited for below.
      this.interrupt(INTERRUPT_TIMEOUT_MS).catch(() => {})
    })
    try {
      let board = await this.askIdentity(identityCode, token, nonce)
      // Every MicroPython has a name: a line that loses bytes has changed the question or the answer. Or else a small board has
      // no room for all of it, beside its program.
      for (const codeOf of [identityCode, shortIdentityCode]) {
        if (board.name === null && !isLate) board = await this.askIdentity(codeOf, token, nonce)
      }
      return board
    } catch (error) {
      if (this.link.failure !== null || !(error instanceof ProtocolError)) throw error
      this.logger.warn(`The board on ${this.link.port} did not say what it is.`, { reason: error.reason })
      return readIdentity(new Uint8Array(), token, nonce)
    } finally {
      giveUp.dispose()
    }
  }

  private async askIdentity(codeOf: typeof identityCode, token: string, nonce: string): Promise<BoardIdentity> {
    const answer = new ByteHold()
    const sink: OutputSink = event => {
      if (event.type === 'outside') this.passOn(event)
      else if (event.type === 'stdout') answer.append(event.bytes.subarray(0, IDENTITY_ANSWER_MAX_BYTES - answer.length))
    }
    await this.start(codeOf(token, nonce), sink).result
    return readIdentity(answer.view(), token, nonce)
  }

  async execute(code: string): Promise<ExecutionEnd> {
    const end = await this.start(code, this.passOn).result
    if (end.resynchronised) {
      this.logger.warn(`The output of a snippet on ${this.link.port} held control bytes; the prompt was proved anew.`)
    }
    return end
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { link } = this
    if (link.failure !== null) throw link.failure
    if (!this.isEntered && !this.isWatching)
      throw new ProtocolError('no-reply', `The board on ${link.port} has not shown its prompt yet; nothing was written to it.`)
    await link.input.add(bytes)
  }

  interrupt(limit: number | InterruptLadder): Promise<boolean> {
    this.dropInput('was interrupted')
    const ladder = typeof limit === 'number' ? InterruptLadder.within(this.clock, limit) : limit
    this.interruption ??= this.interruptBy(ladder).finally(() => {
      this.interruption = null
    })
    return this.interruption
  }

  async leave(timeoutMs: number): Promise<void> {
    const { link } = this
    if (link.failure !== null || link.isBusy || this.isWatching) return
    this.dropInput('was left')
    try {
      await this.control.leave(timeoutMs)
    } catch (error) {
      this.logger.debug(`The board on ${link.port} was not brought back to its friendly prompt.`, { error: String(error) })
    }
  }

  /** What is pending rejects: with `disconnected` when the board is lost, else with `cancelled`. */
  dispose(): void {
    this.link.dispose()
    this.output.dispose()
  }

  /** As a terminal does: what was typed ahead is not for what comes after. */
  private dropInput(happened: string): void {
    this.link.input.drop(
      new ProtocolError('cancelled', `Not all was written: the board on ${this.link.port} ${happened} before it had taken the rest.`),
    )
  }

  private start(code: string, sink: OutputSink, kind: ExecutionKind = 'snippet'): Execution {
    const execution = new Execution(this.link, encodeSource(code), sink, kind)
    this.execution = execution
    const forget = (): void => {
      if (this.execution === execution) this.execution = null
    }
    execution.result.then(forget, forget)
    return execution
  }

  private async controlled<T>(work: Promise<T>): Promise<T> {
    this.controlling = work.catch(() => {})
    return await work
  }

  private async depart(code: string, { timeoutMs, signal }: ControlOptions): Promise<Departure> {
    const execution = this.start(code, ({ bytes }) => this.passOn({ type: 'outside', bytes }))
    const isOver = await settlesWithin(this.clock, timeoutMs, execution.result, signal)
    const { port, failure } = this.link
    if (!isOver) await execution.giveUp(new ProtocolError('cancelled', `The board on ${port} is not waited for any more.`))
    try {
      const end = await execution.result
      return { became: 'answered', exception: Buffer.from(end.exception).toString('utf8') }
    } catch (error) {
      if (failure !== null) throw failure
      if (!(error instanceof ProtocolError)) throw error
      if (error.reason === 'restarted') return { became: 'restarted' }
      if (error.reason === 'cancelled' && !signal.aborted) return { became: 'silent' }
      throw error
    }
  }

  private async interruptBy(ladder: InterruptLadder): Promise<boolean> {
    // What is called off lets go of the board by itself.
    await this.controlling
    // A board that is watched is nobody's to interrupt.
    if (this.isWatching) return true
    const { execution } = this
    if (execution !== null) {
      if (!(await execution.interrupt(ladder))) return false
      if (this.link.promptKnown) return true
    }
    const activity = this.link.begin(this.passOn)
    try {
      return await reachPrompt(this.link, activity, ladder.proofDeadlineMs)
    } finally {
      this.link.end(activity)
    }
  }
}
