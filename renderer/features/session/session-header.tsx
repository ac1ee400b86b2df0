import { Square, Unplug } from 'lucide-react'
import type { SessionSnapshot } from '../../../shared/model'
import { boardText } from '../../stores/board-names'
import { usePort, usePortName, useServices } from '../../stores/context'
import { openDialog } from '../../stores/dialogs-store'
import { isAway } from '../../stores/places'
import { describeSession } from '../../stores/port-state'
import { useAction } from '../../ui/actions'
import { Button } from '../../ui/button'
import { StateDot } from '../../ui/state-dot'
import { StateText } from '../../ui/state-text'
import { useElapsed } from '../../ui/use-elapsed'
import { SessionMenu } from './session-menu'

/** A close that takes longer than this may be forced. */
const CLOSE_PATIENCE_MS = 1_000

export function SessionHeader({ session }: { readonly session: SessionSnapshot }) {
  const { commands } = useServices()
  const port = usePort(session.sessionId)
  const name = usePortName(session.sessionId)
  const state = describeSession(session)
  const isRunning = state.kind === 'running'
  const isInterrupting = session.running?.interrupting === true
  const board = boardText(session, port)
  const stop = (): void => void commands.stop(session.sessionId)
  useAction('stop', () => {
    if (isRunning) stop()
  })
  return (
    <header className="session-header">
      <h2>{name}</h2>
      <span className={`badge badge-${state.kind}`}>
        <StateDot kind={state.kind} />
        {/* What becomes of a lost session is said right below. */}
        {isAway(session) ? state.word : <StateText state={state} separator=" " />}
      </span>
      {session.pool === 'warm' && (
        <span className="tag" title="Kept open by the pool for the next caller">
          warm
        </span>
      )}
      {session.queuedExecutions > 0 && <span className="session-queue">{session.queuedExecutions} waiting</span>}
      <span className="session-board" title={board}>
        {board}
      </span>
      {session.backend !== 'none' && (
        <Button icon={Square} tone="danger" disabled={!isRunning || isInterrupting} title="Stop (Ctrl+.)" onClick={stop}>
          {isInterrupting ? 'Stopping…' : 'Stop'}
        </Button>
      )}
      <CloseButton session={session} isClosing={state.kind === 'closing'} />
      <SessionMenu session={session} />
    </header>
  )
}

function CloseButton({ session, isClosing }: { readonly session: SessionSnapshot; readonly isClosing: boolean }) {
  const { stores, commands } = useServices()
  const { sessionId, stateSince } = session
  const isSlow = useElapsed(isClosing ? stateSince : null, CLOSE_PATIENCE_MS)
  if (isClosing && isSlow) {
    return (
      <Button
        icon={Unplug}
        tone="danger"
        title="Give up waiting for the board and let the port go"
        onClick={() => openDialog(stores.dialogs, { kind: 'force-close', sessionId })}
      >
        Force close
      </Button>
    )
  }
  return (
    <Button icon={Unplug} disabled={isClosing} title="Close the session (Ctrl+W)" onClick={() => void commands.close(sessionId)}>
      {isClosing ? 'Closing…' : 'Close'}
    </Button>
  )
}
