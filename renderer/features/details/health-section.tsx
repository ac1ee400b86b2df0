import type { SessionOptions, SessionSnapshot } from '../../../shared/model'
import { Age } from '../../ui/age'
import { Fact, FactRows, FactSection } from '../../ui/facts/facts'
import { formatAge, formatClock, formatDuration } from '../../ui/format'
import { formatPeriod } from '../../ui/periods'
import { StateDot } from '../../ui/state-dot'

export interface HealthSectionProps {
  readonly session: SessionSnapshot
  /** Null until they are known. */
  readonly options: SessionOptions | null
}

/** Whether the board answers when it is asked. */
export function HealthSection({ session, options }: HealthSectionProps) {
  const { isHealthy, lastProbe, lastHeartbeatAt } = session.health
  const beats = options?.heartbeatIntervalMs ?? null
  return (
    <FactSection title="Health">
      <FactRows>
        <Fact label="Session">
          <span className="fact-line">
            <StateDot kind={isHealthy ? 'ready' : 'silent'} />
            {isHealthy ? 'healthy' : 'not healthy'}
          </span>
        </Fact>
        <Fact label="Last probe">
          {lastProbe === null ? (
            'none yet'
          ) : (
            <span className="fact-line">
              <StateDot kind={lastProbe.ok ? 'ready' : 'silent'} />
              <span>
                {lastProbe.ok ? 'answered in' : 'no answer within'} {formatDuration(lastProbe.durationMs)},{' '}
                <Age since={lastProbe.at} format={formatAge} /> ago
              </span>
            </span>
          )}
        </Fact>
        {options !== null && (
          <Fact label="Probes">
            {options.healthChecks ? `every ${formatPeriod(options.healthCheckIntervalMs)}, while nothing runs` : 'off'}
          </Fact>
        )}
        {options !== null && (
          <Fact label="Heartbeat">
            {beats === null
              ? 'off'
              : `every ${formatPeriod(beats)}, ${lastHeartbeatAt === null ? 'none yet' : `last ${formatClock(lastHeartbeatAt)}`}`}
          </Fact>
        )}
      </FactRows>
    </FactSection>
  )
}
