/** What one contender was measured at: a figure a round. Empty when it failed. */
export interface Series {
  readonly unit: string
  readonly rounds: readonly number[]
  /** Every single measurement, where a round is made of many. */
  readonly samples?: readonly number[]
  /** Why there is no figure. A contender that was wrong once has none: what it gave before is dropped as well. */
  readonly failure?: string
  /** What to know when reading the figure. */
  readonly note?: string
}

/** A contender's figures as they are published. */
export type Peer =
  | {
      readonly value: number
      readonly unit: string
      readonly spread: number
      readonly runs: number
      readonly p95?: number
      readonly p99?: number
      readonly note?: string
    }
  | { readonly failure: string }

export type Bound = { readonly atMost: number } | { readonly atLeast: number }

/** One row: a figure, and what it is held against. */
export interface Result {
  readonly name: string
  /** The median over all rounds; null: not measured. */
  readonly value: number | null
  readonly unit: string
  /** Null: a figure that nothing is asked of. */
  readonly target: number | null
  readonly bound: 'at most' | 'at least' | null
  /** Never true for what was not measured; null where there is no target. */
  readonly met: boolean | null
  /** The largest round less the smallest. */
  readonly spread: number | null
  readonly runs: readonly number[]
  readonly note?: string
  readonly peers: Readonly<Record<string, Peer>>
}

/** From so many measurements on, the slowest hundredth is worth telling. */
const P99_SAMPLES_MIN = 1_000
const P95_SAMPLES_MIN = 100

/** NaN for none. Of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, two) => one - two)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? Number.NaN)) / 2
}

/** The smallest value that at least this share of all does not exceed. `share` is from 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, two) => one - two)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** The largest less the smallest; NaN for none. */
export function spread(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : Math.max(...values) - Math.min(...values)
}

/** Round by round, because what disturbs the machine disturbs both. Fails when either failed. */
export function ratio(of: Series, to: Series): Series {
  const failure = of.failure ?? to.failure
  const rounds = of.rounds.slice(0, to.rounds.length).map((value, round) => value / (to.rounds[round] ?? Number.NaN))
  if (failure === undefined && rounds.every(value => Number.isFinite(value) && value > 0) && rounds.length > 0) return { unit: '×', rounds }
  return { unit: '×', rounds: [], failure: failure ?? 'nothing was measured' }
}

/** A row with a target. What was not measured does not meet it. */
export function judge(name: string, series: Series, bound: Bound, peers: Readonly<Record<string, Peer>> = {}): Result {
  const limit = 'atMost' in bound ? bound.atMost : bound.atLeast
  const value = median(series.rounds)
  const isMet = series.failure === undefined && ('atMost' in bound ? value <= limit : value >= limit)
  return { ...rowOf(name, series, peers), target: limit, bound: 'atMost' in bound ? 'at most' : 'at least', met: isMet }
}

/** A row that is told for its own sake. */
export function figure(name: string, series: Series, peers: Readonly<Record<string, Peer>> = {}): Result {
  return { ...rowOf(name, series, peers), target: null, bound: null, met: null }
}

export function publish({ unit, rounds, samples = [], failure, note }: Series): Peer {
  if (failure !== undefined) return { failure }
  return {
    value: rounded(median(rounds)),
    unit,
    spread: rounded(spread(rounds)),
    runs: rounds.length,
    ...(samples.length >= P95_SAMPLES_MIN && { p95: rounded(quantile(samples, 0.95)) }),
    ...(samples.length >= P99_SAMPLES_MIN && { p99: rounded(quantile(samples, 0.99)) }),
    ...(note !== undefined && { note }),
  }
}

function rowOf(name: string, { unit, rounds, failure, note }: Series, peers: Readonly<Record<string, Peer>>) {
  const said = failure === undefined ? note : `not measured: ${failure}`
  const isMeasured = failure === undefined && rounds.length > 0
  return {
    name,
    value: isMeasured ? rounded(median(rounds)) : null,
    unit,
    spread: isMeasured ? rounded(spread(rounds)) : null,
    runs: isMeasured ? rounds.map(rounded) : [],
    ...(said !== undefined && { note: said }),
    peers,
  }
}

/** Three digits that mean something. */
function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
