import { Emitter } from '../../../electron/core/base/emitter'
import type { OutputSource, Services } from '../../../electron/ipc/services'
import { MusterError } from '../../../shared/errors'
import type {
  AppInfo,
  ManagerStatus,
  MenuAction,
  MetricColumns,
  MetricUpdate,
  OutputItem,
  PortInfo,
  PortList,
  SessionEvent,
  SessionSnapshot,
  SessionStatistics,
} from '../../../shared/model'

export const SESSION_ID = `session-${'a'.repeat(32)}`
export const OTHER_SESSION_ID = `session-${'b'.repeat(32)}`

export const port: PortInfo = {
  path: '/dev/ttyACM0',
  backend: 'serial',
  source: 'listed',
  present: true,
  deviceKey: 'path:/dev/ttyACM0',
  label: 'Board',
  boardHint: null,
  usb: null,
}

export const appInfo: AppInfo = { version: '0.1.0', electron: '45', chromium: '140', node: '24', packaged: false, runtimeNote: null }

const statistics: SessionStatistics = {
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
}

export function sessionSnapshot(sessionId: string): SessionSnapshot {
  return {
    sessionId,
    deviceKey: port.deviceKey,
    port: port.path,
    backend: 'serial',
    baudRate: 115_200,
    clientSessionName: 'bench',
    portLabel: '',
    state: 'Idle',
    phase: null,
    stateSince: 0,
    openedAt: 0,
    connectedAt: 0,
    fault: null,
    board: null,
    running: null,
    queuedExecutions: 0,
    statistics,
  }
}

export function managerStatus(open: number): ManagerStatus {
  return { state: 'Active', open, limit: 64, totalOpened: open, totalClosed: 0, peakOpen: open, bytesInPerSecond: 0, bytesOutPerSecond: 0 }
}

export function metricUpdate(kind: MetricUpdate['kind'], rows: number): MetricUpdate {
  const column = (): Float64Array => new Float64Array(rows)
  const columns: MetricColumns = {
    at: column(),
    latencyP50Ms: column(),
    latencyP95Ms: column(),
    bytesInPerSecond: column(),
    bytesOutPerSecond: column(),
    executionsPerSecond: column(),
    failuresPerSecond: column(),
  }
  return { sessionId: SESSION_ID, kind, columns, markers: [] }
}

/** Output that keeps the last `capacity` bytes, one item an append. */
export class FakeOutput implements OutputSource {
  readonly appended = new Emitter<void>()
  readonly onAppended = this.appended.event
  start = 0
  end = 0
  droppedBytes = 0
  private kept = Buffer.alloc(0)

  constructor(private readonly capacity = 4 * 1024 * 1024) {}

  append(bytes: Uint8Array | string): void {
    this.kept = Buffer.concat([this.kept, Buffer.from(bytes)])
    this.end += Buffer.byteLength(bytes)
    const surplus = Math.max(0, this.kept.byteLength - this.capacity)
    this.kept = this.kept.subarray(surplus)
    this.start += surplus
    this.droppedBytes += surplus
    this.appended.fire()
  }

  read(after: number, maxBytes: number): { items: readonly OutputItem[]; upTo: number; missedBytes: number } {
    const from = Math.max(after, this.start)
    const bytes = new Uint8Array(this.kept.subarray(from - this.start, from - this.start + maxBytes))
    const items: OutputItem[] = bytes.byteLength > 0 ? [{ type: 'bytes', at: 0, channel: 'stdout', bytes }] : []
    return { items, upTo: from + bytes.byteLength, missedBytes: from - after }
  }

  skip(after: number, to: number): { marks: readonly never[]; missedBytes: number } {
    return { marks: [], missedBytes: to - after }
  }

  clear(): void {
    this.kept = Buffer.alloc(0)
    this.start = this.end
  }
}

/** Services that write down what is asked of them. */
export class FakeServices implements Services {
  /** Names of the methods called, in order. */
  readonly calls: string[] = []
  /** What the next calls reject with. */
  failure: unknown = null
  clipboard = ''
  saved: { name: string; chunks: readonly Uint8Array[] } | null = null

  readonly portsChanged = new Emitter<PortList>()
  readonly sessionEvents = new Emitter<SessionEvent>()
  readonly statusChanged = new Emitter<ManagerStatus>()
  readonly samples = new Emitter<MetricUpdate>()
  readonly menu = new Emitter<MenuAction>()
  readonly outputs = new Map<string, FakeOutput>([[SESSION_ID, new FakeOutput()]])

  get listenerCount(): number {
    const emitters = [this.portsChanged, this.sessionEvents, this.statusChanged, this.samples, this.menu]
    const outputs = [...this.outputs.values()].map(output => output.appended)
    return [...emitters, ...outputs].reduce((sum, emitter) => sum + emitter.listenerCount, 0)
  }

  output(sessionId = SESSION_ID): FakeOutput {
    const output = this.outputs.get(sessionId)
    if (output === undefined) throw new MusterError({ code: 'SessionNotFound', message: `There is no session ${sessionId}.` })
    return output
  }

  private note<T>(name: string, value: T): T {
    this.calls.push(name)
    if (this.failure !== null) throw this.failure
    return value
  }

  readonly ports: Services['ports'] = {
    current: { ports: [port], scannedAt: 1, stale: null },
    onChanged: this.portsChanged.event,
    refresh: async () => this.note('ports.refresh', { ports: [], scannedAt: 2, stale: null }),
    add: async () => this.note('ports.add', port),
    remove: async () => this.note('ports.remove', undefined),
  }

  readonly simulated: Services['simulated'] = {
    start: async () => this.note('simulated.start', [port]),
    stop: async () => this.note('simulated.stop', undefined),
  }

  readonly sessions: Services['sessions'] = {
    status: managerStatus(1),
    onStatus: this.statusChanged.event,
    onEvent: this.sessionEvents.event,
    open: async () => this.note('sessions.open', sessionSnapshot(SESSION_ID)),
    close: async (sessionId, { mode }) => this.note(`sessions.close ${mode}`, closed(sessionId)),
    kill: async sessionId => this.note('sessions.kill', closed(sessionId)),
    list: ({ includeClosed }) => this.note(includeClosed ? 'sessions.list all' : 'sessions.list', [sessionSnapshot(SESSION_ID)]),
    info: sessionId => this.note('sessions.info', sessionSnapshot(sessionId)),
    execute: async () => this.note('sessions.execute', executionResult),
    cancel: async () => this.note('sessions.cancel', { cancelled: true }),
    statistics: () => this.note('sessions.statistics', statistics),
    output: sessionId => this.note('sessions.output', this.output(sessionId)),
    metrics: sessionId => {
      this.output(sessionId)
      return this.note('sessions.metrics', { readAll: () => metricUpdate('all', 3), onSamples: this.samples.event })
    },
  }

  readonly shell: Services['shell'] = {
    info: appInfo,
    onMenu: this.menu.event,
    writeClipboard: text => {
      this.note('shell.writeClipboard', undefined)
      this.clipboard = text
    },
    saveFile: async (name, chunks) => {
      this.saved = { name, chunks }
      return this.note('shell.saveFile', '/home/ada/out.log')
    },
  }
}

const executionResult = {
  executionId: 'execution-1',
  number: 1,
  outcome: 'ok',
  stdout: '2\n',
  stdoutBytes: 2,
  stdoutTruncated: false,
  durationMs: 3,
} as const

function closed(sessionId: string) {
  return { sessionId, finalState: 'Closed', state: 'Disposed', alreadyClosed: false, reason: 'client-close', killed: false } as const
}
