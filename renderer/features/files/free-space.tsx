import type { DiskSpace, SessionSnapshot } from '../../../shared/model'

import { can } from './board-access'
import { formatSize } from './file-rows'

/** Below this share of free room the bar warns. */
const TIGHT_SHARE = 0.05

/** How full the board's file system is. */
export function FreeSpace({ space, session }: { readonly space: DiskSpace | null; readonly session: SessionSnapshot }) {
  const label = session.backend === 'simulated' ? 'Memory' : 'Flash'
  if (!can(session, 'statvfs')) return <span className="free-space free-space-text">This board does not tell how much room is left.</span>
  if (space === null || space.totalBytes <= 0) return <span className="free-space" />
  const free = Math.min(space.freeBytes, space.totalBytes)
  const used = 1 - free / space.totalBytes
  const text = `${figures(free, space.totalBytes)} free`
  return (
    <span className="free-space" title={session.backend === 'simulated' ? 'Gone when the simulated board is stopped' : undefined}>
      <span className="free-label">{label}</span>
      {/* biome-ignore lint/a11y/useSemanticElements: the element draws itself its own way. */}
      <span
        className="bar"
        role="meter"
        aria-label={`${label} in use`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(used * 100)}
        aria-valuetext={text}
        data-tight={1 - used < TIGHT_SHARE || undefined}
      >
        <span className="bar-fill" style={{ width: `${used * 100}%` }} />
      </span>
      <span className="free-text">{text}</span>
    </span>
  )
}

/** `1.3 of 2.1 MB`, `430 kB of 2.1 MB`. */
function figures(free: number, total: number): string {
  const [ours, theirs] = [formatSize(free), formatSize(total)]
  const unit = theirs.slice(theirs.indexOf(' '))
  return ours.endsWith(unit) ? `${ours.slice(0, -unit.length)} of ${theirs}` : `${ours} of ${theirs}`
}
