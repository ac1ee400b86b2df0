import { assertNever } from '../../../shared/errors'
import { RAW_REPL_RETRY_MS } from '../../../shared/limits'
import type { Activity, OutputSink } from './activity'
import { type ExecutionEnd, ProtocolError } from './board-protocol'
import { CodeDelivery } from './code-delivery'
import { ascii, ControlByte } from './control-bytes'
import { isOfMark, isRefusedAtEnd, MarkedCode } from './end-mark'
import type { InterruptLadder, InterruptSignal } from './interrupt-ladder'
import { OutputHold } from './output-hold'
import { reachPrompt } from './prompt-search'
import type { EndedEvent } from './raw-repl-events'
import type { RawReplLink } from './raw-repl-link'

type Phase =
  /** Something came since the prompt was proved: it is proved again. */
  | 'preparing'
  | 'sending'
  /** All is sent; until the end is confirmed. */
  | 'running'
  /** The end is known; what may still be on its way is flushed out. */
  | 'proving'
  | 'done'

/**
 * `snippet`: the user's, who may write to its input. `question`: a snippet of Muster's own. `dialogue`: a program that Muster
 * talks with; it ends as it likes.
 */
export type ExecutionKind = 'snippet' | 'question' | 'dialogue'

interface SeenEnd {
  /** Null when the board is at its prompt, but the end was not seen. */
  readonly ended: EndedEvent | null
  readonly endedMs: number
}

/** One run of code, from the prompt to the prompt. */
export class Execution {
  private phase: Phase = 'preparing'
  private interrupted = false
  private restartSeen = false
  private readonly activity: Activity
  /** The code with its mark; null while it runs without one. */
  private marked: MarkedCode | null
  /** The code and the 04 that has the board execute it. */
  private input: Uint8Array
  private readonly delivery: CodeDelivery
  /** Settles when the link is free again. */
  readonly result: Promise<ExecutionEnd>

  /** Throws when the link can't be taken. */
  constructor(
    private readonly link: RawReplLink,
    private readonly source: Uint8Array,
    sink: OutputSink,
    kind: ExecutionKind = 'snippet',
  ) {
    const canMark = link.marksEnd !== 'never' && kind !== 'dialogue' && MarkedCode.canFollow(source)
    this.marked = canMark ? new MarkedCode(source) : null
    this.input = withEnd(this.marked?.bytes ?? source)
    this.activity = link.begin(sink)
    this.delivery = new CodeDelivery(link, this.activity, {
      isCalledOff: () => this.interrupted,
      onLast: () => {
        this.phase = 'running'
      },
      onTaken: () => {
        if (kind === 'snippet') link.input.release()
      },
      restarted: () => this.restartError(),
    })
    this.result = this.run().finally(() => {
      this.phase = 'done'
      link.end(this.activity)
    })
  }

  /**
   * Has the execution settle, with what the board answers, before the last rung is over; else with reason `no-reply`.
   * False when it had to be given up.
   */
  async interrupt(ladder: InterruptLadder): Promise<boolean> {
    this.interrupted = true
    this.link.closeDialogue()
    if (await ladder.climb(this.result, signals => this.signal(signals))) return true
    await this.giveUp(
      new ProtocolError(
        'no-reply',
        `The board on ${this.link.port} did not come back to its prompt after an interrupt.`,
        'Press the reset button of the board, then connect again.',
      ),
    )
    return false
  }

  /** Ends it here and now, whatever the board does. */
  async giveUp(error: ProtocolError): Promise<void> {
    this.activity.stop(error)
    await settled(this.result)
  }

  get isInterrupted(): boolean {
    return this.interrupted
  }

  private signal(signals: readonly InterruptSignal[]): void {
    if (this.phase !== 'sending' && this.phase !== 'running') return
    for (const signal of signals) this.link.signal(signal)
    // The board has not all of the code: there is no answer to wait for.
    if (this.phase === 'sending' && !signals.includes('ask')) this.link.signal('ask')
  }

  private async run(): Promise<ExecutionEnd> {
    await this.prepare()
    const startedMs = this.link.clock.monotonicMs()
    if (this.interrupted) return this.interruptedEnd(startedMs)
    this.phase = 'sending'
    const { ended, endedMs } = this.marked === null ? await this.runOnce() : await this.runMarked(this.marked)
    if (ended === null || ended.ambiguous || this.interrupted || this.link.promptsOwed > 0) {
      this.phase = 'proving'
      this.link.input.holdAll()
      this.link.abandon()
      await reachPrompt(this.link, this.activity)
    }
    this.phase = 'done'
    if (ended === null) {
      if (this.interrupted) return this.interruptedEnd(startedMs)
      throw this.restartError()
    }
    const { outcome, exception, ambiguous, restarted } = ended
    return { outcome, exception, durationMs: endedMs - startedMs, resynchronised: ambiguous, restarted }
  }

  private async prepare(): Promise<void> {
    // What was written before belongs before the code.
    if (!this.link.input.isDrained) await this.activity.waitFor(this.link.input.drained())
    if (!this.link.promptKnown) await reachPrompt(this.link, this.activity)
  }

  private async runOnce(): Promise<SeenEnd> {
    await this.delivery.send(this.input, this.marked?.mark)
    return await this.awaitEnd()
  }

  /** The mark must not show: not in an exception of its own, and not in what the board says of code that it can't compile. */
  private async runMarked({ markLine }: MarkedCode): Promise<SeenEnd> {
    const hold = new OutputHold(this.activity)
    try {
      const seen = await this.runOnce()
      const { ended } = seen
      if (ended === null || this.interrupted) return seen
      if (ended.outcome === 'ok') return this.hasComeToItsEnd(ended) ? seen : { ended: null, endedMs: 0 }
      if (ended.ambiguous) return seen
      const exception = Buffer.from(ended.exception).toString('latin1')
      if (isOfMark(exception, markLine)) {
        this.link.marksEnd = 'never'
        hold.withdrawException()
        return { ...seen, ended: { ...ended, outcome: 'ok', exception: new Uint8Array(0) } }
      }
      if (hold.hasPrinted || !isRefusedAtEnd(exception, markLine)) return seen
      // Nothing of it was run. Without the mark the board names the line, and the reason, that are the code's own.
      hold.withdrawException()
    } finally {
      hold.release()
    }
    this.marked = null
    this.input = withEnd(this.source)
    this.phase = 'preparing'
    this.link.input.holdBack()
    await this.prepare()
    if (this.interrupted) return { ended: null, endedMs: 0 }
    this.phase = 'sending'
    return await this.runOnce()
  }

  /** False when the mark is missing from a board that prints it: something of the answer was lost, and it may have been an exception. */
  private hasComeToItsEnd({ marked, restarted }: EndedEvent): boolean {
    if (restarted) return true
    const { link } = this
    if (link.marksEnd === 'untried') link.marksEnd = marked ? 'always' : 'never'
    return marked || link.marksEnd === 'never'
  }

  /** Waits for the confirmed end. */
  private async awaitEnd(): Promise<SeenEnd> {
    const { link, activity } = this
    let endedMs = 0
    for (;;) {
      const event = await activity.next(link.atPrompt ? RAW_REPL_RETRY_MS : undefined)
      if (event === null) {
        // The request or its answer was lost, or the board is slow.
        if (link.atPrompt) link.requestPrompt()
        continue
      }
      switch (event.type) {
        case 'prompt':
          endedMs = link.clock.monotonicMs()
          if (link.atPrompt && link.promptsOwed === 0) link.requestPrompt()
          break
        case 'ended':
          return { ended: event, endedMs }
        case 'friendly-prompt':
          // Printed text or a restart: only a restarted board answers this with the raw prompt.
          if (!event.started) break
          if (!this.restartSeen || link.promptsOwed === 0) link.requestPrompt()
          this.restartSeen = true
          break
        case 'banner':
          if (event.requested) return { ended: null, endedMs: 0 }
          break
        case 'raw-paste':
        case 'accepted':
        case 'resumed':
          break
        default:
          assertNever(event, 'event of the raw REPL')
      }
    }
  }

  /** Interrupted before the board had all of the code, or so that its answer got lost. Worded as the board does in raw-paste mode. */
  private interruptedEnd(startedMs: number): ExecutionEnd {
    return {
      outcome: 'exception',
      exception: ascii('KeyboardInterrupt: \r\n'),
      durationMs: this.link.clock.monotonicMs() - startedMs,
      resynchronised: this.phase !== 'preparing',
      restarted: this.restartSeen,
    }
  }

  private restartError(): ProtocolError {
    return new ProtocolError(
      'restarted',
      this.restartSeen || this.phase === 'sending'
        ? `The board on ${this.link.port} restarted before the snippet ended.`
        : `The board on ${this.link.port} is back at its prompt, but the end of the snippet was not seen.`,
      'What the snippet had set up on the board may be gone. Run it again if that does no harm.',
    )
  }
}

function withEnd(source: Uint8Array): Uint8Array {
  const input = new Uint8Array(source.length + 1)
  input.set(source)
  input[source.length] = ControlByte.end
  return input
}

function settled(promise: Promise<unknown>): Promise<void> {
  return promise.then(
    () => {},
    () => {},
  )
}
