import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import type { SessionSnapshot } from '../../../shared/model'
import { ChartCard } from '../../islands/chart/chart-card'
import { CHARTS } from '../../islands/chart/metric-charts'
import type { MetricRing } from '../../islands/chart/metric-ring'
import { useMetricFeed } from '../../islands/chart/use-metric-feed'
import { usePreference, useServices } from '../../stores/context'
import { Button } from '../../ui/button'
import { formatClock } from '../../ui/format'
import { ExecutionFigures } from './execution-figures'
import { FreeMemory } from './free-memory'
import { RangePicker } from './range-picker'
import './metrics.css'

/** The charts of a session, large. A paused view stands still; the recording goes on. */
export function MetricsView({ session }: { readonly session: SessionSnapshot }) {
  const { client } = useServices()
  const feed = useMetricFeed(client, session.sessionId)
  const [range, setRange] = usePreference('metricRangeMinutes')
  const [paused, setPaused] = useState<{ readonly ring: MetricRing; readonly atMs: number } | null>(null)
  return (
    <div className="metrics">
      <div className="metrics-bar">
        <RangePicker range={range} onChange={setRange} long />
        <Button
          icon={paused === null ? Pause : Play}
          disabled={feed === null}
          onClick={() => setPaused(paused === null && feed !== null ? { ring: feed.ring.copy(), atMs: Date.now() } : null)}
        >
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
        <div className="metrics-charts">
          {CHARTS.map(definition => (
            <ChartCard key={definition.id} definition={definition} feed={feed} rangeMinutes={range} paused={paused} compact={false} />
          ))}
        </div>
      )}
    </div>
  )
}
