import type { SessionSnapshot } from './sessions'
import type { SessionTotals } from './statistics'

/** The manager's own state; not to be mixed with a session's. */
export type ManagerState = 'Inactive' | 'Active' | 'Shutdown' | 'Disposed'

export interface ManagerStatus {
  readonly state: ManagerState
  readonly open: number
  readonly limit: number
  readonly totalOpened: number
  readonly totalClosed: number
  readonly peakOpen: number
  /** Of all sessions since the start, also of those that are gone. */
  readonly totals: SessionTotals
  /** Kept open by the pool for the next caller; they count as open. */
  readonly warm: number
  /** Callers of the pool that wait for a session. */
  readonly waiting: number
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
  readonly health: ManagerHealth
}

/** The health check `device_sessions`; the data keys are those of its source. */
export interface ManagerHealth {
  readonly status: 'Healthy' | 'Degraded' | 'Unhealthy'
  readonly description: string
  readonly cause: string | null
  readonly data: {
    readonly active_sessions: number
    readonly max_sessions: number
    readonly utilization: number
    readonly state: ManagerState
  }
}

/** A session handed out by the pool; the token gives it back. */
export interface PoolTicket {
  readonly token: string
  readonly session: SessionSnapshot
}

export interface PoolStats {
  readonly enabled: boolean
  readonly warm: readonly string[]
  readonly inUse: readonly string[]
  readonly waiting: number
  readonly acquired: number
  readonly reused: number
  readonly evicted: number
  readonly timedOut: number
}
