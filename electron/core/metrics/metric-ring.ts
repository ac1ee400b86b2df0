import type { MetricColumns } from '../../../shared/model'

export type MetricName = keyof MetricColumns
export type MetricRow = Readonly<Record<MetricName, number>>

const NAMES: readonly MetricName[] = [
  'at',
  'latencyP50Ms',
  'latencyP95Ms',
  'bytesInPerSecond',
  'bytesOutPerSecond',
  'executionsPerSecond',
  'failuresPerSecond',
]

const ROW_LENGTH = NAMES.length

/** Most sessions are short: a full ring from the start would be most of what a session costs. */
const FIRST_ROWS = 32

/**
 * The last so many rows, one after the other in one array: a row a second goes into each session's, and one place in memory takes
 * it sooner than seven.
 */
export class MetricRing {
  private cells: Float64Array
  /** Rows there is room for by now. */
  private capacity: number
  private next = 0
  private kept = 0

  constructor(private readonly limit: number) {
    this.capacity = Math.min(FIRST_ROWS, limit)
    this.cells = new Float64Array(this.capacity * ROW_LENGTH)
  }

  get length(): number {
    return this.kept
  }

  push(row: MetricRow): void {
    if (this.kept === this.capacity && this.capacity < this.limit) this.grow()
    let cell = this.next * ROW_LENGTH
    for (const name of NAMES) this.cells[cell++] = row[name]
    this.next = (this.next + 1) % this.capacity
    this.kept = Math.min(this.kept + 1, this.capacity)
  }

  private grow(): void {
    // Not yet wrapped around: the rows stand in their order from the start.
    this.next = this.capacity
    this.capacity = Math.min(2 * this.capacity, this.limit)
    const longer = new Float64Array(this.capacity * ROW_LENGTH)
    longer.set(this.cells)
    this.cells = longer
  }

  /** Time of the oldest row; undefined without one. */
  get oldestAt(): number | undefined {
    return this.kept === 0 ? undefined : this.cells[this.rowBefore(this.kept) * ROW_LENGTH + NAMES.indexOf('at')]
  }

  /** Copies, oldest first. */
  latest(rows: number): MetricColumns {
    const count = Math.min(rows, this.kept)
    const first = this.rowBefore(count)
    const column = (name: MetricName): Float64Array => {
      const place = NAMES.indexOf(name)
      const values = new Float64Array(count)
      for (let row = 0; row < count; row++) values[row] = this.cells[((first + row) % this.capacity) * ROW_LENGTH + place] ?? Number.NaN
      return values
    }
    return {
      at: column('at'),
      latencyP50Ms: column('latencyP50Ms'),
      latencyP95Ms: column('latencyP95Ms'),
      bytesInPerSecond: column('bytesInPerSecond'),
      bytesOutPerSecond: column('bytesOutPerSecond'),
      executionsPerSecond: column('executionsPerSecond'),
      failuresPerSecond: column('failuresPerSecond'),
    }
  }

  /** Where the row stands that is so many before the next one. */
  private rowBefore(rows: number): number {
    return (this.next - rows + this.capacity) % this.capacity
  }
}
