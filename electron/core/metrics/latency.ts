import type { LatencySummary } from '../../../shared/model'

/** Each bucket is this much wider than the one below. Its geometric middle is at most 2 % off. */
const BUCKET_RATIO = 1.04
const SMALLEST_MS = 0.001
const LARGEST_MS = 2 * 3_600_000
const BUCKET_COUNT = bucketOf(LARGEST_MS) + 1

/**
 * Latencies as a histogram of logarithmic buckets: percentiles within 2 %, in a few kilobytes however many there were.
 * Last, largest and count are exact.
 */
export class LatencyHistogram {
  private readonly buckets = new Uint32Array(BUCKET_COUNT)
  private count = 0
  private last = 0
  private max = 0
  private min = Number.POSITIVE_INFINITY

  record(durationMs: number): void {
    const bucket = Math.min(bucketOf(durationMs), BUCKET_COUNT - 1)
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1
    this.count += 1
    this.last = durationMs
    this.max = Math.max(this.max, durationMs)
    this.min = Math.min(this.min, durationMs)
  }

  /** The value that the given part (0 to 1) of all is not above; NaN when there are none. */
  percentile(part: number): number {
    if (this.count === 0) return Number.NaN
    let left = Math.max(1, Math.ceil(part * this.count))
    let bucket = 0
    for (; bucket < BUCKET_COUNT; bucket++) {
      left -= this.buckets[bucket] ?? 0
      if (left <= 0) break
    }
    const middle = SMALLEST_MS * BUCKET_RATIO ** (bucket + 0.5)
    return Math.min(Math.max(middle, this.min), this.max)
  }

  /** Null before the first. */
  summary(): LatencySummary | null {
    if (this.count === 0) return null
    return Object.freeze({ last: this.last, p50: this.percentile(0.5), p95: this.percentile(0.95), max: this.max, count: this.count })
  }

  clear(): void {
    if (this.count === 0) return
    this.buckets.fill(0)
    this.count = 0
    this.last = 0
    this.max = 0
    this.min = Number.POSITIVE_INFINITY
  }
}

function bucketOf(durationMs: number): number {
  return Math.max(0, Math.floor(Math.log(durationMs / SMALLEST_MS) / Math.log(BUCKET_RATIO)))
}
