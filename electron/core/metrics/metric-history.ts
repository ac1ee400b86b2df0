import { METRIC_HISTORY_SAMPLES } from '../../../shared/limits'
import type { MetricMarker, MetricUpdate } from '../../../shared/model'
import type { Disposable } from '../base/disposable'
import { Emitter, type Event } from '../base/emitter'
import { LatencyHistogram } from './latency'
import { MetricRing } from './metric-ring'

/** What is measured from one sample to the next. */
export interface Sample {
  /** Wall-clock milliseconds. */
  readonly at: number
  /** Measured, not assumed; more than 0. */
  readonly elapsedMs: number
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
}

/** The charts of one session: a row a sample for the last `METRIC_HISTORY_SAMPLES`, and the moments worth a line. */
export class MetricHistory implements Disposable {
  private readonly ring = new MetricRing(METRIC_HISTORY_SAMPLES)
  private readonly latency = new LatencyHistogram()
  private readonly updated: Emitter<MetricUpdate>
  private markers: readonly MetricMarker[] = []
  private executions = 0
  private failures = 0

  constructor(
    private readonly sessionId: string,
    onListenerError: (error: unknown) => void,
  ) {
    this.updated = new Emitter(onListenerError)
  }

  get onSamples(): Event<MetricUpdate> {
    return this.updated.event
  }

  get listenerCount(): number {
    return this.updated.listenerCount
  }

  /** An execution ended; `latencyMs` is null where its duration says nothing about the board. */
  recordExecution(succeeded: boolean, latencyMs: number | null): void {
    this.executions += 1
    if (!succeeded) this.failures += 1
    if (latencyMs !== null) this.latency.record(latencyMs)
  }

  sample({ at, elapsedMs, bytesInPerSecond, bytesOutPerSecond }: Sample): void {
    const perSecond = 1_000 / elapsedMs
    this.ring.push({
      at: at / 1_000,
      latencyP50Ms: this.latency.percentile(0.5),
      latencyP95Ms: this.latency.percentile(0.95),
      bytesInPerSecond,
      bytesOutPerSecond,
      executionsPerSecond: this.executions * perSecond,
      failuresPerSecond: this.failures * perSecond,
    })
    this.latency.clear()
    this.executions = 0
    this.failures = 0
    this.forgetOldMarkers()
    this.tell(1, [])
  }

  mark(at: number, kind: MetricMarker['kind'], label: string): void {
    const marker = Object.freeze({ at: at / 1_000, kind, label })
    this.markers = [...this.markers, marker]
    this.tell(0, [marker])
  }

  /** All that is kept. */
  readAll(): MetricUpdate {
    return { sessionId: this.sessionId, kind: 'all', columns: this.ring.latest(this.ring.length), markers: this.markers }
  }

  dispose(): void {
    this.updated.dispose()
  }

  private tell(rows: number, markers: readonly MetricMarker[]): void {
    if (this.updated.listenerCount === 0) return
    this.updated.fire({ sessionId: this.sessionId, kind: 'more', columns: this.ring.latest(rows), markers })
  }

  /** The line of a marker goes with the samples around it. */
  private forgetOldMarkers(): void {
    const oldest = this.ring.oldestAt ?? 0
    if (this.ring.length === METRIC_HISTORY_SAMPLES) this.markers = this.markers.filter(marker => marker.at >= oldest)
  }
}
