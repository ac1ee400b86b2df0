import { FILE_STEP_TIMEOUT_MS } from '../../../../shared/limits'

/** Until anything is known of the line: half of what 9,600 baud carry. */
const FIRST_RATE_BYTES_PER_MS = 0.48
/** Less patience than this would take a busy computer for a lost byte. */
const PATIENCE_MIN_MS = 300
/** So many times the longest that a step has taken so far. */
const PATIENCE_FACTOR = 4
/** Short operations differ more from each other than chunks do. */
const QUESTION_FACTOR = 8
const QUESTION_MIN_MS = 1_500
/** What is known of the past counts less with each step. */
const MEMORY = 0.9
/** Lines are not steady, and their first rate is a guess. */
const WIRE_FACTOR = 2.5

/**
 * How fast the line and the board have turned out to be, and from that how long to wait before something must have got lost. Waiting
 * longer costs time on a bad line, waiting too short only a question more.
 */
export class LinePace {
  private rateBytesPerMs = FIRST_RATE_BYTES_PER_MS
  private stepMs: number | null = null

  /** So many bytes have gone and been answered in so long. */
  note(bytes: number, elapsedMs: number): void {
    if (elapsedMs <= 0) return
    const rate = bytes / elapsedMs
    // What was measured holds the board's own time, too: the line is at least as fast.
    if (bytes >= 256) this.rateBytesPerMs = Math.max(rate, this.rateBytesPerMs * MEMORY)
    const ownMs = Math.max(0, elapsedMs - bytes / this.rateBytesPerMs)
    this.stepMs = this.stepMs === null ? ownMs : Math.max(ownMs, this.stepMs * MEMORY)
  }

  wireMs(bytes: number): number {
    return (bytes / this.rateBytesPerMs) * WIRE_FACTOR
  }

  /** For an answer to so many bytes; more with each attempt that has failed. */
  patienceMs(bytes: number, failedAttempts: number): number {
    const step =
      this.stepMs === null ? FILE_STEP_TIMEOUT_MS : Math.max(PATIENCE_MIN_MS, this.stepMs * PATIENCE_FACTOR) * 4 ** failedAttempts
    return this.wireMs(bytes) + Math.min(FILE_STEP_TIMEOUT_MS, step)
  }

  /** For the first answer to a short question, besides what its bytes take. Who asks again is more patient. */
  questionMs(): number {
    return this.stepMs === null
      ? FILE_STEP_TIMEOUT_MS
      : Math.min(FILE_STEP_TIMEOUT_MS, Math.max(QUESTION_MIN_MS, this.stepMs * QUESTION_FACTOR))
  }
}
