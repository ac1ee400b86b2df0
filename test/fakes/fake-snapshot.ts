import type { SessionSnapshot } from '../../shared/model'
import { someStatistics } from './bridge-shapes'

/** A connected session on a serial port, with what the test says instead. */
export function fakeSnapshot(changes: Partial<SessionSnapshot> = {}): SessionSnapshot {
  const sessionId = changes.sessionId ?? `session-${'0'.repeat(32)}`
  return {
    sessionId,
    deviceKey: 'path:/dev/ttyACM0',
    port: '/dev/ttyACM0',
    portLabel: 'Pico',
    backend: 'serial',
    baudRate: 115_200,
    clientSessionName: '',
    clientCorrelationId: '',
    clientIdentity: '',
    metadata: {
      dataSource: 'path:/dev/ttyACM0',
      type: 'Session',
      version: 1,
      utcOffsetSeconds: 0,
      identifier: '',
      details: {},
      associateSessionKeys: [],
    },
    state: 'Connected',
    phase: null,
    stateSince: 0,
    openedAt: 0,
    connectedAt: 0,
    fault: null,
    board: null,
    identity: null,
    attachment: 'prompt',
    running: null,
    task: null,
    queuedExecutions: 0,
    lease: { expiresAt: null, isPending: false },
    health: { isHealthy: true, lastProbe: null, lastHeartbeatAt: null },
    reconnect: null,
    pool: 'none',
    autoReconnect: true,
    idleTimeoutMs: 300_000,
    lastUsedAt: 0,
    statistics: someStatistics(),
    ...changes,
  }
}
