import type { HistoryEntry, SessionSnapshot } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { EventList } from '../../ui/event-list/event-list'

export interface EventsViewProps {
  readonly session: SessionSnapshot
  /** Oldest first. */
  readonly history: readonly HistoryEntry[]
}

/** The life of one session. */
export function EventsView({ session, history }: EventsViewProps) {
  const { client } = useServices()
  const { sessionId } = session
  return (
    <EventList
      label="Events of this session"
      entries={history}
      emptyText="What happens to this session is listed here: states, faults, leases, changes."
      onSave={format => client.call('history:save', { sessionId, format })}
    />
  )
}
