import { useEffect, useRef, useState } from 'react'
import { onThemeChanged } from '../../theme/theme'
import { formatClock } from '../../ui/format'
import { hasValues } from './chart-data'
import { MetricChart } from './metric-chart'
import type { ChartDefinition, ChartFeed, ChartSource } from './metric-charts'

export interface ChartCardProps {
  readonly definition: ChartDefinition
  readonly feed: ChartFeed
  readonly rangeMinutes: number
  /** What is shown while the recording goes on, or null for live. */
  readonly paused: { readonly ring: ChartSource; readonly atMs: number } | null
  readonly compact: boolean
}

/** A chart with its heading and values. Samples and values go past React. */
export function ChartCard({ definition, feed, rangeMinutes, paused, compact }: ChartCardProps) {
  const host = useRef<HTMLDivElement>(null)
  const chart = useRef<MetricChart>(null)
  const values = useRef<(HTMLSpanElement | null)[]>([])
  const time = useRef<HTMLSpanElement>(null)
  const [isEmpty, setEmpty] = useState(true)

  useEffect(() => {
    if (host.current === null) return
    const created = new MetricChart(host.current, {
      definition,
      compact,
      onValues: (shown, atS) => {
        for (const [index, value] of shown.entries()) {
          setText(values.current[index], value === null ? '–' : definition.format(value))
        }
        setText(time.current, atS === null ? '' : formatClock(atS * 1_000))
      },
    })
    chart.current = created
    const endTheme = onThemeChanged(() => created.applyTheme())
    return () => {
      endTheme()
      created.dispose()
      chart.current = null
    }
  }, [definition, compact])

  useEffect(() => {
    const show = (): void => {
      const ring = paused?.ring ?? feed.ring
      const toS = (paused?.atMs ?? Date.now()) / 1_000
      chart.current?.show(ring, toS - rangeMinutes * 60, toS)
      setEmpty(!hasValues(ring, definition.needs))
    }
    show()
    return paused === null ? feed.onSamples(show) : undefined
  }, [feed, paused, rangeMinutes, definition])

  return (
    <section className={compact ? 'chart-card chart-card-compact' : 'chart-card'} aria-label={definition.title}>
      <header>
        <h3>{definition.title}</h3>
        <span className="chart-unit">{compact ? definition.unit : definition.longUnit}</span>
        <span className="chart-time" ref={time} />
        <Legend definition={definition} isEmpty={isEmpty} values={values} />
      </header>
      <div className="chart-area">
        <div className="chart-host" ref={host} />
        {isEmpty && (
          <p className="chart-empty">
            <span>{compact ? 'No data yet' : definition.emptyText}</span>
          </p>
        )}
      </div>
    </section>
  )
}

interface LegendProps {
  readonly definition: ChartDefinition
  readonly isEmpty: boolean
  readonly values: { readonly current: (HTMLSpanElement | null)[] }
}

function Legend({ definition, isEmpty, values }: LegendProps) {
  return (
    <ul className={isEmpty ? 'chart-legend chart-legend-empty' : 'chart-legend'}>
      {definition.series.map((series, index) => (
        <li key={series.label}>
          <span className={`swatch swatch-${series.colour}`} aria-hidden />
          {series.label}{' '}
          <span
            className="chart-value"
            ref={element => {
              values.current[index] = element
            }}
          />
        </li>
      ))}
    </ul>
  )
}

function setText(element: HTMLElement | null | undefined, text: string): void {
  if (element != null && element.textContent !== text) element.textContent = text
}
