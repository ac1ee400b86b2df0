import type { OpenInput } from '../../shared/contract'
import type {
  AppInfo,
  CloseResult,
  ConfigReport,
  ExecutionResult,
  FilterInfo,
  FilterPlace,
  FilterSpec,
  HistoryEntry,
  JsonValue,
  LiveSessionOptions,
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
  SamplerInfo,
  SamplerUpdate,
  SessionEvent,
  SessionInfo,
  SessionSnapshot,
  SessionStatistics,
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
    options: { readonly timeoutMs?: number; readonly expect?: 'json'; readonly signal?: AbortSignal },
  ): Promise<ExecutionResult>
  cancel(sessionId: string, executionId?: string): Promise<{ readonly cancelled: boolean }>
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
  openWindow(): void
  quit(): void
}
