import { Power, RotateCw } from 'lucide-react'
import type { SessionSnapshot } from '../../../shared/model'
import { shortPortName } from '../../../shared/port-name'
import { hintText } from '../../bridge/error-texts'
import { useServices } from '../../stores/context'
import { openDialog } from '../../stores/dialogs-store'
import { isLost } from '../../stores/port-state'
import { Countdown } from '../../ui/age'
import { Button } from '../../ui/button'
import { formatClock, formatPlural } from '../../ui/format'
import { StateDot } from '../../ui/state-dot'

/** Over a session that has gone: when, why, and what happens about it. What it printed stays below. */
export function LostBanner({ session }: { readonly session: SessionSnapshot }) {
  const { stores, commands } = useServices()
  const { fault, sessionId, reconnect } = session
  const lost = isLost(session)
  const isTrying = reconnect !== null && reconnect.stage !== 'exhausted' && reconnect.stage !== 'off'
  return (
    <div className="lost-banner" role="alert">
      <StateDot kind={lost ? 'lost' : 'silent'} />
      <div className="lost-text">
        <p>
          <b>
            {lost ? 'Lost' : 'No reply since'} {formatClock(fault?.at ?? session.stateSince)}
            <Outlook session={session} />
          </b>{' '}
          <Attempt session={session} />
        </p>
        <p className="lost-cause">
          {fault?.message} {fault?.hint != null && hintText(fault.hint)}
        </p>
      </div>
      {fault?.final === true ? (
        <Button icon={RotateCw} onClick={() => void commands.reopen(sessionId)}>
          Open again
        </Button>
      ) : (
        <>
          {isTrying && session.autoReconnect && (
            <Button onClick={() => void commands.setAutoReconnect(sessionId, false)} title="Leave it lost until you reconnect it">
              Stop trying
            </Button>
          )}
          {!lost && (
            <Button
              icon={Power}
              tone="danger"
              title="Restarts the board by its reset line"
              onClick={() => openDialog(stores.dialogs, { kind: 'hard-reset', sessionId })}
            >
              Hard reset
            </Button>
          )}
          <Button icon={RotateCw} disabled={reconnect?.stage === 'connecting'} onClick={() => void commands.reconnect(sessionId)}>
            {reconnect?.stage === 'connecting' ? 'Connecting…' : 'Reconnect now'}
          </Button>
        </>
      )}
    </div>
  )
}

/** The rest of the first sentence: what is being done. */
function Outlook({ session }: { readonly session: SessionSnapshot }) {
  const { reconnect, fault } = session
  if (fault?.reason === 'another-board') return `. Another board is on ${shortPortName(session.port)}.`
  switch (reconnect?.stage) {
    case 'waiting':
      if (reconnect.nextAttemptAt === null) return ', trying again.'
      return (
        <>
          , trying again in <Countdown until={reconnect.nextAttemptAt} />.
        </>
      )
    case 'absent':
      return ', waiting for the board.'
    case 'connecting':
      return ', connecting.'
    case 'exhausted':
      return `, gave up after ${formatPlural(reconnect.maxAttempts, 'attempt')}.`
    case 'off':
      return ', not trying.'
    default:
      return '.'
  }
}

function Attempt({ session: { reconnect } }: { readonly session: SessionSnapshot }) {
  if (reconnect === null || (reconnect.stage !== 'waiting' && reconnect.stage !== 'connecting')) return null
  return (
    <span className="lost-attempt">
      Attempt {reconnect.attempt} of {reconnect.maxAttempts}
    </span>
  )
}
