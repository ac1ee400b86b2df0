import { FolderPlus, RefreshCw } from 'lucide-react'
import { useManagerState, useServices } from '../../stores/context'
import { openDialog } from '../../stores/dialogs-store'
import { IconButton } from '../../ui/icon-button'
import { HealthLight } from './health-light'

/** What the fleet is as a whole, and what concerns all of it. */
export function FleetHeader({ ports }: { readonly ports: number | null }) {
  const { stores, commands } = useServices()
  const status = useManagerState(state => state.status)
  return (
    <header className="fleet-header">
      <div className="fleet-title">
        <h1>Fleet</h1>
        <span className="fleet-count">{ports === null ? '' : `${ports} ${ports === 1 ? 'port' : 'ports'}`}</span>
        <span className="spacer" />
        <IconButton icon={FolderPlus} label="New group" onClick={() => openDialog(stores.dialogs, { kind: 'new-group' })} />
        <IconButton icon={RefreshCw} label="Refresh the port list" shortcut="F5" onClick={() => void commands.refreshPorts()} />
      </div>
      {status !== null && (
        <div className="fleet-figures">
          <HealthLight status={status} />
          <span title="Sessions open now, of as many as may be">
            <b>{status.open}</b> of {status.limit}
            <span className="fleet-open"> open</span>
          </span>
          <span title="Kept open by the pool for the next caller; they count as open">
            <b>{status.warm}</b> warm
          </span>
          <span title="Callers that wait for a session">
            <b>{status.waiting}</b> waiting
          </span>
        </div>
      )}
    </header>
  )
}
