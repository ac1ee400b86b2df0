import { useServices } from '../../stores/context'
import { useHistory } from '../../stores/use-history'
import { EventList } from '../../ui/event-list/event-list'

/** What happened to all sessions, as long as it is remembered. */
export function AllEvents() {
  const { client } = useServices()
  const entries = useHistory(null)
  return (
    <EventList
      label="Events of all sessions"
      entries={entries}
      showsBoard
      emptyText="What happens to any session is listed here: states, faults, leases, changes."
      onSave={format => client.call('history:save', { format })}
    />
  )
}
