import { randomBytes } from 'node:crypto'
import type { OpenInput } from '../../../../shared/contract'
import type {
  ManagerHealth,
  ManagerState,
  ManagerStatus,
  PoolStats,
  PoolTicket,
  SessionEvent,
  SessionSnapshot,
} from '../../../../shared/model'
import { type Disposable, DisposableStore } from '../../base/disposable'
import { Emitter, type Event } from '../../base/emitter'
import type { Transport } from '../../transport/transport'
import { readyTransport } from '../connection/ready-transport'
import { type PoolHost, SessionPool } from '../pool/pool'
import type { SampledSession } from '../samplers/sampler'
import { Samplers } from '../samplers/samplers'
import type { Session } from '../session'
import { managerNotAvailable, sessionNotReady } from '../session-errors'
import { type Happening, SessionEvents } from '../session-events'
import type { SessionHost } from '../session-needs'
import { isClosedState, isReadyState } from '../session-states'
import { HookRunner, type SessionHooks } from './hooks'
import { Admission } from './manager-admission'
import { ManagerClocks } from './manager-clocks'
import { ManagerFigures } from './manager-figures'
import type { SessionManagerOptions } from './manager-options'
import { closeAllInTime } from './manager-shutdown'
import { createManagerMachine, type ManagerTrigger } from './manager-states'
import { SessionNotifications } from './notifications'
import { PortReservations } from './port-reservations'
import { type AcquireInput, SessionOpener } from './session-opener'
import { SessionsById } from './sessions-by-id'

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
  private readonly clocks: ManagerClocks
  private readonly opener: SessionOpener
  private readonly events: SessionEvents
  private readonly figures: ManagerFigures
  private readonly stateChanged: Emitter<ManagerState>
  private readonly owned = new DisposableStore()
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
    this.clocks = owned.add(
      new ManagerClocks({
        clock,
        logger,
        sessions,
        intervalMs: () => current().lease.sweepIntervalMs,
        onTicked: () => figures.tellRates(),
        isActive: () => this.state === 'Active',
      }),
    )
    this.notifications = owned.add(new SessionNotifications(clock, logger, () => current().integrateSessionManagement))
    this.samplers = owned.add(new Samplers({ clock, logger, find: sessionId => this.findSampled(sessionId) }))
    this.opener = new SessionOpener({
      options,
      settings: current,
      admission: this.admission,
      family: this.family,
      pool: this.pool,
      portOf: deviceKey => this.portOf(deviceKey),
      host: this.host,
      refuse: () => this.refuseOpening(),
      onAdmitted: () => {
        if (this.state === 'Inactive') this.move('open')
        figures.admitted()
      },
      onHandedOver: snapshot => this.notifications.start(snapshot),
    })
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
    return await this.opener.open(input, client, this.options.transports)
  }

  /** The same over a transport that is there already. Should the session be lost, it connects anew by its port. */
  async openWith(transport: Transport, input: OpenInput = {}, client = ''): Promise<SessionSnapshot> {
    const { port, backend } = transport
    return await this.opener.open({ port, backend, ...input }, client, readyTransport(transport, this.options.transports))
  }

  // The pool.

  /** Rejects with `PoolTimeout`, `OperationCancelled` (the signal), `ManagerNotActive` or what an open rejects with. */
  async acquire(input: AcquireInput, client = '', signal?: AbortSignal): Promise<PoolTicket> {
    return (await this.opener.acquire(input, client, signal)).ticket
  }

  /** Idempotent; a token that is not in use answers `released: false`. */
  async release(token: string): Promise<{ readonly released: boolean }> {
    this.refuseDisposed()
    return await this.pool.release(token)
  }

  /** Does something with a session of this device, and gives the session back whatever becomes of it. */
  async withSession<T>(deviceKey: string, work: (session: Session) => Promise<T>): Promise<T> {
    const { ticket, session } = await this.opener.acquire({ deviceKey }, '', undefined)
    try {
      return await work(session)
    } finally {
      await this.pool.release(ticket.token)
    }
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
        return this.opener.begin(request, { transports: this.options.transports, prepare })
      },
      givenBack: sessionId => void this.samplers.stop(sessionId),
      gone: sessionId => reservations.ended(sessionId),
    }
  }

  /** In a moment: what has just become free may be in the middle of telling so. */
  private servePool(): void {
    if (this.pool.waitingCount > 0) queueMicrotask(() => this.pool.serve())
  }

  // Closing, besides what `SessionsById` closes.

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
    return await this.clocks.closeExpired(now)
  }

  // The computer sleeps, and the app quits.

  /** The computer goes to sleep: no clock is looked at until `resume`. */
  suspend(): void {
    if (this.state !== 'Disposed') this.clocks.suspend()
  }

  /** Every session is asked at once whether it is still there; leases that ran out meanwhile have a little longer. */
  resume(): void {
    this.clocks.resume()
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
    if (state === 'Active') this.clocks.start()
    if (state === 'Disposed') this.clocks.stop()
    this.stateChanged.fire(state)
    this.figures.tellNow()
    if (state === 'Disposed') this.owned.dispose()
  }

  // What the sessions tell.

  private readonly host: SessionHost = {
    retire: ({ sessionId }, result) => {
      const session = this.registry.tryGet(sessionId)
      this.registry.tryRemove(sessionId)
      if (session !== undefined) this.figures.retired(session)
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
