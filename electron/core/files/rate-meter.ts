import { TRANSFER_PROGRESS_MS, TRANSFER_RATE_WINDOW_MS } from '../../../shared/limits'
import type { Clock } from '../base/clock'

interface Bucket {
  readonly fromMs: number
  bytes: number
}

/** How fast bytes have moved over the last seconds. */
export class RateMeter {
  private readonly buckets: Bucket[] = []

  constructor(private readonly clock: Clock) {}

  add(bytes: number): void {
    if (bytes <= 0) return
    const nowMs = this.clock.monotonicMs()
    const last = this.buckets.at(-1)
    if (last !== undefined && nowMs - last.fromMs < TRANSFER_PROGRESS_MS) last.bytes += bytes
    else this.buckets.push({ fromMs: nowMs, bytes })
    this.drop(nowMs)
  }

  /** Null before anything has moved, and when nothing has for the length of the window. */
  get bytesPerSecond(): number | null {
    const nowMs = this.clock.monotonicMs()
    this.drop(nowMs)
    const [first] = this.buckets
    if (first === undefined) return null
    const sum = this.buckets.reduce((bytes, bucket) => bytes + bucket.bytes, 0)
    // What has just begun says nothing of a second yet.
    return sum / (Math.max(nowMs - first.fromMs, TRANSFER_PROGRESS_MS) / 1_000)
  }

  /** A new attempt is measured anew. */
  clear(): void {
    this.buckets.length = 0
  }

  private drop(nowMs: number): void {
    while (this.buckets[0] !== undefined && nowMs - this.buckets[0].fromMs > TRANSFER_RATE_WINDOW_MS) this.buckets.shift()
  }
}
