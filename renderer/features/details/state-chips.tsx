import { useState } from 'react'
import type { StateChange } from '../../../shared/model'
import { describePhase } from '../../stores/port-state'
import { formatClockMs } from '../../ui/format'
import { type StateStep, stateSteps } from './state-history'

/** As many as fit on three or four lines. */
const STEPS_SHOWN = 9

/** The states a session has been in, oldest first, the present one marked. */
export function StateChips({ history }: { readonly history: readonly StateChange[] }) {
  const [isOpen, setOpen] = useState(false)
  const steps = stateSteps(history)
  const hidden = isOpen ? 0 : Math.max(0, steps.length - STEPS_SHOWN)
  if (steps.length === 0) return <span className="fact-hint">…</span>
  return (
    <div className="chips">
      {steps.length > STEPS_SHOWN && (
        <button type="button" className="chip chips-more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Fewer' : `${hidden} earlier`}
        </button>
      )}
      <ol aria-label="State history">
        {steps.slice(hidden).map((step, index, shown) => (
          <li key={step.number} aria-current={index === shown.length - 1 ? 'step' : undefined} title={stepTitle(step)}>
            {(index > 0 || hidden > 0) && <span aria-hidden>→</span>}
            <span className={`chip chip-${step.state === 'Error' ? 'bad' : 'plain'}`}>{step.state}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}

function stepTitle({ at, state, phases }: StateStep): string {
  const times = phases.map(change => `${formatClockMs(change.at)} ${describePhase(change.phase)}`)
  return times.length === 0 ? `${state} at ${formatClockMs(at)}` : times.join('\n')
}
