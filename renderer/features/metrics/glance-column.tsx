import { useMemo } from 'react'
import type { SessionSnapshot } from '../../../shared/model'
import { ChartCard } from '../../islands/chart/chart-card'
import { CHARTS } from '../../islands/chart/metric-charts'
import { useMetricFeed } from '../../islands/chart/use-metric-feed'
import { useSamplerFeed } from '../../islands/chart/use-sampler-feed'
import { usePreference, useServices, useSession, useTabsState } from '../../stores/context'
import { formatBytes } from '../../ui/format'
import { useCompact } from '../../ui/use-compact'
import { RangePicker } from './range-picker'
import './metrics.css'

/** The active session's charts in small, beside its console. Absent where there is no room, or nothing to chart. */
export function GlanceColumn() {
  const isCompact = useCompact()
  const active = useTabsState(state => state.active)
  const view = useTabsState(state => state.views.get(state.active ?? '') ?? 'console')
  const session = useSession(active ?? '')
  if (isCompact || view === 'metrics' || session === undefined || session.connectedAt === null || session.backend === 'none') return null
  return <Glance key={session.sessionId} session={session} />
}

function Glance({ session }: { readonly session: SessionSnapshot }) {
  const { client } = useServices()
  const feed = useMetricFeed(client, session.sessionId)
  const { feed: samples, charts: fields } = useSamplerFeed(client, session.sessionId)
  const [range, setRange] = usePreference('metricRangeMinutes')
  const bytes = session.board?.freeMemoryBytes
  const charts = useMemo(
    () =>
      feed !== null &&
      CHARTS.map(definition => (
        <ChartCard key={definition.id} definition={definition} feed={feed} rangeMinutes={range} paused={null} compact />
      )),
    [feed, range],
  )
  const values = useMemo(
    () =>
      samples !== null &&
      fields.map(definition => (
        <ChartCard key={definition.id} definition={definition} feed={samples} rangeMinutes={range} paused={null} compact />
      )),
    [samples, fields, range],
  )
  return (
    <aside className="glance" aria-label="Charts at a glance">
      <RangePicker range={range} onChange={setRange} />
      {charts}
      {values}
      <section className="chart-card glance-memory" aria-label="Free memory">
        <h3>Free memory</h3>
        <span className="chart-unit">at connect</span>
        <span className="glance-figure">{bytes == null ? '–' : formatBytes(bytes)}</span>
      </section>
    </aside>
  )
}
