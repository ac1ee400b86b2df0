import { METRIC_HISTORY_SAMPLES, METRIC_INTERVAL_MS } from '../../../shared/limits'
import type { MetricColumns, MetricMarker, MetricUpdate } from '../../../shared/model'

export type ColumnName = keyof MetricColumns

export const COLUMN_NAMES: readonly ColumnName[] = [
  'at',
  'latencyP50Ms',
  'latencyP95Ms',
  'bytesInPerSecond',
  'bytesOutPerSecond',
  'executionsPerSecond',
  'failuresPerSecond',
]

/** The last samples of one session, oldest first. Appending never allocates but for its own columns. */
export class MetricRing {
  readonly gapS = (METRIC_INTERVAL_MS / 1_000) * 2.5
  private readonly columns: Readonly<Record<ColumnName, Float64Array>>
  private start = 0
  private size = 0
  private marks: readonly MetricMarker[] = []

  constructor(private readonly capacity = METRIC_HISTORY_SAMPLES) {
    this.columns = emptyColumns(capacity)
  }

  get length(): number {
    return this.size
  }

  get markers(): readonly MetricMarker[] {
    return this.marks
  }

  apply(update: MetricUpdate): void {
    if (update.kind === 'all') {
      this.start = 0
      this.size = 0
      this.marks = []
    }
    const count = update.columns.at.length
    for (let row = Math.max(0, count - this.capacity); row < count; row++) this.append(update.columns, row)
    // While there is room, nothing has been pushed out: a session is connected before its first sample.
    const oldest = this.size < this.capacity ? Number.NEGATIVE_INFINITY : this.value('at', 0)
    this.marks = [...this.marks, ...update.markers].filter(marker => marker.at >= oldest)
  }

  /** `index` 0 is the oldest sample. */
  value(column: ColumnName, index: number): number {
    return this.columns[column][(this.start + index) % this.capacity] as number
  }

  latest(column: ColumnName): number {
    return this.size === 0 ? Number.NaN : this.value(column, this.size - 1)
  }

  /** Stands still while this ring goes on: what a paused view shows. */
  copy(): MetricRing {
    const copy = new MetricRing(this.capacity)
    for (const name of COLUMN_NAMES) copy.columns[name].set(this.columns[name])
    copy.start = this.start
    copy.size = this.size
    copy.marks = this.marks
    return copy
  }

  private append(columns: MetricColumns, row: number): void {
    const at = (this.start + this.size) % this.capacity
    for (const name of COLUMN_NAMES) this.columns[name][at] = columns[name][row] ?? Number.NaN
    if (this.size < this.capacity) this.size++
    else this.start = (this.start + 1) % this.capacity
  }
}

function emptyColumns(capacity: number): Record<ColumnName, Float64Array> {
  return {
    at: new Float64Array(capacity),
    latencyP50Ms: new Float64Array(capacity),
    latencyP95Ms: new Float64Array(capacity),
    bytesInPerSecond: new Float64Array(capacity),
    bytesOutPerSecond: new Float64Array(capacity),
    executionsPerSecond: new Float64Array(capacity),
    failuresPerSecond: new Float64Array(capacity),
  }
}
