import type { MusterError } from '../../../shared/errors'
import type { ExecutionOutcome, ExecutionResult } from '../../../shared/model'
import type { Disposable } from '../base/disposable'
import { ReplyOutput } from './reply-output'

/** Who asked for the interrupt of a running execution. */
export type Interruption = 'timeout' | 'cancel'

/** When an execution went on the wire. */
export interface WireStart {
  readonly at: number
  readonly monotonicMs: number
  readonly limit: Disposable
}

/** One run of a snippet, from the queue to its one end. */
export class Execution {
  /** Rejects with a `MusterError`. */
  readonly result: Promise<ExecutionResult>
  readonly reply = new ReplyOutput()
  /** Null while it waits. */
  start: WireStart | null = null
  /** Set once the board was asked to stop: whatever it answers after that is no result any more. */
  interruption: Interruption | null = null
  private ended: ExecutionOutcome | null = null
  private resolveResult: (result: ExecutionResult) => void = () => {}
  private rejectResult: (error: MusterError) => void = () => {}

  constructor(
    readonly executionId: string,
    /** Counts from 1 within the session, in the order of submission. */
    readonly number: number,
    readonly code: string,
    readonly timeoutMs: number,
  ) {
    this.result = new Promise((resolve, reject) => {
      this.resolveResult = resolve
      this.rejectResult = reject
    })
  }

  /** Null as long as it has not ended. */
  get outcome(): ExecutionOutcome | null {
    return this.ended
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
    this.start?.limit.dispose()
  }
}
