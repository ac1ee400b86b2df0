import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'

interface Waiting {
  readonly sinceMs: number
  readonly reject: (error: Error) => void
}

/**
 * How long writes may wait for the board. Counted from the last write that was taken, or from when the oldest waiting one
 * was handed over, whichever is later: a write after a long silence is not late. Nor is a large one of which the port
 * takes some now and then.
 */
export class WriteLimit implements Disposable {
  /** Oldest first. */
  private readonly waiting = new Set<Waiting>()
  private takenMs = Number.NEGATIVE_INFINITY
  private givenBytes = 0
  private endedBytes = 0
  /** How many are known to have been taken, those of a write under way included. */
  private takenBytes = 0
  private timer: Disposable | null = null

  constructor(
    private readonly clock: Clock,
    private readonly limitMs: number,
    /** Bytes of the watched writes that the port has not taken. */
    private readonly waitingBytes: () => number,
    /** A write has waited too long. The listener is to call `fail`. */
    private readonly onExpired: () => void,
  ) {}

  get pending(): number {
    return this.waiting.size
  }

  /** Settles as the write does, or rejects with what `fail` is called with, whichever is first. */
  watch(write: Promise<void>, byteCount: number): Promise<void> {
    this.givenBytes += byteCount
    return new Promise((resolve, reject) => {
      const entry = { sinceMs: this.clock.monotonicMs(), reject }
      this.waiting.add(entry)
      this.timer ??= this.clock.after(this.limitMs, () => this.check())
      const settled = (settle: () => void): void => {
        if (!this.waiting.delete(entry)) return
        if (this.waiting.size === 0) this.stopTimer()
        settle()
      }
      write.then(
        () => {
          this.takenMs = this.clock.monotonicMs()
          this.endedBytes += byteCount
          this.takenBytes = Math.max(this.takenBytes, this.endedBytes)
          settled(resolve)
        },
        error => settled(() => reject(error)),
      )
    })
  }

  /** Gives up on all writes that wait. */
  fail(error: Error): void {
    this.stopTimer()
    for (const { reject } of this.waiting) reject(error)
    this.waiting.clear()
  }

  dispose(): void {
    this.stopTimer()
  }

  private stopTimer(): void {
    this.timer?.dispose()
    this.timer = null
  }

  /** One timer for all: when it is up, the oldest may have begun later than the timer, or others have been taken since. */
  private check(): void {
    this.timer = null
    const [oldest] = this.waiting
    if (oldest === undefined) return
    const takenBytes = this.givenBytes - this.waitingBytes()
    if (takenBytes > this.takenBytes) {
      this.takenMs = this.clock.monotonicMs()
      this.takenBytes = takenBytes
    }
    const leftMs = Math.max(oldest.sinceMs, this.takenMs) + this.limitMs - this.clock.monotonicMs()
    if (leftMs > 0) this.timer = this.clock.after(leftMs, () => this.check())
    else this.onExpired()
  }
}
