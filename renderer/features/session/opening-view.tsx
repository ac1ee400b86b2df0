import { usePortName, useServices, useSession } from '../../stores/context'
import type { Place } from '../../stores/places'
import { describePhase } from '../../stores/port-state'
import { Age } from '../../ui/age'
import { Button } from '../../ui/button'
import { formatAge } from '../../ui/format'
import { StateDot } from '../../ui/state-dot'

const STEPS = ['Opening port', 'Waiting for the prompt', 'Identifying']

/** A port on its way to the prompt. */
export function OpeningView({ place }: { readonly place: Place }) {
  const { commands } = useServices()
  const session = useSession(place)
  const name = usePortName(place)
  const phase = describePhase(session?.phase ?? null)
  const isClosing = session?.state === 'Disconnecting' || session?.state === 'Disconnected'
  return (
    <div className="session-message">
      <h2>{isClosing ? `Closing ${name}` : `Opening ${name}`}</h2>
      <p className="session-path">{session?.port ?? place}</p>
      <ol className="opening-steps" aria-label="Progress">
        {STEPS.map(step => {
          const place = STEPS.indexOf(step) - STEPS.indexOf(phase)
          return (
            <li
              key={step}
              aria-current={place === 0 ? 'step' : undefined}
              className={place < 0 ? 'step-done' : place === 0 ? 'step-now' : 'step-later'}
            >
              <StateDot kind={place < 0 ? 'ready' : place === 0 ? 'opening' : 'available'} />
              {step}
            </li>
          )
        })}
      </ol>
      {session !== undefined && (
        <>
          <p className="session-hint">
            <Age since={session.openedAt} format={formatAge} />
          </p>
          <Button disabled={isClosing} onClick={() => void commands.close(place)}>
            Cancel
          </Button>
        </>
      )}
    </div>
  )
}
