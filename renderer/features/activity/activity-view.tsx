import { useState } from 'react'
import { AllEvents } from './all-events'
import { StreamsView } from './streams-view'
import './activity.css'

type Part = 'streams' | 'events'

const PARTS: readonly { readonly id: Part; readonly label: string }[] = [
  { id: 'streams', label: 'Notices' },
  { id: 'events', label: 'All events' },
]

/** What goes on in the whole fleet: notices of starts and stops as they come, and everything that was noted. */
export function ActivityView() {
  const [part, setPart] = useState<Part>('streams')
  return (
    <section className="activity" aria-label="Activity">
      <header className="page-bar">
        <h2>Activity</h2>
        <fieldset className="segmented">
          <legend className="visually-hidden">What is shown</legend>
          {PARTS.map(({ id, label }) => (
            <button key={id} type="button" aria-pressed={id === part} onClick={() => setPart(id)}>
              {label}
            </button>
          ))}
        </fieldset>
        <p className="activity-hint">
          {part === 'streams'
            ? 'Starts and stops of sessions, told the moment they happen.'
            : 'Everything that is remembered, of all sessions.'}
        </p>
      </header>
      <div className="activity-body">{part === 'streams' ? <StreamsView /> : <AllEvents />}</div>
    </section>
  )
}
