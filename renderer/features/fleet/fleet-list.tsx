import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useServices, useTabsState } from '../../stores/context'
import { selectPlace } from '../../stores/tabs-store'
import { useCompact } from '../../ui/use-compact'
import { FleetGroup } from './fleet-group'
import { FleetPort } from './fleet-port'
import type { FleetRow, GroupId } from './fleet-rows'
import { primaryRemoval } from './row-actions'

const GROUP_HEIGHT = 24
const ROW_HEIGHT = 42
const COMPACT_ROW_HEIGHT = 30

export interface FleetListProps {
  readonly rows: readonly FleetRow[]
  readonly onToggleGroup: (id: GroupId) => void
}

/** The rows as a tree of groups and ports. One row is current; the arrow keys move it, Enter opens, Delete closes. */
export function FleetList({ rows, onToggleGroup }: FleetListProps) {
  const { stores, commands } = useServices()
  const selected = useTabsState(state => state.selected)
  const [currentGroup, setCurrentGroup] = useState<GroupId | null>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const isCompact = useCompact()
  const rowHeight = isCompact ? COMPACT_ROW_HEIGHT : ROW_HEIGHT

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => (rows[index]?.type === 'group' ? GROUP_HEIGHT : rowHeight),
    getItemKey: index => keyOf(rows[index]),
    overscan: 8,
    // Rows are there at once, before the first measurement.
    initialRect: { width: 284, height: 600 },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row height makes all measured positions void.
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight])

  const current = useMemo(
    () => rows.findIndex(row => (row.type === 'group' ? row.id === currentGroup : currentGroup === null && row.entry.path === selected)),
    [rows, currentGroup, selected],
  )

  const select = useCallback(
    (path: string) => {
      setCurrentGroup(null)
      selectPlace(stores.tabs, path)
    },
    [stores],
  )

  const goTo = (index: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (row === undefined) return
    if (row.type === 'group') setCurrentGroup(row.id)
    else select(row.entry.path)
    virtualizer.scrollToIndex(rows.indexOf(row))
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest('button') !== null) return
    const row = rows[current]
    const handled = ((): boolean => {
      switch (event.key) {
        case 'ArrowDown':
          goTo(current + 1)
          return true
        case 'ArrowUp':
          goTo(current < 0 ? 0 : current - 1)
          return true
        case 'Home':
          goTo(0)
          return true
        case 'End':
          goTo(rows.length - 1)
          return true
        case 'ArrowLeft':
        case 'ArrowRight':
          if (row?.type === 'group' && row.collapsed === (event.key === 'ArrowRight')) onToggleGroup(row.id)
          return row?.type === 'group'
        case 'Enter':
        case ' ':
          if (row?.type === 'group') onToggleGroup(row.id)
          else if (row !== undefined && event.key === 'Enter') void commands.open(row.entry.path)
          return true
        case 'Delete':
          if (row?.type === 'port') primaryRemoval(row.entry, commands)?.run()
          return true
        default:
          return false
      }
    })()
    if (handled) event.preventDefault()
  }

  return (
    <div
      ref={scroller}
      className={isCompact ? 'fleet-list fleet-list-compact' : 'fleet-list'}
      role="tree"
      aria-label="Fleet"
      tabIndex={0}
      aria-activedescendant={current < 0 ? undefined : elementId(rows[current])}
      onKeyDown={onKeyDown}
      onFocus={event => {
        if (event.target === event.currentTarget && current < 0) goTo(rows.findIndex(row => row.type === 'port'))
      }}
    >
      <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {virtualizer.getVirtualItems().map(item => {
          const row = rows[item.index]
          if (row === undefined) return null
          const style = { transform: `translateY(${item.start}px)`, height: item.size }
          return row.type === 'group' ? (
            <FleetGroup
              key={item.key}
              id={elementId(row)}
              row={row}
              style={style}
              isCurrent={item.index === current}
              onToggle={onToggleGroup}
            />
          ) : (
            <FleetPort
              key={item.key}
              id={elementId(row)}
              entry={row.entry}
              top={item.start}
              height={item.size}
              isSelected={row.entry.path === selected}
              isCompact={isCompact}
              onSelect={select}
            />
          )
        })}
      </div>
    </div>
  )
}

function keyOf(row: FleetRow | undefined): string {
  return row === undefined ? '' : row.type === 'group' ? `group:${row.id}` : `port:${row.entry.path}`
}

function elementId(row: FleetRow | undefined): string {
  return `fleet-${keyOf(row)}`
}
