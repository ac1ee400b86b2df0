import type { MetricMarker } from '../../../shared/model'
import type { ThemeColours } from '../../theme/theme'
import { formatBytes, formatFigure } from '../../ui/format'
import type { ColumnName } from './metric-ring'

/** What a chart draws from: samples, oldest first, in columns. Every source has the column `at`, in epoch seconds. */
export interface ChartSource {
  readonly length: number
  readonly markers: readonly MetricMarker[]
  /** Samples further apart than this were not taken in a row: the computer slept, or the session was away. */
  readonly gapS: number
  /** `NaN` where a sample has no such value. */
  value(column: string, index: number): number
}

export interface ChartFeed {
  readonly ring: ChartSource
  onSamples(listener: () => void): () => void
}

export interface ChartSeries<Column extends string = string> {
  readonly column: Column
  /** Taken off the column: what ended well is all that ended without the failures. */
  readonly minus?: Column
  readonly label: string
  readonly colour: keyof ThemeColours
  readonly filled?: boolean
}

export interface ChartDefinition<Column extends string = string> {
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly longUnit: string
  readonly series: readonly ChartSeries<Column>[]
  readonly format: (value: number) => string
  /** The axis never ends below this, so that noise around zero does not fill the chart. */
  readonly smallestMax: number
  /** The axis takes in what is drawn and no more, instead of beginning at 0. For values that may be anything. */
  readonly fitsValues?: boolean
  /** A few values far above all others are marked at the upper edge, instead of pressing the others flat. */
  readonly marksOutliers?: boolean
  /** The column without whose values (numbers, and not all of them 0) there is nothing to draw, and what is said then. */
  readonly needs: Column
  readonly emptyText: string
}

const NO_EXECUTIONS = 'No executions yet. Run something in the console.'

export const LATENCY_CHART: ChartDefinition<ColumnName> = {
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
  marksOutliers: true,
  needs: 'latencyP50Ms',
  emptyText: NO_EXECUTIONS,
}

export const THROUGHPUT_CHART: ChartDefinition<ColumnName> = {
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

export const EXECUTIONS_CHART: ChartDefinition<ColumnName> = {
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
