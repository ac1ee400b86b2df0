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

export type Backend = 'serial' | 'simulated'

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
  readonly backend: Backend
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

export type DisconnectReason = 'client-close' | 'gateway-shutdown' | 'unexpected' | 'open-failed' | 'killed'

export interface SessionStatistics {
  readonly bytesIn: number
  readonly bytesOut: number
  /** Executions that ended, whatever their outcome. */
  readonly operations: number
  /** Executions that ended in anything but `ok`. */
  readonly errors: number
  readonly pendingOperations: number
  readonly pendingWriteBytes: number
  readonly lastReadAt: number | null
  readonly lastWriteAt: number | null
  readonly lastIoAt: number | null
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
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
  readonly statistics: SessionStatistics
}

/** What an execution ended with when the board answered: an exception on the board is a result. */
export interface ExecutionResult {
  readonly executionId: string
  readonly number: number
  readonly outcome: 'ok' | 'exception'
  /** UTF-8 decoded, `\r\n` as `\n`, U+FFFD for invalid bytes. The first `MAX_REPLY_OUTPUT_BYTES`. */
  readonly stdout: string
  readonly stdoutBytes: number
  readonly stdoutTruncated: boolean
  readonly traceback?: string
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
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
}

export type SessionEventType =
  | 'created'
  | 'stateChanged'
  | 'phaseChanged'
  | 'infoUpdated'
  | 'connected'
  | 'disconnected'
  | 'error'
  | 'disposed'

/** The session manager's event list, with the snapshot as it stands after the change. */
export interface SessionEvent {
  readonly seq: number
  readonly at: number
  readonly type: SessionEventType
  readonly sessionId: string
  readonly snapshot: SessionSnapshot
  readonly reason?: DisconnectReason
  readonly previous?: SessionState
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
