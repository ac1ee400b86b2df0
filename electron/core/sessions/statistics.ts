import type { ExecutionOutcome, SessionStatistics } from '../../../shared/model'
import type { Clock } from '../base/clock'
import { LatencyHistogram } from '../metrics/latency'

/** Bytes per second over the last interval. */
export interface Rates {
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
}

const NO_RATES: Rates = Object.freeze({ bytesInPerSecond: 0, bytesOutPerSecond: 0 })

/** What a session counts. Totals only grow; they outlive a loss and a close. */
export class StatisticsCounter {
  private bytesIn = 0
  private bytesOut = 0
  private operations = 0
  private errors = 0
  private lastReadAt: number | null = null
  private lastWriteAt: number | null = null
  private readonly latency = new LatencyHistogram()
  private measured = NO_RATES
  private sampled = { atMs: 0, bytesIn: 0, bytesOut: 0 }

  constructor(private readonly clock: Clock) {}

  received(byteCount: number): void {
    this.bytesIn += byteCount
    this.lastReadAt = this.clock.now()
  }

  sent(byteCount: number): void {
    this.bytesOut += byteCount
    this.lastWriteAt = this.clock.now()
  }

  executionEnded(outcome: ExecutionOutcome, latencyMs: number | null): void {
    this.operations += 1
    if (outcome !== 'ok') this.errors += 1
    if (latencyMs !== null) this.latency.record(latencyMs)
  }

  /** From here on rates are measured: what came before belongs to the handshake. */
  startSampling(): void {
    this.sampled = { atMs: this.clock.monotonicMs(), bytesIn: this.bytesIn, bytesOut: this.bytesOut }
  }

  /** Measures since the last sample; null when no time has passed. Nothing flows while a session is not ready. */
  sample({ isFlowing }: { readonly isFlowing: boolean }): (Rates & { readonly elapsedMs: number }) | null {
    const elapsedMs = this.clock.monotonicMs() - this.sampled.atMs
    if (elapsedMs <= 0) return null
    const perSecond = 1_000 / elapsedMs
    this.measured = isFlowing
      ? Object.freeze({
          bytesInPerSecond: (this.bytesIn - this.sampled.bytesIn) * perSecond,
          bytesOutPerSecond: (this.bytesOut - this.sampled.bytesOut) * perSecond,
        })
      : NO_RATES
    this.startSampling()
    return { elapsedMs, ...this.measured }
  }

  get rates(): Rates {
    return this.measured
  }

  zeroRates(): void {
    this.measured = NO_RATES
  }

  summary(pending: { readonly operations: number; readonly writeBytes: number }): SessionStatistics {
    return Object.freeze({
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      operations: this.operations,
      errors: this.errors,
      pendingOperations: pending.operations,
      pendingWriteBytes: pending.writeBytes,
      lastReadAt: this.lastReadAt,
      lastWriteAt: this.lastWriteAt,
      lastIoAt: latest(this.lastReadAt, this.lastWriteAt),
      ...this.measured,
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
