import { Popover } from 'radix-ui'
import type { ManagerHealth, ManagerStatus } from '../../../shared/model'
import { formatCount } from '../../ui/format'

/** The health check of the session manager as dot and word; its data on demand. */
export function HealthLight({ status }: { readonly status: ManagerStatus }) {
  const { health } = status
  const { data } = health
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className="health" aria-label={`Health: ${health.status}. ${health.description}`} title={health.description}>
          <span className={`dot health-${health.status}`} aria-hidden />
          {health.status}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover" side="bottom" align="start" sideOffset={4} aria-label="Health of the session manager">
          <p className="popover-title">
            <span className={`dot health-${health.status}`} aria-hidden />
            {health.description}
          </p>
          {health.cause !== null && <p className="popover-cause">{health.cause}</p>}
          <dl>
            <Figure name="Active sessions" value={formatCount(data.active_sessions)} />
            <Figure name="Most allowed" value={formatCount(data.max_sessions)} />
            <Figure name="Used" value={utilization(health)} />
            <Figure name="Manager" value={data.state} />
            <Figure name="Opened so far" value={formatCount(status.totalOpened)} />
            <Figure name="Closed so far" value={formatCount(status.totalClosed)} />
            <Figure name="Most at once" value={formatCount(status.peakOpen)} />
          </dl>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function utilization({ data }: ManagerHealth): string {
  return Number.isFinite(data.utilization) ? `${Math.round(data.utilization * 100)} %` : '–'
}
