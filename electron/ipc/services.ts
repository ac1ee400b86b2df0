import type { CommandInput, OpenInput } from '../../shared/contract'
import type {
  AppInfo,
  BoardEntry,
  BoardFileContent,
  BoardFileHash,
  BoardListing,
  BoardTree,
  CloseResult,
  ConfigReport,
  DiskSpace,
  ExecutionResult,
  ExpectedValue,
  FilterInfo,
  FilterPlace,
  FilterSpec,
  HistoryEntry,
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
  OutputItem,
  OutputPosition,
  PoolStats,
  PoolTicket,
  PortInfo,
  PortList,
  PortSettings,
  ResetKind,
  SamplerInfo,
  SamplerUpdate,
  SessionEvent,
  SessionInfo,
  SessionSnapshot,
  SessionStatistics,
  SyncPlan,
  Transfer,
  TransferUpdate,
  WrittenFile,
} from '../../shared/model'
import type { Disposable } from '../core/base/disposable'
import type { Event } from '../core/base/emitter'
import type { AttributeStore } from '../core/sessions/attributes/attribute-store'

/**
 * What the bridge needs of the core and the shell, and no more. The core's classes fit these by their shape;
 * tests pass in fakes. Methods reject with `MusterError`; anything else is a defect and is reported as `internal`.
 */
export interface Services {
  readonly ports: PortService
  readonly simulated: SimulatedService
  readonly sessions: SessionService
  readonly files: FileService
  readonly transfers: TransferService
  readonly localFolders: LocalFolderService
  readonly droppedFiles: DroppedFileService
  readonly history: HistoryService
  readonly config: ConfigService
  readonly metrics: MetricsService
  readonly shell: ShellService
}

export interface PortService {
  readonly current: PortList
  readonly onChanged: Event<PortList>
  /** Scans now, joining a scan under way. Never rejects: a list that can't be had is the last one, marked stale. */
  refresh(): Promise<PortList>
  add(path: string): Promise<PortInfo>
  remove(path: string): Promise<void>
  /** What is not given stays. */
  configure(path: string, settings: Partial<PortSettings>): Promise<PortInfo>
}

export interface SimulatedService {
  start(count: number): Promise<readonly PortInfo[]>
  stop(path: string): Promise<void>
}

export interface SessionService {
  readonly status: ManagerStatus
  readonly health: ManagerHealth
  readonly onStatus: Event<ManagerStatus>
  readonly onEvent: Event<SessionEvent>
  /** `client` says who opens: the window's id. */
  open(input: OpenInput, client: string): Promise<SessionSnapshot>
  close(
    sessionId: string,
    options: { readonly mode: 'flush' | 'now'; readonly cascade?: boolean; readonly dataSource?: string },
  ): Promise<CloseResult>
  kill(sessionId: string): Promise<CloseResult>
  list(options: { readonly includeClosed: boolean; readonly dataSource?: string }): readonly SessionSnapshot[]
  info(sessionId: string): SessionInfo
  execute(
    sessionId: string,
    code: string,
    options: { readonly timeoutMs?: number; readonly expect?: ExpectedValue; readonly signal?: AbortSignal },
  ): Promise<ExecutionResult>
  cancel(sessionId: string, executionId?: string): Promise<{ readonly cancelled: boolean }>
  stepInterrupt(sessionId: string, step: 'hold' | 'next'): { readonly changed: boolean }
  reset(sessionId: string, kind: ResetKind): Promise<SessionSnapshot>
  takeOver(sessionId: string): Promise<SessionSnapshot>
  watch(sessionId: string): Promise<SessionSnapshot>
  write(sessionId: string, data: string | Uint8Array): Promise<{ readonly bytes: number }>
  reconnect(sessionId: string): Promise<SessionSnapshot>
  extendLease(sessionId: string, expiresAt: number | null): SessionSnapshot
  updateDetails(sessionId: string, details: Readonly<Record<string, string | null>>): SessionSnapshot
  updateIdentifier(sessionId: string, identifier: string): SessionSnapshot
  associate(sessionId: string, associateSessionKeys: readonly string[]): SessionSnapshot
  configure(sessionId: string, options: Partial<LiveSessionOptions>): SessionSnapshot
  statistics(sessionId: string): SessionStatistics
  output(sessionId: string): OutputSource
  metrics(sessionId: string): MetricSource
  /** Throws `SessionNotReady` when the session is closed. Changes reject with `FilterError`. */
  filters(sessionId: string): FilterService
  /** Throws `SessionNotReady` when the session is closed. */
  attributes(sessionId: string): AttributeStore
  /** Every session that this client opened and nobody else uses; for `closeOnWindowClose`. */
  closeAllOf(client: string): Promise<void>
  /** Rejects with `PoolTimeout`, `OperationCancelled` (the signal), `ManagerNotActive` or what an open rejects with. */
  acquire(
    input: { readonly port?: string; readonly deviceKey?: string; readonly timeoutMs?: number },
    client: string,
    signal?: AbortSignal,
  ): Promise<PoolTicket>
  release(token: string): Promise<{ readonly released: boolean }>
  readonly poolStats: PoolStats
  readonly notifications: NotificationService
  readonly samplers: SamplerService
  shutdown(): Promise<void>
}

/**
 * Files of one board at a time. The signal ends what waits or runs. Rejects with `SessionNotFound`, `SessionNotReady`,
 * `InvalidArgument`, `QueueFull`, `OperationCancelled`, `OperationFailed` or `FileFailed`.
 */
export interface FileService {
  list(sessionId: string, path: string, signal: AbortSignal): Promise<BoardListing>
  stat(sessionId: string, path: string, signal: AbortSignal): Promise<BoardEntry | null>
  df(sessionId: string, path: string, signal: AbortSignal): Promise<DiskSpace>
  tree(sessionId: string, path: string, signal: AbortSignal): Promise<BoardTree>
  hash(sessionId: string, path: string, signal: AbortSignal): Promise<BoardFileHash>
  mkdir(sessionId: string, path: string, options: { readonly parents: boolean }, signal: AbortSignal): Promise<void>
  remove(
    sessionId: string,
    paths: readonly string[],
    options: { readonly recursive: boolean },
    signal: AbortSignal,
  ): Promise<{ readonly removed: number }>
  rename(sessionId: string, from: string, to: string, options: { readonly replace: boolean }, signal: AbortSignal): Promise<void>
  read(sessionId: string, path: string, signal: AbortSignal): Promise<BoardFileContent>
  /** `ifSha256`: undefined for whatever is there. */
  write(
    sessionId: string,
    path: string,
    data: Uint8Array,
    options: { readonly ifSha256: string | null | undefined },
    signal: AbortSignal,
  ): Promise<WrittenFile>
  installPackage(
    sessionId: string,
    request: { readonly name: string; readonly version?: string; readonly target?: string },
    signal: AbortSignal,
  ): Promise<ExecutionResult>
}

/** Transfers outlive whoever began them; they end with their session, or by `cancel`. */
export interface TransferService {
  copy(request: CommandInput<'files:copy'>): Transfer
  sync(request: CommandInput<'files:sync'>): Transfer
  compare(request: CommandInput<'files:compare'>, signal: AbortSignal): Promise<SyncPlan>
  resolve(transferId: string, decision: 'replace' | 'skip', indices: readonly number[] | undefined): Transfer
  /** Resolves when nothing of it is under way any more. */
  cancel(transferId: string, index: number | undefined): Promise<{ readonly cancelled: boolean }>
  retry(transferId: string): Transfer
  dismiss(transferId: string): void
  /** All of a session, as an update of kind `all`. */
  readAll(sessionId: string): TransferUpdate
  readonly onUpdate: Event<{ readonly sessionId: string; readonly update: TransferUpdate }>
}

/** Folders of the computer that the user has opened. Nothing outside of them can be named. Rejects with `FileFailed`. */
export interface LocalFolderService {
  list(): readonly LocalFolder[]
  /** From a path that the user has picked. */
  grant(path: string): Promise<LocalFolder>
  forget(folderId: string): Promise<void>
  entries(place: LocalPlace): Promise<LocalListing>
  mkdir(place: LocalPlace): Promise<void>
  rename(place: LocalPlace, name: string): Promise<void>
  /** One file after the other, by its full path; what could not be moved ends it. */
  trash(place: LocalPlace, names: readonly string[], moveToTrash: (file: string) => Promise<void>): Promise<{ readonly trashed: number }>
}

/** Files that were dropped on a page, until a transfer has copied them. Rejects with `FileFailed`. */
export interface DroppedFileService {
  begin(): Promise<LocalPlace>
  add(place: LocalPlace, offset: number, data: Uint8Array | null): Promise<void>
  /** False for a folder that is none of theirs. */
  forget(folderId: string): boolean
}

export interface FilterService {
  list(): readonly FilterInfo[]
  add(filter: FilterSpec, place: FilterPlace): Promise<void>
  remove(name: string): Promise<void>
  replace(name: string, filter: FilterSpec): Promise<void>
  move(name: string, place: FilterPlace): Promise<void>
  clear(): Promise<void>
}

export interface NotificationService {
  /** Throws `InvalidArgument` for an empty data source, `ServiceDisabled` when the configuration turned it off. */
  subscribe(
    kind: 'start' | 'stop',
    dataSource: string,
    listener: (notice: Notice) => void,
  ): Disposable & { readonly subscriptionId: string }
}

export interface SamplerService {
  start(
    sessionId: string,
    request: { readonly code: string; readonly intervalMs: number; readonly retryMs?: number; readonly timeoutMs?: number },
  ): SamplerInfo
  stop(sessionId: string): boolean
  /** What is kept, as an update of kind `all`; with no sampler, an empty one. */
  readAll(sessionId: string): SamplerUpdate
  readonly onSamples: Event<SamplerUpdate>
}

/** What happened, remembered in bounds. */
export interface HistoryService {
  list(sessionId?: string): readonly HistoryEntry[]
  readonly onEntry: Event<HistoryEntry>
}

export interface ConfigService {
  readonly report: ConfigReport
  readonly onReport: Event<ConfigReport>
  /** Rejects with `ConfigInvalid`; the file then is as it was. */
  set(key: string, value: JsonValue): Promise<ConfigReport>
  reset(key: string): Promise<ConfigReport>
}

export interface MetricsService {
  text(): Promise<{ readonly contentType: string; readonly text: string }>
  snapshot(): Promise<MetricsSnapshot>
}

/** A session's kept output. Reading does not take anything away. */
export interface OutputSource {
  /** Position of the oldest item kept, and after the newest. */
  readonly start: OutputPosition
  readonly end: OutputPosition
  /** Bytes that are gone because the buffer was full; not those that `clear` removed. */
  readonly droppedBytes: number
  readonly onAppended: Event<void>
  /** Items after a position, at most about `maxBytes`; large items are cut. `missedBytes` is what was already gone. */
  read(
    after: OutputPosition,
    maxBytes: number,
  ): { readonly items: readonly OutputItem[]; readonly upTo: OutputPosition; readonly missedBytes: number }
  /** What a reader does not get that goes from one position straight to a later one: bytes, gone or not, and kept marks. */
  skip(
    after: OutputPosition,
    to: OutputPosition,
  ): { readonly marks: readonly Exclude<OutputItem, { type: 'bytes' }>[]; readonly missedBytes: number }
  clear(): void
}

export interface MetricSource {
  /** All that is kept, as an update of kind `all`. */
  readAll(): MetricUpdate
  readonly onSamples: Event<MetricUpdate>
}

export interface ShellService {
  readonly info: AppInfo
  readonly onMenu: Event<MenuAction>
  writeClipboard(text: string): void
  /** Asks for a file and writes the chunks to it without blocking; null when the user cancelled. */
  saveFile(suggestedName: string, chunks: readonly Uint8Array[]): Promise<string | null>
  /** Asks for a folder; null when the user cancelled. */
  chooseFolder(): Promise<string | null>
  /** Rejects when the system has no trash for this file; then it is where it was. */
  moveToTrash(file: string): Promise<void>
  openWindow(): void
  quit(): void
}
