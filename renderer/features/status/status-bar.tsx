import { ArrowDown, ArrowUp, TriangleAlert } from 'lucide-react'
import { useManagerState, useNoticesState } from '../../stores/context'
import { formatClock, formatRate } from '../../ui/format'
import { LiveRegion } from './live-region'
import './status.css'

export function StatusBar() {
  const status = useManagerState(state => state.status)
  const app = useManagerState(state => state.app)
  const event = useNoticesState(state => state.lastEvent)
  return (
    <footer className="status-bar">
      <span className="status-state">
        <span className={`dot dot-${status?.state === 'Active' ? 'ready' : 'available'}`} aria-hidden />
        {status?.state ?? 'Starting'}
      </span>
      {status !== null && (
        <>
          <span>
            {status.open} of {status.limit} sessions
          </span>
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
        <span className={event.tone === 'bad' ? 'status-event status-bad' : 'status-event'}>
          {event.tone === 'bad' && <TriangleAlert size={12} strokeWidth={1.75} aria-hidden />}
          <span className="status-event-text">{event.text}</span> <time>{formatClock(event.at)}</time>
        </span>
      )}
      {app?.runtimeNote != null && (
        <span className="status-note" title={app.runtimeNote}>
          Electron {app.electron}, for development
        </span>
      )}
      <LiveRegion />
    </footer>
  )
}
