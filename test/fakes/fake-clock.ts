import type { Clock } from '../../electron/core/base/clock'
import { type Disposable, toDisposable } from '../../electron/core/base/disposable'

interface Timer {
  readonly dueMs: number
  readonly order: number
  readonly callback: () => void
}

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  private elapsedMs = 0
  private wallShiftMs = 0
  private order = 0
  private readonly timers = new Set<Timer>()

  constructor(private readonly startedAt = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.startedAt + this.elapsedMs + this.wallShiftMs
  }

  monotonicMs(): number {
    return this.elapsedMs
  }

  after(delayMs: number, callback: () => void): Disposable {
    const timer: Timer = { dueMs: this.elapsedMs + Math.max(0, delayMs), order: this.order++, callback }
    this.timers.add(timer)
    return toDisposable(() => this.timers.delete(timer))
  }

  /** Timers that would still fire: a test's proof that none was left behind. */
  get pendingTimers(): number {
    return this.timers.size
  }

  /** Moves time forward, firing what falls due in order and letting promises settle after each. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.elapsedMs + durationMs
    await settle()
    for (let next = this.nextDue(endMs); next !== undefined; next = this.nextDue(endMs)) {
      this.timers.delete(next)
      this.elapsedMs = Math.max(this.elapsedMs, next.dueMs)
      next.callback()
      await settle()
    }
    this.elapsedMs = endMs
  }

  /** The process stands still: time goes by, and what falls due meanwhile comes late. */
  stall(durationMs: number): void {
    this.elapsedMs += durationMs
  }

  /** Somebody sets the clock of the computer: no time goes by. */
  setWallClock(byMs: number): void {
    this.wallShiftMs += byMs
  }

  private nextDue(endMs: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.timers) {
      if (timer.dueMs > endMs) continue
      if (next === undefined || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) next = timer
    }
    return next
  }
}

/** Lets every promise that can settle without a timer do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  await new Promise(resolve => setImmediate(resolve))
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
