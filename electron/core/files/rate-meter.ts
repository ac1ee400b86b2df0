import { TRANSFER_PROGRESS_MS, TRANSFER_RATE_WINDOW_MS } from '../../../shared/limits'
import type { Clock } from '../base/clock'

interface Sample {
  readonly atMs: number
  /** Moved until then, since the start. */
  total: number
}

/** How fast bytes have moved over the last seconds, or, where they come more seldom, since they came the time before. */
export class RateMeter {
  /** The first is the newest that is as old as the window. */
  private samples: Sample[] = []
  private total = 0

  constructor(private readonly clock: Clock) {}

  /** From here on bytes may move. Once it has begun, it goes on. */
  start(): void {
    if (this.samples.length === 0) this.samples.push({ atMs: this.clock.monotonicMs(), total: this.total })
  }

  add(bytes: number): void {
    if (bytes <= 0) return
    this.start()
    this.total += bytes
    const atMs = this.clock.monotonicMs()
    const last = this.samples.at(-1)
    // Not the first one, which says when it all began.
    if (last !== undefined && this.samples.length > 1 && atMs - last.atMs < TRANSFER_PROGRESS_MS) last.total = this.total
    else this.samples.push({ atMs, total: this.total })
    while (this.samples.length > 2 && (this.samples[1]?.atMs ?? atMs) <= atMs - TRANSFER_RATE_WINDOW_MS) this.samples.shift()
  }

  /** Null before anything has moved. */
  get bytesPerSecond(): number | null {
    const [first] = this.samples
    if (first === undefined || this.total === first.total) return null
    const tookMs = this.clock.monotonicMs() - first.atMs
    // What has just begun says nothing of a second yet.
    return (this.total - first.total) / (Math.max(tookMs, TRANSFER_PROGRESS_MS) / 1_000)
  }

  /** What has been does not count any more. */
  clear(): void {
    this.samples = []
    this.total = 0
  }
}
