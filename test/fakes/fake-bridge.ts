import type {
  CommandInput,
  CommandName,
  CommandOutput,
  EventName,
  EventParams,
  EventPayload,
  MusterBridge,
  Result,
} from '../../shared/contract'
import type { ErrorInfo } from '../../shared/errors'
import type {
  ConfigReport,
  FilterInfo,
  HistoryEntry,
  JsonValue,
  ManagerStatus,
  Notice,
  PortInfo,
  PortList,
  SamplerUpdate,
  SessionEvent,
  SessionEventType,
  SessionInfo,
  SessionSnapshot,
  TransferUpdate,
} from '../../shared/model'
import { aConfigReport, aStatus, noSamples } from './bridge-shapes'
import { type Answer, type Answers, plainAnswers } from './fake-answers'

export * from './bridge-shapes'

interface Subscription {
  readonly name: EventName
  readonly params: unknown
  readonly listener: (payload: never) => void
}

export interface RecordedCall {
  readonly name: CommandName
  readonly input: unknown
}

/** One `notify:subscribe` and how many notices it has had. */
interface Notification {
  readonly kind: Notice['kind']
  readonly dataSource: string
  seq: number
}

/**
 * The page's other side, for tests and the preview: records calls, answers them as told, and delivers events by hand.
 * Commands without an answer of their own do something plain, see `plainAnswers`.
 */
export class FakeBridge implements MusterBridge {
  readonly platform = 'linux'
  readonly calls: RecordedCall[] = []
  ports: PortList = { ports: [], scannedAt: 0, stale: null }
  sessions: readonly SessionSnapshot[] = []
  status: ManagerStatus = aStatus()
  config: ConfigReport = aConfigReport()
  history: readonly HistoryEntry[] = []
  /** What `sessions:info` says beyond the snapshot, by session id. */
  readonly infos = new Map<string, Partial<Pick<SessionInfo, 'options' | 'history'>>>()
  /** What a repeated snippet brought, by session id. */
  readonly samples = new Map<string, SamplerUpdate>()
  /** By subscription id. */
  readonly notifications = new Map<string, Notification>()
  /** What is on its way for a session; null for nothing of it. */
  transfersOf: (sessionId: string) => TransferUpdate | null = () => null
  private readonly filters = new Map<string, readonly FilterInfo[]>()
  private readonly attributes = new Map<string, Map<string, JsonValue>>()
  private readonly subscriptions = new Set<Subscription>()
  private readonly answers = new Map<CommandName, (input: never) => unknown>()
  private readonly plain: Answers = plainAnswers(this)
  private eventSeq = 0
  private notificationSeq = 0

  async call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<Result<CommandOutput<N>>> {
    this.calls.push({ name, input })
    const answer = (this.answers.get(name) ?? this.plain[name]) as Answer<N> | undefined
    if (answer === undefined) return { ok: true, value: {} as CommandOutput<N> }
    return await answer(input)
  }

  subscribe<N extends EventName>(name: N, params: EventParams<N>, listener: (payload: EventPayload<N>) => void): () => void {
    const subscription: Subscription = { name, params, listener }
    this.subscriptions.add(subscription)
    queueMicrotask(() => {
      if (this.subscriptions.has(subscription)) this.deliverFirst(subscription)
    })
    return () => {
      this.subscriptions.delete(subscription)
    }
  }

  answer<N extends CommandName>(name: N, answer: Answer<N>): void {
    this.answers.set(name, answer)
  }

  fail(name: CommandName, error: ErrorInfo): void {
    this.answers.set(name, () => ({ ok: false, error }))
  }

  callsOf<N extends CommandName>(name: N): readonly CommandInput<N>[] {
    return this.calls.filter(call => call.name === name).map(call => call.input as CommandInput<N>)
  }

  /** Subscriptions that have not been ended: a test's proof that none was left behind. */
  get subscriptionCount(): number {
    return this.subscriptions.size
  }

  subscriptionsOf<N extends EventName>(name: N): readonly EventParams<N>[] {
    return [...this.subscriptions].filter(subscription => subscription.name === name).map(({ params }) => params as EventParams<N>)
  }

  /** `where` chooses among subscriptions of one name by their parameters. */
  emit<N extends EventName>(name: N, payload: EventPayload<N>, where: (params: EventParams<N>) => boolean = () => true): void {
    for (const subscription of [...this.subscriptions]) {
      if (subscription.name !== name || !where(subscription.params as EventParams<N>)) continue
      ;(subscription.listener as (payload: EventPayload<N>) => void)(payload)
    }
  }

  setPorts(ports: readonly PortInfo[], stale: PortList['stale'] = null): void {
    this.ports = { ports, scannedAt: Date.now(), stale }
    this.emit('ports:changed', this.ports)
  }

  /** Takes the snapshot as the session's new state and tells the page. */
  setSession(
    snapshot: SessionSnapshot,
    type: SessionEventType = 'stateChanged',
    extra: Partial<Pick<SessionEvent, 'reason' | 'previous' | 'reconnected' | 'exhausted' | 'idle' | 'attribute' | 'notice'>> = {},
  ): void {
    const isKnown = this.sessions.some(session => session.sessionId === snapshot.sessionId)
    const sessions = this.sessions.map(session => (session.sessionId === snapshot.sessionId ? snapshot : session))
    this.sessions = (isKnown ? sessions : [...sessions, snapshot]).filter(session => session.state !== 'Disposed')
    const event = { seq: ++this.eventSeq, at: Date.now(), type, sessionId: snapshot.sessionId, snapshot, ...extra }
    this.emit('sessions:changed', { kind: 'events', events: [event] })
  }

  setStatus(status: Partial<ManagerStatus>): void {
    this.status = { ...this.status, ...status }
    this.emit('manager:changed', this.status)
  }

  setConfig(config: Partial<ConfigReport>): void {
    this.config = { ...this.config, ...config }
    this.emit('config:changed', this.config)
  }

  filtersOf(sessionId: string): readonly FilterInfo[] {
    return this.filters.get(sessionId) ?? []
  }

  setFilters(sessionId: string, chain: readonly FilterInfo[]): void {
    this.filters.set(sessionId, chain)
    this.retell(sessionId, 'filtersChanged')
  }

  attributesOf(sessionId: string): ReadonlyMap<string, JsonValue> {
    return this.attributes.get(sessionId) ?? new Map()
  }

  /** Undefined removes it. */
  setAttribute(sessionId: string, key: string, value: JsonValue | undefined): void {
    const attributes = new Map(this.attributesOf(sessionId))
    if (value === undefined) attributes.delete(key)
    else attributes.set(key, value)
    this.attributes.set(sessionId, attributes)
    this.retell(sessionId, 'attributesChanged', { attribute: key })
  }

  historyOf(sessionId: string | null): readonly HistoryEntry[] {
    return this.history.filter(entry => sessionId === null || entry.sessionId === sessionId)
  }

  addHistory(...entries: readonly HistoryEntry[]): void {
    this.history = [...this.history, ...entries]
    for (const sessionId of new Set(this.subscriptionsOf('history:entries').map(params => params.sessionId))) {
      const told = entries.filter(entry => sessionId === null || entry.sessionId === sessionId)
      if (told.length > 0) this.emit('history:entries', { kind: 'more', entries: told }, params => params.sessionId === sessionId)
    }
  }

  /** Takes `update` as all there is of its session's samples and tells the page. */
  setSamples(update: SamplerUpdate): void {
    this.samples.set(update.sessionId, update)
    this.emit('sampler:samples', update, params => params.sessionId === update.sessionId)
  }

  addNotification(kind: Notice['kind'], dataSource: string): string {
    const subscriptionId = `notification-${++this.notificationSeq}`
    this.notifications.set(subscriptionId, { kind, dataSource, seq: 0 })
    return subscriptionId
  }

  /** A start or a stop, told to whoever asked for it. */
  notify(kind: Notice['kind'], dataSource: string, sessionKey: string, at = Date.now()): void {
    for (const [subscriptionId, notification] of this.notifications) {
      if (notification.kind !== kind || notification.dataSource !== dataSource) continue
      this.emit('notify:notice', { subscriptionId, kind, dataSource, sessionKey, seq: ++notification.seq, at })
    }
  }

  private retell(sessionId: string, type: SessionEventType, extra: { readonly attribute?: string } = {}): void {
    const snapshot = this.sessions.find(session => session.sessionId === sessionId)
    if (snapshot !== undefined) this.setSession(snapshot, type, extra)
  }

  private deliverFirst({ name, params, listener }: Subscription): void {
    const deliver = listener as (payload: unknown) => void
    const { sessionId = null } = params as { readonly sessionId?: string | null }
    if (name === 'ports:changed') deliver(this.ports)
    if (name === 'sessions:changed') deliver({ kind: 'all', sessions: this.sessions })
    if (name === 'manager:changed') deliver(this.status)
    if (name === 'config:changed') deliver(this.config)
    if (name === 'history:entries') deliver({ kind: 'all', entries: this.historyOf(sessionId) })
    if (name === 'files:transfers' && sessionId !== null)
      deliver(this.transfersOf(sessionId) ?? { kind: 'all', transfers: [], files: [], gone: [] })
    if (name === 'sampler:samples' && sessionId !== null) deliver(this.samples.get(sessionId) ?? noSamples(sessionId))
  }
}
