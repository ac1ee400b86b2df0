import {
  CONNECTION_TIMEOUT_MS,
  EVENT_QUEUE_CAPACITY,
  HEALTH_CHECK_INTERVAL_MS,
  IDLE_TIMEOUT_MS,
  LONG_RUNNING_HEARTBEAT_INTERVAL_MS,
  MAX_MESSAGE_BYTES,
  MAX_PENDING_OPERATIONS,
  MAX_RECONNECT_ATTEMPTS,
  MAX_SESSIONS,
  OPERATION_TIMEOUT_MS,
  RECONNECT_DELAY_MS,
  SAMPLER_INTERVAL_MS,
  SAMPLER_RETRY_MS,
  SHUTDOWN_TIMEOUT_MS,
  THROUGHPUT_INTERVAL_MS,
  WRITE_TIMEOUT_MS,
} from '../../shared/limits'
import type {
  AppInfo,
  BoardIdentity,
  ConfigKey,
  ConfigReport,
  FilterInfo,
  FilterType,
  HistoryEntry,
  ManagerHealth,
  ManagerStatus,
  MetricColumns,
  MetricsSnapshot,
  OutputItem,
  PoolStats,
  PortInfo,
  SamplerInfo,
  SamplerUpdate,
  SessionMetadata,
  SessionOptions,
  SessionSnapshot,
  SessionStatistics,
  Transfer,
  TransferFile,
} from '../../shared/model'
import { filterFlow } from './fake-chain'

/** Everything that crosses the bridge, with sensible values where a test says none. */

export function anAppInfo(over: Partial<AppInfo> = {}): AppInfo {
  return { version: '0.1.0', electron: '45.4.1', chromium: '150', node: '24', packaged: false, runtimeNote: null, ...over }
}

export function aHealth(over: Partial<ManagerHealth> = {}): ManagerHealth {
  return {
    status: 'Healthy',
    description: 'Session management healthy',
    cause: null,
    data: { active_sessions: 0, max_sessions: MAX_SESSIONS, utilization: 0, state: 'Active' },
    ...over,
  }
}

export function aStatus(over: Partial<ManagerStatus> = {}): ManagerStatus {
  return {
    state: 'Active',
    open: 0,
    limit: MAX_SESSIONS,
    totalOpened: 0,
    totalClosed: 0,
    peakOpen: 0,
    totals: { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0, operations: 0, errors: 0 },
    warm: 0,
    waiting: 0,
    bytesInPerSecond: 0,
    bytesOutPerSecond: 0,
    health: aHealth(),
    ...over,
  }
}

export function aPort(path: string, over: Partial<PortInfo> = {}): PortInfo {
  const isSimulated = path.startsWith('simulated:')
  return {
    path,
    backend: isSimulated ? 'simulated' : 'serial',
    source: isSimulated ? 'simulated' : 'listed',
    present: true,
    deviceKey: `path:${path}`,
    label: path.slice(path.lastIndexOf('/') + 1),
    boardHint: null,
    usb: null,
    settings: { lines: 'raise', baudRate: null },
    ...over,
  }
}

export function aBoard(over: Partial<BoardIdentity> = {}): BoardIdentity {
  return {
    name: 'micropython',
    version: '1.27.0',
    machine: 'Raspberry Pi Pico with RP2040',
    uniqueId: 'e6616408432d4f2b',
    freeMemoryBytes: 184_320,
    platform: 'rp2',
    build: 'RPI_PICO',
    mpyVersion: '6.3',
    mpyArchitecture: 'armv6m',
    frequencyHz: 125_000_000,
    resetCause: 'power-on',
    flashTotalBytes: 1_441_792,
    flashFreeBytes: 1_400_832,
    features: ['base64', 'deflate', 'sha256', 'crc32', 'binaryInput', 'binaryOutput', 'poll', 'rename', 'folders', 'stat', 'statvfs'],
    ...over,
  }
}

export function aTransfer(over: Partial<Transfer> = {}): Transfer {
  return {
    transferId: 'transfer-1',
    sessionId: sessionIdOf('/dev/ttyACM0'),
    direction: 'toBoard',
    kind: 'copy',
    state: 'running',
    local: { folderId: 'folder-1', path: '' },
    boardFolder: '/',
    startedAt: 0,
    endedAt: null,
    fileCount: 1,
    totalBytes: 1_000,
    doneBytes: 430,
    bytesPerSecond: 612,
    secondsLeft: 1,
    questions: [],
    error: null,
    ...over,
  }
}

export function aTransferFile(over: Partial<TransferFile> = {}): TransferFile {
  return {
    index: 0,
    name: 'main.py',
    boardPath: '/main.py',
    bytes: 1_000,
    doneBytes: 430,
    state: 'copying',
    replacesBytes: null,
    proof: null,
    resumedAtBytes: 0,
    retries: 0,
    durationMs: null,
    error: null,
    ...over,
  }
}

export function someMetadata(over: Partial<SessionMetadata> = {}): SessionMetadata {
  return {
    dataSource: 'bench',
    type: 'Session',
    version: 1,
    utcOffsetSeconds: 0,
    identifier: '',
    details: {},
    associateSessionKeys: [],
    ...over,
  }
}

/** Ids stay the same for a port, so that a later snapshot is of the same session. */
export function aSession(port: string, over: Partial<SessionSnapshot> = {}): SessionSnapshot {
  const at = Date.now()
  return {
    sessionId: sessionIdOf(port),
    deviceKey: `path:${port}`,
    port,
    backend: port.startsWith('simulated:') ? 'simulated' : 'serial',
    baudRate: 115_200,
    clientSessionName: '',
    clientCorrelationId: '',
    clientIdentity: 'window-1',
    portLabel: '',
    metadata: someMetadata({ dataSource: `path:${port}` }),
    state: 'Idle',
    phase: null,
    stateSince: at,
    openedAt: at,
    connectedAt: at,
    fault: null,
    board: aBoard(),
    identity: { level: 'uniqueId', text: 'e6:61:64:08:43:2d:4f:2b', usbSerial: 'unknown' },
    attachment: 'prompt',
    running: null,
    task: null,
    queuedExecutions: 0,
    lease: { expiresAt: null, isPending: false },
    health: { isHealthy: true, lastProbe: null, lastHeartbeatAt: null },
    reconnect: null,
    pool: 'none',
    autoReconnect: true,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    lastUsedAt: at,
    statistics: someStatistics(),
    ...over,
  }
}

/** A session without a board, which holds others. */
export function aGroup(name: string, over: Partial<SessionSnapshot> = {}): SessionSnapshot {
  return aSession('', {
    sessionId: sessionIdOf(`group ${name}`),
    deviceKey: '',
    backend: 'none',
    baudRate: null,
    clientSessionName: name,
    metadata: someMetadata({ dataSource: name }),
    state: 'Connected',
    board: null,
    identity: null,
    idleTimeoutMs: null,
    ...over,
  })
}

/** A session whose board has been unplugged, and which waits for it to come back. */
export function aLostSession(port: string, at = Date.now(), over: Partial<SessionSnapshot> = {}): SessionSnapshot {
  return aSession(port, {
    state: 'Error',
    stateSince: at,
    fault: {
      code: 'OperationFailed',
      reason: 'disconnected',
      message: `The board on ${port} was disconnected.`,
      hint: 'Check the cable, then open the port again.',
      at,
      final: false,
    },
    health: { isHealthy: false, lastProbe: null, lastHeartbeatAt: null },
    reconnect: { attempt: 1, maxAttempts: MAX_RECONNECT_ATTEMPTS, stage: 'absent', nextAttemptAt: null },
    ...over,
  })
}

export function someStatistics(over: Partial<SessionStatistics> = {}): SessionStatistics {
  const never = { count: 0, lastAt: null }
  return {
    bytesIn: 0,
    bytesOut: 0,
    operations: 0,
    errors: 0,
    messagesIn: 0,
    messagesOut: 0,
    pendingOperations: 0,
    pendingWrites: 0,
    pendingWriteBytes: 0,
    lastReadAt: null,
    lastWriteAt: null,
    lastIoAt: null,
    bytesInPerSecond: 0,
    bytesOutPerSecond: 0,
    messagesInPerSecond: 0,
    messagesOutPerSecond: 0,
    reconnects: 0,
    idle: { read: never, write: never, both: never },
    latencyMs: null,
    ...over,
  }
}

export function someOptions(over: Partial<SessionOptions> = {}): SessionOptions {
  return {
    connectionTimeoutMs: CONNECTION_TIMEOUT_MS,
    operationTimeoutMs: OPERATION_TIMEOUT_MS,
    shutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS,
    writeTimeoutMs: WRITE_TIMEOUT_MS,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    readerIdleMs: 0,
    writerIdleMs: 0,
    bothIdleMs: 0,
    autoReconnect: true,
    maxReconnectAttempts: MAX_RECONNECT_ATTEMPTS,
    reconnectDelayMs: RECONNECT_DELAY_MS,
    profile: 'standard',
    healthChecks: true,
    healthCheckIntervalMs: HEALTH_CHECK_INTERVAL_MS,
    heartbeatIntervalMs: null,
    heartbeatGraceMs: 3 * LONG_RUNNING_HEARTBEAT_INTERVAL_MS,
    leaseDurationMs: null,
    throughputIntervalMs: THROUGHPUT_INTERVAL_MS,
    maxPendingOperations: MAX_PENDING_OPERATIONS,
    eventQueueCapacity: EVENT_QUEUE_CAPACITY,
    maxMessageBytes: MAX_MESSAGE_BYTES,
    initSnippet: '',
    watchdogFeed: '',
    attributeStore: 'memory',
    attach: 'interrupt',
    filters: [],
    ...over,
  }
}

export function aFilter(name: string, type: FilterType = 'stats', over: Partial<FilterInfo> = {}): FilterInfo {
  return { name, type, ...filterFlow(type), report: [], ...over }
}

export function aHistoryEntry(seq: number, over: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    seq,
    at: Date.now(),
    type: 'connected',
    tone: 'info',
    sessionId: sessionIdOf('/dev/ttyACM0'),
    dataSource: 'path:/dev/ttyACM0',
    board: 'ttyACM0',
    port: '/dev/ttyACM0',
    text: 'ttyACM0 on /dev/ttyACM0 is ready.',
    data: {},
    ...over,
  }
}

export function aSampler(sessionId: string, over: Partial<SamplerInfo> = {}): SamplerInfo {
  const at = Date.now()
  return {
    sessionId,
    code: "{'volts': 1.2}",
    intervalMs: SAMPLER_INTERVAL_MS,
    retryMs: SAMPLER_RETRY_MS,
    startedAt: at,
    nextAt: at + SAMPLER_INTERVAL_MS,
    runs: 0,
    failures: 0,
    lastError: null,
    ...over,
  }
}

export function noSamples(sessionId: string, sampler: SamplerInfo | null = null): SamplerUpdate {
  return { sessionId, kind: 'all', sampler, names: [], at: new Float64Array(), values: [] }
}

export function aConfigKey(key: string, over: Partial<ConfigKey> = {}): ConfigKey {
  return {
    key,
    group: key.split('.')[0] ?? key,
    kind: 'text',
    value: '',
    default: '',
    source: 'default',
    rule: '',
    description: '',
    choices: [],
    nullable: false,
    live: false,
    ...over,
  }
}

export function aConfigReport(over: Partial<ConfigReport> = {}): ConfigReport {
  return {
    file: '/home/user/.config/muster/muster.config.json',
    isReadOnly: false,
    problems: [],
    keys: [
      aConfigKey('deviceSessions.idleTimeout', {
        kind: 'duration',
        value: '00:05:00',
        default: '00:05:00',
        nullable: true,
        rule: 'at least 1 s, or null for never',
        description: 'Closes a session that nobody has used for so long.',
      }),
      aConfigKey('pool.enableSessionPooling', { kind: 'boolean', value: true, default: true, live: true }),
    ],
    ...over,
  }
}

export function aMetricsSnapshot(over: Partial<MetricsSnapshot> = {}): MetricsSnapshot {
  return { at: Date.now(), endpoint: null, metrics: [], ...over }
}

export function somePoolStats(over: Partial<PoolStats> = {}): PoolStats {
  return { enabled: true, warm: [], inUse: [], waiting: 0, acquired: 0, reused: 0, evicted: 0, timedOut: 0, ...over }
}

export function someBytes(text: string, channel: 'stdout' | 'exception' | 'outside' = 'stdout', at = 0): OutputItem {
  return { type: 'bytes', at, channel, bytes: new TextEncoder().encode(text) }
}

export type MetricRow = Readonly<Record<keyof MetricColumns, number>>

export function someColumns(rows: readonly MetricRow[]): MetricColumns {
  const column = (name: keyof MetricColumns): Float64Array => Float64Array.from(rows, row => row[name])
  return {
    at: column('at'),
    latencyP50Ms: column('latencyP50Ms'),
    latencyP95Ms: column('latencyP95Ms'),
    bytesInPerSecond: column('bytesInPerSecond'),
    bytesOutPerSecond: column('bytesOutPerSecond'),
    executionsPerSecond: column('executionsPerSecond'),
    failuresPerSecond: column('failuresPerSecond'),
  }
}

function sessionIdOf(text: string): string {
  const hex = [...text].map(char => char.charCodeAt(0).toString(16)).join('')
  return `session-${hex.padEnd(32, '0').slice(-32)}`
}
