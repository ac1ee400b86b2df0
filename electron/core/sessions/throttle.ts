import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'

/** Tells something at once, but then at most every so often: what changes in between is told together, later. */
export class Throttle implements Disposable {
  private pending: Disposable | null = null
  private toldAtMs = Number.NEGATIVE_INFINITY
  private ended = false

  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
    private readonly tell: () => void,
  ) {}

  request(): void {
    if (this.ended || this.pending !== null) return
    const waitMs = this.toldAtMs + this.intervalMs - this.clock.monotonicMs()
    if (waitMs <= 0) this.tellNow()
    else this.pending = this.clock.after(waitMs, () => this.tellNow())
  }

  tellNow(): void {
    if (this.ended) return
    this.alreadyTold()
    this.tell()
  }

  /** The latest has gone out by another way: what was pending is dropped, and the interval begins anew. */
  alreadyTold(): void {
    this.pending?.dispose()
    this.pending = null
    this.toldAtMs = this.clock.monotonicMs()
  }

  dispose(): void {
    this.ended = true
    this.pending?.dispose()
    this.pending = null
  }
}
