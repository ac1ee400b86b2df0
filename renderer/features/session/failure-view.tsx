import { RotateCw, X } from 'lucide-react'
import { usePortName, useServices } from '../../stores/context'
import type { OpenFailure } from '../../stores/tabs-store'
import { Button } from '../../ui/button'
import { ErrorNote } from '../../ui/error-note'
import { formatClock } from '../../ui/format'

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
        <Button icon={X} onClick={() => void commands.close(port)}>
          Close tab
        </Button>
      </ErrorNote>
    </div>
  )
}
