import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import type { SessionSnapshot } from '../../../shared/model'
import { ChartCard } from '../../islands/chart/chart-card'
import { CHARTS } from '../../islands/chart/metric-charts'
import type { MetricRing } from '../../islands/chart/metric-ring'
import type { SamplerRing } from '../../islands/chart/sampler-ring'
import { useMetricFeed } from '../../islands/chart/use-metric-feed'
import { useSamplerFeed } from '../../islands/chart/use-sampler-feed'
import { usePreference, useServices } from '../../stores/context'
import { Button } from '../../ui/button'
import { formatClock } from '../../ui/format'
import { ExecutionFigures } from './execution-figures'
import { FreeMemory } from './free-memory'
import { RangePicker } from './range-picker'
import './metrics.css'

/** What a paused view goes on showing. */
interface Paused {
  readonly ring: MetricRing
  readonly samples: SamplerRing | null
  readonly atMs: number
}

/** The charts of a session, large. A paused view stands still; the recording goes on. */
export function MetricsView({ session }: { readonly session: SessionSnapshot }) {
  const { client } = useServices()
  const feed = useMetricFeed(client, session.sessionId)
  const { feed: samples, charts: fields, sampler } = useSamplerFeed(client, session.sessionId)
  const [range, setRange] = usePreference('metricRangeMinutes')
  const [paused, setPaused] = useState<Paused | null>(null)
  const togglePause = (): void =>
    setPaused(paused === null && feed !== null ? { ring: feed.ring.copy(), samples: samples?.ring.copy() ?? null, atMs: Date.now() } : null)
  return (
    <div className="metrics">
      <div className="metrics-bar">
        <RangePicker range={range} onChange={setRange} long />
        <Button icon={paused === null ? Pause : Play} disabled={feed === null} onClick={togglePause}>
          {paused === null ? 'Pause' : 'Resume'}
        </Button>
        <span className="metrics-note" role="status">
          {paused === null ? '' : `Paused at ${formatClock(paused.atMs)}, still recording`}
        </span>
        <span className="spacer" />
        <ExecutionFigures session={session} />
        <FreeMemory session={session} />
      </div>
      {feed !== null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached from the keyboard.
        <section className="metrics-charts" aria-label="Charts" tabIndex={0}>
          {CHARTS.map(definition => (
            <ChartCard key={definition.id} definition={definition} feed={feed} rangeMinutes={range} paused={paused} compact={false} />
          ))}
          {samples !== null &&
            fields.map(definition => (
              <ChartCard
                key={`field ${definition.id}`}
                definition={definition}
                feed={samples}
                rangeMinutes={range}
                paused={paused === null || paused.samples === null ? null : { ring: paused.samples, atMs: paused.atMs }}
                compact={false}
              />
            ))}
          {sampler !== null && fields.length === 0 && (
            <p className="metrics-values-none">
              The repeated code has returned no numbers yet. End it with an expression such as {"{'volts': 1.2}"}.
            </p>
          )}
        </section>
      )}
    </div>
  )
}
