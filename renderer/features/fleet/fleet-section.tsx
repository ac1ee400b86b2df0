import { ChevronDown, ChevronRight } from 'lucide-react'
import type { CSSProperties } from 'react'
import { type FleetRow, SECTION_TITLES, type SectionId } from './fleet-rows'

export interface FleetSectionProps {
  readonly id: string
  readonly row: Extract<FleetRow, { type: 'section' }>
  readonly style: CSSProperties
  readonly isCurrent: boolean
  readonly onToggle: (id: SectionId) => void
}

/** The heading of a part of the list. */
export function FleetSection({ id, row, style, isCurrent, onToggle }: FleetSectionProps) {
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
      aria-label={`${SECTION_TITLES[row.id]}, ${row.count}`}
      className={isCurrent ? 'fleet-section fleet-current' : 'fleet-section'}
      style={style}
      onClick={() => onToggle(row.id)}
    >
      <Chevron size={14} strokeWidth={1.75} aria-hidden />
      <span>{SECTION_TITLES[row.id]}</span>
      <span className="fleet-section-count">{row.count}</span>
    </div>
  )
}
