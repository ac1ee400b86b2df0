import { SAMPLER_HISTORY_SAMPLES, SAMPLER_SERIES_MAX } from '../../../../shared/limits'
import type { BoardValue } from '../../../../shared/model'

/** The numbers in what a snippet returned: the fields of an object, or a plain number as `value`. */
export function numbersIn(value: BoardValue | undefined): ReadonlyMap<string, number> {
  if (typeof value === 'number') return finite([['value', value]])
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return new Map()
  return finite(Object.entries(value))
}

function finite(fields: readonly (readonly [string, BoardValue])[]): ReadonlyMap<string, number> {
  return new Map(fields.flatMap(([name, value]) => (typeof value === 'number' && Number.isFinite(value) ? [[name, value] as const] : [])))
}

/** The latest rows of named numbers, as columns. A name keeps its column; names beyond the limit are left out. */
export class SamplerSeries {
  private readonly times: number[] = []
  private readonly columns = new Map<string, number[]>()

  get names(): readonly string[] {
    return [...this.columns.keys()]
  }

  /** `atSeconds` in epoch seconds. True when a new name has come: readers then need everything anew. */
  add(atSeconds: number, numbers: ReadonlyMap<string, number>): boolean {
    const before = this.columns.size
    for (const name of numbers.keys()) {
      if (this.columns.has(name) || this.columns.size >= SAMPLER_SERIES_MAX) continue
      this.columns.set(
        name,
        this.times.map(() => Number.NaN),
      )
    }
    this.times.push(atSeconds)
    for (const [name, column] of this.columns) column.push(numbers.get(name) ?? Number.NaN)
    if (this.times.length > SAMPLER_HISTORY_SAMPLES) {
      this.times.shift()
      for (const column of this.columns.values()) column.shift()
    }
    return this.columns.size > before
  }

  /** The latest rows, all without a number. */
  read(rows = this.times.length): {
    readonly names: readonly string[]
    readonly at: Float64Array
    readonly values: readonly Float64Array[]
  } {
    const from = this.times.length - rows
    return {
      names: this.names,
      at: Float64Array.from(this.times.slice(from)),
      values: [...this.columns.values()].map(column => Float64Array.from(column.slice(from))),
    }
  }
}
