import { ArrowDown, ArrowUp, Bell, TriangleAlert } from 'lucide-react'
import type { ManagerStatus } from '../../../shared/model'
import { useManagerState, useNoticesState, useServices } from '../../stores/context'
import { showPage } from '../../stores/tabs-store'
import { formatClock, formatRate } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'
import { LiveRegion } from './live-region'
import './status.css'

export function StatusBar() {
  const { stores } = useServices()
  const status = useManagerState(state => state.status)
  const app = useManagerState(state => state.app)
  const event = useNoticesState(state => state.lastEvent)
  return (
    <footer className="status-bar">
      <ManagerChip status={status} />
      {status !== null && (
        <>
          <span>
            {status.open} of {status.limit} sessions
          </span>
          {(status.warm > 0 || status.waiting > 0) && (
            <span className="status-pool">
              {status.warm} warm, {status.waiting} waiting
            </span>
          )}
          <span className="status-rate" title="Received from all boards">
            <ArrowDown size={12} strokeWidth={1.75} aria-label="in" />
            {formatRate(status.bytesInPerSecond)}
          </span>
          <span className="status-rate" title="Sent to all boards">
            <ArrowUp size={12} strokeWidth={1.75} aria-label="out" />
            {formatRate(status.bytesOutPerSecond)}
          </span>
        </>
      )}
      <span className="spacer" />
      {event !== null && (
        <span className={`status-event status-${event.tone}`}>
          {event.tone !== 'info' && <TriangleAlert size={12} strokeWidth={1.75} aria-hidden />}
          <span className="status-event-text">{event.text}</span> <time>{formatClock(event.at)}</time>
        </span>
      )}
      {app?.runtimeNote != null && (
        <span className="status-note" title={app.runtimeNote}>
          Electron {app.electron}, for development
        </span>
      )}
      <IconButton icon={Bell} label="Show the activity" shortcut="Ctrl+Shift+Y" onClick={() => showPage(stores.tabs, 'page:activity')} />
      <LiveRegion />
    </footer>
  )
}

/** The manager's state, and what is wrong with it where something is. */
function ManagerChip({ status }: { readonly status: ManagerStatus | null }) {
  if (status === null) return <span className="status-state">Starting</span>
  const { health, state } = status
  return (
    <span className="status-state" title={`${health.description}${health.cause === null ? '' : `: ${health.cause}`}`}>
      <span className={`dot health-${health.status} ${state === 'Inactive' ? 'dot-available' : ''}`} aria-hidden />
      {state}
      {health.status !== 'Healthy' && <span className={`health-word-${health.status}`}>{health.description}</span>}
    </span>
  )
}
