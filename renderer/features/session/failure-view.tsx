import { Eye, RotateCw, X } from 'lucide-react'
import type { ErrorInfo } from '../../../shared/errors'
import { usePortName, useServices } from '../../stores/context'
import type { Place } from '../../stores/places'
import type { OpenFailure } from '../../stores/tabs-store'
import { Button } from '../../ui/button'
import { ErrorNote } from '../../ui/error-note'
import { formatClock } from '../../ui/format'
import { SpeedPicker } from './speed-picker'

/** With a wrong speed, a board is silent or talks nonsense. */
const SPEED_MATTERS: ReadonlySet<ErrorInfo['reason']> = new Set(['no-reply', 'not-micropython'])

/** Why a port could not be opened, and what to do about it. */
export function FailureView({ place, failure }: { readonly place: Place; readonly failure: OpenFailure }) {
  const { commands } = useServices()
  const name = usePortName(place)
  return (
    <div className="session-message">
      <h2>{name}</h2>
      <p className="session-path">
        {place} · {formatClock(failure.at)}
      </p>
      <ErrorNote error={failure.error}>
        <Button icon={RotateCw} tone="primary" onClick={() => void commands.open(place)}>
          Retry
        </Button>
        {SPEED_MATTERS.has(failure.error.reason) && (
          <>
            <Button
              icon={Eye}
              title="Only reads what the board prints, without asking for its prompt"
              onClick={() => void commands.open(place, 'watch')}
            >
              Open and watch
            </Button>
            <SpeedPicker port={place} />
          </>
        )}
        <Button icon={X} onClick={() => void commands.close(place)}>
          Close tab
        </Button>
      </ErrorNote>
    </div>
  )
}
