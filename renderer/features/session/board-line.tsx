import { TriangleAlert } from 'lucide-react'
import { Tooltip } from 'radix-ui'
import type { SessionSnapshot } from '../../../shared/model'
import { boardText } from '../../stores/board-names'
import { usePort, useServices } from '../../stores/context'
import { identityWords } from '../../stores/identity-words'
import { showView } from '../../stores/tabs-store'

/** What board this is and where, and how sure that is. */
export function BoardLine({ session }: { readonly session: SessionSnapshot }) {
  const port = usePort(session.sessionId)
  const text = boardText(session, port)
  return (
    <span className="session-board">
      <span className="session-board-text" title={text}>
        {text}
      </span>
      <Identity session={session} />
    </span>
  )
}

function Identity({ session: { sessionId, identity } }: { readonly session: SessionSnapshot }) {
  const { stores } = useServices()
  if (identity === null) return null
  const { short, explanation, isDoubtful } = identityWords(identity)
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          className={isDoubtful ? 'session-identity session-identity-doubtful' : 'session-identity'}
          onClick={() => showView(stores.tabs, sessionId, 'details')}
        >
          {isDoubtful && <TriangleAlert size={12} strokeWidth={1.75} aria-hidden />}
          <span>{short}</span>
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tooltip tooltip-text" side="bottom" sideOffset={4} collisionPadding={8}>
          {explanation}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
