import type { Clock } from '../../base/clock'

/**
 * When a person or a program last used a session: operations, writes, reads of its events, edits. Neither what the board
 * prints by itself nor a heartbeat is use.
 */
export class UserActivity {
  private usedAt: number
  private baseMs: number

  constructor(private readonly clock: Clock) {
    this.usedAt = clock.now()
    this.baseMs = clock.monotonicMs()
  }

  /** Wall-clock time. */
  get lastUsedAt(): number {
    return this.usedAt
  }

  touch(): void {
    this.usedAt = this.clock.now()
    this.baseMs = this.clock.monotonicMs()
  }

  /** Time begins to count anew, although nobody used the session: it was busy, lost, or the computer slept. */
  restart(): void {
    this.baseMs = this.clock.monotonicMs()
  }

  isUnusedFor(periodMs: number | null): boolean {
    return periodMs !== null && this.clock.monotonicMs() - this.baseMs >= periodMs
  }
}
