import type { OpenInput } from '../../shared/contract'
import type {
  AppInfo,
  CloseResult,
  ExecutionResult,
  ManagerStatus,
  MenuAction,
  MetricUpdate,
  OutputItem,
  OutputPosition,
  PortInfo,
  PortList,
  SessionEvent,
  SessionSnapshot,
  SessionStatistics,
} from '../../shared/model'
import type { Event } from '../core/base/emitter'

/**
 * What the bridge needs of the core and the shell, and no more. The core's classes fit these by their shape;
 * tests pass in fakes. Methods reject with `MusterError`; anything else is a defect and is reported as `internal`.
 */
export interface Services {
  readonly ports: PortService
  readonly simulated: SimulatedService
  readonly sessions: SessionService
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
  readonly onStatus: Event<ManagerStatus>
  readonly onEvent: Event<SessionEvent>
  open(input: OpenInput): Promise<SessionSnapshot>
  close(sessionId: string, options: { readonly mode: 'flush' | 'now' }): Promise<CloseResult>
  kill(sessionId: string): Promise<CloseResult>
  list(options: { readonly includeClosed: boolean }): readonly SessionSnapshot[]
  info(sessionId: string): SessionSnapshot
  execute(sessionId: string, code: string, options: { readonly timeoutMs?: number }): Promise<ExecutionResult>
  cancel(sessionId: string, executionId?: string): Promise<{ readonly cancelled: boolean }>
  statistics(sessionId: string): SessionStatistics
  output(sessionId: string): OutputSource
  metrics(sessionId: string): MetricSource
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
}
