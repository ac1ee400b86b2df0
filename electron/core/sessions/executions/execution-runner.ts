import type { ExecutionOutcome, ExecutionResult, ExpectedValue, RunningExecution, RunningTask } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import type { OutputChunk } from '../../micropython/board-protocol'
import { ALL_RUNGS, GENTLE_RUNGS } from '../../micropython/interrupt-ladder'
import { type Abort, NOT_BEGUN_BY_RESET, outcomeOf, type Wire } from '../connection/wire'
import type { OutputBuffer } from '../output/output-buffer'
import { type Subject, seconds } from '../session-errors'
import { BoardInterrupt } from './board-interrupt'
import { newTask, type SubmittedTask, type TaskOptions, type TaskWork } from './board-task'
import { Execution, type InternalExecution } from './execution'
import { type ExecutionFailure, executionError, queueFull } from './execution-errors'
import { ExecutionQueue } from './execution-queue'
import { ReplyValue } from './reply-value'
import type { RunnerListener } from './runner-listener'
import { SnippetTurn } from './snippet-turn'
import { TaskTurn } from './task-turn'
import type { Turn, TurnNeeds } from './turn'

export interface RunnerLimits {
  readonly maxPendingOperations: number
  readonly maxMessageBytes: number
}

/**
 * Runs a session's executions and tasks one after the other: one has its turn, the others wait for theirs. Internal ones take their
 * place in the same line, but nobody hears of them.
 */
export class ExecutionRunner {
  private readonly queue: ExecutionQueue
  /** On the wire. It stays here until everyone has heard of its end. */
  private turn: Turn | null = null
  private submitted = 0
  private tasks = 0
  private readonly interrupt: BoardInterrupt
  private readonly needs: TurnNeeds

  constructor(
    clock: Clock,
    private readonly subject: Subject,
    private readonly output: OutputBuffer,
    private readonly limits: RunnerLimits,
    /** The board of the moment; null when there is none. */
    wire: () => Wire | null,
    private readonly listener: RunnerListener,
  ) {
    this.queue = new ExecutionQueue(clock, limits.maxPendingOperations, execution => this.giveUpWaiting(execution))
    const needWire = (): Wire => {
      const present = wire()
      if (present === null) throw new Error('An execution was begun without a board.')
      return present
    }
    this.interrupt = new BoardInterrupt(clock, needWire, () => {
      if (this.running !== null) listener.onInterrupting()
    })
    const { maxMessageBytes } = limits
    const { interrupt } = this
    this.needs = { clock, subject, output, maxMessageBytes, wire: needWire, interrupt, listener, onOver: turn => this.goOn(turn) }
  }

  get running(): RunningExecution | null {
    const { current } = this
    if (current === null || current.start === null || current.outcome !== null || current.isUnseen) return null
    const { executionId, number, start, interruption } = current
    const interrupt = interruption === null ? null : this.interrupt.status
    return Object.freeze({ executionId, number, startedAt: start.at, interrupting: interruption !== null, interrupt })
  }

  get task(): RunningTask | null {
    const { current } = this
    if (current === null || current.start === null || current.outcome !== null || current.task === null) return null
    return Object.freeze({ taskId: current.executionId, title: current.title, startedAt: current.start.at })
  }

  /** What runs is to end, and has not yet. */
  get isInterrupting(): boolean {
    return this.current !== null && this.current.interruption !== null
  }

  get queued(): number {
    return this.queue.length
  }

  /** Nothing runs, and nothing waits. */
  get isQuiet(): boolean {
    return this.turn === null && this.queue.length === 0
  }

  /** Something of the user's runs or waits. */
  get hasWork(): boolean {
    return (this.current !== null && this.current.internal === null) || this.queue.length > 0
  }

  private get current(): Execution | null {
    return this.turn?.execution ?? null
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
    const { turn } = this
    const submitted = this.submitTask(title, work, { endsItself: true })
    if (turn === null || !isOfUser(turn)) return submitted
    turn.execution.needsNoPrompt = needsNoPrompt
    if (needsNoPrompt && turn.execution.interruption !== null) this.interrupt.giveUp()
    void turn.stop('reset')
    return submitted
  }

  private enqueue(execution: Execution, onTaken: () => void): void {
    if (this.turn !== null && !this.queue.push(execution)) throw queueFull(this.subject, this.limits.maxPendingOperations)
    onTaken()
    if (this.turn === null) this.begin(execution)
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
    const { turn } = this
    if (turn !== null && isOfUser(turn) && (executionId === undefined || turn.execution.executionId === executionId)) {
      const { execution } = turn
      void turn.stop('cancel', asPerson ? ALL_RUNGS : GENTLE_RUNGS)
      await execution.result.catch(() => {})
      return execution.outcome === 'cancelled'
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
    const waiting = this.queue.takeAll()
    for (const execution of waiting) this.reject(execution, outcomeOf(abort), abort)
    if (waiting.length > 0) this.listener.onQueueChanged()
  }

  /** Rejects everything at once. The board is not asked: see `interruptBoard`. */
  abort(abort: Abort): void {
    const { turn } = this
    this.turn = null
    turn?.abort(abort)
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
    const { task } = execution
    this.turn = task === null ? new SnippetTurn(execution, this.needs) : new TaskTurn(execution, task, this.needs)
    this.turn.begin()
  }

  private goOn(ended: Turn): void {
    // Whoever heard of the end may have ended everything.
    if (this.turn !== ended) return
    this.listener.onSettled()
    if (this.turn !== ended) return
    const next = this.queue.shift()
    if (next !== undefined) {
      this.begin(next)
      return
    }
    this.turn = null
    if (ended.execution.internal === null) this.listener.onDrained()
  }

  private giveUpWaiting(execution: Execution): void {
    const happened = `waited for its turn for ${seconds(execution.timeoutMs ?? 0)}, and was not begun.`
    this.reject(execution, 'timeout', { code: 'OperationTimeout', reason: 'timeout', retry: true, happened })
    this.listener.onQueueChanged()
  }

  /** The one end of an execution that never was on the wire. */
  private reject(execution: Execution, outcome: ExecutionOutcome, what: ExecutionFailure): void {
    execution.reject(outcome, executionError(this.subject, execution, what))
  }
}

/** Not yet ended, and nobody's but the user's: it can be called off. */
function isOfUser({ execution }: Turn): boolean {
  return execution.internal === null && execution.outcome === null
}
