import type { Clock } from '../../base/clock'

/** Allows so many bytes a second, and a burst of them after a pause. May be overdrawn; then nothing is free until the debt is paid. */
export class TokenBucket {
  private tokens: number
  private filledMs: number

  constructor(
    private readonly clock: Clock,
    private readonly bytesPerSecond: number,
    readonly burst: number,
  ) {
    this.tokens = burst
    this.filledMs = clock.monotonicMs()
  }

  take(bytes: number): void {
    this.fill()
    this.tokens -= bytes
  }

  /** How long until so many bytes are free; 0 for now. At most `burst` of them can ever be. */
  waitMs(bytes: number): number {
    this.fill()
    const missing = bytes - this.tokens
    return missing <= 0 ? 0 : Math.ceil((missing / this.bytesPerSecond) * 1_000)
  }

  private fill(): void {
    const now = this.clock.monotonicMs()
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledMs) * this.bytesPerSecond) / 1_000)
    this.filledMs = now
  }
}
