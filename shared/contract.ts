/**
 * The one place that says what crosses between main and page.
 *
 * Commands are `topic:verb`; each has a schema in `electron/ipc/schemas.ts`, and one without does not compile.
 * Every reply is a `Result`: nothing is thrown across. Events are subscribed to with parameters; the first
 * delivery is the present state wherever there is one, so a reloaded page is whole without special code.
 */
import type { ErrorInfo } from './errors'
import type {
  AppInfo,
  Backend,
  CloseResult,
  ExecutionResult,
  ManagerStatus,
  MenuAction,
  MetricUpdate,
  OutputBatch,
  OutputPosition,
  PortInfo,
  PortList,
  SessionSnapshot,
  SessionStatistics,
  SessionsChange,
} from './model'

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorInfo }

/** Nothing to say. An empty object, so that every command takes one argument of one form. */
export type Empty = Readonly<Record<string, never>>

export interface OpenInput {
  /** Any path the user typed, listed or not; or `simulated:<n>`. */
  readonly port: string
  /** Default: what the port is. */
  readonly backend?: Backend
  readonly baudRate?: number
  readonly clientSessionName?: string
  readonly options?: {
    readonly connectionTimeoutMs?: number
    readonly operationTimeoutMs?: number
  }
}

export interface Commands {
  'app:info': { input: Empty; output: AppInfo }

  /** `refresh` scans now instead of answering with the last scan. */
  'ports:list': { input: { readonly refresh?: boolean }; output: PortList }
  'ports:add': { input: { readonly path: string }; output: PortInfo }
  'ports:remove': { input: { readonly path: string }; output: Empty }

  'simulated:start': { input: { readonly count: number }; output: { readonly ports: readonly PortInfo[] } }
  /** Stopping a simulated board is an unplug: an open session on it is lost. */
  'simulated:stop': { input: { readonly path: string }; output: Empty }

  'sessions:open': { input: OpenInput; output: SessionSnapshot }
  /** Idempotent. `flush` (the default) lets the running execution finish, `now` does not. */
  'sessions:close': { input: { readonly sessionId: string; readonly mode?: 'flush' | 'now' }; output: CloseResult }
  'sessions:kill': { input: { readonly sessionId: string }; output: CloseResult }
  'sessions:list': { input: { readonly includeClosed?: boolean }; output: readonly SessionSnapshot[] }
  'sessions:info': { input: { readonly sessionId: string }; output: SessionSnapshot }
  /** `timeoutMs` of 0 or less means the session's default. */
  'sessions:exec': {
    input: { readonly sessionId: string; readonly code: string; readonly timeoutMs?: number }
    output: ExecutionResult
  }
  /** Without `executionId`: the running execution. `cancelled` is false when there was nothing to cancel. */
  'sessions:cancel': {
    input: { readonly sessionId: string; readonly executionId?: string }
    output: { readonly cancelled: boolean }
  }
  'sessions:stats': { input: { readonly sessionId: string }; output: SessionStatistics }

  /** Tells how far this window has shown a session's output, so that more is sent. */
  'output:ack': { input: { readonly sessionId: string; readonly upTo: OutputPosition }; output: Empty }
  /** The whole buffer, not the visible part, to the clipboard. */
  'output:copy': { input: { readonly sessionId: string }; output: { readonly bytes: number; readonly droppedBytes: number } }
  /** The whole buffer, byte for byte, to a file the user picks. */
  'output:save': {
    input: { readonly sessionId: string }
    output: { readonly saved: boolean; readonly file: string | null; readonly bytes: number; readonly droppedBytes: number }
  }
  'output:clear': { input: { readonly sessionId: string }; output: Empty }

  'manager:state': { input: Empty; output: { readonly state: ManagerStatus['state'] } }
  'manager:stats': { input: Empty; output: ManagerStatus }
}

export interface Events {
  'ports:changed': { params: Empty; payload: PortList }
  'sessions:changed': { params: Empty; payload: SessionsChange }
  'manager:changed': { params: Empty; payload: ManagerStatus }
  /** `after`: the position the reader already has; 0 for all that is kept. One subscription a session and window. */
  'output:batch': {
    params: { readonly sessionId: string; readonly after: OutputPosition; readonly visible: boolean }
    payload: OutputBatch
  }
  'metrics:samples': { params: { readonly sessionId: string }; payload: MetricUpdate }
  'menu:invoked': { params: Empty; payload: { readonly action: MenuAction } }
}

export type CommandName = keyof Commands
export type CommandInput<N extends CommandName> = Commands[N]['input']
export type CommandOutput<N extends CommandName> = Commands[N]['output']
export type EventName = keyof Events
export type EventParams<N extends EventName> = Events[N]['params']
export type EventPayload<N extends EventName> = Events[N]['payload']

/** What the page sees as `window.muster`, exactly. */
export interface MusterBridge {
  call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<Result<CommandOutput<N>>>
  /** The listener gets the payload alone. Returns the function that ends the subscription. */
  subscribe<N extends EventName>(name: N, params: EventParams<N>, listener: (payload: EventPayload<N>) => void): () => void
  readonly platform: 'linux' | 'darwin' | 'win32'
}
