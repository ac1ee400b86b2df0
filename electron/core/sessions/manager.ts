import { randomBytes } from 'node:crypto'
import type { OpenInput } from '../../../shared/contract'
import { MANAGER_STATUS_INTERVAL_MS, MAX_SESSIONS, METRIC_INTERVAL_MS, QUIT_TIMEOUT_MS } from '../../../shared/limits'
import type {
  CloseResult,
  ExecutionResult,
  ManagerState,
  ManagerStatus,
  PortInfo,
  SessionEvent,
  SessionSnapshot,
  SessionStatistics,
} from '../../../shared/model'
import { type Clock, every } from '../base/clock'
import { type Disposable, DisposableStore } from '../base/disposable'
import { Emitter, type Event } from '../base/emitter'
import type { Logger } from '../base/logger'
import type { MetricHistory } from '../metrics/metric-history'
import type { BoardProtocolFactory } from '../micropython/board-protocol'
import type { TransportFactory } from '../transport/transport'
import { createManagerMachine } from './manager-states'
import type { OutputBuffer } from './output-buffer'
import { PortReservations } from './port-reservations'
import { SessionRegistry } from './registry'
import { type OpenRequest, readOpenRequest } from './requests'
import { Session } from './session'
import { managerNotAvailable, portTaken, sessionIdTaken, sessionLimitExceeded, sessionNotFound, sessionNotReady } from './session-errors'
import { type Happening, SessionEvents } from './session-events'
import { Throttle } from './throttle'
import { settledWithin } from './waiting'

/** After these, another number of sessions is open, was opened or was closed. */
const CHANGES_STATUS: ReadonlySet<SessionEvent['type']> = new Set(['created', 'connected', 'disconnected', 'disposed'])

export interface SessionManagerOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly transports: TransportFactory
  readonly createProtocol: BoardProtocolFactory
  /** The port as the list knows it, if it does. */
  readonly lookUpPort: (path: string) => PortInfo | undefined
  readonly limit?: number
  /** 32 hex digits, never the same twice. */
  readonly newId?: () => string
  readonly platform?: NodeJS.Platform
}

/** All sessions: who may open one, which port is whose, what happens to them when the app quits. */
export class SessionManager implements Disposable {
  private readonly machine = createManagerMachine()
  private readonly registry = new SessionRegistry<Session>()
  private readonly reservations: PortReservations
  private readonly events: SessionEvents
  private readonly statusChanged: Emitter<ManagerStatus>
  private readonly statusThrottle: Throttle
  private readonly owned = new DisposableStore()
  private readonly limit: number
  private readonly newId: () => string
  private totalOpened = 0
  private totalClosed = 0
  private peakOpen = 0
  private shuttingDown: Promise<void> | null = null

  constructor(private readonly options: SessionManagerOptions) {
    const { clock, logger, limit = MAX_SESSIONS, newId = () => randomBytes(16).toString('hex'), platform = process.platform } = options
    const onListenerError = (error: unknown): void => logger.error('A listener of the session manager failed.', { error })
    this.limit = limit
    this.newId = newId
    this.events = this.owned.add(new SessionEvents(clock, onListenerError))
    this.statusChanged = this.owned.add(new Emitter<ManagerStatus>(onListenerError))
    this.statusThrottle = this.owned.add(new Throttle(clock, MANAGER_STATUS_INTERVAL_MS, () => this.statusChanged.fire(this.status)))
    this.reservations = this.owned.add(new PortReservations(clock, platform))
  }

  get state(): ManagerState {
    return this.machine.state
  }

  get status(): ManagerStatus {
    let bytesInPerSecond = 0
    let bytesOutPerSecond = 0
    for (const { rates } of this.registry.snapshot()) {
      bytesInPerSecond += rates.bytesInPerSecond
      bytesOutPerSecond += rates.bytesOutPerSecond
    }
    return Object.freeze({
      state: this.state,
      open: this.registry.activeCount,
      limit: this.limit,
      totalOpened: this.totalOpened,
      totalClosed: this.totalClosed,
      peakOpen: this.peakOpen,
      bytesInPerSecond,
      bytesOutPerSecond,
    })
  }

  get onStatus(): Event<ManagerStatus> {
    return this.statusChanged.event
  }

  get onEvent(): Event<SessionEvent> {
    return this.events.event
  }

  /** Rejects with `InvalidArgument`, `SessionLimitExceeded`, `OpenFailed`, `ManagerNotActive` or `ManagerDisposed`. */
  async open(input: OpenInput): Promise<SessionSnapshot> {
    // No await before `session.open`: two opens at once must not both find the last free place, or the port free.
    if (this.state === 'Shutdown' || this.state === 'Disposed') throw managerNotAvailable(this.state)
    const session = this.admit(readOpenRequest(input, this.options.lookUpPort))
    this.activate()
    this.peakOpen = Math.max(this.peakOpen, this.registry.activeCount)
    this.publish([{ type: 'created', snapshot: session.snapshot }])
    return await session.open()
  }

  /** Rejects with `SessionNotFound` or `CloseFailed`. A session that is closed already answers with how it was closed. */
  async close(sessionId: string, { mode }: { readonly mode: 'flush' | 'now' }): Promise<CloseResult> {
    const session = this.find(sessionId)
    return session instanceof Session ? await session.close({ mode, reason: 'client-close' }) : { ...session.result, alreadyClosed: true }
  }

  /** Rejects with `SessionNotFound`. */
  async kill(sessionId: string): Promise<CloseResult> {
    const session = this.find(sessionId)
    return session instanceof Session ? await session.kill() : { ...session.result, alreadyClosed: true }
  }

  /** In the order of opening; the closed ones last, in the order of closing. */
  list({ includeClosed }: { readonly includeClosed: boolean }): readonly SessionSnapshot[] {
    this.refuseDisposed()
    const open = this.registry.snapshot().map(session => session.snapshot)
    return includeClosed ? [...open, ...this.registry.closed().map(tombstone => tombstone.snapshot)] : open
  }

  info(sessionId: string): SessionSnapshot {
    return this.find(sessionId).snapshot
  }

  statistics(sessionId: string): SessionStatistics {
    return this.info(sessionId).statistics
  }

  /** See `Session.execute`; rejects also with `SessionNotFound`, `ManagerNotActive` and `ManagerDisposed`. */
  async execute(sessionId: string, code: string, options: { readonly timeoutMs?: number }): Promise<ExecutionResult> {
    if (this.state === 'Shutdown') throw managerNotAvailable(this.state)
    return await this.findOpen(sessionId).execute(code, options)
  }

  /** Without `executionId`: what runs now. `cancelled` is false when nothing was ended by this. */
  async cancel(sessionId: string, executionId?: string): Promise<{ readonly cancelled: boolean }> {
    const session = this.find(sessionId)
    return { cancelled: session instanceof Session && (await session.cancel(executionId)) }
  }

  /** Throws `SessionNotReady` when the session is closed: its output went with it. */
  output(sessionId: string): OutputBuffer {
    return this.findOpen(sessionId).output
  }

  /** Throws `SessionNotReady` when the session is closed. */
  metrics(sessionId: string): MetricHistory {
    return this.findOpen(sessionId).metrics
  }

  /**
   * Closes every session, all at once, and kills those that are not closed in time. Takes no new work from here on.
   * Never rejects; a second call joins the first.
   */
  shutdown({ timeoutMs }: { readonly timeoutMs: number } = { timeoutMs: QUIT_TIMEOUT_MS }): Promise<void> {
    this.shuttingDown ??= this.closeAll(timeoutMs)
    return this.shuttingDown
  }

  /** The emergency exit: kills everything and waits for nothing. */
  dispose(): void {
    if (this.state === 'Disposed') return
    for (const session of this.registry.snapshot()) void session.kill()
    this.machine.fire('fatal')
    this.end()
  }

  private async closeAll(timeoutMs: number): Promise<void> {
    const { clock, logger } = this.options
    if (this.state === 'Disposed') return
    this.machine.fire('shut-down')
    this.statusThrottle.tellNow()
    const closing = this.registry.snapshot().map(async session => {
      const closed = session.close({ mode: 'now', reason: 'gateway-shutdown' })
      closed.catch(error => logger.warn('A session was ended by force at shutdown.', { sessionId: session.sessionId, error }))
      if (!(await settledWithin(clock, closed, timeoutMs))) await session.kill()
    })
    await Promise.all(closing)
    if (!this.machine.fire('all-closed')) return
    this.end()
  }

  private end(): void {
    this.statusThrottle.tellNow()
    this.owned.dispose()
  }

  /** Capacity, port and id in one go. */
  private admit(request: OpenRequest): Session {
    if (this.registry.activeCount >= this.limit) throw sessionLimitExceeded(this.limit)
    const holder = this.reservations.find(request.deviceKey, request.port)
    if (holder !== undefined) {
      const name = this.registry.tryGet(holder.sessionId)?.snapshot.clientSessionName || holder.sessionId
      throw portTaken(request.name, { name, isLeaving: holder.isZombie })
    }
    const sessionId = `session-${this.newId()}`
    const reservation = this.reservations.reserve(request.deviceKey, request.port, sessionId)
    const { clock, logger, transports, createProtocol } = this.options
    const host = {
      retire: (session: Session, result: CloseResult | null) => this.retire(session, result),
      publish: (happenings: readonly Happening[]) => this.publish(happenings),
    }
    const session = new Session(sessionId, request, { clock, logger, transports, createProtocol, reservation, host })
    if (this.registry.tryAdd(session)) return session
    reservation.release()
    throw sessionIdTaken(request.name)
  }

  private activate(): void {
    const isFirst = this.state === 'Inactive'
    this.machine.fire('open')
    if (isFirst) this.owned.add(every(this.options.clock, METRIC_INTERVAL_MS, () => this.sample()))
  }

  private sample(): void {
    const before = this.status
    for (const session of this.registry.snapshot()) session.sample()
    const { bytesInPerSecond, bytesOutPerSecond } = this.status
    const isSame = bytesInPerSecond === before.bytesInPerSecond && bytesOutPerSecond === before.bytesOutPerSecond
    if (!isSame) this.statusThrottle.request()
  }

  private retire(session: Session, result: CloseResult | null): void {
    this.registry.tryRemove(session.sessionId)
    if (result !== null) this.registry.bury({ snapshot: session.snapshot, result })
  }

  private publish(happenings: readonly Happening[]): void {
    // Counted on the change of state, so that a close, a failed close and a kill all count once.
    for (const { type, snapshot } of happenings) {
      if (type === 'connected') this.totalOpened += 1
      if (type === 'disconnected' && snapshot.state === 'Disconnected') this.totalClosed += 1
    }
    this.events.publish(happenings)
    if (happenings.some(({ type }) => CHANGES_STATUS.has(type))) this.statusThrottle.request()
  }

  /** The session, or what is remembered of it. */
  private find(sessionId: string): Session | { readonly snapshot: SessionSnapshot; readonly result: CloseResult } {
    this.refuseDisposed()
    const found = this.registry.tryGet(sessionId) ?? this.registry.tombstone(sessionId)
    if (found === undefined) throw sessionNotFound(sessionId)
    return found
  }

  private findOpen(sessionId: string): Session {
    const found = this.find(sessionId)
    if (found instanceof Session) return found
    throw sessionNotReady({ sessionId, name: found.snapshot.port }, found.snapshot.state)
  }

  private refuseDisposed(): void {
    if (this.state === 'Disposed') throw managerNotAvailable(this.state)
  }
}
