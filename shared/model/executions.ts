import type { JsonValue } from './json'

export interface RunningExecution {
  readonly executionId: string
  /** Counts from 1 within the session; what a person calls it. */
  readonly number: number
  readonly startedAt: number
  readonly interrupting: boolean
}

/** What an execution ended with when the board answered: an exception on the board is a result. */
export interface ExecutionResult {
  readonly executionId: string
  readonly number: number
  readonly outcome: 'ok' | 'exception'
  /** UTF-8 decoded, `\r\n` as `\n`, U+FFFD for invalid bytes. */
  readonly stdout: string
  readonly stdoutBytes: number
  readonly traceback?: string
  /** Only where a typed result was asked for: the value of the last expression; null where there is none. */
  readonly value?: JsonValue
  /** From the first byte on the wire to the prompt. */
  readonly durationMs: number
  /** Set when the output held protocol bytes and the prompt had to be found again. */
  readonly resynchronised?: boolean
}

/** How an execution ended, for the stream, the counters and the charts. */
export type ExecutionOutcome = 'ok' | 'exception' | 'timeout' | 'cancelled' | 'lost' | 'failed'
