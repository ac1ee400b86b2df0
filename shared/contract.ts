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
  ConfigReport,
  ExecutionResult,
  FilterInfo,
  FilterPlace,
  FilterSpec,
  HistoryEntry,
  HistoryUpdate,
  JsonValue,
  LiveSessionOptions,
  ManagerHealth,
  ManagerStatus,
  MenuAction,
  MetricsSnapshot,
  MetricUpdate,
  Notice,
  OutputBatch,
  OutputPosition,
  PoolStats,
  PoolTicket,
  PortInfo,
  PortList,
  SamplerInfo,
  SamplerUpdate,
  SessionInfo,
  SessionMetadata,
  SessionOptions,
  SessionSnapshot,
  SessionStatistics,
  SessionsChange,
} from './model'

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorInfo }

/** Nothing to say. An empty object, so that every command takes one argument of one form. */
export type Empty = Readonly<Record<string, never>>

export interface OpenInput {
  /**
   * Any path the user typed, listed or not; or `simulated:<n>`. Default: where `deviceKey` is now, else the configured
   * default port. A group session (`backend: 'none'`) has none.
   */
  readonly port?: string
  readonly deviceKey?: string
  /** Default: what the port is. */
  readonly backend?: Backend
  readonly baudRate?: number
  readonly clientSessionName?: string
  readonly clientCorrelationId?: string
  readonly metadata?: Partial<SessionMetadata>
  /** What differs from the configuration. */
  readonly options?: Partial<SessionOptions>
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
  /**
   * Idempotent. `flush` (the default) lets the running execution finish, `now` does not. `cascade` closes the
   * associated sessions as well. With a `dataSource` that is not the session's, nothing is closed.
   */
  'sessions:close': {
    input: {
      readonly sessionId: string
      readonly mode?: 'flush' | 'now'
      readonly cascade?: boolean
      readonly dataSource?: string
    }
    output: CloseResult
  }
  'sessions:kill': { input: { readonly sessionId: string }; output: CloseResult }
  'sessions:list': {
    input: { readonly includeClosed?: boolean; readonly dataSource?: string }
    output: readonly SessionSnapshot[]
  }
  'sessions:info': { input: { readonly sessionId: string }; output: SessionInfo }
  /**
   * `timeoutMs` of 0 or less means the session's default. `expect: 'json'` asks for the value of the last top-level
   * expression, as JSON can say it.
   */
  'sessions:exec': {
    input: { readonly sessionId: string; readonly code: string; readonly timeoutMs?: number; readonly expect?: 'json' }
    output: ExecutionResult
  }
  /** Without `executionId`: the running execution. `cancelled` is false when there was nothing to cancel. */
  'sessions:cancel': {
    input: { readonly sessionId: string; readonly executionId?: string }
    output: { readonly cancelled: boolean }
  }
  /** Through the filter chain to the board, as it is; a running execution reads it as its input. Text goes as UTF-8. */
  'sessions:write': { input: { readonly sessionId: string; readonly data: string | Uint8Array }; output: { readonly bytes: number } }
  /** Joins an attempt under way. On a ready session: drops the connection and makes it anew. */
  'sessions:reconnect': { input: { readonly sessionId: string }; output: SessionSnapshot }
  /** An absolute time, earlier or later than before; null for no lease. */
  'sessions:extendLease': { input: { readonly sessionId: string; readonly expiresAt: number | null }; output: SessionSnapshot }
  /** Key by key; null deletes a key. */
  'sessions:updateDetails': {
    input: { readonly sessionId: string; readonly details: Readonly<Record<string, string | null>> }
    output: SessionSnapshot
  }
  'sessions:updateIdentifier': { input: { readonly sessionId: string; readonly identifier: string }; output: SessionSnapshot }
  /** Replaces the set of sessions that belong to this one. */
  'sessions:associate': {
    input: { readonly sessionId: string; readonly associateSessionKeys: readonly string[] }
    output: SessionSnapshot
  }
  'sessions:configure': { input: { readonly sessionId: string; readonly options: Partial<LiveSessionOptions> }; output: SessionSnapshot }
  'sessions:stats': { input: { readonly sessionId: string }; output: SessionStatistics }

  'filters:list': { input: { readonly sessionId: string }; output: readonly FilterInfo[] }
  /** Takes effect from the next message. Default place: last. */
  'filters:add': {
    input: { readonly sessionId: string; readonly filter: FilterSpec; readonly place?: FilterPlace }
    output: readonly FilterInfo[]
  }
  'filters:remove': { input: { readonly sessionId: string; readonly name: string }; output: readonly FilterInfo[] }
  'filters:replace': {
    input: { readonly sessionId: string; readonly name: string; readonly filter: FilterSpec }
    output: readonly FilterInfo[]
  }
  'filters:move': {
    input: { readonly sessionId: string; readonly name: string; readonly place: FilterPlace }
    output: readonly FilterInfo[]
  }
  'filters:clear': { input: { readonly sessionId: string }; output: readonly FilterInfo[] }

  'attributes:list': { input: { readonly sessionId: string }; output: readonly { readonly key: string; readonly value: JsonValue }[] }
  'attributes:keys': { input: { readonly sessionId: string }; output: readonly string[] }
  /** The default is answered, not stored. Null where neither is there. */
  'attributes:get': {
    input: { readonly sessionId: string; readonly key: string; readonly default?: JsonValue }
    output: { readonly value: JsonValue; readonly found: boolean }
  }
  /** Answers with the value before; null where there was none. */
  'attributes:set': {
    input: { readonly sessionId: string; readonly key: string; readonly value: JsonValue }
    output: { readonly old: JsonValue }
  }
  'attributes:setIfAbsent': {
    input: { readonly sessionId: string; readonly key: string; readonly value: JsonValue }
    output: { readonly stored: boolean; readonly value: JsonValue }
  }
  'attributes:has': { input: { readonly sessionId: string; readonly key: string }; output: { readonly found: boolean } }
  'attributes:remove': { input: { readonly sessionId: string; readonly key: string }; output: { readonly old: JsonValue } }
  /** Adds to a number in one step, whoever else does the same; `initial` (default 0) is what a missing one counts as. */
  'attributes:update': {
    input: { readonly sessionId: string; readonly key: string; readonly add: number; readonly initial?: number }
    output: { readonly value: number }
  }

  /** Waits for a session of this device, at most `timeoutMs`. Who has the token has the session to itself. */
  'pool:acquire': {
    input: { readonly port?: string; readonly deviceKey?: string; readonly timeoutMs?: number }
    output: PoolTicket
  }
  /** Idempotent: a token that has been given back, or never was, answers `released: false`. */
  'pool:release': { input: { readonly token: string }; output: { readonly released: boolean } }
  'pool:stats': { input: Empty; output: PoolStats }

  /** Notices arrive by the event `notify:notice`, at once, until unsubscribed or until the page goes. No past ones. */
  'notify:subscribe': {
    input: { readonly kind: 'start' | 'stop'; readonly dataSource: string }
    output: { readonly subscriptionId: string }
  }
  'notify:unsubscribe': { input: { readonly subscriptionId: string }; output: { readonly ended: boolean } }

  /** Runs a snippet now and then every `intervalMs`; a failure does not end it. Replaces what the session repeated before. */
  'sampler:start': {
    input: {
      readonly sessionId: string
      readonly code: string
      readonly intervalMs: number
      readonly retryMs?: number
      readonly timeoutMs?: number
    }
    output: SamplerInfo
  }
  'sampler:stop': { input: { readonly sessionId: string }; output: { readonly stopped: boolean } }

  /** The latest entries, of one session or of all, oldest first. */
  'history:list': { input: { readonly sessionId?: string }; output: readonly HistoryEntry[] }
  /** To a file the user picks: one JSON object a line, or CSV. */
  'history:save': {
    input: { readonly sessionId?: string; readonly format: 'jsonl' | 'csv' }
    output: { readonly saved: boolean; readonly file: string | null; readonly entries: number }
  }

  'metrics:text': { input: Empty; output: { readonly contentType: string; readonly text: string } }
  'metrics:snapshot': { input: Empty; output: MetricsSnapshot }

  'config:get': { input: Empty; output: ConfigReport }
  /** `reset` takes the key out of the file, so that its default holds again. */
  'config:set': {
    input: { readonly key: string; readonly value?: JsonValue; readonly reset?: boolean }
    output: ConfigReport
  }

  /** Another window on the same sessions. */
  'windows:open': { input: Empty; output: Empty }

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
  'manager:health': { input: Empty; output: ManagerHealth }
  /** Closes every session, then quits Muster. Answers when the sessions are closed. */
  'manager:shutdown': { input: Empty; output: Empty }
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
  /** The notices of all of this page's `notify:subscribe`, in the order of what happened, never batched. */
  'notify:notice': { params: Empty; payload: Notice }
  /** Of one session, or of everything for null. */
  'history:entries': { params: { readonly sessionId: string | null }; payload: HistoryUpdate }
  'sampler:samples': { params: { readonly sessionId: string }; payload: SamplerUpdate }
  'config:changed': { params: Empty; payload: ConfigReport }
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
