import { RotateCw } from 'lucide-react'
import type { SessionSnapshot } from '../../../shared/model'
import { hintText } from '../../bridge/error-texts'
import { useServices } from '../../stores/context'
import { isLost } from '../../stores/port-state'
import { Button } from '../../ui/button'
import { formatClock } from '../../ui/format'
import { StateDot } from '../../ui/state-dot'

/** Over a session that has gone. What it printed stays below. */
export function LostBanner({ session }: { readonly session: SessionSnapshot }) {
  const { commands } = useServices()
  const { fault } = session
  const lost = isLost(session)
  return (
    <div className="lost-banner" role="alert">
      <StateDot kind={lost ? 'lost' : 'silent'} />
      <p>
        <b>
          {lost ? 'Lost' : 'No reply since'} {formatClock(fault?.at ?? session.stateSince)}.
        </b>{' '}
        {fault?.message} {fault?.hint != null && hintText(fault.hint)}
      </p>
      <Button icon={RotateCw} onClick={() => void commands.reopen(session.port)}>
        Open again
      </Button>
    </div>
  )
}
