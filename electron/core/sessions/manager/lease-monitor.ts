import type { SessionState } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import type { Logger } from '../../base/logger'
import { isClosedState } from '../session-states'

interface LeasedSession {
  readonly sessionId: string
  readonly state: SessionState
  isLeaseExpired(now: number): boolean
  /** True when this call has closed it. False when it waits for what it runs, or was closed already. */
  closeExpired(now: number): Promise<boolean>
}

export interface LeaseMonitorOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly sessions: () => readonly LeasedSession[]
  /** Asked anew before every wait. */
  readonly intervalMs: () => number
}

/** Closes sessions whose lease has run out, every so often. The lease itself is the session's. */
export class LeaseMonitor implements Disposable {
  private waiting: Disposable | null = null
  private sweeping: Promise<number> | null = null

  constructor(private readonly options: LeaseMonitorOptions) {}

  /** Looks for the first time after this, then at its interval. */
  start(firstMs = this.options.intervalMs()): void {
    this.stop()
    this.waiting = this.options.clock.after(firstMs, () => {
      // A sweep that still runs stands for this one.
      if (this.sweeping === null) void this.closeExpired(this.options.clock.now())
      this.start()
    })
  }

  /** Resolves with the number of sessions that this has closed. Joins a sweep under way. Never rejects. */
  closeExpired(now: number): Promise<number> {
    this.sweeping ??= this.sweep(now).finally(() => {
      this.sweeping = null
    })
    return this.sweeping
  }

  stop(): void {
    this.waiting?.dispose()
    this.waiting = null
  }

  dispose(): void {
    this.stop()
  }

  private async sweep(now: number): Promise<number> {
    const expired = this.options.sessions().filter(session => !isClosedState(session.state) && session.isLeaseExpired(now))
    const closed = await Promise.all(expired.map(session => this.close(session, now)))
    return closed.filter(Boolean).length
  }

  private async close(session: LeasedSession, now: number): Promise<boolean> {
    try {
      return await session.closeExpired(now)
    } catch (error) {
      this.options.logger.warn('A session whose lease has run out did not close in order.', { sessionId: session.sessionId, error })
      // It is closed nevertheless: a failed close ends in a kill.
      return isClosedState(session.state)
    }
  }
}
