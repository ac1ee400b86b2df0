import { SAMPLER_HISTORY_SAMPLES } from '../../../shared/limits'
import type { MetricMarker, SamplerUpdate } from '../../../shared/model'
import type { ChartSource } from './metric-charts'

const NO_MARKERS: readonly MetricMarker[] = []
/** A run takes its time too, so that two may lie further apart than the interval. */
const GAP_INTERVALS = 2.5

/** The numeric fields that a repeated snippet returned, oldest first. */
export class SamplerRing implements ChartSource {
  readonly markers = NO_MARKERS
  gapS = Number.POSITIVE_INFINITY
  private at: number[] = []
  private readonly columns = new Map<string, number[]>()

  constructor(private readonly capacity = SAMPLER_HISTORY_SAMPLES) {}

  get length(): number {
    return this.at.length
  }

  get names(): readonly string[] {
    return [...this.columns.keys()]
  }

  apply({ kind, sampler, names, at, values }: SamplerUpdate): void {
    if (kind === 'all') {
      this.at = []
      this.columns.clear()
    }
    if (sampler !== null) this.gapS = (Math.max(sampler.intervalMs, sampler.retryMs) / 1_000) * GAP_INTERVALS + 1
    for (const name of names)
      if (!this.columns.has(name))
        this.columns.set(
          name,
          this.at.map(() => Number.NaN),
        )
    for (let row = 0; row < at.length; row++) {
      this.at.push(at[row] ?? Number.NaN)
      for (const [name, column] of this.columns) column.push(values[names.indexOf(name)]?.[row] ?? Number.NaN)
    }
    const excess = this.at.length - this.capacity
    if (excess <= 0) return
    this.at.splice(0, excess)
    for (const column of this.columns.values()) column.splice(0, excess)
  }

  /** `at`, or a field by `columnOf`. */
  value(column: string, index: number): number {
    const values = column === 'at' ? this.at : this.columns.get(column.slice(FIELD.length))
    return values?.[index] ?? Number.NaN
  }

  copy(): SamplerRing {
    const copy = new SamplerRing(this.capacity)
    copy.gapS = this.gapS
    copy.at = [...this.at]
    for (const [name, column] of this.columns) copy.columns.set(name, [...column])
    return copy
  }
}

const FIELD = 'field:'

/** A field may have any name, also `at`. */
export function columnOf(name: string): string {
  return `${FIELD}${name}`
}
