import type { SessionLease } from '../../../../shared/model'
import type { Clock } from '../../base/clock'

/** How long a session may live unless somebody asks for more. Wall-clock time: a lease is a promise to people. */
export class Lease {
  private expiresAt: number | null
  private isPending = false

  constructor(
    private readonly clock: Clock,
    /** What every use renews it to; null for no lease, until one is set. */
    private readonly durationMs: number | null,
  ) {
    this.expiresAt = durationMs === null ? null : clock.now() + durationMs
  }

  get status(): SessionLease {
    return Object.freeze({ expiresAt: this.expiresAt, isPending: this.isPending })
  }

  /** It has expired during an execution: the session takes no new work, and closes as soon as that has settled. */
  get endsSoon(): boolean {
    return this.isPending
  }

  isExpired(nowWallMs: number): boolean {
    return this.expiresAt !== null && this.expiresAt <= nowWallMs
  }

  /** Any time, earlier or later than before; null for never. */
  extend(expiresAt: number | null): void {
    this.expiresAt = expiresAt
    this.isPending &&= this.isExpired(this.clock.now())
  }

  /** The session was used. What a person set beyond the duration stays. */
  renew(): void {
    if (this.durationMs === null || this.expiresAt === null || this.isPending) return
    this.expiresAt = Math.max(this.expiresAt, this.clock.now() + this.durationMs)
  }

  markPending(): void {
    this.isPending = true
  }
}
