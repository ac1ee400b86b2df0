import { RESUME_LEASE_GRACE_MS } from '../../../../shared/limits'
import type { Disposable } from '../../base/disposable'
import type { Session } from '../session'
import { LeaseMonitor, type LeaseMonitorOptions } from './lease-monitor'
import { SessionTicker } from './manager-ticker'

interface ClockOptions extends LeaseMonitorOptions {
  readonly sessions: () => readonly Session[]
  /** All sessions were looked at. */
  readonly onTicked: () => void
  /** Whether the clocks are to run, as far as the manager is concerned. */
  readonly isActive: () => boolean
}

/** What happens by itself because time passes: the ticks of all sessions, and the sweep of leases. Nothing while the computer sleeps. */
export class ManagerClocks implements Disposable {
  private readonly leases: LeaseMonitor
  private readonly ticker: SessionTicker
  private isAsleep = false

  constructor(private readonly options: ClockOptions) {
    this.leases = new LeaseMonitor(options)
    this.ticker = new SessionTicker(options)
  }

  start(): void {
    if (!this.isAsleep) this.run()
  }

  stop(): void {
    this.ticker.stop()
    this.leases.stop()
  }

  /** The computer goes to sleep. */
  suspend(): void {
    if (this.isAsleep) return
    this.isAsleep = true
    this.stop()
    for (const session of this.options.sessions()) session.suspend()
  }

  /** The computer was asleep. Leases that ran out meanwhile have a little longer. */
  resume(): void {
    if (!this.isAsleep) return
    this.isAsleep = false
    for (const session of this.options.sessions()) session.resume()
    if (this.options.isActive()) this.run(RESUME_LEASE_GRACE_MS)
  }

  /** See `LeaseMonitor`. */
  closeExpired(now: number): Promise<number> {
    return this.leases.closeExpired(now)
  }

  dispose(): void {
    this.stop()
  }

  private run(firstLeaseSweepMs?: number): void {
    this.ticker.start()
    this.leases.start(firstLeaseSweepMs)
  }
}
