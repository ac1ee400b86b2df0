import { METRIC_INTERVAL_MS } from '../../../shared/limits'
import type { ChartSeries } from './metric-charts'
import type { ColumnName, MetricRing } from './metric-ring'

/** `x` in epoch seconds; in `series`, null is a gap. */
export interface ChartData {
  readonly x: readonly number[]
  readonly series: readonly (readonly (number | null)[])[]
}

/** Samples further apart than this were not taken in a row: the computer slept, or the session was away. */
const GAP_S = (METRIC_INTERVAL_MS / 1_000) * 2.5

/** What a chart draws: the samples of a time span, `NaN` and missing samples as gaps. */
export function chartData(
  ring: MetricRing,
  drawn: readonly Pick<ChartSeries, 'column' | 'minus'>[],
  fromS: number,
  toS: number,
): ChartData {
  const x: number[] = []
  const series: (number | null)[][] = drawn.map(() => [])
  for (let index = firstIndexFrom(ring, fromS); index < ring.length; index++) {
    const at = ring.value('at', index)
    if (at > toS) break
    const previous = x[x.length - 1]
    if (previous !== undefined && at - previous > GAP_S) {
      x.push(previous + GAP_S / 2)
      for (const values of series) values.push(null)
    }
    x.push(at)
    drawn.forEach(({ column, minus }, position) => {
      const value = ring.value(column, index) - (minus === undefined ? 0 : ring.value(minus, index))
      series[position]?.push(Number.isNaN(value) ? null : value)
    })
  }
  return { x, series }
}

/** Whether a column has anything to show: a number that is not 0. */
export function hasValues(ring: MetricRing, column: ColumnName): boolean {
  for (let index = 0; index < ring.length; index++) {
    const value = ring.value(column, index)
    if (!Number.isNaN(value) && value !== 0) return true
  }
  return false
}

/** Indexes of samples without a neighbour on either side: no line goes through them, so they are drawn as points. */
export function isolatedSamples(values: readonly (number | null | undefined)[]): number[] {
  const isolated: number[] = []
  values.forEach((value, index) => {
    if (value != null && values[index - 1] == null && values[index + 1] == null) isolated.push(index)
  })
  return isolated
}

/** One sample before the span, so that the line comes in from the edge. */
function firstIndexFrom(ring: MetricRing, fromS: number): number {
  let low = 0
  let high = ring.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ring.value('at', middle) < fromS) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

/** Upper end and step of an axis from 0 in round values: 1, 2 or 5 times a power of ten. */
export function roundAxis(max: number, ticks: number, smallest: number): { readonly max: number; readonly step: number } {
  const wanted = Math.max(max, smallest) / Math.max(1, ticks)
  const power = 10 ** Math.floor(Math.log10(wanted))
  const step = ([1, 2, 5, 10].find(factor => factor * power >= wanted * 0.999) ?? 10) * power
  return { max: Math.ceil((Math.max(max, smallest) / step) * 0.999) * step, step }
}

/** Seconds between the marks of a time axis, for a span of so many seconds. */
export function timeStep(spanS: number): number {
  return [5, 10, 15, 30, 60, 120, 180, 300, 600].find(step => spanS / step <= 6) ?? 900
}
