import { RotateCw, X } from 'lucide-react'
import type { ErrorInfo } from '../../../shared/errors'
import { usePortName, useServices } from '../../stores/context'
import type { OpenFailure } from '../../stores/tabs-store'
import { Button } from '../../ui/button'
import { ErrorNote } from '../../ui/error-note'
import { formatClock } from '../../ui/format'
import { SpeedPicker } from './speed-picker'

/** With a wrong speed, a board is silent or talks nonsense. */
const SPEED_MATTERS: ReadonlySet<ErrorInfo['reason']> = new Set(['no-reply', 'not-micropython'])

/** Why a port could not be opened, and what to do about it. */
export function FailureView({ port, failure }: { readonly port: string; readonly failure: OpenFailure }) {
  const { commands } = useServices()
  const name = usePortName(port)
  return (
    <div className="session-message">
      <h2>{name}</h2>
      <p className="session-path">
        {port} · {formatClock(failure.at)}
      </p>
      <ErrorNote error={failure.error}>
        <Button icon={RotateCw} tone="primary" onClick={() => void commands.open(port)}>
          Retry
        </Button>
        {SPEED_MATTERS.has(failure.error.reason) && <SpeedPicker port={port} />}
        <Button icon={X} onClick={() => void commands.close(port)}>
          Close tab
        </Button>
      </ErrorNote>
    </div>
  )
}
