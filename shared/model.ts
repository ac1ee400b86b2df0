/**
 * The readonly shapes that both sides know. Everything here can be structured-cloned.
 * Times named `…At` are wall-clock milliseconds since the epoch; durations say their unit in their name.
 */
import type { ErrorCode, ErrorReason } from './errors'

/** The manager's own state; not to be mixed with a session's. */
export type ManagerState = 'Inactive' | 'Active' | 'Shutdown' | 'Disposed'

export type SessionState =
  | 'Created'
  | 'Connecting'
  | 'Connected'
  | 'Active'
  | 'Idle'
  | 'Disconnecting'
  | 'Disconnected'
  | 'Error'
  | 'Disposed'

/** What a session in `Connecting` is doing. */
export type ConnectPhase = 'starting' | 'waitingForPort' | 'handshaking' | 'initializing'

/** What a board hangs on. */
export type PortBackend = 'serial' | 'simulated'

/** `none`: a group session. It has no board; it holds metadata and the sessions that belong to it. */
export type Backend = PortBackend | 'none'

/** Where the list knows a port from. Typed ports stay until the user removes them. */
export type PortSource = 'listed' | 'typed' | 'simulated'

export interface UsbInfo {
  /** Four lower-case hex digits. */
  readonly vendorId: string
  readonly productId: string
  readonly serialNumber: string | null
  readonly manufacturer: string | null
  readonly locationId: string | null
}

export interface PortInfo {
  /** What is opened: `/dev/ttyACM0`, `COM3`, `simulated:1`. Unique in a list. */
  readonly path: string
  readonly backend: PortBackend
  readonly source: PortSource
  /** False for a typed path that does not exist at the moment. */
  readonly present: boolean
  /** `usb:<vid>:<pid>:<serial>` where there is a serial number, else `path:<path>`. */
  readonly deviceKey: string
  /** Short name for the list: product text, board family by VID:PID, or the last part of the path. */
  readonly label: string
  /** Board family guessed from VID:PID. A hint only: nothing is decided on it. */
  readonly boardHint: string | null
  readonly usb: UsbInfo | null
}

export interface PortList {
  readonly ports: readonly PortInfo[]
  readonly scannedAt: number | null
  /** Set when the list could not be refreshed: what is shown is the last known state. */
  readonly stale: { readonly since: number; readonly message: string } | null
}

/** What the board said of itself right after connecting. Every item may be missing. */
export interface BoardIdentity {
  /** `sys.implementation.name`, for example `micropython`. */
  readonly name: string | null
  /** Dotted version, for example `1.27.0`. */
  readonly version: string | null
  /** `sys.implementation._machine`. */
  readonly machine: string | null
  /** `machine.unique_id()` as lower-case hex. */
  readonly uniqueId: string | null
  readonly freeMemoryBytes: number | null
}

export interface SessionFault {
  readonly code: ErrorCode
  readonly reason: ErrorReason | null
  readonly message: string
  readonly hint: string | null
  readonly at: number
  /** A final fault leaves only closing. */
  readonly final: boolean
}

/** Why a connection or a session ended. Only the first three of the second line bring a reconnect by themselves. */
export type DisconnectReason =
  | 'client-close'
  | 'lease-expired'
  | 'gateway-shutdown'
  | 'idle-timeout'
  | 'open-failed'
  | 'pool-evicted'
  | 'killed'
  | 'unexpected'
  | 'health-check-failed'
  | 'heartbeat-lost'

/** No bytes read, none written, or neither, for the configured time. */
export type IdleKind = 'read' | 'write' | 'both'

export interface IdleCount {
  /** How often the period has passed since the last byte of this kind. */
  readonly count: number
  readonly lastAt: number | null
}

export type IdleCounts = Readonly<Record<IdleKind, IdleCount>>

/** `longRunning`: a heartbeat every 30 s and a health check every 5 min instead of every minute. */
export type SessionProfile = 'standard' | 'longRunning'

/**
 * What a session was opened with: defaults, then the configuration file, then what the call said. Frozen, except for
 * what `sessions:configure` may change.
 */
export interface SessionOptions {
  /** Bounds every attempt to connect, and every awaited hook. */
  readonly connectionTimeoutMs: number
  /** Limit of an execution that says none of its own. */
  readonly operationTimeoutMs: number
  readonly shutdownTimeoutMs: number
  readonly writeTimeoutMs: number
  /** Closes a session that nobody has used for so long; null for never. */
  readonly idleTimeoutMs: number | null
  readonly readerIdleMs: number
  readonly writerIdleMs: number
  readonly bothIdleMs: number
  readonly autoReconnect: boolean
  /** 0 for none. */
  readonly maxReconnectAttempts: number
  readonly reconnectDelayMs: number
  readonly profile: SessionProfile
  readonly healthChecks: boolean
  readonly healthCheckIntervalMs: number
  /** Null for no heartbeat. */
  readonly heartbeatIntervalMs: number | null
  readonly heartbeatGraceMs: number
  /** A lease of this length from the open on, renewed by every use; null for none. */
  readonly leaseDurationMs: number | null
  readonly throughputIntervalMs: number
  readonly maxPendingOperations: number
  /** Entries that wait in one reader of a session's output. */
  readonly eventQueueCapacity: number
  /** Output of one execution that its reply may carry; more fails the execution. */
  readonly maxMessageBytes: number
  /** Runs after every connect, before the session is handed over. Empty for none. */
  readonly initSnippet: string
  readonly attributeStore: 'memory' | 'file'
  readonly filters: readonly FilterSpec[]
}

/** The part of the options that a person may change while the session is open. */
export type LiveSessionOptions = Pick<SessionOptions, 'autoReconnect' | 'idleTimeoutMs' | 'readerIdleMs' | 'writerIdleMs' | 'bothIdleMs'>

/** What a person or a program says about a session. `dataSource`, `type` and `version` are fixed once it is open. */
export interface SessionMetadata {
  readonly dataSource: string
  readonly type: string
  readonly version: number
  readonly utcOffsetSeconds: number
  readonly identifier: string
  readonly details: Readonly<Record<string, string>>
  /** Keys of the sessions that belong to this one. */
  readonly associateSessionKeys: readonly string[]
}

export interface SessionLease {
  /** Wall-clock time; null for never. */
  readonly expiresAt: number | null
  /** It has expired, and the session closes as soon as the running execution has settled. */
  readonly isPending: boolean
}

export interface SessionHealth {
  /** Ready, the last probe was answered (or none was made yet), and no lease is about to end it. */
  readonly isHealthy: boolean
  readonly lastProbe: { readonly at: number; readonly ok: boolean; readonly durationMs: number } | null
  readonly lastHeartbeatAt: number | null
}

/** Where a lost session stands on its way back. Null in a snapshot while the session has no need of it. */
export interface ReconnectStatus {
  /** The attempt under way or next, from 1. */
  readonly attempt: number
  readonly maxAttempts: number
  /** `waiting`: for the delay; `absent`: for the board to appear; `exhausted` and `off`: for the user. */
  readonly stage: 'waiting' | 'absent' | 'connecting' | 'exhausted' | 'off'
  /** When the next attempt is made, if that is known. */
  readonly nextAttemptAt: number | null
}

/** What the pool does with a session: handed out by token, kept open for the next one, or nothing of both. */
export type PoolRole = 'none' | 'inUse' | 'warm'

export interface StateChange {
  readonly at: number
  readonly state: SessionState
  readonly phase: ConnectPhase | null
}

/** A session in full, for whoever looks at one. */
export interface SessionInfo {
  readonly snapshot: SessionSnapshot
  readonly options: SessionOptions
  /** The latest `STATE_HISTORY_LIMIT` changes, oldest first. */
  readonly history: readonly StateChange[]
  readonly filters: readonly FilterInfo[]
}

export type FilterType = 'logging' | 'stats' | 'rateLimit' | 'textCodec'

/** What flows between two filters. */
export type FlowType = 'bytes' | 'text' | 'message'

export interface FilterSpec {
  /** Unique in its chain. */
  readonly name: string
  readonly type: FilterType
  readonly settings?: Readonly<Record<string, string | number | boolean>>
}

export type FilterPlace = { readonly at: 'first' | 'last' } | { readonly before: string } | { readonly after: string }

/** One filter of a chain, in the order in which incoming bytes meet them. */
export interface FilterInfo extends FilterSpec {
  readonly accepts: FlowType
  readonly produces: FlowType
  /** What the filter tells of itself, for example calls and times. */
  readonly report: readonly { readonly label: string; readonly value: string }[]
}

/** Whatever JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

export interface SessionStatistics {
  readonly bytesIn: number
  readonly bytesOut: number
  /** Executions that ended, whatever their outcome. */
  readonly operations: number
  /** Executions that ended in anything but `ok`. */
  readonly errors: number
  /** What arrived at, and was sent from, the near end of the filter chain. */
  readonly messagesIn: number
  readonly messagesOut: number
  readonly pendingOperations: number
  readonly pendingWrites: number
  readonly pendingWriteBytes: number
  readonly lastReadAt: number | null
  readonly lastWriteAt: number | null
  readonly lastIoAt: number | null
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
  readonly messagesInPerSecond: number
  readonly messagesOutPerSecond: number
  readonly reconnects: number
  readonly idle: IdleCounts
  /** Latency over the whole session; null before the first execution. */
  readonly latencyMs: LatencySummary | null
}

export interface LatencySummary {
  readonly last: number
  readonly p50: number
  readonly p95: number
  readonly max: number
  readonly count: number
}

export interface RunningExecution {
  readonly executionId: string
  /** Counts from 1 within the session; what a person calls it. */
  readonly number: number
  readonly startedAt: number
  readonly interrupting: boolean
}

export interface SessionSnapshot {
  /** `session-` and 32 hex digits. */
  readonly sessionId: string
  readonly deviceKey: string
  readonly port: string
  /** What the list called the port when it was opened: the board's name also when the port has gone. Empty if not listed. */
  readonly portLabel: string
  readonly backend: Backend
  readonly baudRate: number | null
  readonly clientSessionName: string
  readonly clientCorrelationId: string
  /** Who opened it: the id of a window, `pool`, or empty for Muster itself. */
  readonly clientIdentity: string
  readonly metadata: SessionMetadata
  readonly state: SessionState
  /** Only in `Connecting`. */
  readonly phase: ConnectPhase | null
  readonly stateSince: number
  readonly openedAt: number
  readonly connectedAt: number | null
  readonly fault: SessionFault | null
  /** As reported at the last connect: cached once the session is lost. */
  readonly board: BoardIdentity | null
  readonly running: RunningExecution | null
  readonly queuedExecutions: number
  readonly lease: SessionLease
  readonly health: SessionHealth
  readonly reconnect: ReconnectStatus | null
  readonly pool: PoolRole
  readonly autoReconnect: boolean
  readonly idleTimeoutMs: number | null
  /** The last use by a person or a program: what `idleTimeoutMs` counts from. */
  readonly lastUsedAt: number
  readonly statistics: SessionStatistics
}

/** What an execution ended with when the board answered: an exception on the board is a result. */
export interface ExecutionResult {
  readonly executionId: string
  readonly number: number
  readonly outcome: 'ok' | 'exception'
  /** UTF-8 decoded, `\r\n` as `\n`, U+FFFD for invalid bytes. */
  readonly stdout: string
  readonly stdoutBytes: number
  readonly traceback?: string
  /** Only where a typed result was asked for: the value of the last expression; null where there is none. */
  readonly value?: JsonValue
  /** From the first byte on the wire to the prompt. */
  readonly durationMs: number
  /** Set when the output held protocol bytes and the prompt had to be found again. */
  readonly resynchronised?: boolean
}

/** How an execution ended, for the stream, the counters and the charts. */
export type ExecutionOutcome = 'ok' | 'exception' | 'timeout' | 'cancelled' | 'lost' | 'failed'

export interface CloseResult {
  readonly sessionId: string
  readonly finalState: 'Closed'
  readonly state: SessionState
  readonly alreadyClosed: boolean
  readonly reason: DisconnectReason
  readonly killed: boolean
}

/** Place in a session's output: every byte and every other item counts one, from the start of the session. */
export type OutputPosition = number

export type OutputItem =
  | {
      readonly type: 'bytes'
      readonly at: number
      /** `stdout` of an execution, its uncaught `exception`, or text `outside` of any execution. */
      readonly channel: 'stdout' | 'exception' | 'outside'
      readonly bytes: Uint8Array
    }
  | { readonly type: 'started'; readonly at: number; readonly number: number }
  | {
      readonly type: 'ended'
      readonly at: number
      readonly number: number
      readonly outcome: ExecutionOutcome
      readonly durationMs: number
      readonly message: string | null
    }
  | { readonly type: 'note'; readonly at: number; readonly tone: 'info' | 'warn' | 'bad'; readonly text: string }

/** A run of consecutive items. `seq` grows by one a batch within one subscription. */
export interface OutputBatch {
  readonly sessionId: string
  readonly seq: number
  /** Position in the session's output after this batch, see `OutputPosition`. What is acknowledged. */
  readonly upTo: OutputPosition
  /** Bytes this reader did not get between the last batch and this one. */
  readonly missedBytes: number
  readonly items: readonly OutputItem[]
}

/** One column per series, one row per sample. `NaN` means no value: the chart draws a gap. */
export interface MetricColumns {
  /** Epoch seconds. */
  readonly at: Float64Array
  readonly latencyP50Ms: Float64Array
  readonly latencyP95Ms: Float64Array
  readonly bytesInPerSecond: Float64Array
  readonly bytesOutPerSecond: Float64Array
  readonly executionsPerSecond: Float64Array
  readonly failuresPerSecond: Float64Array
}

/** Moments worth a line in a chart. */
export interface MetricMarker {
  /** Epoch seconds. */
  readonly at: number
  readonly kind: 'connected' | 'lost' | 'closed'
  readonly label: string
}

export interface MetricUpdate {
  readonly sessionId: string
  /** `all` replaces what the reader has; `more` is appended. */
  readonly kind: 'all' | 'more'
  readonly columns: MetricColumns
  readonly markers: readonly MetricMarker[]
}

export interface ManagerStatus {
  readonly state: ManagerState
  readonly open: number
  readonly limit: number
  readonly totalOpened: number
  readonly totalClosed: number
  readonly peakOpen: number
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

export type SessionEventType =
  | 'created'
  | 'connected'
  | 'disconnected'
  | 'error'
  | 'disposed'
  | 'stateChanged'
  | 'phaseChanged'
  | 'idle'
  /** Metadata, options or the reconnect status changed. */
  | 'infoUpdated'
  | 'filtersChanged'
  | 'leaseChanged'
  | 'attributesChanged'
  /** Counters moved, at most every `SESSION_INFO_INTERVAL_MS`; what runs and waits changed, at once. Never logged, never in a history. */
  | 'statistics'

/** The session manager's event list, with the snapshot as it stands after the change. */
export interface SessionEvent {
  readonly seq: number
  readonly at: number
  readonly type: SessionEventType
  readonly sessionId: string
  readonly snapshot: SessionSnapshot
  readonly reason?: DisconnectReason
  readonly previous?: SessionState
  /** With `connected`: the session was lost before. */
  readonly reconnected?: boolean
  /** With `error`: the automatic attempts are used up. */
  readonly exhausted?: boolean
  readonly idle?: { readonly kind: IdleKind; readonly count: number }
  /** With `attributesChanged`: which one. */
  readonly attribute?: string
  /** With `error`: what failed, as a full sentence, where it is not the session's fault itself. */
  readonly message?: string
}

/** One line of what happened, as it is logged, listed and exported. Holds no live figures. */
export interface HistoryEntry {
  /** Grows by one an entry, over all sessions. */
  readonly seq: number
  readonly at: number
  readonly type: Exclude<SessionEventType, 'statistics'> | 'managerStateChanged' | 'portsChanged'
  readonly tone: 'info' | 'warn' | 'bad'
  /** Null for what concerns no single session. */
  readonly sessionId: string | null
  readonly dataSource: string | null
  /** The board's name and port as a person knows them; empty where there is none. */
  readonly board: string
  readonly port: string
  /** A full sentence. */
  readonly text: string
  readonly data: Readonly<Record<string, JsonValue>>
}

export interface HistoryUpdate {
  /** `all` replaces what the reader has; `more` is appended. */
  readonly kind: 'all' | 'more'
  readonly entries: readonly HistoryEntry[]
}

/** One start or stop of a session, for one subscription. `seq` counts within it from 1. */
export interface Notice {
  readonly subscriptionId: string
  readonly kind: 'start' | 'stop'
  readonly dataSource: string
  readonly sessionKey: string
  readonly seq: number
  readonly at: number
}

/** A snippet that is run again and again on one session. */
export interface SamplerInfo {
  readonly sessionId: string
  readonly code: string
  readonly intervalMs: number
  /** Waited instead of the interval after a failure. */
  readonly retryMs: number
  readonly startedAt: number
  readonly nextAt: number | null
  readonly runs: number
  readonly failures: number
  readonly lastError: string | null
}

/** Numeric fields that a repeated snippet returned. `values[i]` has one number a name; NaN where a run lacked it. */
export interface SamplerUpdate {
  readonly sessionId: string
  readonly kind: 'all' | 'more'
  /** Null when nothing is repeated. */
  readonly sampler: SamplerInfo | null
  readonly names: readonly string[]
  /** Epoch seconds. */
  readonly at: Float64Array
  readonly values: readonly Float64Array[]
}

/** One key of the configuration: what it is, what it says now, and why. */
export interface ConfigKey {
  /** For example `deviceSessions.idleTimeout`. */
  readonly key: string
  readonly group: string
  readonly kind: 'boolean' | 'integer' | 'number' | 'duration' | 'text' | 'choice' | 'list'
  /** As the file says it: durations as `hh:mm:ss` text or null. */
  readonly value: JsonValue
  readonly default: JsonValue
  readonly source: 'default' | 'file'
  /** What is allowed, in words. */
  readonly rule: string
  readonly description: string
  readonly choices: readonly string[]
  /** Null is a value of its own here, for example "never". */
  readonly nullable: boolean
  /** True: at once. False: sessions opened from now on. */
  readonly live: boolean
}

export interface ConfigProblem {
  readonly severity: 'error' | 'warning'
  /** Null for the file as a whole. */
  readonly key: string | null
  readonly message: string
}

export interface ConfigReport {
  readonly file: string
  /** The file can't be parsed: it is left alone until a person has mended it. */
  readonly isReadOnly: boolean
  readonly problems: readonly ConfigProblem[]
  readonly keys: readonly ConfigKey[]
}

/** Every metric's samples as prom-client gives them. */
export interface MetricsSnapshot {
  readonly at: number
  /** Null while no server runs. */
  readonly endpoint: string | null
  readonly metrics: readonly {
    readonly name: string
    readonly help: string
    readonly type: 'counter' | 'gauge' | 'histogram'
    readonly values: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
  }[]
}

/** The first delivery holds all sessions; every later one the events since. */
export type SessionsChange =
  | { readonly kind: 'all'; readonly sessions: readonly SessionSnapshot[] }
  | { readonly kind: 'events'; readonly events: readonly SessionEvent[] }

/** Menu items and shortcuts that the page carries out. */
export type MenuAction =
  | 'focus-search'
  | 'add-port'
  | 'simulate-one'
  | 'simulate-sixteen'
  | 'refresh-ports'
  | 'run'
  | 'stop'
  | 'close-session'
  | 'next-tab'
  | 'previous-tab'
  | 'show-console'
  | 'show-metrics'
  | 'show-details'
  | 'show-metadata'
  | 'show-attributes'
  | 'show-filters'
  | 'show-events'
  | 'show-activity'
  | 'show-settings'
  | 'reconnect'
  | 'show-shortcuts'

export interface AppInfo {
  readonly version: string
  readonly electron: string
  readonly chromium: string
  readonly node: string
  readonly packaged: boolean
  /** Set when the runtime is older than the release pins. */
  readonly runtimeNote: string | null
}
