import { HISTORY_FOLD_MS, HISTORY_LIMIT, HISTORY_SESSION_LIMIT } from '../../../../shared/limits'
import type { HistoryEntry, ManagerState, PortInfo, PortList, SessionEvent } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import { type Disposable, DisposableStore } from '../../base/disposable'
import { Emitter, type Event } from '../../base/emitter'
import type { Logger } from '../../base/logger'
import { nameOf, sentence } from '../session-errors'
import { HistoryRing } from './history-ring'
import { boardOf, tellOf } from './history-sentences'

export interface SessionHistoryOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly onSessionEvent: Event<SessionEvent>
  readonly onManagerState: Event<ManagerState>
  readonly ports: { readonly current: PortList; readonly onChanged: Event<PortList> }
  readonly limit?: number
  readonly limitPerSession?: number
}

type Line = Omit<HistoryEntry, 'seq' | 'at'>

/** Something that happens again and again: the first time is written at once, the others together when a while has passed. */
interface Fold extends Disposable {
  latest: Line | null
  times: number
}

const MANAGER_TEXTS: Readonly<Record<ManagerState, string>> = {
  Inactive: 'No session was opened yet.',
  Active: 'The session manager is active.',
  Shutdown: 'Muster closes all sessions.',
  Disposed: 'All sessions are closed.',
}

/** What happened to sessions, to their manager and to the ports: remembered in bounds, and one line of the log each. */
export class SessionHistory implements Disposable {
  private readonly ring: HistoryRing
  private readonly entered: Emitter<HistoryEntry>
  private readonly folds = new Map<string, Fold>()
  private readonly owned = new DisposableStore()
  private ports: PortList
  private seq = 0

  constructor(private readonly options: SessionHistoryOptions) {
    const { logger, limit = HISTORY_LIMIT, limitPerSession = HISTORY_SESSION_LIMIT, ports } = options
    this.ring = new HistoryRing(limit, limitPerSession)
    this.entered = this.owned.add(new Emitter<HistoryEntry>(error => logger.error('A listener of the history failed.', { error })))
    this.ports = ports.current
    this.owned.add(options.onSessionEvent(event => this.hear(event)))
    this.owned.add(options.onManagerState(state => this.managerChanged(state)))
    this.owned.add(ports.onChanged(list => this.portsChanged(list)))
  }

  get onEntry(): Event<HistoryEntry> {
    return this.entered.event
  }

  /** Oldest first. */
  list(sessionId?: string): readonly HistoryEntry[] {
    return this.ring.list(sessionId)
  }

  dispose(): void {
    for (const key of [...this.folds.keys()]) this.unfold(key)
    this.owned.dispose()
  }

  private hear(event: SessionEvent): void {
    const { type, sessionId, snapshot } = event
    if (type === 'statistics') return
    const line: Line = {
      type,
      sessionId,
      dataSource: snapshot.metadata.dataSource,
      board: boardOf(event),
      port: snapshot.port,
      ...tellOf(event),
    }
    const repeats = whatRepeats(event)
    if (repeats !== null) {
      this.fold(`${sessionId} ${repeats}`, line)
      return
    }
    // What was held back came before this.
    for (const key of [...this.folds.keys()]) if (key.startsWith(`${sessionId} `)) this.unfold(key)
    this.write(line)
  }

  private managerChanged(state: ManagerState): void {
    const tone = state === 'Shutdown' ? 'warn' : 'info'
    this.write({ ...NO_SESSION, type: 'managerStateChanged', tone, text: MANAGER_TEXTS[state], data: { state } })
  }

  private portsChanged(list: PortList): void {
    const before = presentPorts(this.ports)
    const now = presentPorts(list)
    // The first list tells what is there, not what has come.
    const isFirst = this.ports.scannedAt === null
    this.ports = list
    if (isFirst) return
    for (const [path, port] of now) if (!before.has(path)) this.portLine(port, 'arrived')
    for (const [path, port] of before) if (!now.has(path)) this.portLine(port, 'went')
  }

  private portLine({ path, label, deviceKey }: PortInfo, change: 'arrived' | 'went'): void {
    const name = nameOf(path, label)
    const text = `${sentence(name)} ${change === 'arrived' ? 'has been connected' : 'has gone'}.`
    const data = { change, deviceKey }
    this.write({ ...NO_SESSION, type: 'portsChanged', tone: 'info', board: name, port: path, text, data })
  }

  private fold(key: string, line: Line): void {
    const known = this.folds.get(key)
    if (known !== undefined) {
      known.latest = line
      known.times += 1
      return
    }
    const timer = this.options.clock.after(HISTORY_FOLD_MS, () => this.unfold(key))
    this.folds.set(key, { latest: null, times: 0, dispose: () => timer.dispose() })
    this.write(line)
  }

  /** Writes what was held back, if anything was. */
  private unfold(key: string): void {
    const fold = this.folds.get(key)
    this.folds.delete(key)
    fold?.dispose()
    if (fold === undefined || fold.latest === null) return
    const { latest, times } = fold
    const text = times === 1 ? latest.text : `${latest.text.replace(/\.$/, '')}, ${times} times more.`
    this.write({ ...latest, text, data: { ...latest.data, times } })
  }

  private write(line: Line): void {
    this.seq += 1
    const entry: HistoryEntry = Object.freeze({ seq: this.seq, at: this.options.clock.now(), ...line, data: Object.freeze(line.data) })
    this.ring.add(entry)
    this.options.logger.info('session-event', { sessionId: entry.sessionId, eventType: entry.type, data: entry.data })
    this.entered.fire(entry)
  }
}

const NO_SESSION = { sessionId: null, dataSource: null, board: '', port: '' } as const

/** What may come many times a second, or for hours; null for what is always worth a line of its own. */
function whatRepeats({ type, snapshot, idle, attribute, interrupt, message }: SessionEvent): string | null {
  if (interrupt !== undefined || (type === 'infoUpdated' && message !== undefined)) return null
  switch (type) {
    case 'stateChanged':
      return snapshot.state === 'Active' || snapshot.state === 'Idle' ? snapshot.state : null
    case 'idle':
      return `idle ${idle?.kind}`
    case 'attributesChanged':
      return `attribute ${attribute}`
    case 'infoUpdated':
    case 'leaseChanged':
    case 'phaseChanged':
      return `${type} ${snapshot.phase}`
    default:
      return null
  }
}

function presentPorts(list: PortList): ReadonlyMap<string, PortInfo> {
  return new Map(list.ports.filter(port => port.present).map(port => [port.path, port]))
}
