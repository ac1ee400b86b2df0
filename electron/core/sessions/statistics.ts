import type { ExecutionOutcome, IdleCounts, SessionStatistics, SessionTotals } from '../../../shared/model'
import type { Clock } from '../base/clock'
import { LatencyHistogram } from '../metrics/latency'
import { type Totals, TotalsRate } from './manager/totals-rate'

/** Bytes per second over the last interval. */
export interface Rates {
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
}

/** What is counted elsewhere. */
export interface PendingFigures {
  readonly operations: number
  readonly writes: number
  readonly writeBytes: number
  readonly idle: IdleCounts
}

const NOTHING: Totals = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 }

/** What a session counts. Totals only grow; they outlive a loss and a close. */
export class StatisticsCounter {
  private totals = { ...NOTHING }
  private operations = 0
  private errors = 0
  private reconnectCount = 0
  private lastReadAt: number | null = null
  private lastWriteAt: number | null = null
  private readonly latency = new LatencyHistogram()
  /** For the charts: over each metric interval. */
  private readonly sampled: TotalsRate
  /** For the figures: over the interval that is configured. */
  private readonly throughput: TotalsRate

  constructor(
    private readonly clock: Clock,
    private readonly throughputIntervalMs: number,
  ) {
    this.sampled = new TotalsRate(clock)
    this.throughput = new TotalsRate(clock)
  }

  received(byteCount: number): void {
    this.totals.bytesIn += byteCount
    this.lastReadAt = this.clock.now()
  }

  sent(byteCount: number): void {
    this.totals.bytesOut += byteCount
    this.lastWriteAt = this.clock.now()
  }

  messageIn(): void {
    this.totals.messagesIn += 1
  }

  messageOut(): void {
    this.totals.messagesOut += 1
  }

  reconnected(): void {
    this.reconnectCount += 1
  }

  executionEnded(outcome: ExecutionOutcome, latencyMs: number | null): void {
    this.operations += 1
    if (outcome !== 'ok') this.errors += 1
    if (latencyMs !== null) this.latency.record(latencyMs)
  }

  /** From here on rates are measured: what came before belongs to the handshake. */
  startSampling(): void {
    this.sampled.start(this.totals)
    this.throughput.start(this.totals)
  }

  /**
   * To be called once a metric interval: measures since the last sample, and the throughput when its interval has passed.
   * Null when no time has passed. Nothing flows while a session is not ready.
   */
  sample({ isFlowing }: { readonly isFlowing: boolean }): (Rates & { readonly elapsedMs: number }) | null {
    if (this.throughput.elapsedMs >= this.throughputIntervalMs) this.throughput.measure(isFlowing ? this.totals : null)
    const elapsedMs = this.sampled.elapsedMs
    if (elapsedMs <= 0) return null
    this.sampled.measure(isFlowing ? this.totals : null)
    if (!isFlowing) this.startSampling()
    return { elapsedMs, ...this.rates }
  }

  get rates(): Rates {
    const { bytesIn, bytesOut } = this.sampled.perSecond
    return Object.freeze({ bytesInPerSecond: bytesIn, bytesOutPerSecond: bytesOut })
  }

  /** Cheaper than the whole summary: it is asked of all sessions at once. */
  get sums(): SessionTotals {
    return { ...this.totals, operations: this.operations, errors: this.errors }
  }

  /** Over the configured interval. */
  get flow(): Totals {
    return this.throughput.perSecond
  }

  zeroRates(): void {
    this.sampled.zero()
    this.throughput.zero()
  }

  summary(pending: PendingFigures): SessionStatistics {
    const { bytesIn, bytesOut, messagesIn, messagesOut } = this.totals
    const { flow } = this
    // Name by name: freezing a spread of this size takes V8 a hundred times as long, and this is asked for all the time.
    return Object.freeze({
      bytesIn,
      bytesOut,
      messagesIn,
      messagesOut,
      operations: this.operations,
      errors: this.errors,
      pendingOperations: pending.operations,
      pendingWrites: pending.writes,
      pendingWriteBytes: pending.writeBytes,
      lastReadAt: this.lastReadAt,
      lastWriteAt: this.lastWriteAt,
      lastIoAt: latest(this.lastReadAt, this.lastWriteAt),
      bytesInPerSecond: flow.bytesIn,
      bytesOutPerSecond: flow.bytesOut,
      messagesInPerSecond: flow.messagesIn,
      messagesOutPerSecond: flow.messagesOut,
      reconnects: this.reconnectCount,
      idle: pending.idle,
      latencyMs: this.latency.summary(),
    })
  }
}

/** Timed-out executions count with their limit; what was cut short by a person or a loss says nothing about the board. */
export function latencyOf(outcome: ExecutionOutcome, durationMs: number): number | null {
  return outcome === 'ok' || outcome === 'exception' || outcome === 'timeout' ? durationMs : null
}

function latest(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right
  return Math.max(left, right)
}
