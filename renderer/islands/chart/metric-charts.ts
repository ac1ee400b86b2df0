import type { ThemeColours } from '../../theme/theme'
import { formatBytes, formatFigure } from '../../ui/format'
import type { ColumnName } from './metric-ring'

export interface ChartSeries {
  readonly column: ColumnName
  /** Taken off the column: what ended well is all that ended without the failures. */
  readonly minus?: ColumnName
  readonly label: string
  readonly colour: keyof ThemeColours
  readonly filled?: boolean
}

export interface ChartDefinition {
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly longUnit: string
  readonly series: readonly ChartSeries[]
  readonly format: (value: number) => string
  /** The axis never ends below this, so that noise around zero does not fill the chart. */
  readonly smallestMax: number
  /** The column without whose values (numbers, and not all of them 0) there is nothing to draw, and what is said then. */
  readonly needs: ColumnName
  readonly emptyText: string
}

const NO_EXECUTIONS = 'No executions yet. Run something in the console.'

export const LATENCY_CHART: ChartDefinition = {
  id: 'latency',
  title: 'Latency',
  unit: 'ms',
  longUnit: 'ms per execution',
  series: [
    { column: 'latencyP50Ms', label: 'p50', colour: 'series1' },
    { column: 'latencyP95Ms', label: 'p95', colour: 'series2' },
  ],
  format: formatFigure,
  smallestMax: 1,
  needs: 'latencyP50Ms',
  emptyText: NO_EXECUTIONS,
}

export const THROUGHPUT_CHART: ChartDefinition = {
  id: 'throughput',
  title: 'Throughput',
  unit: 'B/s',
  longUnit: 'bytes per second',
  series: [
    { column: 'bytesInPerSecond', label: 'in', colour: 'series1', filled: true },
    { column: 'bytesOutPerSecond', label: 'out', colour: 'series3' },
  ],
  format: value => formatBytes(value),
  smallestMax: 100,
  needs: 'at',
  emptyText: 'No samples yet. The first one comes within a second of connecting.',
}

export const EXECUTIONS_CHART: ChartDefinition = {
  id: 'executions',
  title: 'Executions',
  unit: 'per s',
  longUnit: 'per second',
  series: [
    { column: 'executionsPerSecond', minus: 'failuresPerSecond', label: 'ok', colour: 'series3', filled: true },
    { column: 'failuresPerSecond', label: 'failed', colour: 'series4' },
  ],
  format: formatFigure,
  smallestMax: 2,
  needs: 'executionsPerSecond',
  emptyText: NO_EXECUTIONS,
}

export const CHARTS: readonly ChartDefinition[] = [LATENCY_CHART, THROUGHPUT_CHART, EXECUTIONS_CHART]
