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
  AppInfo,
  BoardIdentity,
  ManagerStatus,
  MetricColumns,
  OutputItem,
  PortInfo,
  PortList,
  SessionEventType,
  SessionSnapshot,
  SessionStatistics,
} from '../../shared/model'

interface Subscription {
  readonly name: EventName
  readonly params: unknown
  readonly listener: (payload: never) => void
}

export interface RecordedCall {
  readonly name: CommandName
  readonly input: unknown
}

type Answer<N extends CommandName> = (input: CommandInput<N>) => Result<CommandOutput<N>> | Promise<Result<CommandOutput<N>>>

/**
 * The page's other side, for tests and the preview: records calls, answers them as told, and delivers events by hand.
 * Commands without an answer of their own succeed with something plain.
 */
export class FakeBridge implements MusterBridge {
  readonly platform = 'linux'
  readonly calls: RecordedCall[] = []
  ports: PortList = { ports: [], scannedAt: 0, stale: null }
  sessions: readonly SessionSnapshot[] = []
  status: ManagerStatus = aStatus()
  private readonly subscriptions = new Set<Subscription>()
  private readonly answers = new Map<CommandName, (input: never) => unknown>()
  private eventSeq = 0

  async call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<Result<CommandOutput<N>>> {
    this.calls.push({ name, input })
    const answer = (this.answers.get(name) ?? DEFAULT_ANSWERS[name]) as Answer<N> | undefined
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
    extra: { readonly reason?: 'unexpected' | 'client-close' | 'open-failed' | 'killed' } = {},
  ): void {
    const others = this.sessions.filter(session => session.sessionId !== snapshot.sessionId)
    this.sessions = snapshot.state === 'Disposed' ? others : [...others, snapshot]
    const event = { seq: ++this.eventSeq, at: Date.now(), type, sessionId: snapshot.sessionId, snapshot, ...extra }
    this.emit('sessions:changed', { kind: 'events', events: [event] })
  }

  setStatus(status: Partial<ManagerStatus>): void {
    this.status = { ...this.status, ...status }
    this.emit('manager:changed', this.status)
  }

  private deliverFirst(subscription: Subscription): void {
    const deliver = subscription.listener as (payload: unknown) => void
    if (subscription.name === 'ports:changed') deliver(this.ports)
    if (subscription.name === 'sessions:changed') deliver({ kind: 'all', sessions: this.sessions })
    if (subscription.name === 'manager:changed') deliver(this.status)
  }
}

const DEFAULT_ANSWERS: { readonly [N in CommandName]?: Answer<N> } = {
  'app:info': () => ({ ok: true, value: anAppInfo() }),
  'ports:list': () => ({ ok: true, value: { ports: [], scannedAt: 0, stale: null } }),
  'simulated:start': () => ({ ok: true, value: { ports: [] } }),
  'sessions:cancel': () => ({ ok: true, value: { cancelled: true } }),
  'output:copy': () => ({ ok: true, value: { bytes: 38_200, droppedBytes: 0 } }),
  'output:save': () => ({ ok: true, value: { saved: true, file: 'output.log', bytes: 38_200, droppedBytes: 0 } }),
}

export function anAppInfo(over: Partial<AppInfo> = {}): AppInfo {
  return { version: '0.1.0', electron: '45.4.1', chromium: '150', node: '24', packaged: false, runtimeNote: null, ...over }
}

export function aStatus(over: Partial<ManagerStatus> = {}): ManagerStatus {
  return {
    state: 'Active',
    open: 0,
    limit: 64,
    totalOpened: 0,
    totalClosed: 0,
    peakOpen: 0,
    bytesInPerSecond: 0,
    bytesOutPerSecond: 0,
    ...over,
  }
}

export function aPort(path: string, over: Partial<PortInfo> = {}): PortInfo {
  const isSimulated = path.startsWith('simulated:')
  return {
    path,
    backend: isSimulated ? 'simulated' : 'serial',
    source: isSimulated ? 'simulated' : 'listed',
    present: true,
    deviceKey: `path:${path}`,
    label: path.slice(path.lastIndexOf('/') + 1),
    boardHint: null,
    usb: null,
    ...over,
  }
}

export function aBoard(over: Partial<BoardIdentity> = {}): BoardIdentity {
  return {
    name: 'micropython',
    version: '1.27.0',
    machine: 'Raspberry Pi Pico with RP2040',
    uniqueId: 'e6616408432d4f2b',
    freeMemoryBytes: 184_320,
    ...over,
  }
}

/** Ids stay the same for a port, so that a later snapshot is of the same session. */
export function aSession(port: string, over: Partial<SessionSnapshot> = {}): SessionSnapshot {
  const at = Date.now()
  return {
    sessionId: `session-${[...port]
      .map(char => char.charCodeAt(0).toString(16))
      .join('')
      .padEnd(32, '0')
      .slice(-32)}`,
    deviceKey: `path:${port}`,
    port,
    backend: port.startsWith('simulated:') ? 'simulated' : 'serial',
    baudRate: 115_200,
    clientSessionName: '',
    portLabel: '',
    state: 'Idle',
    phase: null,
    stateSince: at,
    openedAt: at,
    connectedAt: at,
    fault: null,
    board: aBoard(),
    running: null,
    queuedExecutions: 0,
    statistics: someStatistics(),
    ...over,
  }
}

/** A session whose board has been unplugged. */
export function aLostSession(port: string, at = Date.now()): SessionSnapshot {
  return aSession(port, {
    state: 'Error',
    stateSince: at,
    fault: {
      code: 'OperationFailed',
      reason: 'disconnected',
      message: `The board on ${port} was disconnected.`,
      hint: 'Check the cable, then open the port again.',
      at,
      final: false,
    },
  })
}

export function someStatistics(over: Partial<SessionStatistics> = {}): SessionStatistics {
  return {
    bytesIn: 0,
    bytesOut: 0,
    operations: 0,
    errors: 0,
    pendingOperations: 0,
    pendingWriteBytes: 0,
    lastReadAt: null,
    lastWriteAt: null,
    lastIoAt: null,
    bytesInPerSecond: 0,
    bytesOutPerSecond: 0,
    latencyMs: null,
    ...over,
  }
}

export function someBytes(text: string, channel: 'stdout' | 'exception' | 'outside' = 'stdout', at = 0): OutputItem {
  return { type: 'bytes', at, channel, bytes: new TextEncoder().encode(text) }
}

export type MetricRow = Readonly<Record<keyof MetricColumns, number>>

export function someColumns(rows: readonly MetricRow[]): MetricColumns {
  const column = (name: keyof MetricColumns): Float64Array => Float64Array.from(rows, row => row[name])
  return {
    at: column('at'),
    latencyP50Ms: column('latencyP50Ms'),
    latencyP95Ms: column('latencyP95Ms'),
    bytesInPerSecond: column('bytesInPerSecond'),
    bytesOutPerSecond: column('bytesOutPerSecond'),
    executionsPerSecond: column('executionsPerSecond'),
    failuresPerSecond: column('failuresPerSecond'),
  }
}
