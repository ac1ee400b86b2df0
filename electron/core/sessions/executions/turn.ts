import { MusterError } from '../../../../shared/errors'
import type { ExecutionOutcome, ExecutionResult } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import type { ProtocolError } from '../../micropython/board-protocol'
import { GENTLE_RUNGS } from '../../micropython/interrupt-ladder'
import { type Abort, outcomeOf, type Wire } from '../connection/wire'
import type { OutputBuffer } from '../output/output-buffer'
import type { Subject } from '../session-errors'
import type { BoardInterrupt } from './board-interrupt'
import type { Execution, Interruption } from './execution'
import { calledOff, SOFT_RESET_NOTE, stillRunning, timedOut } from './execution-endings'
import { type ExecutionFailure, executionError } from './execution-errors'
import type { RunnerListener } from './runner-listener'

/** What the turns of one session have in common. */
export interface TurnNeeds {
  readonly clock: Clock
  readonly subject: Subject
  readonly output: OutputBuffer
  /** Output that a reply may carry. */
  readonly maxMessageBytes: number
  /** The board of the moment. Throws when there is none. */
  readonly wire: () => Wire
  readonly interrupt: BoardInterrupt
  readonly listener: RunnerListener
  /** The turn has come to its end, and the board is there for the next one. */
  readonly onOver: (turn: Turn) => void
}

/**
 * The time that an execution has on the wire, up to its one end.
 *
 * Its time limit begins here. At the limit, or on a cancel, the board is interrupted. From that moment the execution is timed
 * out or cancelled whatever it still answers: a snippet can catch the KeyboardInterrupt and end well, so nobody could tell
 * whether it did all it should.
 */
export abstract class Turn {
  constructor(
    readonly execution: Execution,
    protected readonly needs: TurnNeeds,
  ) {}

  /** Has the board do what is to be done, and ends the turn, unless somebody else ends it meanwhile. Never rejects. */
  protected abstract converse(): Promise<void>

  begin(): void {
    const { execution } = this
    const { clock, output, listener } = this.needs
    const at = clock.now()
    const { timeoutMs } = execution
    const limit = timeoutMs === null ? null : clock.after(timeoutMs, () => void this.stop('timeout'))
    execution.start = { at, monotonicMs: clock.monotonicMs(), limit }
    if (!execution.isUnseen) output.mark({ type: 'started', at, number: execution.number })
    if (execution.internal === null) listener.onStarted()
    // Whoever heard of the start may have ended it again.
    if (execution.outcome !== null) return
    if (execution.interruption === null) void this.converse()
    // Nobody interrupts for it, and it has not begun.
    else if (execution.task?.endsItself) this.endCalledOff(execution.interruption)
  }

  /** Interrupts the board, once, and ends the turn by that. */
  async stop(interruption: Interruption, rungs = GENTLE_RUNGS): Promise<void> {
    const { execution } = this
    if (execution.interruption !== null) return
    execution.interruption = interruption
    const { task } = execution
    execution.callOff(new Error(`${execution.title} was called off.`))
    if (task?.endsItself) return
    // What a task's rung is nobody sees: it climbs no further than a limit does.
    const { isAtPrompt, rung } = await this.needs.interrupt.stop(task === null ? rungs : GENTLE_RUNGS)
    if (execution.outcome !== null) return
    if (!isAtPrompt && execution.internal?.isProbe !== true && !execution.needsNoPrompt) {
      this.needs.listener.onWireFailed(stillRunning(interruption, rung))
      return
    }
    if (isAtPrompt && rung === 'soft-reset') {
      this.needs.listener.onRestartedOnPurpose()
      this.warn(SOFT_RESET_NOTE)
    }
    this.endCalledOff(execution.needsNoPrompt ? 'reset' : interruption)
  }

  /** Ends it at once, without the board being asked; nothing comes after it. */
  abort(abort: Abort): void {
    const { execution } = this
    if (execution.outcome !== null) return
    if (execution.interruption === 'timeout') {
      const failure = timedOut(execution.timeoutMs, ', and the board did not come back to its prompt.')
      this.end('timeout', this.errorOf(failure))
    } else this.end(outcomeOf(abort), this.errorOf(abort))
  }

  /** The one way to its end that leaves the board to the next. */
  protected finish(
    outcome: ExecutionOutcome,
    ending: ExecutionResult | MusterError,
    known?: { readonly durationMs: number; readonly message: string | null },
  ): void {
    this.end(outcome, ending, known)
    this.needs.onOver(this)
  }

  /** It has no result, but the board is there for the next one. */
  protected failAlone(what: ExecutionFailure, cause?: unknown): void {
    this.finish('failed', this.errorOf(what, cause))
  }

  /** The same, as the protocol says it. */
  protected failAsTold(error: ProtocolError): void {
    const { reason, message, hint } = error
    const code = reason === 'control-character' ? 'InvalidArgument' : 'OperationFailed'
    if (reason === 'restarted') this.needs.listener.onRestarted(this.execution.title)
    this.failAlone({ code, reason, happened: `failed. ${message}`, ...(hint && { hint }) }, error)
  }

  protected endCalledOff(interruption: Interruption): void {
    const outcome = interruption === 'timeout' ? 'timeout' : 'cancelled'
    this.finish(outcome, this.errorOf(calledOff(interruption, this.execution.timeoutMs)))
  }

  /** What was held back because a value might have begun with it. */
  protected printRest(): void {
    const { value, reply } = this.execution
    const rest = value?.end().rest
    if (rest === undefined || rest.length === 0) return
    reply.append(rest)
    this.needs.output.append('stdout', rest)
  }

  protected warn(text: string): void {
    this.needs.output.mark({ type: 'note', at: this.needs.clock.now(), tone: 'warn', text })
  }

  private end(
    outcome: ExecutionOutcome,
    ending: ExecutionResult | MusterError,
    known?: { readonly durationMs: number; readonly message: string | null },
  ): void {
    const { execution } = this
    const { clock, output, listener } = this.needs
    const durationMs = known?.durationMs ?? clock.monotonicMs() - (execution.start?.monotonicMs ?? 0)
    const message = ending instanceof MusterError ? ending.message : (known?.message ?? null)
    this.printRest()
    if (ending instanceof MusterError) execution.reject(outcome, ending)
    else execution.resolve(ending)
    execution.internal?.onEnd(outcome, message)
    if (execution.task !== null) listener.onTaskEnded()
    if (execution.isUnseen) return
    output.mark({ type: 'ended', at: clock.now(), number: execution.number, outcome, durationMs, message })
    listener.onEnded(outcome, durationMs)
  }

  private errorOf(what: ExecutionFailure, cause?: unknown): MusterError {
    return executionError(this.needs.subject, this.execution, what, cause)
  }
}
