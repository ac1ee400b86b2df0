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

/** Most sessions are short: a full ring from the start would be most of what a session costs. */
const FIRST_ROWS = 32

/** The last so many rows, a typed array a column. */
export class MetricRing {
  private columns: MetricColumns
  /** Rows there is room for by now. */
  private capacity: number
  private next = 0
  private kept = 0

  constructor(private readonly limit: number) {
    this.capacity = Math.min(FIRST_ROWS, limit)
    this.columns = makeColumns(() => new Float64Array(this.capacity))
  }

  get length(): number {
    return this.kept
  }

  push(row: MetricRow): void {
    if (this.kept === this.capacity && this.capacity < this.limit) this.grow()
    for (const name of NAMES) this.columns[name][this.next] = row[name]
    this.next = (this.next + 1) % this.capacity
    this.kept = Math.min(this.kept + 1, this.capacity)
  }

  private grow(): void {
    const { columns } = this
    // Not yet wrapped around: the rows stand in their order from the start.
    this.next = this.capacity
    this.capacity = Math.min(2 * this.capacity, this.limit)
    this.columns = makeColumns(name => {
      const longer = new Float64Array(this.capacity)
      longer.set(columns[name])
      return longer
    })
  }

  /** Time of the oldest row; undefined without one. */
  get oldestAt(): number | undefined {
    return this.kept === 0 ? undefined : this.columns.at[(this.next - this.kept + this.capacity) % this.capacity]
  }

  /** Copies, oldest first. */
  latest(rows: number): MetricColumns {
    const count = Math.min(rows, this.kept)
    const first = (this.next - count + this.capacity) % this.capacity
    const head = Math.min(count, this.capacity - first)
    return makeColumns(name => {
      const copy = new Float64Array(count)
      copy.set(this.columns[name].subarray(first, first + head))
      copy.set(this.columns[name].subarray(0, count - head), head)
      return copy
    })
  }
}

function makeColumns(make: (name: MetricName) => Float64Array): MetricColumns {
  return {
    at: make('at'),
    latencyP50Ms: make('latencyP50Ms'),
    latencyP95Ms: make('latencyP95Ms'),
    bytesInPerSecond: make('bytesInPerSecond'),
    bytesOutPerSecond: make('bytesOutPerSecond'),
    executionsPerSecond: make('executionsPerSecond'),
    failuresPerSecond: make('failuresPerSecond'),
  }
}
