/**
 * The one place that says what crosses between main and page.
 *
 * Commands are `topic:verb`; each has a schema in `electron/ipc/schemas.ts`, and one without does not compile.
 * Every reply is a `Result`: nothing is thrown across. Events are subscribed to with parameters; the first
 * delivery is the present state wherever there is one, so a reloaded page is whole without special code.
 *
 * Every command may answer `bad-request` or `too-large` for its input, and `internal` for a defect. Every command about a session
 * answers `SessionNotFound` for an id that nobody knows, `SessionNotReady` with the state where that does not allow it, and, when
 * Muster quits, `ManagerNotActive` and then `ManagerDisposed`. What else one answers stands with it.
 */
import type { ErrorInfo } from './errors'
import type {
  AppInfo,
  Backend,
  BoardEntry,
  BoardFileContent,
  BoardFileHash,
  BoardListing,
  BoardTree,
  CloseResult,
  ConfigReport,
  ConflictRule,
  DiskSpace,
  ExecutionResult,
  ExpectedValue,
  FilterInfo,
  FilterPlace,
  FilterSpec,
  HistoryEntry,
  HistoryUpdate,
  JsonValue,
  LiveSessionOptions,
  LocalFolder,
  LocalListing,
  LocalPlace,
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
  PortSettings,
  ResetKind,
  SamplerInfo,
  SamplerUpdate,
  SessionInfo,
  SessionMetadata,
  SessionOptions,
  SessionSnapshot,
  SessionStatistics,
  SessionsChange,
  SyncPlan,
  Transfer,
  TransferDirection,
  TransferUpdate,
  WrittenFile,
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
  /** What runs, and whether it is what releases run on. */
  'app:info': { input: Empty; output: AppInfo }

  /** `refresh` scans now instead of answering with the last scan. */
  'ports:list': { input: { readonly refresh?: boolean }; output: PortList }
  /** Adds a path that the system does not list, until it is removed. */
  'ports:add': { input: { readonly path: string }; output: PortInfo }
  'ports:remove': { input: { readonly path: string }; output: Empty }

  /** What is not given stays. Takes effect when the port is opened the next time. */
  'ports:configure': { input: { readonly path: string; readonly settings: Partial<PortSettings> }; output: PortInfo }

  /** So many boards more, each on a port of its own. `InvalidArgument` (`too-many-simulated`) beyond the limit. */
  'simulated:start': { input: { readonly count: number }; output: { readonly ports: readonly PortInfo[] } }
  /** Stopping a simulated board is an unplug: an open session on it is lost. */
  'simulated:stop': { input: { readonly path: string }; output: Empty }

  /**
   * Answers when the board has said what it is and the first snippet has run. `InvalidArgument`, `SessionLimitExceeded`,
   * `ServiceDisabled`, or `OpenFailed` with its cause as the reason: then nothing is left of the session. A warm session of the pool
   * gives way where its board or its place is wanted.
   */
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
  /** At once, without asking the board or waiting for the system. Idempotent as well; a closing session is ended by it. */
  'sessions:kill': { input: { readonly sessionId: string }; output: CloseResult }
  /** In the order of opening, then, if wanted, the closed ones that are remembered. Data sources match letter by letter. */
  'sessions:list': {
    input: { readonly includeClosed?: boolean; readonly dataSource?: string }
    output: readonly SessionSnapshot[]
  }
  /** Also of a closed session that is remembered. */
  'sessions:info': { input: { readonly sessionId: string }; output: SessionInfo }
  /**
   * `timeoutMs` of 0 or less means the session's default. `expect` asks for the value of the last top-level expression: as
   * JSON can say it, or with bytes, large ints and every float as well. An exception on the board is a result. `InvalidArgument`,
   * `QueueFull`; with the output so far `OperationTimeout`, `OperationCancelled`, `OperationFailed`.
   */
  'sessions:exec': {
    input: { readonly sessionId: string; readonly code: string; readonly timeoutMs?: number; readonly expect?: ExpectedValue }
    output: ExecutionResult
  }
  /** Without `executionId`: the running execution. `cancelled` is false when there was nothing to cancel. */
  'sessions:cancel': {
    input: { readonly sessionId: string; readonly executionId?: string }
    output: { readonly cancelled: boolean }
  }
  /** `hold` leaves the running interrupt on its rung, for as long as it takes; `next` climbs at once. */
  'sessions:interrupt': {
    input: { readonly sessionId: string; readonly step: 'hold' | 'next' }
    output: { readonly changed: boolean }
  }
  /** What runs is interrupted first. After `restart` the session watches; after `hard` and `bootloader` the board may be gone. */
  'sessions:reset': { input: { readonly sessionId: string; readonly kind: ResetKind }; output: SessionSnapshot }
  /** Of a session that watches: interrupts the board's program, reaches the prompt and asks the board who it is. */
  'sessions:takeOver': { input: { readonly sessionId: string }; output: SessionSnapshot }
  /** Leaves the board at its friendly prompt and only reads what it prints. */
  'sessions:watch': { input: { readonly sessionId: string }; output: SessionSnapshot }
  /** Through the filter chain to the board, as it is; a running execution reads it as its input. Text goes as UTF-8. `WriteFailed`. */
  'sessions:write': { input: { readonly sessionId: string; readonly data: string | Uint8Array }; output: { readonly bytes: number } }
  /** Joins an attempt under way. On a ready session: drops the connection and makes it anew. `OpenFailed` when it is in vain. */
  'sessions:reconnect': { input: { readonly sessionId: string }; output: SessionSnapshot }
  /** Wall-clock milliseconds, earlier or later than before; null for no lease. */
  'sessions:extendLease': { input: { readonly sessionId: string; readonly expiresAt: number | null }; output: SessionSnapshot }
  /** Key by key; null deletes a key. What changes nothing is told nobody. `ServiceDisabled`, as with the two that follow. */
  'sessions:updateDetails': {
    input: { readonly sessionId: string; readonly details: Readonly<Record<string, string | null>> }
    output: SessionSnapshot
  }
  'sessions:updateIdentifier': { input: { readonly sessionId: string; readonly identifier: string }; output: SessionSnapshot }
  /** Replaces the set of sessions that belong to this one: known ones, never in a circle. */
  'sessions:associate': {
    input: { readonly sessionId: string; readonly associateSessionKeys: readonly string[] }
    output: SessionSnapshot
  }
  /** Options that hold for this session from now on. */
  'sessions:configure': { input: { readonly sessionId: string; readonly options: Partial<LiveSessionOptions> }; output: SessionSnapshot }
  /** Totals outlive a loss and a close; rates are zero meanwhile. */
  'sessions:stats': { input: { readonly sessionId: string }; output: SessionStatistics }

  /** From the port to the readers. Changes of the chain answer `FilterError` and then leave it as it was. */
  'filters:list': { input: { readonly sessionId: string }; output: readonly FilterInfo[] }
  /** Takes effect from the next message. Default place: last. */
  'filters:add': {
    input: { readonly sessionId: string; readonly filter: FilterSpec; readonly place?: FilterPlace }
    output: readonly FilterInfo[]
  }
  /** What it held of a message that is not complete goes on to the filters behind it. */
  'filters:remove': { input: { readonly sessionId: string; readonly name: string }; output: readonly FilterInfo[] }
  /** In its place, or not at all. */
  'filters:replace': {
    input: { readonly sessionId: string; readonly name: string; readonly filter: FilterSpec }
    output: readonly FilterInfo[]
  }
  'filters:move': {
    input: { readonly sessionId: string; readonly name: string; readonly place: FilterPlace }
    output: readonly FilterInfo[]
  }
  'filters:clear': { input: { readonly sessionId: string }; output: readonly FilterInfo[] }

  /** The store may fail: `OperationFailed` (`store-failed`), and nothing has changed. */
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
  /** Answers with what is stored then. */
  'attributes:setIfAbsent': {
    input: { readonly sessionId: string; readonly key: string; readonly value: JsonValue }
    output: { readonly stored: boolean; readonly value: JsonValue }
  }
  'attributes:has': { input: { readonly sessionId: string; readonly key: string }; output: { readonly found: boolean } }
  /** Answers with the value before; null where there was none. */
  'attributes:remove': { input: { readonly sessionId: string; readonly key: string }; output: { readonly old: JsonValue } }
  /** Adds to a number in one step, whoever else does the same; `initial` (default 0) is what a missing one counts as. */
  'attributes:update': {
    input: { readonly sessionId: string; readonly key: string; readonly add: number; readonly initial?: number }
    output: { readonly value: number }
  }

  /**
   * Waits for a session of this device, at most `timeoutMs`. Who has the token has the session to itself; a page that
   * goes gives it back. `PoolTimeout`, or what an open answers.
   */
  'pool:acquire': {
    input: { readonly port?: string; readonly deviceKey?: string; readonly timeoutMs?: number }
    output: PoolTicket
  }
  /** Idempotent: a token that has been given back, or never was, answers `released: false`. */
  'pool:release': { input: { readonly token: string }; output: { readonly released: boolean } }
  /** Ids of the sessions that are lent and of the warm ones, who waits, and what was done so far. */
  'pool:stats': { input: Empty; output: PoolStats }

  /** Notices arrive by the event `notify:notice`, at once, until unsubscribed or until the page goes. No past ones. `ServiceDisabled`. */
  'notify:subscribe': {
    input: { readonly kind: 'start' | 'stop'; readonly dataSource: string }
    output: { readonly subscriptionId: string }
  }
  /** `ended` is false for a subscription that is none of this page's. */
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
  /** Cancels the run under way. What the others brought can still be read. */
  'sampler:stop': { input: { readonly sessionId: string }; output: { readonly stopped: boolean } }

  /** The latest entries, of one session or of all, oldest first. */
  'history:list': { input: { readonly sessionId?: string }; output: readonly HistoryEntry[] }
  /** To a file the user picks: one JSON object a line, or CSV. */
  'history:save': {
    input: { readonly sessionId?: string; readonly format: 'jsonl' | 'csv' }
    output: { readonly saved: boolean; readonly file: string | null; readonly entries: number }
  }

  // Files of the board. Paths are absolute; see `model/files.ts`. Each waits for its turn behind what is executed.

  'files:list': { input: { readonly sessionId: string; readonly path: string }; output: BoardListing }
  /** Null where there is nothing of this name. */
  'files:stat': { input: { readonly sessionId: string; readonly path: string }; output: BoardEntry | null }
  'files:df': { input: { readonly sessionId: string; readonly path?: string }; output: DiskSpace }
  'files:tree': { input: { readonly sessionId: string; readonly path: string }; output: BoardTree }
  'files:hash': { input: { readonly sessionId: string; readonly path: string }; output: BoardFileHash }
  /** `parents` makes those that are missing, and does not mind a folder that is there. */
  'files:mkdir': { input: { readonly sessionId: string; readonly path: string; readonly parents?: boolean }; output: Empty }
  /** A folder that is not empty is removed only with `recursive`. */
  'files:remove': {
    input: { readonly sessionId: string; readonly paths: readonly string[]; readonly recursive?: boolean }
    output: { readonly removed: number }
  }
  'files:rename': {
    input: { readonly sessionId: string; readonly from: string; readonly to: string; readonly replace?: boolean }
    output: Empty
  }
  /** A whole file of at most `FILE_READ_MAX_BYTES`. */
  'files:read': { input: { readonly sessionId: string; readonly path: string }; output: BoardFileContent }
  /**
   * A whole file: the old one or the new one, never a part. `ifSha256`: only if the file still is the one with this hash, or,
   * with null, only if there is none; else `file-changed` or `file-exists`.
   */
  'files:write': {
    input: { readonly sessionId: string; readonly path: string; readonly data: string | Uint8Array; readonly ifSha256?: string | null }
    output: WrittenFile
  }

  // Transfers between a folder of the computer and the board. They have an id, report by `files:transfers`, and outlive the page.

  /**
   * Files and folders by their names in `local` or `boardFolder`, folders with all that is in them. Equal files are skipped by
   * their hash, unless `always`.
   */
  'files:copy': {
    input: {
      readonly sessionId: string
      readonly direction: TransferDirection
      readonly names: readonly string[]
      readonly local: LocalPlace
      readonly boardFolder: string
      readonly conflict?: ConflictRule
      readonly always?: boolean
    }
    output: Transfer
  }
  /** Makes one folder like the other, skipping what is equal; `deleteStrays` also removes what only the far side has. */
  'files:sync': {
    input: {
      readonly sessionId: string
      readonly direction: TransferDirection
      readonly local: LocalPlace
      readonly boardFolder: string
      readonly deleteStrays?: boolean
      readonly conflict?: ConflictRule
    }
    output: Transfer
  }
  /** What `files:sync` would do. */
  'files:compare': {
    input: {
      readonly sessionId: string
      readonly direction: TransferDirection
      readonly local: LocalPlace
      readonly boardFolder: string
    }
    output: SyncPlan
  }
  /** Answers the questions of a transfer that is `asking`: those of `indices`, or all. */
  'files:resolve': {
    input: { readonly transferId: string; readonly decision: 'replace' | 'skip'; readonly indices?: readonly number[] }
    output: Transfer
  }
  /** One file, or all of it. What is done stays done; nothing else has changed at the far end. */
  'files:cancel': { input: { readonly transferId: string; readonly index?: number }; output: { readonly cancelled: boolean } }
  /** Takes up again what has failed or was cancelled, from where it stopped. */
  'files:retry': { input: { readonly transferId: string }; output: Transfer }
  /** Takes an ended transfer out of the list. */
  'files:dismiss': { input: { readonly transferId: string }; output: Empty }

  /** Runs `mip.install` on the board; what it prints stands in the console. */
  'packages:install': {
    input: { readonly sessionId: string; readonly name: string; readonly version?: string; readonly target?: string }
    output: ExecutionResult
  }

  /** The folders of the computer that Muster may read and write, the last used first. */
  'local:folders': { input: Empty; output: readonly LocalFolder[] }
  /** Asks the user for one; null when the user thought better of it. */
  'local:choose': { input: Empty; output: LocalFolder | null }
  'local:forget': { input: { readonly folderId: string }; output: Empty }
  'local:list': { input: { readonly place: LocalPlace }; output: LocalListing }
  'local:mkdir': { input: { readonly place: LocalPlace }; output: Empty }
  /** Another last name for what is at `place`. Nothing is replaced. */
  'local:rename': { input: { readonly place: LocalPlace; readonly name: string }; output: Empty }
  /** Into the trash of the system: nothing is deleted. `names` are in the folder `place`. */
  'local:trash': { input: { readonly place: LocalPlace; readonly names: readonly string[] }; output: { readonly trashed: number } }
  /**
   * A folder of Muster's own for files that were dropped on the page, which knows their bytes and no path. `files:copy` takes them from
   * there, and the folder goes with that transfer; `local:forget` ends one that is not copied.
   */
  'local:beginDrop': { input: Empty; output: LocalPlace }
  /** The next bytes of a dropped file, in their order; a folder for null. */
  'local:addDropped': {
    input: { readonly place: LocalPlace; readonly offset: number; readonly data: Uint8Array | null }
    output: Empty
  }

  /** As Prometheus reads it. */
  'metrics:text': { input: Empty; output: { readonly contentType: string; readonly text: string } }
  /** The same as data, and where it is served, if it is. */
  'metrics:snapshot': { input: Empty; output: MetricsSnapshot }

  /** The file, its problems, and every key with its value, its default and its rule. */
  'config:get': { input: Empty; output: ConfigReport }
  /** `reset` takes the key out of the file, so that its default holds again. `ConfigInvalid`: then nothing is changed. */
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
  /** Of the buffer, for every window. */
  'output:clear': { input: { readonly sessionId: string }; output: Empty }

  /** Answered to the very end, like `manager:stats` and `manager:health`. */
  'manager:state': { input: Empty; output: { readonly state: ManagerStatus['state'] } }
  'manager:stats': { input: Empty; output: ManagerStatus }
  /** The health check `device_sessions`: degraded from nine tenths of the limit on. */
  'manager:health': { input: Empty; output: ManagerHealth }
  /** Closes every session, then quits Muster. Answers when the sessions are closed. */
  'manager:shutdown': { input: Empty; output: Empty }
}

export interface Events {
  /** The whole list, then again whenever it has changed. */
  'ports:changed': { params: Empty; payload: PortList }
  /** All open sessions, then every event of every session in order; of their counters only the latest. */
  'sessions:changed': { params: Empty; payload: SessionsChange }
  /** At most four times a second; a change of its state at once. */
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
  'files:transfers': { params: { readonly sessionId: string }; payload: TransferUpdate }
  /** What is kept, then each row as it comes; everything anew when a name comes to the columns. */
  'sampler:samples': { params: { readonly sessionId: string }; payload: SamplerUpdate }
  /** The report of `config:get`, then again whenever the file or a key has changed. */
  'config:changed': { params: Empty; payload: ConfigReport }
  /** What is kept, then a row a second. */
  'metrics:samples': { params: { readonly sessionId: string }; payload: MetricUpdate }
  /** What the menu asks of this window. No past ones. */
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
