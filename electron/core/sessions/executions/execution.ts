import type { MusterError } from '../../../../shared/errors'
import type { ExecutionOutcome, ExecutionResult } from '../../../../shared/model'
import type { Disposable } from '../../base/disposable'
import type { BoardTask } from './board-task'
import { ReplyOutput } from './reply-output'
import type { ReplyValue } from './reply-value'

/** Who asked for the interrupt of a running execution: its limit, somebody, or a reset of the board. */
export type Interruption = 'timeout' | 'cancel' | 'reset'

/** When an execution went on the wire. */
export interface WireStart {
  readonly at: number
  readonly monotonicMs: number
  readonly limit: Disposable | null
}

/** An execution that nobody asked for: it has no number, is no operation, and its board is not shown as busy. */
export interface InternalExecution {
  /** As the beginning of a sentence: `The health check`. */
  readonly title: string
  /** A question whether the board is there: what it prints is not shown, and what its silence means is for the asker to say. */
  readonly isProbe: boolean
  /** Told once, before anything else is begun. The message says what was wrong, if anything. */
  readonly onEnd: (outcome: ExecutionOutcome, message: string | null) => void
}

export interface ExecutionPlan {
  readonly code: string
  /** Null for none. */
  readonly timeoutMs: number | null
  readonly maxReplyBytes: number
  /** Takes the value out of what is printed; null where none was asked for. */
  readonly value: ReplyValue | null
  readonly internal: InternalExecution | null
  /** Done instead of running code; it has no number, and leaves no mark in the output. */
  readonly task: BoardTask | null
}

/** One run of a snippet, from the queue to its one end. */
export class Execution {
  /** Rejects with a `MusterError`. */
  readonly result: Promise<ExecutionResult>
  readonly reply: ReplyOutput
  /** Null while it waits. */
  start: WireStart | null = null
  /** Set once the board was asked to stop: whatever it answers after that is no result any more. */
  interruption: Interruption | null = null
  /** It ends without the board's prompt if need be: what comes next does not need the prompt. */
  needsNoPrompt = false
  /** Aborts when it is interrupted, and when it has ended. Made for those that ask for it: tasks. */
  private over: AbortController | null = null
  private calledOff: Error | null = null
  private ended: ExecutionOutcome | null = null
  private resolveResult: (result: ExecutionResult) => void = () => {}
  private rejectResult: (error: MusterError) => void = () => {}

  constructor(
    readonly executionId: string,
    /** Counts from 1 within the session, in the order of submission; 0 for internal ones. */
    readonly number: number,
    private readonly plan: ExecutionPlan,
  ) {
    this.reply = new ReplyOutput(plan.maxReplyBytes)
    this.result = new Promise((resolve, reject) => {
      this.resolveResult = resolve
      this.rejectResult = reject
    })
  }

  /** As the beginning of a sentence. */
  get title(): string {
    return this.plan.task?.title ?? this.plan.internal?.title ?? `Execution ${this.number}`
  }

  get code(): string {
    return this.plan.code
  }

  get timeoutMs(): number | null {
    return this.plan.timeoutMs
  }

  get value(): ReplyValue | null {
    return this.plan.value
  }

  get internal(): InternalExecution | null {
    return this.plan.internal
  }

  get task(): BoardTask | null {
    return this.plan.task
  }

  /** Nobody's snippet: it is not counted, and not shown in the output. */
  get isUnseen(): boolean {
    return this.plan.internal !== null || this.plan.task !== null
  }

  get signal(): AbortSignal {
    this.over ??= new AbortController()
    if (this.calledOff !== null) this.over.abort(this.calledOff)
    return this.over.signal
  }

  /** Has the work of a task stop as soon as it can. */
  callOff(reason: Error): void {
    this.calledOff ??= reason
    this.over?.abort(this.calledOff)
  }

  /** Null as long as it has not ended. */
  get outcome(): ExecutionOutcome | null {
    return this.ended
  }

  /** What of these printed bytes is the snippet's own, now part of its reply. */
  print(bytes: Uint8Array): Uint8Array {
    const own = this.plan.value?.push(bytes) ?? bytes
    this.reply.append(own)
    return own
  }

  /** What it printed so far; undefined when it never ran. */
  get output(): string | undefined {
    return this.start === null ? undefined : this.reply.text
  }

  resolve(result: ExecutionResult): void {
    this.end(result.outcome)
    this.resolveResult(result)
  }

  reject(outcome: ExecutionOutcome, error: MusterError): void {
    this.end(outcome)
    this.rejectResult(error)
  }

  private end(outcome: ExecutionOutcome): void {
    if (this.ended !== null) throw new Error(`Execution ${this.number} ended twice: ${this.ended}, then ${outcome}.`)
    this.ended = outcome
    this.start?.limit?.dispose()
    if (this.over !== null) this.callOff(new Error(`${this.title} has ended.`))
  }
}
