import type uPlot from 'uplot'
import type { MetricMarker } from '../../../shared/model'
import type { ThemeColours } from '../../theme/theme'
import type { Outliers } from './chart-data'

const TEXT_PIXELS = 11

/** Dashed lines with a word at the moments when something happened to a session or its board. Drawn in device pixels. */
export function drawMarkers(plot: uPlot, markers: readonly MetricMarker[], colours: ThemeColours, compact: boolean): void {
  const { left, top, width, height } = plot.bbox
  const ratio = window.devicePixelRatio || 1
  const { ctx } = plot
  ctx.save()
  ctx.font = `${TEXT_PIXELS * ratio}px 'Inter Variable', sans-serif`
  ctx.textBaseline = 'top'
  ctx.lineWidth = ratio
  ctx.setLineDash([3 * ratio, 3 * ratio])
  for (const marker of markers) {
    const x = Math.round(plot.valToPos(marker.at, 'x', true)) + 0.5
    if (x < left || x > left + width) continue
    ctx.strokeStyle = marker.kind === 'lost' ? colours.bad : colours.warn
    ctx.beginPath()
    ctx.moveTo(x, top)
    ctx.lineTo(x, top + height)
    ctx.stroke()
    if (!compact) drawLabel(ctx, marker.label, x, top, left + width, ratio, colours)
  }
  ctx.restore()
}

/** To the right of its line, or to the left where there is no room. */
function drawLabel(
  ctx: CanvasRenderingContext2D,
  label: string,
  x: number,
  top: number,
  right: number,
  ratio: number,
  colours: ThemeColours,
): void {
  const fits = x + 5 * ratio + ctx.measureText(label).width < right
  ctx.fillStyle = colours.faint
  ctx.textAlign = fits ? 'left' : 'right'
  ctx.fillText(label, x + (fits ? 5 : -5) * ratio, top + 2 * ratio)
}

/** Half the width of the mark of a value above the axis, and its height. */
const ARROW_PIXELS = 4
/** Texts of neighbouring marks keep this distance; the larger value of those that do not is said. */
const ARROW_TEXT_PIXELS = 48

/** An arrow at the upper edge for each value above it, with the value itself where there is room. */
export function drawOutliers(
  plot: uPlot,
  above: Outliers['above'],
  format: (value: number) => string,
  colours: ThemeColours,
  compact: boolean,
): void {
  const { left, top, width } = plot.bbox
  const ratio = window.devicePixelRatio || 1
  const { ctx } = plot
  const size = ARROW_PIXELS * ratio
  const places = above.map(({ index, value }) => ({ value, x: plot.valToPos(plot.data[0][index] ?? Number.NaN, 'x', true) }))
  const shown = places.filter(({ x }) => x >= left && x <= left + width)
  ctx.save()
  ctx.fillStyle = colours.warn
  for (const { x } of shown) {
    ctx.beginPath()
    ctx.moveTo(x, top)
    ctx.lineTo(x - size, top + size)
    ctx.lineTo(x + size, top + size)
    ctx.fill()
  }
  ctx.font = `${TEXT_PIXELS * ratio}px 'Inter Variable', sans-serif`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'top'
  if (!compact) {
    for (const { x, value } of spacedOut(shown, ARROW_TEXT_PIXELS * ratio)) {
      const text = format(value)
      const textWidth = ctx.measureText(text).width
      const fits = x + 3 * size + textWidth < left + width
      const textLeft = fits ? x + 2 * size : x - 2 * size - textWidth
      // The line that leaves the chart and comes back goes through the text otherwise.
      ctx.fillStyle = colours.panel
      ctx.fillRect(textLeft - size / 2, top + ratio, textWidth + size, TEXT_PIXELS * ratio)
      ctx.fillStyle = colours.warn
      ctx.fillText(text, textLeft, top + ratio)
    }
  }
  ctx.restore()
}

/** Of marks that stand closer than `distance`, the one with the largest value. */
export function spacedOut<T extends { readonly x: number; readonly value: number }>(marks: readonly T[], distance: number): readonly T[] {
  const kept: T[] = []
  for (const mark of [...marks].sort((one, other) => other.value - one.value)) {
    if (kept.every(other => Math.abs(other.x - mark.x) >= distance)) kept.push(mark)
  }
  return kept
}
