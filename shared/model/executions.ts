/** A value of a board as Python has it, as far as it can be said here. An int that a number can't say exactly is a bigint. */
export type BoardValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly BoardValue[]
  | { readonly [key: string]: BoardValue }

/** Which values a typed result may hold: what JSON can say, or bytes, large ints and odd floats as well. */
export type ExpectedValue = 'json' | 'value'

/** How far the attempts to end an execution have come. Each is bounded; a person may stop the climbing. */
export interface InterruptStatus {
  /**
   * One Ctrl-C; Ctrl-C again and again, and the request for the raw prompt; a soft reset. After `soft-reset` nothing is left
   * but a hard reset or closing the session, which are the user's to choose.
   */
  readonly rung: 'interrupt' | 'interrupt-again' | 'soft-reset'
  readonly since: number
  /** When the next rung begins, or the last one is given up; null when a person has stopped the climbing. */
  readonly until: number | null
  /** No rung follows: at a time limit that is so before the soft reset. */
  readonly isLast: boolean
}

export interface RunningExecution {
  readonly executionId: string
  /** Counts from 1 within the session; what a person calls it. */
  readonly number: number
  readonly startedAt: number
  readonly interrupting: boolean
  /** Set while `interrupting`. */
  readonly interrupt: InterruptStatus | null
}

/** Work of Muster's own that has the board to itself: files, a reset. What is executed waits until it has ended. */
export interface RunningTask {
  readonly taskId: string
  /** What it does, as in "Writing main.py". */
  readonly title: string
  readonly startedAt: number
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
  readonly value?: BoardValue
  /** From the first byte on the wire to the prompt. */
  readonly durationMs: number
  /** Set when the output held protocol bytes and the prompt had to be found again. */
  readonly resynchronised?: boolean
}

/** How an execution ended, for the stream, the counters and the charts. */
export type ExecutionOutcome = 'ok' | 'exception' | 'timeout' | 'cancelled' | 'lost' | 'failed'
