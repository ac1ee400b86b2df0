import type uPlot from 'uplot'
import type { MetricMarker } from '../../../shared/model'
import type { ThemeColours } from '../../theme/theme'

/** Dashed lines with a word at the moments when a session was connected, lost or closed. Drawn in device pixels. */
export function drawMarkers(plot: uPlot, markers: readonly MetricMarker[], colours: ThemeColours, compact: boolean): void {
  const { left, top, width, height } = plot.bbox
  const ratio = window.devicePixelRatio || 1
  const { ctx } = plot
  ctx.save()
  ctx.font = `${11 * ratio}px 'Inter Variable', sans-serif`
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
