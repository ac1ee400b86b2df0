import { ChevronDown, ChevronRight } from 'lucide-react'
import type { CSSProperties } from 'react'
import { type FleetRow, GROUP_TITLES, type GroupId } from './fleet-rows'

export interface FleetGroupProps {
  readonly id: string
  readonly row: Extract<FleetRow, { type: 'group' }>
  readonly style: CSSProperties
  readonly isCurrent: boolean
  readonly onToggle: (id: GroupId) => void
}

export function FleetGroup({ id, row, style, isCurrent, onToggle }: FleetGroupProps) {
  const Chevron = row.collapsed ? ChevronRight : ChevronDown
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys for all its items.
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and names the current item.
    <div
      id={id}
      role="treeitem"
      aria-level={1}
      aria-expanded={!row.collapsed}
      aria-selected={isCurrent}
      aria-label={`${GROUP_TITLES[row.id]}, ${row.count}`}
      className={isCurrent ? 'fleet-group fleet-current' : 'fleet-group'}
      style={style}
      onClick={() => onToggle(row.id)}
    >
      <Chevron size={14} strokeWidth={1.75} aria-hidden />
      <span>{GROUP_TITLES[row.id]}</span>
      <span className="fleet-group-count">{row.count}</span>
    </div>
  )
}
