import type { SessionSnapshot } from '../../../shared/model'
import { formatDuration, formatPlural } from '../../ui/format'

/** Over the whole session, where the charts show a part of it. */
export function ExecutionFigures({ session }: { readonly session: SessionSnapshot }) {
  const { latencyMs, operations, errors } = session.statistics
  if (latencyMs === null) return null
  const figures = [
    ['Last', latencyMs.last],
    ['p50', latencyMs.p50],
    ['p95', latencyMs.p95],
  ] as const
  return (
    <span className="session-figures" title="Over the whole session">
      {figures.map(([name, durationMs]) => (
        <span key={name}>
          {name} <b>{formatDuration(durationMs)}</b>
        </span>
      ))}
      <span>
        <b>{formatPlural(operations, 'execution')}</b>, {errors === 0 ? 'none' : <b>{errors}</b>} failed
      </span>
    </span>
  )
}
