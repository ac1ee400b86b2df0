import { Boxes, ChevronDown, ChevronRight, Pencil, X } from 'lucide-react'
import type { CSSProperties, MouseEvent } from 'react'
import { useServices } from '../../stores/context'
import { openDialog } from '../../stores/dialogs-store'
import { formatPlural } from '../../ui/format'
import type { GroupRow } from './fleet-rows'

export interface FleetGroupProps {
  readonly id: string
  readonly row: GroupRow
  readonly style: CSSProperties
  readonly isSelected: boolean
  readonly onSelect: (row: GroupRow) => void
  readonly onToggle: (sessionId: string) => void
}

/** A session that others belong to; they stand below it. */
export function FleetGroup({ id, row, style, isSelected, onSelect, onToggle }: FleetGroupProps) {
  const { stores, commands } = useServices()
  const { session, name, members, collapsed, summary } = row
  const Chevron = collapsed ? ChevronRight : ChevronDown
  const act = (run: () => void) => (event: MouseEvent) => {
    event.stopPropagation()
    run()
  }
  const counted = formatPlural(members, 'member')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys for all its items.
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and names the current item.
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-expanded={members === 0 ? undefined : !collapsed}
      aria-selected={isSelected}
      aria-label={[name, counted, summary].filter(Boolean).join(', ')}
      className={isSelected ? 'fleet-port fleet-group fleet-selected' : 'fleet-port fleet-group'}
      style={{ ...style, paddingLeft: indent(row.level) }}
      title={`Data source ${session.metadata.dataSource}`}
      onClick={() => onSelect(row)}
      onDoubleClick={() => onToggle(session.sessionId)}
    >
      <button
        type="button"
        className="fleet-twist"
        tabIndex={-1}
        aria-label={`${collapsed ? 'Show' : 'Hide'} the sessions of ${name}`}
        disabled={members === 0}
        onClick={act(() => onToggle(session.sessionId))}
        onDoubleClick={event => event.stopPropagation()}
      >
        {members === 0 ? <Boxes size={12} strokeWidth={1.75} aria-hidden /> : <Chevron size={14} strokeWidth={1.75} aria-hidden />}
      </button>
      <span className="fleet-name">
        <span className="fleet-name-text">{name}</span>
      </span>
      <span className="fleet-members">{counted}</span>
      <span className="fleet-board">{session.metadata.dataSource === name ? 'group' : session.metadata.dataSource}</span>
      <span className="state-text">{summary}</span>
      <span className="fleet-actions">
        <button
          type="button"
          className="icon-button"
          aria-label={`Edit ${name}`}
          title="Rename, add and remove members"
          tabIndex={isSelected ? 0 : -1}
          onClick={act(() => openDialog(stores.dialogs, { kind: 'edit-group', sessionId: session.sessionId }))}
        >
          <Pencil size={14} strokeWidth={1.75} aria-hidden />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={`Close ${name}`}
          title="Close the group"
          tabIndex={isSelected ? 0 : -1}
          onClick={act(() => void commands.close(session.sessionId))}
        >
          <X size={14} strokeWidth={1.75} aria-hidden />
        </button>
      </span>
    </div>
  )
}

const INDENT_PX = 14

/** Left padding of a row at a level of the tree; 2 is the first below a heading. */
export function indent(level: number): number {
  return 11 + (level - 2) * INDENT_PX
}
