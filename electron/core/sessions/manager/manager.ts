import { randomBytes } from 'node:crypto'
import type { OpenInput } from '../../../../shared/contract'
import { RESUME_LEASE_GRACE_MS } from '../../../../shared/limits'
import type {
  CloseResult,
  ManagerHealth,
  ManagerState,
  ManagerStatus,
  PoolStats,
  PoolTicket,
  PortInfo,
  SessionEvent,
  SessionSnapshot,
} from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import { type Disposable, DisposableStore } from '../../base/disposable'
import { Emitter, type Event } from '../../base/emitter'
import { type Logger, scopedLogger } from '../../base/logger'
import type { SettingsSource } from '../../config/settings'
import type { SessionMetrics } from '../../metrics/session-metrics'
import type { BoardProtocolFactory } from '../../micropython/board-protocol'
import type { Transport, TransportFactory } from '../../transport/transport'
import type { AttributeStoreFactory } from '../attributes/attribute-store'
import { readyTransport } from '../connection/ready-transport'
import { type PoolHost, SessionPool } from '../pool/pool'
import type { Acquired } from '../pool/pool-waiter'
import { mustBeIdentified, type PortSource, withHeld, withIdentified } from '../requests/port-lookup'
import { type OpenRequest, readOpenRequest } from '../requests/requests'
import type { SampledSession } from '../samplers/sampler'
import { Samplers } from '../samplers/samplers'
import { Session } from '../session'
import { managerNotAvailable, sessionNotReady } from '../session-errors'
import { type Happening, SessionEvents } from '../session-events'
import type { DeviceLocator, SessionHost } from '../session-needs'
import { isClosedState, isReadyState } from '../session-states'
import { HabitsByDevice } from './habits-by-device'
import { checkAssociates, descendantsOf } from './hierarchy'
import { HookRunner, type SessionHooks } from './hooks'
import { LeaseMonitor } from './lease-monitor'
import { Admission } from './manager-admission'
import { wrongDataSource } from './manager-errors'
import { ManagerFigures } from './manager-figures'
import { closeAllInTime } from './manager-shutdown'
import { createManagerMachine, type ManagerTrigger } from './manager-states'
import { SessionTicker } from './manager-ticker'
import { SessionNotifications } from './notifications'
import { PortReservations } from './port-reservations'
import { SessionsById } from './sessions-by-id'

export interface SessionManagerOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: SettingsSource
  readonly metrics: SessionMetrics
  readonly transports: TransportFactory
  readonly createProtocol: BoardProtocolFactory
  readonly attributeStores: AttributeStoreFactory
  readonly devices: DeviceLocator
  readonly ports: PortSource
  /** 32 hex digits, never the same twice. */
  readonly newId?: () => string
  readonly platform?: NodeJS.Platform
}

/** What is wanted of the pool: a session of this device, or on this port. */
interface AcquireInput {
  readonly port?: string
  readonly deviceKey?: string
  /** Default: as configured. 0: now or not at all. */
  readonly timeoutMs?: number
}

/**
 * All sessions: who may open one, which port is whose, how they are shared, and how they end. What is asked of one of them
 * by its id stands in `SessionsById`; the rest is done by stations that meet here.
 */
export class SessionManager extends SessionsById implements Disposable {
  /** Start and stop streams. */
  readonly notifications: SessionNotifications
  /** Repeated snippets. */
  readonly samplers: Samplers
  private readonly machine = createManagerMachine()
  private readonly reservations: PortReservations
  private readonly admission: Admission<Session>
  private readonly pool: SessionPool<Session>
  private readonly hooks: HookRunner
  private readonly leases: LeaseMonitor
  private readonly ticker: SessionTicker
  private readonly events: SessionEvents
  private readonly figures: ManagerFigures
  private readonly stateChanged: Emitter<ManagerState>
  private readonly owned = new DisposableStore()
  private readonly habits = new HabitsByDevice()
  private isAsleep = false
  private shuttingDown: Promise<void> | null = null

  constructor(private readonly options: SessionManagerOptions) {
    super(options.logger, () => options.settings.current)
    const { clock, logger, metrics, settings, newId = () => randomBytes(16).toString('hex'), platform = process.platform } = options
    const { registry, owned } = this
    const current = this.currentSettings
    const sessions = (): readonly Session[] => registry.snapshot()
    const onListenerError = (error: unknown): void => logger.error('A listener of the session manager failed.', { error })
    this.events = owned.add(new SessionEvents(clock, onListenerError))
    this.stateChanged = owned.add(new Emitter<ManagerState>(onListenerError))
    const limit = (): number => current().maxConcurrentSessions
    const figures = new ManagerFigures({ clock, registry, limit, pool: () => this.pool, state: () => this.state, onListenerError })
    this.figures = owned.add(figures)
    const reservations = owned.add(new PortReservations(clock, platform))
    this.reservations = reservations
    this.admission = new Admission({ registry, reservations, newId, limit })
    const isEnabled = (): boolean => current().pool.enabled
    this.pool = owned.add(new SessionPool({ clock, logger, metrics, isEnabled, host: this.poolHost, onChanged: () => figures.tell() }))
    this.hooks = new HookRunner({
      clock,
      logger,
      limitMs: sessionId => (registry.tryGet(sessionId)?.info.options ?? current().session).connectionTimeoutMs,
      onFailed: (snapshot, message) => this.publish([{ type: 'error', snapshot, message }]),
    })
    this.leases = owned.add(new LeaseMonitor({ clock, logger, sessions, intervalMs: () => current().lease.sweepIntervalMs }))
    this.ticker = owned.add(new SessionTicker({ clock, logger, sessions, onTicked: () => figures.tellRates() }))
    this.notifications = owned.add(new SessionNotifications(clock, logger, () => current().integrateSessionManagement))
    this.samplers = owned.add(new Samplers({ clock, logger, find: sessionId => this.findSampled(sessionId) }))
    owned.add(this.events.event(event => this.follow(event)))
    owned.add(reservations.onFreed(() => this.servePool()))
    owned.add(settings.onChanged(() => this.applySettings()))
  }

  get state(): ManagerState {
    return this.machine.state
  }

  get status(): ManagerStatus {
    return this.figures.status
  }

  get health(): ManagerHealth {
    return this.figures.health
  }

  get poolStats(): PoolStats {
    return this.pool.stats
  }

  /** What is not closed, groups included, in numbers. */
  get gauges(): ManagerFigures['gauges'] {
    return this.figures.gauges
  }

  get onStatus(): Event<ManagerStatus> {
    return this.figures.onStatus
  }

  get onStateChanged(): Event<ManagerState> {
    return this.stateChanged.event
  }

  get onEvent(): Event<SessionEvent> {
    return this.events.event
  }

  /** The hooks run for every session until the result is disposed. */
  addHook(hooks: SessionHooks): Disposable {
    return this.hooks.add(hooks)
  }

  // Opening.

  /**
   * Rejects with `InvalidArgument`, `SessionLimitExceeded`, `OpenFailed`, `ServiceDisabled`, `ManagerNotActive` or
   * `ManagerDisposed`. A warm session gives way where its device or its place is wanted.
   */
  async open(input: OpenInput, client = ''): Promise<SessionSnapshot> {
    return await this.openOver(this.options.transports, input, client)
  }

  /** The same over a transport that is there already. Should the session be lost, it connects anew by its port. */
  async openWith(transport: Transport, input: OpenInput = {}, client = ''): Promise<SessionSnapshot> {
    const { port, backend } = transport
    return await this.openOver(readyTransport(transport, this.options.transports), { port, backend, ...input }, client)
  }

  private async openOver(transports: TransportFactory, input: OpenInput, client: string): Promise<SessionSnapshot> {
    this.refuseOpening()
    const { ports: known } = this.options
    const ports = mustBeIdentified(known, input.port) ? await withIdentified(known, input.port) : known
    const request = readOpenRequest(input, { settings: this.currentSettings(), ports, client })
    for (let victim = this.pool.victimFor(request); victim !== null; victim = this.pool.victimFor(request)) {
      // Nobody is to lose a place for an open that is refused anyway.
      if (victim.snapshot.deviceKey !== request.deviceKey) this.admission.refuseTaken(request)
      await this.pool.evict(victim.sessionId)
    }
    // No pause from here to `begin`: two opens at once must not both find the last free place, or the port free.
    this.refuseOpening()
    const { session, ready } = this.begin(request, { transports })
    await ready
    return session.snapshot
  }

  /** Capacity, port, id and registry in one go; what follows takes its time. */
  private begin(
    asked: OpenRequest,
    { transports, prepare }: { readonly transports: TransportFactory; readonly prepare?: (session: Session) => void },
  ): { readonly session: Session; readonly ready: Promise<void> } {
    const associateSessionKeys = checkAssociates(null, asked.metadata.associateSessionKeys, this.family)
    const request = { ...asked, metadata: Object.freeze({ ...asked.metadata, associateSessionKeys }) }
    const { clock, metrics, createProtocol, attributeStores, devices, ports } = this.options
    const session = this.admission.admit(request, (sessionId, reservation) => {
      const settings = this.currentSettings
      const { host } = this
      const habits = this.habits.of(request.deviceKey)
      const findPort = (path: string): PortInfo | undefined => ports.find(path)
      // The process too: several runs of the app write to the same file.
      const logger = scopedLogger(this.logger, `fleet-${process.pid}-${sessionId}`)
      const shared = { clock, logger, settings, metrics, createProtocol, attributeStores, devices, findPort }
      const needs = { ...shared, transports, habits, reservation, host }
      return new Session(sessionId, request, needs)
    })
    if (this.state === 'Inactive') this.move('open')
    this.figures.admitted()
    prepare?.(session)
    this.publish([{ type: 'created', snapshot: session.snapshot }])
    return { session, ready: this.finishOpening(session) }
  }

  private async finishOpening(session: Session): Promise<void> {
    const snapshot = await session.open()
    if (!isClosedState(session.state)) this.notifications.start(snapshot)
  }

  // The pool.

  /** Rejects with `PoolTimeout`, `OperationCancelled` (the signal), `ManagerNotActive` or what an open rejects with. */
  async acquire(input: AcquireInput, client = '', signal?: AbortSignal): Promise<PoolTicket> {
    return (await this.acquireSession(input, client, signal)).ticket
  }

  /** Idempotent; a token that is not in use answers `released: false`. */
  async release(token: string): Promise<{ readonly released: boolean }> {
    this.refuseDisposed()
    return await this.pool.release(token)
  }

  /** Does something with a session of this device, and gives the session back whatever becomes of it. */
  async withSession<T>(deviceKey: string, work: (session: Session) => Promise<T>): Promise<T> {
    const { ticket, session } = await this.acquireSession({ deviceKey }, '', undefined)
    try {
      return await work(session)
    } finally {
      await this.pool.release(ticket.token)
    }
  }

  private async acquireSession(input: AcquireInput, client: string, signal: AbortSignal | undefined): Promise<Acquired<Session>> {
    this.refuseOpening()
    const { ports: known } = this.options
    const ports = mustBeIdentified(known, input.port) ? await withIdentified(known, input.port) : known
    const lookup = withHeld(ports, deviceKey => this.portOf(deviceKey))
    const { timeoutMs = this.currentSettings().pool.acquireTimeoutMs, ...target } = input
    const read = (): OpenRequest => readOpenRequest(target, { settings: this.currentSettings(), ports: lookup, client: 'pool' })
    this.refuseOpening()
    return await this.pool.acquire({ request: read(), reread: read, client, timeoutMs, signal })
  }

  private portOf(deviceKey: string): string | null {
    return this.registry.snapshot().find(({ snapshot }) => snapshot.deviceKey === deviceKey)?.snapshot.port ?? null
  }

  private get poolHost(): PoolHost<Session> {
    const { admission, reservations } = this
    return {
      hasRoom: () => admission.hasRoom,
      isTaken: request => admission.isTaken(request),
      begin: (request, prepare) => {
        this.refuseOpening()
        return this.begin(request, { transports: this.options.transports, prepare })
      },
      gone: sessionId => reservations.ended(sessionId),
    }
  }

  /** In a moment: what has just become free may be in the middle of telling so. */
  private servePool(): void {
    if (this.pool.waitingCount > 0) queueMicrotask(() => this.pool.serve())
  }

  // Closing.

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

  /** Every session that this client opened and nobody else uses, and those that it has from the pool. Never rejects. */
  async closeAllOf(client: string): Promise<void> {
    const own = this.registry
      .snapshot()
      .filter(({ sessionId, snapshot }) => snapshot.clientIdentity === client && !this.pool.isInUse(sessionId))
    await Promise.all([this.closeMany(own, 'flush'), this.pool.releaseAllOf(client)])
  }

  /** Closes what has outlived its lease; resolves with the number of sessions that this has closed. Joins a sweep under way. */
  async closeExpiredLeases(now: number): Promise<number> {
    this.refuseDisposed()
    return await this.leases.closeExpired(now)
  }

  private async closeMany(sessions: readonly Session[], mode: 'flush' | 'now'): Promise<void> {
    const closing = sessions.map(async session => {
      try {
        await session.close({ mode, reason: 'client-close' })
      } catch (error) {
        this.logger.warn('A session did not close in order.', { sessionId: session.sessionId, error })
      }
    })
    await Promise.all(closing)
  }

  // The computer sleeps, and the app quits.

  /** The computer goes to sleep: no clock is looked at until `resume`. */
  suspend(): void {
    if (this.isAsleep || this.state === 'Disposed') return
    this.isAsleep = true
    this.stopTickers()
    for (const session of this.registry.snapshot()) session.suspend()
  }

  /** Every session is asked at once whether it is still there; leases that ran out meanwhile have a little longer. */
  resume(): void {
    if (!this.isAsleep) return
    this.isAsleep = false
    for (const session of this.registry.snapshot()) session.resume()
    if (this.state === 'Active') this.startTickers(RESUME_LEASE_GRACE_MS)
  }

  /**
   * Closes every session, all at once, and kills those that are not closed in time. Takes no new work from here on.
   * Never rejects; a second call joins the first. Default limit: as configured.
   */
  shutdown({ timeoutMs = this.currentSettings().session.shutdownTimeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.shuttingDown ??= this.closeAll(timeoutMs)
    return this.shuttingDown
  }

  /** The emergency exit: kills everything and waits for nothing. */
  dispose(): void {
    if (this.state === 'Disposed') return
    this.pool.fail(managerNotAvailable('Disposed'))
    for (const session of this.registry.snapshot()) void session.kill()
    this.move('fatal')
  }

  private async closeAll(timeoutMs: number): Promise<void> {
    if (this.state === 'Disposed') return
    this.move('shut-down')
    this.pool.fail(managerNotAvailable('Shutdown'))
    await closeAllInTime(this.registry.snapshot(), timeoutMs, this.options)
    this.move('all-closed')
  }

  /** Takes a row of the table, then what belongs to it, then tells. */
  private move(trigger: ManagerTrigger): void {
    if (!this.machine.fire(trigger)) return
    const { state } = this
    if (state === 'Active' && !this.isAsleep) this.startTickers()
    if (state === 'Disposed') this.stopTickers()
    this.stateChanged.fire(state)
    this.figures.tellNow()
    if (state === 'Disposed') this.owned.dispose()
  }

  private startTickers(firstLeaseSweepMs?: number): void {
    this.ticker.start()
    this.leases.start(firstLeaseSweepMs)
  }

  private stopTickers(): void {
    this.ticker.stop()
    this.leases.stop()
  }

  // What the sessions tell.

  private readonly host: SessionHost = {
    retire: ({ sessionId }, result) => {
      const session = this.registry.tryGet(sessionId)
      this.registry.tryRemove(sessionId)
      if (session !== undefined && result !== null) this.registry.bury({ info: session.info, result })
    },
    publish: happenings => this.publish(happenings),
    runConnectedHooks: snapshot => this.hooks.runConnected(snapshot),
  }

  private publish(happenings: readonly Happening[]): void {
    this.figures.count(happenings)
    this.events.publish(happenings)
    this.figures.tellAfter(happenings)
  }

  /** The first to hear: what the stations know is as new as the event when anyone else hears it. */
  private follow(event: SessionEvent): void {
    const { type, sessionId, snapshot } = event
    if (type === 'disposed') this.pool.forget(sessionId)
    if (type === 'disconnected' && snapshot.state === 'Disconnected') this.notifications.stop(snapshot)
    this.samplers.hear(event)
    this.hooks.hear(event)
    if (isClosedState(snapshot.state)) this.servePool()
  }

  private applySettings(): void {
    if (!this.currentSettings().pool.enabled) this.pool.evictAll()
    this.servePool()
    this.figures.tell()
  }

  private findSampled(sessionId: string): SampledSession {
    const session = this.findForWork(sessionId)
    const { backend, clientSessionName } = session.snapshot
    if (backend === 'none') throw sessionNotReady({ sessionId, name: `the group “${clientSessionName || sessionId}”` }, session.state)
    return {
      sessionId,
      get isReady() {
        return isReadyState(session.state) && session.snapshot.attachment === 'prompt'
      },
      execute: (code, options) => this.execute(sessionId, code, options),
    }
  }
}
