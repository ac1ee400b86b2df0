import type { ExecutionOutcome } from './executions'

/** Place in a session's output: every byte and every other item counts one, from the start of the session. */
export type OutputPosition = number

export type OutputItem =
  | {
      readonly type: 'bytes'
      readonly at: number
      /** `stdout` of an execution, its uncaught `exception`, or text `outside` of any execution. */
      readonly channel: 'stdout' | 'exception' | 'outside'
      readonly bytes: Uint8Array
    }
  | { readonly type: 'started'; readonly at: number; readonly number: number }
  | {
      readonly type: 'ended'
      readonly at: number
      readonly number: number
      readonly outcome: ExecutionOutcome
      readonly durationMs: number
      readonly message: string | null
    }
  | { readonly type: 'note'; readonly at: number; readonly tone: 'info' | 'warn' | 'bad'; readonly text: string }

/** A run of consecutive items. `seq` grows by one a batch within one subscription. */
export interface OutputBatch {
  readonly sessionId: string
  readonly seq: number
  /** Position in the session's output after this batch, see `OutputPosition`. What is acknowledged. */
  readonly upTo: OutputPosition
  /** Bytes this reader did not get between the last batch and this one. */
  readonly missedBytes: number
  readonly items: readonly OutputItem[]
}
