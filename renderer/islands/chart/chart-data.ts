import type { ChartSeries, ChartSource } from './metric-charts'

/** `x` in epoch seconds; in `series`, null is a gap. */
export interface ChartData {
  readonly x: readonly number[]
  readonly series: readonly (readonly (number | null)[])[]
}

/** What a chart draws: the samples of a time span, `NaN` and missing samples as gaps. */
export function chartData(
  ring: ChartSource,
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
    if (previous !== undefined && at - previous > ring.gapS) {
      x.push(previous + ring.gapS / 2)
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
export function hasValues(ring: ChartSource, column: string): boolean {
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
function firstIndexFrom(ring: ChartSource, fromS: number): number {
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

/** Both ends and step of an axis in round values that takes in `min` to `max` with some room, wherever they lie. */
export function roundRange(min: number, max: number, ticks: number): { readonly min: number; readonly max: number; readonly step: number } {
  // Values that do not move get a range around them that says how large they are.
  const span = max > min ? max - min : Math.max(Math.abs(max), 1) * 0.1
  const { step } = roundAxis(span * 1.1, ticks, Number.MIN_VALUE)
  const low = Math.floor((max > min ? min : min - span / 2) / step)
  const high = Math.ceil((max > min ? max : max + span / 2) / step)
  return { min: low * step, max: Math.max(high, low + 1) * step, step }
}

/** What stands above an axis that is made for the rest. */
export interface Outliers {
  /** The axis takes in values up to here. */
  readonly ceiling: number
  /** One a moment: the index of its sample, and the largest value there. Oldest first. */
  readonly above: readonly { readonly index: number; readonly value: number }[]
}

/** Up to this share of the moments may stand above the axis; more of them are no exceptions. */
const OUTLIER_SHARE = 0.1
/** Only what is so many times larger than all that is usual is worth an axis without it … */
const OUTLIER_FACTOR = 4
/** … which then leaves so much room above the usual. */
const USUAL_ROOM = 2
/** Among fewer moments nobody can say what is usual. */
const OUTLIER_SAMPLES_MIN = 8

/**
 * The few values that would press all others flat: so much larger than what is usual that an axis with them shows nothing
 * else. Null where there are none. Values are from 0 up.
 */
export function findOutliers(series: ChartData['series']): Outliers | null {
  const peaks: { readonly index: number; readonly value: number }[] = []
  for (let index = 0; index < (series[0]?.length ?? 0); index++) {
    const value = Math.max(...series.map(values => values[index] ?? Number.NEGATIVE_INFINITY))
    if (Number.isFinite(value)) peaks.push({ index, value })
  }
  if (peaks.length < OUTLIER_SAMPLES_MIN) return null
  const sorted = peaks.map(({ value }) => value).sort((one, other) => one - other)
  const exceptions = Math.max(1, Math.floor(sorted.length * OUTLIER_SHARE))
  const usual = sorted[sorted.length - 1 - exceptions] ?? 0
  const largest = sorted[sorted.length - 1] ?? 0
  if (usual <= 0 || largest <= usual * OUTLIER_FACTOR) return null
  const ceiling = usual * USUAL_ROOM
  return { ceiling, above: peaks.filter(({ value }) => value > ceiling) }
}

/** Seconds between the marks of a time axis, for a span of so many seconds. */
export function timeStep(spanS: number): number {
  return [5, 10, 15, 30, 60, 120, 180, 300, 600].find(step => spanS / step <= 6) ?? 900
}

/** Of `14:02:11` in the axis's type. */
const TIME_TEXT_PIXELS = 52
/** Nearer to the left than this share, a mark's text would run into the values' axis. */
const LEFT_SHARE = 0.03

/** Where a time axis of so many pixels has its marks, in epoch seconds: none whose text would be cut off. `rightPixels`: the room beside it. */
export function timeMarks(fromS: number, toS: number, widthPixels: number, rightPixels: number): number[] {
  const spanS = toS - fromS
  const step = timeStep(spanS)
  const pixelS = spanS / Math.max(1, widthPixels)
  const startS = fromS + spanS * LEFT_SHARE
  const endS = toS - Math.max(0, TIME_TEXT_PIXELS / 2 - rightPixels) * pixelS
  const marks: number[] = []
  for (let at = Math.ceil(startS / step) * step; at <= endS; at += step) marks.push(at)
  return marks
}
