import { MusterError } from '../../../../shared/errors'
import type { ExecutionOutcome, ExecutionResult, ExpectedValue, RunningExecution, RunningTask } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import { type ExecutionEnd, type OutputChunk, ProtocolError } from '../../micropython/board-protocol'
import { ALL_RUNGS, GENTLE_RUNGS } from '../../micropython/interrupt-ladder'
import { TransportError } from '../../transport/transport'
import { type Abort, NOT_BEGUN_BY_RESET, outcomeOf, type Wire, type WireFailure, wireFailureOf } from '../connection/wire'
import type { OutputBuffer } from '../output/output-buffer'
import { type ExecutionFailure, executionError, queueFull, type Subject, seconds } from '../session-errors'
import { BoardInterrupt } from './board-interrupt'
import { type BoardTask, guardedTalk, newTask, type SubmittedTask, TASK_DONE, type TaskOptions, type TaskWork } from './board-task'
import { Execution, type InternalExecution, type Interruption } from './execution'
import { calledOff, isLoss, SOFT_RESET_NOTE, stillRunning, timedOut } from './execution-endings'
import { ExecutionQueue } from './execution-queue'
import { replyOf } from './execution-reply'
import { ReplyValue } from './reply-value'

export interface RunnerListener {
  /** An execution went on the wire. */
  onStarted(): void
  /** The running execution is being interrupted, and how far that has come has changed. */
  onInterrupting(): void
  /** More or fewer wait. */
  onQueueChanged(): void
  /** An execution that had been on the wire ended. */
  onEnded(outcome: ExecutionOutcome, durationMs: number): void
  /** The same of a task. */
  onTaskEnded(): void
  /** Anything that was on the wire has ended, seen or unseen, and the board is there for what comes next. */
  onSettled(): void
  /** What was on the wire came to its end by a restart: a snippet's own doing, or the last rung of its interrupt. */
  onRestartedOnPurpose(): void
  /** The board restarted by itself in the middle of an execution or a task. `title`: of which, as the beginning of a sentence. */
  onRestarted(title: string): void
  /** A task failed in a way that it should not have known. */
  onDefect(title: string, error: unknown): void
  /** An execution has ended, and no other waits. */
  onDrained(): void
  /** The board does not answer as it should. The listener is to call `abort`. */
  onWireFailed(failure: WireFailure): void
}

export interface RunnerLimits {
  readonly maxPendingOperations: number
  readonly maxMessageBytes: number
}

/**
 * Runs a session's executions one after the other. Internal ones take their place in the same line, but nobody hears of them.
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
  private tasks = 0
  private readonly interrupt: BoardInterrupt

  constructor(
    private readonly clock: Clock,
    private readonly subject: Subject,
    private readonly output: OutputBuffer,
    private readonly limits: RunnerLimits,
    /** The board of the moment; null when there is none. */
    private readonly wire: () => Wire | null,
    private readonly listener: RunnerListener,
  ) {
    this.queue = new ExecutionQueue(clock, limits.maxPendingOperations, execution => this.giveUpWaiting(execution))
    this.interrupt = new BoardInterrupt(
      clock,
      () => this.needWire(),
      () => {
        if (this.running !== null) this.listener.onInterrupting()
      },
    )
  }

  get running(): RunningExecution | null {
    if (this.current === null || this.current.start === null || this.current.outcome !== null) return null
    if (this.current.isUnseen) return null
    const { executionId, number, start, interruption } = this.current
    const interrupt = interruption === null ? null : this.interrupt.status
    return Object.freeze({ executionId, number, startedAt: start.at, interrupting: interruption !== null, interrupt })
  }

  /** What runs is to end, and has not yet. */
  get isInterrupting(): boolean {
    return this.current !== null && this.current.interruption !== null
  }

  get task(): RunningTask | null {
    const { current } = this
    if (current === null || current.start === null || current.outcome !== null || current.task === null) return null
    return Object.freeze({ taskId: current.executionId, title: current.title, startedAt: current.start.at })
  }

  get queued(): number {
    return this.queue.length
  }

  /** Nothing runs, and nothing waits. */
  get isQuiet(): boolean {
    return this.current === null && this.queue.length === 0
  }

  /** Something of the user's runs or waits. */
  get hasWork(): boolean {
    return (this.current !== null && this.current.internal === null) || this.queue.length > 0
  }

  /** Throws `QueueFull`; `result` rejects with a `MusterError`. `expect`: the value of the last expression is wanted. */
  submit(
    snippet: string,
    { timeoutMs, expect }: { readonly timeoutMs: number; readonly expect?: ExpectedValue | undefined },
  ): { readonly executionId: string; readonly result: Promise<ExecutionResult> } {
    const { maxMessageBytes } = this.limits
    const number = this.submitted + 1
    const executionId = `${this.subject.sessionId}:${number}`
    const value = expect === undefined ? null : new ReplyValue(snippet, maxMessageBytes, expect)
    const code = value?.code ?? snippet
    const execution = new Execution(executionId, number, {
      code,
      timeoutMs,
      maxReplyBytes: maxMessageBytes,
      value,
      internal: null,
      task: null,
    })
    this.enqueue(execution, () => {
      this.submitted = number
    })
    return { executionId, result: execution.result }
  }

  /**
   * Throws `QueueFull`. `result` rejects with a `MusterError`: the task's own, or with what has become of the session. A task has
   * no time limit but its own; `cancel` ends it by its id.
   */
  submitTask<T>(title: string, work: TaskWork<T>, { endsItself = false }: TaskOptions = {}): SubmittedTask<T> {
    const taskId = `${this.subject.sessionId}:task-${this.tasks + 1}`
    const { task, answer } = newTask(title, work, endsItself)
    const execution = new Execution(taskId, 0, { code: '', timeoutMs: null, maxReplyBytes: 0, value: null, internal: null, task })
    this.enqueue(execution, () => {
      this.tasks += 1
    })
    return { taskId, result: execution.result.then(answer) }
  }

  /**
   * A reset: nothing else is begun before it, and what runs is interrupted. `needsNoPrompt`: it is begun also when the
   * interrupt was in vain, which is a loss of the board otherwise.
   */
  submitReset<T>(title: string, work: TaskWork<T>, { needsNoPrompt }: { readonly needsNoPrompt: boolean }): SubmittedTask<T> {
    this.abortWaiting(NOT_BEGUN_BY_RESET)
    const running = this.current
    const submitted = this.submitTask(title, work, { endsItself: true })
    if (running === null || running.internal !== null || running.outcome !== null) return submitted
    running.needsNoPrompt = needsNoPrompt
    if (needsNoPrompt && running.interruption !== null) this.interrupt.giveUp()
    void this.stop(running, 'reset')
    return submitted
  }

  private enqueue(execution: Execution, onTaken: () => void = () => {}): void {
    if (this.current !== null && !this.queue.push(execution)) throw queueFull(this.subject, this.limits.maxPendingOperations)
    onTaken()
    if (this.current === null) this.begin(execution)
    else this.listener.onQueueChanged()
  }

  /** Begins an execution of our own. Only while `isQuiet`. */
  runInternal(code: string, timeoutMs: number, internal: InternalExecution): void {
    if (!this.isQuiet) throw new Error('An internal execution was begun while another runs or waits.')
    const plan = { code, timeoutMs, maxReplyBytes: this.limits.maxMessageBytes, value: null, internal, task: null }
    const execution = new Execution(`${this.subject.sessionId}:internal`, 0, plan)
    // It is told by `onEnd`.
    execution.result.catch(() => {})
    this.begin(execution)
  }

  /**
   * Without an id: what runs now. Resolves when the execution has ended; true when the cancel ended it. `asPerson`: somebody
   * looks on, and the board may be reset softly if nothing else ends the execution.
   */
  async cancel(executionId?: string, { asPerson = false }: { readonly asPerson?: boolean } = {}): Promise<boolean> {
    const running = this.current
    if (
      running !== null &&
      running.internal === null &&
      running.outcome === null &&
      (executionId === undefined || running.executionId === executionId)
    ) {
      void this.stop(running, 'cancel', asPerson ? ALL_RUNGS : GENTLE_RUNGS)
      await running.result.catch(() => {})
      return running.outcome === 'cancelled'
    }
    const waiting = executionId === undefined ? undefined : this.queue.remove(executionId)
    if (waiting === undefined) return false
    this.reject(waiting, 'cancelled', { code: 'OperationCancelled', reason: 'cancelled', happened: 'was cancelled before it began.' })
    this.listener.onQueueChanged()
    return true
  }

  /** `hold`: the interrupt under way climbs no further by itself. `next`: at once. False when that changes nothing. */
  stepInterrupt(step: 'hold' | 'next'): boolean {
    return this.running?.interrupting === true && this.interrupt.step(step)
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
        this.end(running, 'timeout', this.errorOf(running, timedOut(running.timeoutMs, ', and the board did not come back to its prompt.')))
      else this.end(running, outcomeOf(abort), this.errorOf(running, abort))
    }
    this.interrupt.release()
    this.abortWaiting(abort)
  }

  /** Ends what the board is doing; joins an interrupt under way. False when the prompt did not come back. */
  async interruptBoard(): Promise<boolean> {
    return (await this.interrupt.stop()).isAtPrompt
  }

  /** Output of the board goes to the session's buffer, and what a snippet prints to its reply as well. */
  collect(chunk: OutputChunk): void {
    const { current } = this
    const own = chunk.channel === 'stdout' && current !== null ? current.print(chunk.bytes) : chunk.bytes
    const isHidden = current?.internal?.isProbe === true && chunk.channel !== 'outside'
    if (!isHidden) this.output.append(chunk.channel, own)
  }

  private begin(execution: Execution): void {
    const at = this.clock.now()
    const { timeoutMs } = execution
    const limit = timeoutMs === null ? null : this.clock.after(timeoutMs, () => void this.stop(execution, 'timeout'))
    execution.start = { at, monotonicMs: this.clock.monotonicMs(), limit }
    this.current = execution
    if (!execution.isUnseen) this.output.mark({ type: 'started', at, number: execution.number })
    if (execution.internal === null) this.listener.onStarted()
    // Whoever heard of the start may have ended it again.
    if (execution.outcome === null && execution.interruption === null) void this.converse(execution)
  }

  private async converse(execution: Execution): Promise<void> {
    if (execution.task !== null) return await this.work(execution, execution.task)
    let end: ExecutionEnd
    try {
      end = await this.needWire().execute(execution.code)
    } catch (error) {
      this.wireFailed(execution, error)
      return
    }
    if (execution.outcome === null && execution.interruption === null) this.answered(execution, end)
  }

  private async work(execution: Execution, task: BoardTask): Promise<void> {
    const failure = await task.run(guardedTalk(this.needWire().talk, execution.signal), execution.signal).then(
      () => null,
      (error: unknown) => ({ error }),
    )
    // Whoever has called it off ends it, unless the board has gone meanwhile.
    if (execution.outcome !== null) return
    if (execution.interruption !== null && !task.endsItself && (failure === null || !isLoss(failure.error))) return
    // A program that it has left running would be in everyone's way.
    if ((failure === null || !isLoss(failure.error)) && this.needWire().isBusy && !(await this.interruptBoard())) {
      if (execution.outcome === null) this.listener.onWireFailed(stillRunning(execution.interruption, 'interrupt-again'))
      return
    }
    if (execution.outcome !== null || (execution.interruption !== null && !task.endsItself)) return
    if (failure === null) {
      this.end(execution, 'ok', TASK_DONE)
      this.goOn(execution)
    } else if (execution.interruption !== null && !isLoss(failure.error)) {
      this.calledOff(execution, execution.interruption)
    } else if (failure.error instanceof MusterError) {
      this.end(execution, 'failed', failure.error)
      this.goOn(execution)
    } else this.wireFailed(execution, failure.error)
  }

  private answered(execution: Execution, end: ExecutionEnd): void {
    if (end.restarted) {
      this.listener.onRestartedOnPurpose()
      this.note('warn', 'The board was restarted by the snippet: its variables are gone.')
    }
    this.printRest(execution)
    const reply = replyOf(execution, end, this.limits.maxMessageBytes)
    if ('failure' in reply) {
      this.failAlone(execution, reply.failure)
      return
    }
    const { result, message } = reply
    this.end(execution, result.outcome, result, { durationMs: result.durationMs, message })
    this.goOn(execution)
  }

  private wireFailed(execution: Execution, error: unknown): void {
    if (execution.outcome !== null) return
    const known = error instanceof ProtocolError ? error : null
    const isTask = execution.task !== null
    // While it is interrupted, what is missing of the answer is the interrupt's to judge.
    const isJudgedElsewhere = execution.interruption !== null && execution.task?.endsItself !== true
    if (isJudgedElsewhere && (known?.reason === 'no-reply' || known?.reason === 'restarted')) return
    if (known?.reason === 'control-character' || known?.reason === 'restarted' || (isTask && known?.reason === 'timeout')) {
      const { reason, message, hint } = known
      const code = reason === 'control-character' ? 'InvalidArgument' : 'OperationFailed'
      if (reason === 'restarted') this.listener.onRestarted(execution.title)
      this.failAlone(execution, { code, reason, happened: `failed. ${message}`, ...(hint && { hint }) }, known)
    } else if (isTask && known === null && !(error instanceof TransportError)) {
      this.listener.onDefect(execution.title, error)
      const happened = 'failed: Muster met an error of its own; its log has the details.'
      this.failAlone(execution, { code: 'OperationFailed', reason: undefined, happened }, error)
    } else this.listener.onWireFailed(wireFailureOf(error))
  }

  /** The execution has no result, but the board is there for the next one. */
  private failAlone(execution: Execution, what: ExecutionFailure, cause?: unknown): void {
    this.end(execution, 'failed', this.errorOf(execution, what, cause))
    this.goOn(execution)
  }

  private async stop(execution: Execution, interruption: Interruption, rungs = GENTLE_RUNGS): Promise<void> {
    if (execution.interruption !== null) return
    execution.interruption = interruption
    const { task } = execution
    execution.callOff(new Error(`${execution.title} was called off.`))
    if (task?.endsItself) return
    // What a task's rung is nobody sees: it climbs no further than a limit does.
    const { isAtPrompt, rung } = await this.interrupt.stop(task === null ? rungs : GENTLE_RUNGS)
    if (execution.outcome !== null) return
    if (!isAtPrompt && execution.internal?.isProbe !== true && !execution.needsNoPrompt) {
      this.listener.onWireFailed(stillRunning(interruption, rung))
      return
    }
    if (isAtPrompt && rung === 'soft-reset') {
      this.listener.onRestartedOnPurpose()
      this.note('warn', SOFT_RESET_NOTE)
    }
    this.calledOff(execution, execution.needsNoPrompt ? 'reset' : interruption)
  }

  private calledOff(execution: Execution, interruption: Interruption): void {
    const outcome = interruption === 'timeout' ? 'timeout' : 'cancelled'
    this.end(execution, outcome, this.errorOf(execution, calledOff(interruption, execution.timeoutMs)))
    this.goOn(execution)
  }

  private giveUpWaiting(execution: Execution): void {
    const happened = `waited for its turn for ${seconds(execution.timeoutMs ?? 0)}, and was not begun.`
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
    this.printRest(execution)
    if (ending instanceof MusterError) execution.reject(outcome, ending)
    else execution.resolve(ending)
    execution.internal?.onEnd(outcome, message)
    if (execution.task !== null) this.listener.onTaskEnded()
    if (execution.isUnseen) return
    this.output.mark({ type: 'ended', at: this.clock.now(), number: execution.number, outcome, durationMs, message })
    this.listener.onEnded(outcome, durationMs)
  }

  private goOn(ended: Execution): void {
    // Whoever heard of the end may have ended everything.
    if (this.current !== ended) return
    this.listener.onSettled()
    if (this.current !== ended) return
    const next = this.queue.shift()
    if (next !== undefined) {
      this.begin(next)
      return
    }
    this.current = null
    if (ended.internal === null) this.listener.onDrained()
  }

  /** What was held back because a value might have begun with it. */
  private printRest(execution: Execution): void {
    const rest = execution.value?.end().rest
    if (rest === undefined || rest.length === 0) return
    execution.reply.append(rest)
    this.output.append('stdout', rest)
  }

  /** The one end of an execution that never was on the wire. */
  private reject(execution: Execution, outcome: ExecutionOutcome, what: ExecutionFailure): void {
    execution.reject(outcome, this.errorOf(execution, what))
  }

  private errorOf(execution: Execution, what: ExecutionFailure, cause?: unknown): MusterError {
    return executionError(this.subject, execution, what, cause)
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
