import type { SessionSnapshot } from '../../../shared/model'
import { formatBytes } from '../../ui/format'

/** As the board reported it right after connecting; it is not asked again. */
export function FreeMemory({ session }: { readonly session: SessionSnapshot }) {
  const bytes = session.board?.freeMemoryBytes
  return (
    <span className="free-memory" title="As the board reported it right after connecting">
      Free memory at connect <b>{bytes == null ? 'not reported' : formatBytes(bytes)}</b>
    </span>
  )
}
