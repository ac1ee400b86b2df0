import { HEALTH_CHECK_INTERVAL_MS, LONG_RUNNING_HEALTH_CHECK_INTERVAL_MS, LONG_RUNNING_HEARTBEAT_INTERVAL_MS } from '../../../shared/limits'
import type { SessionOptions, SessionProfile } from '../../../shared/model'

/** What a profile means where nobody said otherwise. */
export const PROFILES: Readonly<Record<SessionProfile, Pick<SessionOptions, 'healthCheckIntervalMs' | 'heartbeatIntervalMs'>>> = {
  standard: { healthCheckIntervalMs: HEALTH_CHECK_INTERVAL_MS, heartbeatIntervalMs: null },
  longRunning: {
    healthCheckIntervalMs: LONG_RUNNING_HEALTH_CHECK_INTERVAL_MS,
    heartbeatIntervalMs: LONG_RUNNING_HEARTBEAT_INTERVAL_MS,
  },
}
