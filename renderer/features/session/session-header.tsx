import { RotateCcw, Square, Unplug } from 'lucide-react'
import type { SessionSnapshot } from '../../../shared/model'
import { usePortName, useServices } from '../../stores/context'
import { openDialog } from '../../stores/dialogs-store'
import { isAway } from '../../stores/places'
import { describeSession, isReady } from '../../stores/port-state'
import { useAction } from '../../ui/actions'
import { Button } from '../../ui/button'
import { StateDot } from '../../ui/state-dot'
import { StateText } from '../../ui/state-text'
import { useElapsed } from '../../ui/use-elapsed'
import { BoardLine } from './board-line'
import { LadderButtons, LadderText } from './interrupt-ladder'
import { SessionMenu } from './session-menu'

/** A close that takes longer than this may be forced. */
const CLOSE_PATIENCE_MS = 1_000
/** Most code ends at the first Ctrl-C: the ladder shows itself only to those who wait. */
const LADDER_PATIENCE_MS = 120

export function SessionHeader({ session }: { readonly session: SessionSnapshot }) {
  const name = usePortName(session.sessionId)
  const state = describeSession(session)
  const { running, task, backend, queuedExecutions } = session
  const interrupt = running?.interrupt ?? null
  const isLate = useElapsed(interrupt?.rung === 'interrupt' ? interrupt.since : null, LADDER_PATIENCE_MS)
  const isOnLadder = interrupt !== null && (isLate || interrupt.rung !== 'interrupt')
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
      {queuedExecutions > 0 && <span className="session-queue">{queuedExecutions} waiting</span>}
      {isOnLadder ? (
        <LadderText interrupt={interrupt} />
      ) : task !== null ? (
        <span className="session-task" title={task.title}>
          <b>{task.title}</b>
          {running === null && ', Stop cancels it'}
        </span>
      ) : (
        <BoardLine session={session} />
      )}
      {backend !== 'none' &&
        (isOnLadder ? <LadderButtons sessionId={session.sessionId} interrupt={interrupt} /> : <ControlButtons session={session} />)}
      <CloseButton session={session} isClosing={state.kind === 'closing'} />
      <SessionMenu session={session} />
    </header>
  )
}

/** Stop and Soft reset. Work of Muster's own is cancelled by the same Stop. */
function ControlButtons({ session }: { readonly session: SessionSnapshot }) {
  const { commands } = useServices()
  const { sessionId, running, task } = session
  const isStopping = running?.interrupting === true
  const canStop = (running !== null || task !== null || session.state === 'Active') && !isStopping && isReady(session)
  const canReset = isReady(session) && !isStopping
  const stop = (): void => void commands.stop(sessionId)
  const reset = (): void => void commands.reset(sessionId, 'soft')
  useAction('stop', () => {
    if (canStop) stop()
  })
  useAction('soft-reset', () => {
    if (canReset) reset()
  })
  const stopTitle = task === null || running !== null ? 'Stop (Ctrl+.)' : `Stop cancels it: ${task.title} (Ctrl+.)`
  return (
    <>
      <Button icon={Square} tone="danger" disabled={!canStop} title={stopTitle} onClick={stop}>
        {isStopping ? 'Stopping…' : 'Stop'}
      </Button>
      <Button
        icon={RotateCcw}
        className="session-short"
        disabled={!canReset}
        title="Soft reset: a new interpreter, boot.py runs, main.py does not (Ctrl+Shift+D)"
        onClick={reset}
      >
        Soft reset
      </Button>
    </>
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
    <Button
      icon={Unplug}
      className="session-short"
      disabled={isClosing}
      title="Close the session (Ctrl+W)"
      onClick={() => void commands.close(sessionId)}
    >
      {isClosing ? 'Closing…' : 'Close'}
    </Button>
  )
}
