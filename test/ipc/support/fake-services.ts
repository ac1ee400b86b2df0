import { toDisposable } from '../../../electron/core/base/disposable'
import { Emitter } from '../../../electron/core/base/emitter'
import type { AttributeStore } from '../../../electron/core/sessions/attributes/attribute-store'
import type { FilterService, OutputSource, Services } from '../../../electron/ipc/services'
import { MusterError } from '../../../shared/errors'
import type {
  ConfigReport,
  ExecutionResult,
  HistoryEntry,
  JsonValue,
  ManagerStatus,
  MenuAction,
  MetricColumns,
  MetricUpdate,
  Notice,
  OutputItem,
  PoolTicket,
  PortList,
  SamplerUpdate,
  SessionEvent,
  SessionSnapshot,
  TransferUpdate,
} from '../../../shared/model'
import {
  aConfigReport,
  aFilter,
  aHistoryEntry,
  aMetricsSnapshot,
  anAppInfo,
  aPort,
  aSampler,
  aSession,
  aStatus,
  aTransfer,
  noSamples,
  someOptions,
  somePoolStats,
} from '../../fakes/bridge-shapes'

export const SESSION_ID = `session-${'a'.repeat(32)}`
export const OTHER_SESSION_ID = `session-${'b'.repeat(32)}`

export const port = aPort('/dev/ttyACM0')
export const appInfo = anAppInfo()

export function sessionSnapshot(sessionId: string): SessionSnapshot {
  return aSession(port.path, { sessionId, stateSince: 0, openedAt: 0, connectedAt: 0, lastUsedAt: 0 })
}

export function managerStatus(open: number): ManagerStatus {
  return aStatus({ open, totalOpened: open, peakOpen: open })
}

export function notice(subscriptionId: string, seq: number): Notice {
  return { subscriptionId, kind: 'start', dataSource: 'bench', sessionKey: SESSION_ID, seq, at: 0 }
}

export function historyEntry(seq: number, sessionId = SESSION_ID): HistoryEntry {
  return aHistoryEntry(seq, { at: 0, sessionId })
}

export function samplerUpdate(sessionId: string): SamplerUpdate {
  return { ...noSamples(sessionId), kind: 'more' }
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
  /** What each method was last called with. */
  readonly arguments = new Map<string, readonly unknown[]>()
  /** What the next calls reject with. */
  failure: unknown = null
  /** Instead of an answer at once, for executions and acquires. */
  pending: Promise<unknown> | null = null
  /** What the next acquires are given, and what was given back. */
  readonly tokens: string[] = []
  readonly released: string[] = []
  clipboard = ''
  saved: { name: string; chunks: readonly Uint8Array[] } | null = null
  entries: readonly HistoryEntry[] = [historyEntry(1)]
  readonly attributes = new Map<string, JsonValue>()

  readonly portsChanged = new Emitter<PortList>()
  readonly sessionEvents = new Emitter<SessionEvent>()
  readonly statusChanged = new Emitter<ManagerStatus>()
  readonly samples = new Emitter<MetricUpdate>()
  readonly samplerSamples = new Emitter<SamplerUpdate>()
  readonly historyEntries = new Emitter<HistoryEntry>()
  readonly reports = new Emitter<ConfigReport>()
  readonly menu = new Emitter<MenuAction>()
  readonly outputs = new Map<string, FakeOutput>([[SESSION_ID, new FakeOutput()]])
  /** Notification streams that have not ended. */
  readonly streams = new Map<string, (notice: Notice) => void>()
  private streamCount = 0

  get listenerCount(): number {
    const emitters = [
      this.portsChanged,
      this.sessionEvents,
      this.statusChanged,
      this.samples,
      this.samplerSamples,
      this.historyEntries,
      this.reports,
      this.menu,
      this.transferUpdates,
    ]
    const outputs = [...this.outputs.values()].map(output => output.appended)
    return [...emitters, ...outputs].reduce((sum, emitter) => sum + emitter.listenerCount, this.streams.size)
  }

  output(sessionId = SESSION_ID): FakeOutput {
    const output = this.outputs.get(sessionId)
    if (output === undefined) throw new MusterError({ code: 'SessionNotFound', message: `There is no session ${sessionId}.` })
    return output
  }

  private note<T>(name: string, value: T, ...given: readonly unknown[]): T {
    this.calls.push(name)
    this.arguments.set(name, given)
    if (this.failure !== null) throw this.failure
    return value
  }

  /** The signal that a call was given. */
  signalOf(name: string): AbortSignal {
    const signal = this.arguments.get(name)?.find(argument => argument instanceof AbortSignal)
    if (!(signal instanceof AbortSignal)) throw new Error(`${name} was given no signal`)
    return signal
  }

  readonly ports: Services['ports'] = {
    current: { ports: [port], scannedAt: 1, stale: null },
    onChanged: this.portsChanged.event,
    refresh: async () => this.note('ports.refresh', { ports: [], scannedAt: 2, stale: null }),
    add: async () => this.note('ports.add', port),
    remove: async () => this.note('ports.remove', undefined),
    configure: async (path, settings) => this.note('ports.configure', port, path, settings),
  }

  readonly simulated: Services['simulated'] = {
    start: async () => this.note('simulated.start', [port]),
    stop: async () => this.note('simulated.stop', undefined),
  }

  private readonly filterChain: FilterService = {
    list: () => this.note('filters.list', [aFilter('stats')]),
    add: async (filter, place) => this.note('filters.add', undefined, filter, place),
    remove: async name => this.note('filters.remove', undefined, name),
    replace: async (name, filter) => this.note('filters.replace', undefined, name, filter),
    move: async (name, place) => this.note('filters.move', undefined, name, place),
    clear: async () => this.note('filters.clear', undefined),
  }

  private readonly attributeStore: AttributeStore = {
    get: async key => this.note('attributes.get', this.attributes.get(key)),
    has: async key => this.note('attributes.has', this.attributes.has(key)),
    keys: async () => this.note('attributes.keys', [...this.attributes.keys()]),
    entries: async () =>
      this.note(
        'attributes.entries',
        Array.from(this.attributes, ([key, value]) => ({ key, value })),
      ),
    set: async (key, value) => {
      const old = this.note('attributes.set', this.attributes.get(key))
      this.attributes.set(key, value)
      return old
    },
    setIfAbsent: async (key, value) => {
      const old = this.note('attributes.setIfAbsent', this.attributes.get(key))
      if (old === undefined) this.attributes.set(key, value)
      return { stored: old === undefined, value: old ?? value }
    },
    remove: async key => {
      const old = this.note('attributes.remove', this.attributes.get(key))
      this.attributes.delete(key)
      return old
    },
    update: async (key, change) => {
      const value = change(this.note('attributes.update', this.attributes.get(key)))
      this.attributes.set(key, value)
      return value
    },
    clear: async () => this.attributes.clear(),
    dispose: async () => undefined,
  }

  readonly sessions: Services['sessions'] = {
    status: managerStatus(1),
    health: managerStatus(1).health,
    onStatus: this.statusChanged.event,
    onEvent: this.sessionEvents.event,
    open: async (input, client) => this.note('sessions.open', sessionSnapshot(SESSION_ID), input, client),
    close: async (sessionId, options) => this.note(`sessions.close ${options.mode}`, closed(sessionId), options),
    kill: async sessionId => this.note('sessions.kill', closed(sessionId)),
    list: options => this.note(options.includeClosed ? 'sessions.list all' : 'sessions.list', [sessionSnapshot(SESSION_ID)], options),
    info: sessionId =>
      this.note('sessions.info', { snapshot: sessionSnapshot(sessionId), options: someOptions(), history: [], filters: [] }),
    execute: async (_sessionId, code, { signal, ...options }) => {
      const result = this.note('sessions.execute', executionResult, code, options, signal)
      await this.pending
      return result
    },
    cancel: async () => this.note('sessions.cancel', { cancelled: true }),
    stepInterrupt: (_sessionId, step) => this.note('sessions.stepInterrupt', { changed: true }, step),
    reset: async (sessionId, kind) => this.note('sessions.reset', sessionSnapshot(sessionId), kind),
    takeOver: async sessionId => this.note('sessions.takeOver', sessionSnapshot(sessionId)),
    watch: async sessionId => this.note('sessions.watch', sessionSnapshot(sessionId)),
    write: async (_sessionId, data) => this.note('sessions.write', { bytes: data.length }, data),
    reconnect: async sessionId => this.note('sessions.reconnect', sessionSnapshot(sessionId)),
    extendLease: (sessionId, expiresAt) => this.note('sessions.extendLease', sessionSnapshot(sessionId), expiresAt),
    updateDetails: (sessionId, details) => this.note('sessions.updateDetails', sessionSnapshot(sessionId), details),
    updateIdentifier: (sessionId, identifier) => this.note('sessions.updateIdentifier', sessionSnapshot(sessionId), identifier),
    associate: (sessionId, keys) => this.note('sessions.associate', sessionSnapshot(sessionId), keys),
    configure: (sessionId, options) => this.note('sessions.configure', sessionSnapshot(sessionId), options),
    statistics: () => this.note('sessions.statistics', sessionSnapshot(SESSION_ID).statistics),
    output: sessionId => this.note('sessions.output', this.output(sessionId)),
    metrics: sessionId => {
      this.output(sessionId)
      return this.note('sessions.metrics', { readAll: () => metricUpdate('all', 3), onSamples: this.samples.event })
    },
    filters: () => this.filterChain,
    attributes: () => this.attributeStore,
    closeAllOf: async client => this.note('sessions.closeAllOf', undefined, client),
    acquire: async (input, client, signal) => {
      const token = this.tokens.shift() ?? aTicket.token
      const ticket = this.note('sessions.acquire', { ...aTicket, token }, input, client, signal)
      await this.pending
      return ticket
    },
    release: async token => {
      this.released.push(token)
      return this.note('sessions.release', { released: true }, token)
    },
    poolStats: somePoolStats(),
    notifications: {
      subscribe: (kind, dataSource, listener) => {
        const subscriptionId = this.note('notifications.subscribe', `stream-${++this.streamCount}`, kind, dataSource)
        this.streams.set(subscriptionId, listener)
        return { ...toDisposable(() => this.streams.delete(subscriptionId)), subscriptionId }
      },
    },
    samplers: {
      start: (sessionId, request) => this.note('samplers.start', aSampler(sessionId), request),
      stop: () => this.note('samplers.stop', true),
      readAll: sessionId => {
        this.output(sessionId)
        return noSamples(sessionId)
      },
      onSamples: this.samplerSamples.event,
    },
    shutdown: async () => this.note('sessions.shutdown', undefined),
  }

  readonly files: Services['files'] = {
    list: async (_sessionId, path, signal) => {
      const listing = this.note('files.list', { path, entries: [] }, path, signal)
      await this.pending
      return listing
    },
    stat: async (_sessionId, path, signal) => this.note('files.stat', null, path, signal),
    df: async (_sessionId, path, signal) => this.note('files.df', { path, totalBytes: 2_000_000, freeBytes: 1_000_000 }, path, signal),
    tree: async (_sessionId, path, signal) => this.note('files.tree', { path, entries: [], isTruncated: false }, path, signal),
    hash: async (_sessionId, path, signal) =>
      this.note('files.hash', { path, bytes: 0, sha256: '0'.repeat(64), proof: 'sha256' }, path, signal),
    mkdir: async (_sessionId, path, options, signal) => this.note('files.mkdir', undefined, path, options, signal),
    remove: async (_sessionId, paths, options, signal) => this.note('files.remove', { removed: paths.length }, paths, options, signal),
    rename: async (_sessionId, from, to, options, signal) => this.note('files.rename', undefined, from, to, options, signal),
    read: async (_sessionId, path, signal) =>
      this.note('files.read', { path, data: new Uint8Array(0), sha256: '0'.repeat(64), proof: 'sha256' }, path, signal),
    write: async (_sessionId, path, data, options, signal) =>
      this.note(
        'files.write',
        { path, bytes: data.length, sha256: '0'.repeat(64), proof: 'sha256', replaced: false, atomic: true, durationMs: 1 },
        path,
        data,
        options,
        signal,
      ),
    installPackage: async (_sessionId, request, signal) => this.note('files.installPackage', executionResult, request, signal),
  }

  readonly transferUpdates = new Emitter<{ readonly sessionId: string; readonly update: TransferUpdate }>()

  readonly transfers: Services['transfers'] = {
    copy: request => this.note('transfers.copy', aTransfer(), request),
    sync: request => this.note('transfers.sync', aTransfer({ kind: 'sync' }), request),
    compare: async (request, signal) => this.note('transfers.compare', { add: [], replace: [], same: [], strays: [] }, request, signal),
    resolve: (transferId, decision, indices) => this.note('transfers.resolve', aTransfer(), transferId, decision, indices),
    cancel: async (transferId, index) => this.note('transfers.cancel', { cancelled: true }, transferId, index),
    retry: transferId => this.note('transfers.retry', aTransfer(), transferId),
    dismiss: transferId => this.note('transfers.dismiss', undefined, transferId),
    readAll: sessionId => {
      this.output(sessionId)
      return this.note('transfers.readAll', { kind: 'all', transfers: [], files: [], gone: [] } as const)
    },
    onUpdate: this.transferUpdates.event,
  }

  readonly localFolders: Services['localFolders'] = {
    list: () => this.note('localFolders.list', []),
    grant: async path => this.note('localFolders.grant', { folderId: 'folder-1', name: 'bench', path }, path),
    forget: async folderId => this.note('localFolders.forget', undefined, folderId),
    entries: async place => this.note('localFolders.entries', { place, entries: [], isTruncated: false }, place),
    mkdir: async place => this.note('localFolders.mkdir', undefined, place),
    rename: async (place, name) => this.note('localFolders.rename', undefined, place, name),
    trash: async (place, names, moveToTrash) => {
      for (const name of names) await moveToTrash(name)
      return this.note('localFolders.trash', { trashed: names.length }, place, names)
    },
  }

  readonly droppedFiles: Services['droppedFiles'] = {
    begin: async () => this.note('droppedFiles.begin', { folderId: 'drop-1', path: '' }),
    add: async (place, offset, data) => this.note('droppedFiles.add', undefined, place, offset, data),
    forget: folderId => this.note('droppedFiles.forget', folderId.startsWith('drop-'), folderId),
  }

  readonly history: Services['history'] = {
    list: sessionId => this.note('history.list', this.entries, sessionId),
    onEntry: this.historyEntries.event,
  }

  /** What the configuration says. Tests replace it. */
  report: ConfigReport = aConfigReport()

  readonly config: Services['config'] = ((services: FakeServices) => ({
    get report() {
      return services.report
    },
    onReport: services.reports.event,
    set: async (key: string, value: JsonValue) => services.note('config.set', services.report, key, value),
    reset: async (key: string) => services.note('config.reset', services.report, key),
  }))(this)

  readonly metrics: Services['metrics'] = {
    text: async () => this.note('metrics.text', { contentType: 'text/plain', text: '' }),
    snapshot: async () => this.note('metrics.snapshot', aMetricsSnapshot()),
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
    chooseFolder: async () => this.note('shell.chooseFolder', '/home/ada/bench'),
    moveToTrash: async file => this.note('shell.moveToTrash', undefined, file),
    openWindow: () => this.note('shell.openWindow', undefined),
    quit: () => this.note('shell.quit', undefined),
  }
}

const executionResult: ExecutionResult = {
  executionId: 'execution-1',
  number: 1,
  outcome: 'ok',
  stdout: '2\n',
  stdoutBytes: 2,
  durationMs: 3,
}

export const aTicket: PoolTicket = { token: 'token-1', session: sessionSnapshot(SESSION_ID) }

function closed(sessionId: string) {
  return { sessionId, finalState: 'Closed', state: 'Disposed', alreadyClosed: false, reason: 'client-close', killed: false } as const
}
