import { Eye, Hand } from 'lucide-react'
import type { SessionSnapshot } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { Button } from '../../ui/button'

/** Over the code of a board that is only watched: why it can't be run, and the way out. */
export function WatchingBanner({ session }: { readonly session: SessionSnapshot }) {
  const { commands } = useServices()
  return (
    <section className="watching" aria-label="Watching">
      <Eye size={14} strokeWidth={1.75} aria-hidden />
      <p>
        <b>Watching:</b> the board’s program is not interrupted.
      </p>
      <Button
        icon={Hand}
        disabled={session.task !== null}
        title="Interrupts the board’s program, so that code can be run here"
        onClick={() => void commands.takeOver(session.sessionId)}
      >
        Take over <span className="watching-price">interrupts it</span>
      </Button>
    </section>
  )
}
