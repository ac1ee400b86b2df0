import type {
  CloseResult,
  ExecutionResult,
  LiveSessionOptions,
  ManagerState,
  ResetKind,
  SessionInfo,
  SessionSnapshot,
  SessionStatistics,
} from '../../../../shared/model'
import type { Logger } from '../../base/logger'
import type { Settings } from '../../config/settings'
import type { MetricHistory } from '../../metrics/metric-history'
import type { BoardTalk } from '../../micropython/board-talk'
import type { AttributeStore } from '../attributes/attribute-store'
import type { OutputBuffer } from '../output/output-buffer'
import type { Session } from '../session'
import { managerNotAvailable, sessionNotReady } from '../session-errors'
import type { ExecuteOptions, SessionFilters, SessionIoEvent } from '../session-io'
import { checkAssociates, descendantsOf, type Family } from './hierarchy'
import { integrationOff, sessionNotFound, sessionsOff, wrongDataSource } from './manager-errors'
import { SessionRegistry, type Tombstone } from './registry'

/** A session, or what is remembered of it. */
export type Found = { readonly session: Session } | { readonly tombstone: Tombstone }

/**
 * All that can be asked of one session by its id. Every method throws, or rejects with, `SessionNotFound` for an id that
 * nobody knows, and `ManagerDisposed` at the end; those that need an open session, with `SessionNotReady`; those that
 * begin new work, with `ManagerNotActive` once the app quits.
 */
export abstract class SessionsById {
  protected readonly registry: SessionRegistry<Session>
  /** For the hierarchy: which sessions there are, and which belong to which. */
  protected readonly family: Family = {
    knows: key => this.registry.tryGet(key) !== undefined || this.registry.tombstone(key) !== undefined,
    associatesOf: key =>
      (this.registry.tryGet(key)?.snapshot ?? this.registry.tombstone(key)?.info.snapshot)?.metadata.associateSessionKeys ?? [],
  }

  abstract readonly state: ManagerState

  constructor(
    protected readonly logger: Logger,
    protected readonly currentSettings: () => Settings,
  ) {
    this.registry = new SessionRegistry(() => currentSettings().tombstoneLimit)
  }

  /** In the order of opening; the closed ones last, in the order of closing. */
  list({ includeClosed, dataSource }: { readonly includeClosed: boolean; readonly dataSource?: string }): readonly SessionSnapshot[] {
    this.refuseDisposed()
    const open = this.registry.snapshot().map(session => session.snapshot)
    const closed = includeClosed ? this.registry.closed().map(tombstone => tombstone.info.snapshot) : []
    return [...open, ...closed].filter(snapshot => dataSource === undefined || snapshot.metadata.dataSource === dataSource)
  }

  info(sessionId: string): SessionInfo {
    const found = this.find(sessionId)
    return 'session' in found ? found.session.info : found.tombstone.info
  }

  statistics(sessionId: string): SessionStatistics {
    const found = this.find(sessionId)
    return 'session' in found ? found.session.statistics : found.tombstone.info.snapshot.statistics
  }

  /** The session itself; null when it is closed, or never was. */
  tryGetSession(sessionId: string): Session | null {
    return this.registry.tryGet(sessionId) ?? null
  }

  /** See `Session.execute`. */
  async execute(sessionId: string, code: string, options: ExecuteOptions = {}): Promise<ExecutionResult> {
    const session = this.findForWork(sessionId)
    if (this.currentSettings().logging.snippets) this.logger.info('A snippet is run.', { sessionId, code })
    return await session.execute(code, options)
  }

  /** See `Session.runTask`. */
  async runTask<T>(
    sessionId: string,
    title: string,
    work: (board: BoardTalk, signal: AbortSignal) => Promise<T>,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    return await this.findForWork(sessionId).runTask(title, work, options)
  }

  /** Without `executionId`: what runs now. `cancelled` is false when nothing was ended by this. */
  async cancel(sessionId: string, executionId?: string): Promise<{ readonly cancelled: boolean }> {
    const found = this.find(sessionId)
    return { cancelled: 'session' in found && (await found.session.cancel(executionId)) }
  }

  /** See `Session.stepInterrupt`. */
  stepInterrupt(sessionId: string, step: 'hold' | 'next'): { readonly changed: boolean } {
    return { changed: this.findForWork(sessionId).stepInterrupt(step) }
  }

  async reset(sessionId: string, kind: ResetKind): Promise<SessionSnapshot> {
    return await this.findForWork(sessionId).reset(kind)
  }

  async takeOver(sessionId: string): Promise<SessionSnapshot> {
    return await this.findForWork(sessionId).takeOver()
  }

  async watch(sessionId: string): Promise<SessionSnapshot> {
    return await this.findForWork(sessionId).watch()
  }

  async write(sessionId: string, data: string | Uint8Array): Promise<{ readonly bytes: number }> {
    return await this.findForWork(sessionId).write(data)
  }

  /** What the session's messages are, from here on; ends with the session. */
  readEvents(sessionId: string): AsyncIterableIterator<SessionIoEvent> {
    return this.findForWork(sessionId).readEvents()
  }

  async reconnect(sessionId: string): Promise<SessionSnapshot> {
    return await this.findForWork(sessionId).reconnect()
  }

  extendLease(sessionId: string, expiresAt: number | null): SessionSnapshot {
    return this.findOpen(sessionId).extendLease(expiresAt)
  }

  /** Throws also `ServiceDisabled`, as the two that follow. */
  updateDetails(sessionId: string, details: Readonly<Record<string, string | null>>): SessionSnapshot {
    this.refuseWithoutIntegration('Changing the details of a session')
    return this.findOpen(sessionId).description.updateDetails(details)
  }

  updateIdentifier(sessionId: string, identifier: string): SessionSnapshot {
    this.refuseWithoutIntegration('Changing the identifier of a session')
    return this.findOpen(sessionId).description.updateIdentifier(identifier)
  }

  associate(sessionId: string, associateSessionKeys: readonly string[]): SessionSnapshot {
    this.refuseWithoutIntegration('Associating sessions')
    const session = this.findOpen(sessionId)
    return session.description.setAssociates(checkAssociates(sessionId, associateSessionKeys, this.family))
  }

  configure(sessionId: string, options: Partial<LiveSessionOptions>): SessionSnapshot {
    return this.findOpen(sessionId).description.configure(options)
  }

  output(sessionId: string): OutputBuffer {
    return this.findOpen(sessionId).output
  }

  metrics(sessionId: string): MetricHistory {
    return this.findOpen(sessionId).metrics
  }

  filters(sessionId: string): SessionFilters {
    return this.findOpen(sessionId).filters
  }

  attributes(sessionId: string): AttributeStore {
    return this.findOpen(sessionId).attributes
  }

  /**
   * Rejects with `SessionNotFound`, `InvalidArgument` for another data source, or `CloseFailed`. A session that is closed
   * already answers with how it was closed.
   */
  async close(
    sessionId: string,
    { mode, cascade = false, dataSource }: { readonly mode: 'flush' | 'now'; readonly cascade?: boolean; readonly dataSource?: string },
  ): Promise<CloseResult> {
    const found = this.find(sessionId)
    const { metadata, port } = ('session' in found ? found.session : found.tombstone.info).snapshot
    if (dataSource !== undefined && dataSource !== metadata.dataSource) throw wrongDataSource(sessionId, port || sessionId, dataSource)
    const associates = cascade ? descendantsOf(sessionId, this.family).flatMap(key => this.registry.tryGet(key) ?? []) : []
    const [result] = await Promise.all([
      'session' in found ? found.session.close({ mode, reason: 'client-close' }) : { ...found.tombstone.result, alreadyClosed: true },
      this.closeMany(associates, mode),
    ])
    return result
  }

  /** Rejects with `SessionNotFound`. */
  async kill(sessionId: string): Promise<CloseResult> {
    const found = this.find(sessionId)
    return 'session' in found ? await found.session.kill() : { ...found.tombstone.result, alreadyClosed: true }
  }

  protected async closeMany(sessions: readonly Session[], mode: 'flush' | 'now'): Promise<void> {
    const closing = sessions.map(async session => {
      try {
        await session.close({ mode, reason: 'client-close' })
      } catch (error) {
        this.logger.warn('A session did not close in order.', { sessionId: session.sessionId, error })
      }
    })
    await Promise.all(closing)
  }

  protected find(sessionId: string): Found {
    this.refuseDisposed()
    const session = this.registry.tryGet(sessionId)
    if (session !== undefined) return { session }
    const tombstone = this.registry.tombstone(sessionId)
    if (tombstone !== undefined) return { tombstone }
    throw sessionNotFound(sessionId)
  }

  protected findOpen(sessionId: string): Session {
    const found = this.find(sessionId)
    if ('session' in found) return found.session
    const { port, clientSessionName, state } = found.tombstone.info.snapshot
    throw sessionNotReady({ sessionId, name: port || clientSessionName || sessionId }, state)
  }

  protected findForWork(sessionId: string): Session {
    this.refuseNewWork()
    return this.findOpen(sessionId)
  }

  /** For what makes a session. */
  protected refuseOpening(): void {
    this.refuseNewWork()
    if (!this.currentSettings().enableSessionManagement) throw sessionsOff()
  }

  protected refuseNewWork(): void {
    if (this.state === 'Shutdown' || this.state === 'Disposed') throw managerNotAvailable(this.state)
  }

  protected refuseDisposed(): void {
    if (this.state === 'Disposed') throw managerNotAvailable(this.state)
  }

  private refuseWithoutIntegration(what: string): void {
    if (!this.currentSettings().integrateSessionManagement) throw integrationOff(what)
  }
}
