import type { SessionSnapshot } from '../../../shared/model'
import { useSessionInfo } from '../../stores/use-session-info'
import { ErrorNote } from '../../ui/error-note'
import { FactColumns } from '../../ui/facts/facts'
import { BoardSection } from './board-section'
import { ConnectionSection } from './connection-section'
import { FaultSection } from './fault-section'
import { HealthSection } from './health-section'
import { IdleSection } from './idle-section'
import { LeaseSection } from './lease-section'
import { LimitsSection } from './limits-section'
import { LineSection } from './line-section'
import { SessionSection } from './session-section'
import './details.css'

/** All that is known of a session. What moves comes with its snapshot, the rest is asked for. */
export function DetailsView({ session }: { readonly session: SessionSnapshot }) {
  const { info, error } = useSessionInfo(session.sessionId)
  const hasBoard = session.backend !== 'none'
  return (
    <FactColumns
      note={error === null ? undefined : <ErrorNote error={error} />}
      first={
        <>
          <SessionSection session={session} history={info?.history ?? []} />
          {hasBoard && <IdleSection session={session} options={info?.options ?? null} />}
          <LeaseSection session={session} options={info?.options ?? null} />
          {hasBoard && info !== null && <LimitsSection options={info.options} />}
        </>
      }
      second={
        <>
          {session.fault !== null && <FaultSection fault={session.fault} />}
          {hasBoard && <BoardSection session={session} />}
          {hasBoard && <ConnectionSection session={session} />}
          {hasBoard && <HealthSection session={session} options={info?.options ?? null} />}
          {session.backend === 'serial' && <LineSection session={session} />}
        </>
      }
    />
  )
}
