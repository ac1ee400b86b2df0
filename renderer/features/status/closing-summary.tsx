import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useNoticesState, useServices } from '../../stores/context'
import { endingOf } from '../../stores/event-sentences'
import { type ClosingSummary, dismissClosed } from '../../stores/notices-store'
import { formatAge, formatBytes, formatPlural } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'

/** How long a summary stands when nobody points at it. */
const SHOWN_MS = 12_000
const SHOWN_MAX = 3

/** What the sessions that have just closed came to. Goes by itself. */
export function ClosingSummaries() {
  const { stores } = useServices()
  const closed = useNoticesState(state => state.closed)
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    if (closed.length === 0 || isHeld) return
    const timer = setTimeout(() => dismissClosed(stores.notices), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [closed, isHeld, stores])
  if (closed.length === 0) return null
  const rest = closed.length - SHOWN_MAX
  return (
    <section
      className="closing"
      aria-label="Closed sessions"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div role="status">
        {closed.slice(-SHOWN_MAX).map(summary => (
          <p key={summary.sessionId}>
            <b>
              {summary.name} {endingOf(summary.reason)}
            </b>
            <span>{figuresOf(summary)}</span>
          </p>
        ))}
        {rest > 0 && <p className="closing-rest">and {formatPlural(rest, 'other session')}</p>}
      </div>
      <IconButton icon={X} label="Dismiss" onClick={() => dismissClosed(stores.notices)} />
    </section>
  )
}

function figuresOf({ durationMs, figures }: ClosingSummary): string {
  const open = `Open for ${formatAge(durationMs)}`
  if (figures === null) return open
  const { executions, failures, bytesIn, bytesOut } = figures
  const runs = `${formatPlural(executions, 'execution')}, ${failures === 0 ? 'none' : failures} failed`
  return `${open} · ${runs} · ${formatBytes(bytesIn)} in, ${formatBytes(bytesOut)} out`
}
