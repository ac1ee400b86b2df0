import { MusterError } from '../../../shared/errors'
import { INTERRUPT_TIMEOUT_MS } from '../../../shared/limits'
import type { ExecutionOutcome, ExecutionResult, RunningExecution } from '../../../shared/model'
import type { Clock } from '../base/clock'
import { type ExecutionEnd, type OutputChunk, ProtocolError } from '../micropython/board-protocol'
import { Execution, type Interruption } from './execution'
import { ExecutionQueue } from './execution-queue'
import type { OutputBuffer } from './output-buffer'
import { decodeText } from './reply-output'
import { type ExecutionFailure, executionError, queueFull, type Subject, seconds } from './session-errors'
import { type Abort, outcomeOf, type Wire, type WireFailure, wireFailureOf } from './wire'

const MAX_MARK_MESSAGE_CHARS = 200

export interface RunnerListener {
  /** An execution went on the wire. */
  onStarted(): void
  /** The running execution is being interrupted. */
  onInterrupting(): void
  /** More or fewer wait. */
  onQueueChanged(): void
  /** An execution that had been on the wire ended. */
  onEnded(outcome: ExecutionOutcome, durationMs: number): void
  /** Nothing runs and nothing waits any more. */
  onDrained(): void
  /** The board does not answer as it should. The listener is to call `abort`. */
  onWireFailed(failure: WireFailure): void
}

/**
 * Runs a session's executions one after the other.
 *
 * The time limit begins when the execution goes on the wire. At the limit, or on a cancel, the board is interrupted. From
 * that moment the execution is timed out or cancelled whatever it still answers: a snippet can catch the
 * KeyboardInterrupt and end well, so nobody could tell whether it did all it should.
 */
export class ExecutionRunner {
  private readonly queue: ExecutionQueue
  /** On the wire. It stays here until everyone has heard of its end. */
  private current: Execution | null = null
  private submitted = 0
  private interrupt: Promise<boolean> | null = null

  constructor(
    private readonly clock: Clock,
    private readonly subject: Subject,
    private readonly output: OutputBuffer,
    /** The board of the moment; null when there is none. */
    private readonly wire: () => Wire | null,
    private readonly listener: RunnerListener,
  ) {
    this.queue = new ExecutionQueue(clock, execution => this.giveUpWaiting(execution))
  }

  get running(): RunningExecution | null {
    if (this.current === null || this.current.start === null || this.current.outcome !== null) return null
    const { executionId, number, start, interruption } = this.current
    return Object.freeze({ executionId, number, startedAt: start.at, interrupting: interruption !== null })
  }

  get queued(): number {
    return this.queue.length
  }

  /** Throws `QueueFull`; the promise rejects with a `MusterError`. */
  submit(code: string, timeoutMs: number): Promise<ExecutionResult> {
    const number = this.submitted + 1
    const execution = new Execution(`${this.subject.sessionId}:${number}`, number, code, timeoutMs)
    if (this.current !== null && !this.queue.push(execution)) throw queueFull(this.subject)
    this.submitted = number
    if (this.current === null) this.begin(execution)
    else this.listener.onQueueChanged()
    return execution.result
  }

  /** Without an id: what runs now. Resolves when the execution has ended; true when the cancel ended it. */
  async cancel(executionId?: string): Promise<boolean> {
    const running = this.current
    if (running !== null && running.outcome === null && (executionId === undefined || running.executionId === executionId)) {
      void this.stop(running, 'cancel')
      await running.result.catch(() => {})
      return running.outcome === 'cancelled'
    }
    const waiting = executionId === undefined ? undefined : this.queue.remove(executionId)
    if (waiting === undefined) return false
    this.reject(waiting, 'cancelled', { code: 'OperationCancelled', reason: 'cancelled', happened: 'was cancelled before it began.' })
    this.listener.onQueueChanged()
    return true
  }

  /** Resolves when what runs now has ended. */
  async settled(): Promise<void> {
    await this.current?.result.catch(() => {})
  }

  /** Rejects those that wait, and leaves the running one alone. */
  abortWaiting(abort: Abort): void {
    for (const execution of this.queue.takeAll()) this.reject(execution, outcomeOf(abort), abort)
  }

  /** Rejects everything at once. The board is not asked: see `interruptBoard`. */
  abort(abort: Abort): void {
    const running = this.current
    this.current = null
    if (running !== null && running.outcome === null) {
      if (running.interruption === 'timeout')
        this.end(running, 'timeout', this.timedOut(running, ', and the board did not come back to its prompt.'))
      else this.end(running, outcomeOf(abort), this.errorOf(running, abort))
    }
    this.abortWaiting(abort)
  }

  /** Ends what the board is doing; joins an interrupt under way. False when the prompt did not come back. */
  interruptBoard(): Promise<boolean> {
    this.interrupt ??= this.proveThePrompt().finally(() => {
      this.interrupt = null
    })
    return this.interrupt
  }

  /** Output of the board goes to the session's buffer, and what a snippet prints to its reply as well. */
  collect(chunk: OutputChunk): void {
    if (chunk.channel === 'stdout') this.current?.reply.append(chunk.bytes)
    this.output.append(chunk.channel, chunk.bytes)
  }

  private begin(execution: Execution): void {
    const at = this.clock.now()
    const limit = this.clock.after(execution.timeoutMs, () => void this.stop(execution, 'timeout'))
    execution.start = { at, monotonicMs: this.clock.monotonicMs(), limit }
    this.current = execution
    this.output.mark({ type: 'started', at, number: execution.number })
    this.listener.onStarted()
    // Whoever heard of the start may have ended it again.
    if (execution.outcome === null && execution.interruption === null) void this.converse(execution)
  }

  private async converse(execution: Execution): Promise<void> {
    let end: ExecutionEnd
    try {
      end = await this.needWire().execute(execution.code)
    } catch (error) {
      this.wireFailed(execution, error)
      return
    }
    if (execution.outcome === null && execution.interruption === null) this.answered(execution, end)
  }

  private answered(execution: Execution, end: ExecutionEnd): void {
    const { executionId, number, reply } = execution
    const { outcome, durationMs, resynchronised } = end
    const traceback = outcome === 'exception' ? decodeText(end.exception) : undefined
    const result: ExecutionResult = Object.freeze({
      executionId,
      number,
      outcome,
      stdout: reply.text,
      stdoutBytes: reply.totalBytes,
      stdoutTruncated: reply.isTruncated,
      ...(traceback !== undefined && { traceback }),
      durationMs,
      ...(resynchronised && { resynchronised }),
    })
    if (end.restarted) this.note('warn', 'The board was restarted by the snippet: its variables are gone.')
    this.end(execution, outcome, result, { durationMs, message: traceback === undefined ? null : lastLine(traceback) })
    this.goOn()
  }

  private wireFailed(execution: Execution, error: unknown): void {
    if (execution.outcome !== null) return
    const known = error instanceof ProtocolError ? error : null
    // While it is interrupted, what is missing of the answer is the interrupt's to judge.
    if (execution.interruption !== null && (known?.reason === 'no-reply' || known?.reason === 'restarted')) return
    if (known?.reason === 'control-character' || known?.reason === 'restarted') this.failAlone(execution, known)
    else this.listener.onWireFailed(wireFailureOf(error))
  }

  /** The execution has no result, but the board is there for the next one. */
  private failAlone(execution: Execution, error: ProtocolError): void {
    const { reason, message, hint } = error
    const code = reason === 'control-character' ? 'InvalidArgument' : 'OperationFailed'
    this.end(execution, 'failed', this.errorOf(execution, { code, reason, happened: `failed. ${message}`, ...(hint && { hint }) }, error))
    this.goOn()
  }

  private async stop(execution: Execution, interruption: Interruption): Promise<void> {
    if (execution.interruption !== null) return
    execution.interruption = interruption
    this.listener.onInterrupting()
    const isAtPrompt = await this.interruptBoard()
    if (execution.outcome !== null) return
    if (!isAtPrompt) {
      this.listener.onWireFailed({
        code: interruption === 'timeout' ? 'OperationTimeout' : 'OperationFailed',
        reason: 'no-reply',
        message: `The board did not come back to its prompt within ${seconds(INTERRUPT_TIMEOUT_MS)} of being interrupted.`,
        hint: 'Close the session, reset the board, and open the port again.',
      })
      return
    }
    if (interruption === 'timeout') this.end(execution, 'timeout', this.timedOut(execution, ' and was interrupted.'))
    else
      this.end(
        execution,
        'cancelled',
        this.errorOf(execution, { code: 'OperationCancelled', reason: 'cancelled', happened: 'was cancelled.' }),
      )
    this.goOn()
  }

  private giveUpWaiting(execution: Execution): void {
    const happened = `waited for its turn for ${seconds(execution.timeoutMs)}, and was not begun.`
    this.reject(execution, 'timeout', { code: 'OperationTimeout', reason: 'timeout', retry: true, happened })
    this.listener.onQueueChanged()
  }

  /** The one end of an execution that was on the wire. */
  private end(
    execution: Execution,
    outcome: ExecutionOutcome,
    ending: ExecutionResult | MusterError,
    known: { readonly durationMs?: number; readonly message?: string | null } = {},
  ): void {
    const durationMs = known.durationMs ?? this.clock.monotonicMs() - (execution.start?.monotonicMs ?? 0)
    const message = ending instanceof MusterError ? ending.message : (known.message ?? null)
    if (ending instanceof MusterError) execution.reject(outcome, ending)
    else execution.resolve(ending)
    this.output.mark({ type: 'ended', at: this.clock.now(), number: execution.number, outcome, durationMs, message })
    this.listener.onEnded(outcome, durationMs)
  }

  private goOn(): void {
    const next = this.queue.shift()
    if (next !== undefined) {
      this.begin(next)
      return
    }
    this.current = null
    this.listener.onDrained()
  }

  /** The one end of an execution that never was on the wire. */
  private reject(execution: Execution, outcome: ExecutionOutcome, what: ExecutionFailure): void {
    execution.reject(outcome, this.errorOf(execution, what))
  }

  private timedOut(execution: Execution, ending: string): MusterError {
    const happened = `ran longer than its limit of ${seconds(execution.timeoutMs)}${ending}`
    const hint = 'Give it more time, or look whether the snippet ends at all.'
    return this.errorOf(execution, { code: 'OperationTimeout', reason: 'timeout', hint, happened })
  }

  private errorOf(execution: Execution, what: ExecutionFailure, cause?: unknown): MusterError {
    return executionError(this.subject, execution, what, cause)
  }

  private async proveThePrompt(): Promise<boolean> {
    try {
      return await this.needWire().interrupt(INTERRUPT_TIMEOUT_MS)
    } catch {
      return false
    }
  }

  private needWire(): Wire {
    const wire = this.wire()
    if (wire === null) throw new Error('An execution was begun without a board.')
    return wire
  }

  private note(tone: 'info' | 'warn' | 'bad', text: string): void {
    this.output.mark({ type: 'note', at: this.clock.now(), tone, text })
  }
}

function lastLine(text: string): string {
  const line = text.trimEnd().split('\n').at(-1) ?? ''
  return line.slice(0, MAX_MARK_MESSAGE_CHARS)
}
