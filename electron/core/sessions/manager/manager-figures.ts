import { MANAGER_STATUS_INTERVAL_MS } from '../../../../shared/limits'
import type {
  ManagerHealth,
  ManagerState,
  ManagerStatus,
  SessionEvent,
  SessionSnapshot,
  SessionState,
  SessionTotals,
} from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import { type Disposable, DisposableStore } from '../../base/disposable'
import { Emitter, type Event } from '../../base/emitter'
import type { Happening } from '../session-events'
import { isClosedState } from '../session-states'
import type { Rates } from '../statistics'
import { Throttle } from '../throttle'
import { healthOf } from './manager-health'
import type { SessionRegistry } from './registry'

/** After these, another number of sessions is open, was opened or was closed. */
const CHANGES_STATUS: ReadonlySet<SessionEvent['type']> = new Set(['created', 'connected', 'disconnected', 'disposed'])

interface CountedSession {
  readonly sessionId: string
  readonly state: SessionState
  readonly snapshot: SessionSnapshot
  readonly rates: Rates
  readonly totals: SessionTotals
}

export interface ManagerFiguresOptions {
  readonly clock: Clock
  readonly registry: SessionRegistry<CountedSession>
  readonly pool: () => { readonly warmCount: number; readonly waitingCount: number }
  readonly state: () => ManagerState
  readonly limit: () => number
  readonly onListenerError: (error: unknown) => void
}

const NOTHING: SessionTotals = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0, operations: 0, errors: 0 }

/** What the manager counts, and how others learn of it: at most every so often, but a change of its state at once. */
export class ManagerFigures implements Disposable {
  private readonly owned = new DisposableStore()
  private readonly changed: Emitter<ManagerStatus>
  private readonly throttle: Throttle
  private readonly counts = { opened: 0, closed: 0, peak: 0 }
  /** Of the sessions that are gone. */
  private gone = NOTHING
  private toldRates = { in: 0, out: 0 }

  constructor(private readonly options: ManagerFiguresOptions) {
    this.changed = this.owned.add(new Emitter<ManagerStatus>(options.onListenerError))
    this.throttle = this.owned.add(new Throttle(options.clock, MANAGER_STATUS_INTERVAL_MS, () => this.changed.fire(this.status)))
  }

  get onStatus(): Event<ManagerStatus> {
    return this.changed.event
  }

  get status(): ManagerStatus {
    const { registry, state, limit } = this.options
    const { warmCount, waitingCount } = this.options.pool()
    const rates = this.rates
    return Object.freeze({
      state: state(),
      open: registry.boardCount,
      limit: limit(),
      totalOpened: this.counts.opened,
      totalClosed: this.counts.closed,
      peakOpen: this.counts.peak,
      totals: Object.freeze(registry.snapshot().reduce((sum, { totals }) => sumOf(sum, totals), this.gone)),
      warm: warmCount,
      waiting: waitingCount,
      bytesInPerSecond: rates.in,
      bytesOutPerSecond: rates.out,
      health: this.health,
    })
  }

  get health(): ManagerHealth {
    const { registry, state, limit } = this.options
    return healthOf(() => ({ state: state(), active: registry.boardCount, max: limit() }))
  }

  /** Everything not closed, groups included; and how many of them have each data source. */
  get gauges(): { readonly open: number; readonly byDataSource: ReadonlyMap<string, number> } {
    const byDataSource = new Map<string, number>()
    for (const { state, snapshot } of this.options.registry.snapshot()) {
      const { dataSource } = snapshot.metadata
      if (!isClosedState(state)) byDataSource.set(dataSource, (byDataSource.get(dataSource) ?? 0) + 1)
    }
    return { open: this.options.registry.activeCount, byDataSource }
  }

  admitted(): void {
    this.counts.peak = Math.max(this.counts.peak, this.options.registry.boardCount)
  }

  /** Counts on the change of state, so that a close, a failed close and a kill all count once. */
  count(happenings: readonly Happening[]): void {
    for (const { type, snapshot, reconnected = false } of happenings) {
      if (type === 'connected' && !reconnected) this.counts.opened += 1
      if (type === 'disconnected' && snapshot.state === 'Disconnected') this.counts.closed += 1
    }
  }

  /** A session leaves the registry: what it has done stays in the sums. */
  retired({ totals }: Pick<CountedSession, 'totals'>): void {
    this.gone = sumOf(this.gone, totals)
  }

  /** To be called when everyone has heard of what was counted. */
  tellAfter(happenings: readonly Happening[]): void {
    if (happenings.some(({ type }) => CHANGES_STATUS.has(type))) this.tell()
  }

  tellRates(): void {
    const { rates, toldRates } = this
    if (rates.in === toldRates.in && rates.out === toldRates.out) return
    this.toldRates = rates
    this.tell()
  }

  tell(): void {
    this.throttle.request()
  }

  tellNow(): void {
    this.throttle.tellNow()
  }

  dispose(): void {
    this.owned.dispose()
  }

  private get rates(): { readonly in: number; readonly out: number } {
    const all = this.options.registry.snapshot().map(session => session.rates)
    return {
      in: all.reduce((sum, rates) => sum + rates.bytesInPerSecond, 0),
      out: all.reduce((sum, rates) => sum + rates.bytesOutPerSecond, 0),
    }
  }
}

function sumOf(left: SessionTotals, right: SessionTotals): SessionTotals {
  return {
    bytesIn: left.bytesIn + right.bytesIn,
    bytesOut: left.bytesOut + right.bytesOut,
    messagesIn: left.messagesIn + right.messagesIn,
    messagesOut: left.messagesOut + right.messagesOut,
    operations: left.operations + right.operations,
    errors: left.errors + right.errors,
  }
}
