import 'uplot/dist/uPlot.min.css'
import './chart.css'
import uPlot from 'uplot'
import { METRIC_INTERVAL_MS } from '../../../shared/limits'
import { readColours } from '../../theme/theme'
import { formatClock } from '../../ui/format'
import {
  type ChartData,
  chartData,
  findOutliers,
  isolatedSamples,
  type Outliers,
  roundAxis,
  roundRange,
  timeMarks,
  timeStep,
} from './chart-data'
import { drawMarkers, drawOutliers } from './chart-markers'
import type { ChartDefinition, ChartSource } from './metric-charts'

export interface MetricChartOptions {
  readonly definition: ChartDefinition
  /** Without axis texts and crosshair, for the narrow column. */
  readonly compact: boolean
  /** One value a series: under the crosshair, else the latest; and the crosshair's time, else null. */
  readonly onValues: (values: readonly (number | null)[], atS: number | null) => void
}

const AXIS_FONT = "11px 'Inter Variable', sans-serif"
/** The room beside the values. */
const RIGHT_PIXELS = 8
/** The crosshair takes a sample within this distance. */
const HOVER_PIXELS = 12
/** Charts with the same key share their crosshair. */
const SYNC_KEY = 'metrics'
/** A peak does not touch the upper edge. */
const HEADROOM = 1.06
const Y_TICKS = { compact: 3, large: 4 }

/** One chart on a canvas. Owns its uPlot and the observer of its size; `dispose` ends both. */
export class MetricChart {
  private plot: uPlot
  private colours = readColours()
  private data: ChartData = { x: [], series: [] }
  private outliers: Outliers | null = null
  private ring: ChartSource | null = null
  /** Between the marks of an axis that fits its values: from its ends alone another one would follow. */
  private step = 1
  private fromS = 0
  private toS = 1
  private readonly resizeObserver: ResizeObserver

  constructor(
    private readonly host: HTMLElement,
    private readonly options: MetricChartOptions,
  ) {
    this.plot = this.createPlot()
    this.resizeObserver = new ResizeObserver(() => this.resize())
    this.resizeObserver.observe(host)
  }

  show(ring: ChartSource, fromS: number, toS: number): void {
    this.ring = ring
    this.fromS = fromS
    this.toS = toS
    this.data = chartData(ring, this.options.definition.series, fromS, toS)
    this.outliers = this.options.definition.marksOutliers === true ? findOutliers(this.data.series) : null
    this.plot.setData([this.data.x, ...this.data.series] as unknown as uPlot.AlignedData, true)
    this.reportValues()
  }

  /** uPlot takes colours when it is made. */
  applyTheme(): void {
    this.colours = readColours()
    this.plot.destroy()
    this.plot = this.createPlot()
    if (this.ring !== null) this.show(this.ring, this.fromS, this.toS)
  }

  dispose(): void {
    this.resizeObserver.disconnect()
    this.plot.destroy()
  }

  private createPlot(): uPlot {
    const { definition, compact } = this.options
    const { colours } = this
    const options: uPlot.Options = {
      width: Math.max(1, this.host.clientWidth),
      height: Math.max(1, this.host.clientHeight),
      padding: compact ? [4, 0, 0, 0] : [10, RIGHT_PIXELS, 0, 0],
      legend: { show: false },
      cursor: compact
        ? { show: false }
        : { drag: { x: false, y: false }, y: false, points: { size: 6 }, sync: { key: SYNC_KEY, setSeries: false } },
      scales: {
        x: { time: true, range: () => [this.fromS, this.toS] },
        y: { range: (_plot, min, max) => this.valueRange(min, max) },
      },
      axes: [this.timeAxis(), this.valueAxis()],
      series: [
        {},
        ...definition.series.map(
          (series): uPlot.Series => ({
            label: series.label,
            stroke: colours[series.colour],
            width: 1.25,
            ...(series.filled === true ? { fill: withAlpha(colours[series.colour], 0.14) } : {}),
            points: { show: false, size: 4, fill: colours[series.colour], filter: (plot, index) => isolatedIn(plot, index) },
          }),
        ),
      ],
      hooks: {
        draw: [
          plot => drawMarkers(plot, this.ring?.markers ?? [], colours, compact),
          plot => drawOutliers(plot, this.outliers?.above ?? [], definition.format, colours, compact),
        ],
        setCursor: [() => this.reportValues()],
      },
    }
    return new uPlot(options, [[], ...definition.series.map(() => [])] as unknown as uPlot.AlignedData, this.host)
  }

  private timeAxis(): uPlot.Axis {
    const { compact } = this.options
    return {
      show: true,
      size: compact ? 0 : 24,
      gap: 4,
      font: AXIS_FONT,
      stroke: this.colours.faint,
      ticks: { show: false },
      grid: { show: false },
      splits: plot => timeMarks(this.fromS, this.toS, plot.bbox.width / window.devicePixelRatio, RIGHT_PIXELS),
      values: (_plot, marks) => marks.map(at => (compact ? '' : this.timeText(at))),
    }
  }

  private timeText(atS: number): string {
    const text = formatClock(atS * 1_000)
    return timeStep(this.toS - this.fromS) < 60 ? text : text.slice(0, 5)
  }

  private valueAxis(): uPlot.Axis {
    const { compact, definition } = this.options
    return {
      show: true,
      size: compact ? 0 : 52,
      gap: 6,
      font: AXIS_FONT,
      stroke: this.colours.faint,
      ticks: { show: false },
      grid: { stroke: this.colours.line, width: 1 },
      splits: (_plot, _axis, min, max) => {
        const step = definition.fitsValues === true ? this.step : roundAxis(max, this.ticks, definition.smallestMax).step
        const marks: number[] = []
        // In small, a line at the upper edge would look like a part of the frame.
        const end = max + step * (compact ? -0.001 : 0.001)
        const first = Math.ceil(min / step - 0.001)
        for (let index = first; index * step <= end; index++) marks.push(index * step)
        return marks
      },
      values: (_plot, marks) => marks.map(value => (compact ? '' : definition.format(value))),
    }
  }

  private valueRange(min: number | null, max: number | null): [number, number] {
    if (this.options.definition.fitsValues !== true || min === null || max === null)
      return [0, this.axis(this.outliers?.ceiling ?? max).max]
    const range = roundRange(min, max, this.ticks)
    this.step = range.step
    return [range.min, range.max]
  }

  private axis(max: number | null): { readonly max: number; readonly step: number } {
    return roundAxis((max ?? 0) * HEADROOM, this.ticks, this.options.definition.smallestMax)
  }

  private get ticks(): number {
    return this.options.compact ? Y_TICKS.compact : Y_TICKS.large
  }

  private reportValues(): void {
    const hovered = this.hoveredIndex()
    const index = hovered ?? this.data.x.length - 1
    const values = this.data.series.map(series => (hovered === null ? lastValue(series) : (series[index] ?? null)))
    this.options.onValues(values, hovered === null ? null : (this.data.x[hovered] ?? null))
  }

  /** The sample under the crosshair; null where there is none near. */
  private hoveredIndex(): number | null {
    const { idx, left } = this.plot?.cursor ?? {}
    if (idx == null || left === undefined || left < 0) return null
    const distanceS = Math.abs((this.data.x[idx] ?? 0) - this.plot.posToVal(left, 'x'))
    const pixelS = (this.toS - this.fromS) / Math.max(1, this.plot.bbox.width)
    return distanceS > Math.max(METRIC_INTERVAL_MS / 1_000, pixelS * HOVER_PIXELS) ? null : idx
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host
    if (width > 0 && height > 0 && (width !== this.plot.width || height !== this.plot.height)) this.plot.setSize({ width, height })
  }
}

/** Executions are seldom: the latest value is the last there was in this span. */
function lastValue(values: readonly (number | null)[]): number | null {
  for (let index = values.length - 1; index >= 0; index--) {
    const value = values[index]
    if (value != null) return value
  }
  return null
}

function isolatedIn(plot: uPlot, series: number): number[] {
  return isolatedSamples(Array.from(plot.data[series] ?? []))
}

function withAlpha(hex: string, alpha: number): string {
  const value = Number.parseInt(hex.slice(1), 16)
  return `rgba(${(value >> 16) & 255}, ${(value >> 8) & 255}, ${value & 255}, ${alpha})`
}
