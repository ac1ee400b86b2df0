import { Square, Unplug } from 'lucide-react'
import type { SessionSnapshot } from '../../../shared/model'
import { boardText, portName } from '../../stores/board-names'
import { usePort, useServices } from '../../stores/context'
import { describeSession } from '../../stores/port-state'
import { useAction } from '../../ui/actions'
import { Button } from '../../ui/button'
import { StateDot } from '../../ui/state-dot'
import { StateText } from '../../ui/state-text'
import { useElapsed } from '../../ui/use-elapsed'

/** A close that takes longer than this may be forced. */
const CLOSE_PATIENCE_MS = 1_000

export function SessionHeader({ session }: { readonly session: SessionSnapshot }) {
  const { commands } = useServices()
  const port = usePort(session.port)
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
      <h2>{portName(session.port, port, session)}</h2>
      <span className={`badge badge-${state.kind}`}>
        <StateDot kind={state.kind} />
        <StateText state={state} separator=" " />
      </span>
      {session.queuedExecutions > 0 && <span className="session-queue">{session.queuedExecutions} waiting</span>}
      <span className="session-board" title={board}>
        {board}
      </span>
      <Button icon={Square} tone="danger" disabled={!isRunning || isInterrupting} title="Stop (Ctrl+.)" onClick={stop}>
        {isInterrupting ? 'Stopping…' : 'Stop'}
      </Button>
      <CloseButton session={session} isClosing={state.kind === 'closing'} />
    </header>
  )
}

function CloseButton({ session, isClosing }: { readonly session: SessionSnapshot; readonly isClosing: boolean }) {
  const { commands } = useServices()
  const isSlow = useElapsed(isClosing ? session.stateSince : null, CLOSE_PATIENCE_MS)
  if (isClosing && isSlow) {
    return (
      <Button
        icon={Unplug}
        tone="danger"
        title="Give up waiting for the board and let the port go"
        onClick={() => void commands.forceClose(session.port)}
      >
        Force close
      </Button>
    )
  }
  return (
    <Button icon={Unplug} disabled={isClosing} title="Close the session (Ctrl+W)" onClick={() => void commands.close(session.port)}>
      {isClosing ? 'Closing…' : 'Close'}
    </Button>
  )
}
