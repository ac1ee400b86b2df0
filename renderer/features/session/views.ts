import type { SessionSnapshot } from '../../../shared/model'
import type { SessionView } from '../../stores/tabs-store'

/** In the order of their tabs. */
const BOARD_VIEWS: readonly SessionView[] = ['console', 'files', 'metrics', 'events', 'details', 'metadata', 'attributes', 'filters']
/** A group has no board: nothing runs, nothing flows. */
const GROUP_VIEWS: readonly SessionView[] = ['details', 'metadata', 'attributes', 'events']

export const VIEW_LABELS: Readonly<Record<SessionView, string>> = {
  console: 'Console',
  files: 'Files',
  metrics: 'Metrics',
  events: 'Events',
  details: 'Details',
  metadata: 'Metadata',
  attributes: 'Attributes',
  filters: 'Filters',
}

export function viewsOf({ backend }: Pick<SessionSnapshot, 'backend'>): readonly SessionView[] {
  return backend === 'none' ? GROUP_VIEWS : BOARD_VIEWS
}

/** The one that was chosen last, where this session has it; else the first. */
export function shownView(views: readonly SessionView[], remembered: SessionView | undefined): SessionView {
  return remembered !== undefined && views.includes(remembered) ? remembered : (views[0] ?? 'details')
}
