/** How much of everything a run measures. */
export interface Sizes {
  readonly rounds: number
  /** `print(1)` in a round: of those that answer in less than a millisecond, of those that wait in between, of those that start anew. */
  readonly prints: number
  readonly slowPrints: number
  readonly newProcessPrints: number
  /** Files, in bytes: for who is quick, for who needs seconds for 100 kB, and for who needs a minute. */
  readonly fileBytes: number
  readonly slowFileBytes: number
  readonly slowestFileBytes: number
  /** Over the line of 11,520 B/s. */
  readonly lineFileBytes: number
  readonly slowLineFileBytes: number
  readonly boards: number
  readonly waves: number
  readonly boardFileBytes: number
  /** What sessions cost, on fakes. */
  readonly sessions: number
  readonly sessionRuns: number
  /** Longer than every interval that idle sessions have, but for the minutes between two health checks. */
  readonly idleWindowMs: number
}

export const FULL: Sizes = {
  rounds: 7,
  prints: 1_000,
  slowPrints: 100,
  newProcessPrints: 3,
  fileBytes: 1_000_000,
  slowFileBytes: 100_000,
  slowestFileBytes: 5_000,
  lineFileBytes: 100_000,
  slowLineFileBytes: 20_000,
  boards: 64,
  waves: 40,
  boardFileBytes: 100_000,
  sessions: 256,
  sessionRuns: 5,
  idleWindowMs: 20_000,
}

/** For a look in between: the same boards and files, fewer rounds. */
export const QUICK: Sizes = {
  ...FULL,
  rounds: 3,
  prints: 300,
  slowPrints: 30,
  newProcessPrints: 1,
  slowFileBytes: 30_000,
  slowestFileBytes: 2_000,
  lineFileBytes: 40_000,
  slowLineFileBytes: 8_000,
  waves: 20,
  sessionRuns: 3,
  idleWindowMs: 5_000,
}

/** Says nothing about speed: only that everything still runs. */
export const SMOKE: Sizes = {
  rounds: 2,
  prints: 3,
  slowPrints: 2,
  newProcessPrints: 1,
  fileBytes: 3_000,
  slowFileBytes: 1_000,
  slowestFileBytes: 300,
  lineFileBytes: 1_500,
  slowLineFileBytes: 500,
  boards: 3,
  waves: 2,
  boardFileBytes: 2_000,
  sessions: 4,
  sessionRuns: 1,
  idleWindowMs: 20,
}
