import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useServices, useTabsState } from '../../stores/context'
import { openDialog } from '../../stores/dialogs-store'
import type { Place } from '../../stores/places'
import { selectPlace } from '../../stores/tabs-store'
import { useCompact } from '../../ui/use-compact'
import { FleetGroup } from './fleet-group'
import { FleetPort } from './fleet-port'
import type { FleetRow, SectionId } from './fleet-rows'
import { FleetSection } from './fleet-section'
import { primaryRemoval } from './row-actions'
import { RowMenu } from './row-menu'

const SECTION_HEIGHT = 24
const ROW_HEIGHT = 42
const COMPACT_ROW_HEIGHT = 30
/** A member's own row stands further down and says the rest. */
const MEMBER_HEIGHT = 26

export interface FleetListProps {
  readonly rows: readonly FleetRow[]
  readonly onToggleSection: (id: SectionId) => void
  readonly onToggleGroup: (sessionId: string) => void
}

/** The rows as a tree. One row is current; the arrow keys move it, Enter opens, Delete closes. */
export function FleetList({ rows, onToggleSection, onToggleGroup }: FleetListProps) {
  const services = useServices()
  const { stores, commands } = services
  const selected = useTabsState(state => state.selected)
  const [currentKey, setCurrentKey] = useState<string | null>(null)
  const [menuKey, setMenuKey] = useState<string | null>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const isCompact = useCompact()
  const rowHeight = isCompact ? COMPACT_ROW_HEIGHT : ROW_HEIGHT

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => heightOf(rows[index], rowHeight),
    getItemKey: index => rows[index]?.key ?? '',
    overscan: 8,
    // Rows are there at once, before the first measurement.
    initialRect: { width: 284, height: 600 },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: new rows or heights make all measured positions void.
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight, rows])

  const current = useMemo(() => currentRow(rows, currentKey, selected), [rows, currentKey, selected])

  const select = useCallback(
    (key: string, place: Place) => {
      setCurrentKey(key)
      selectPlace(stores.tabs, place)
    },
    [stores],
  )

  const goTo = (index: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (row === undefined) return
    const place = placeOf(row)
    if (place === null) setCurrentKey(row.key)
    else select(row.key, place)
    virtualizer.scrollToIndex(rows.indexOf(row))
  }

  const toggle = (row: FleetRow): void => {
    if (row.type === 'section') onToggleSection(row.id)
    if (row.type === 'group') onToggleGroup(row.session.sessionId)
  }

  /** Right opens what is folded, then goes in; left folds, then goes out. */
  const goSideways = (row: FleetRow, key: 'ArrowLeft' | 'ArrowRight'): void => {
    if ('collapsed' in row && row.collapsed === (key === 'ArrowRight')) toggle(row)
    else if (key === 'ArrowRight' && 'collapsed' in row) goTo(current + 1)
    else if (key === 'ArrowLeft') goTo(parentOf(rows, current))
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
          if (row !== undefined) goSideways(row, event.key)
          return row !== undefined
        case 'Enter':
        case ' ':
          if (row?.type === 'section' || (row?.type === 'group' && event.key === ' ')) toggle(row)
          else if (row !== undefined && event.key === 'Enter') void commands.open(placeOf(row) ?? '', event.shiftKey ? 'watch' : undefined)
          return true
        case 'F2':
          if (row?.type === 'group') openDialog(stores.dialogs, { kind: 'edit-group', sessionId: row.session.sessionId })
          return row?.type === 'group'
        case 'Delete':
          if (row?.type === 'port') primaryRemoval(row.entry, services)?.run()
          if (row?.type === 'group') void commands.close(row.session.sessionId)
          if (row?.type === 'member') leaveGroup(row)
          return true
        case 'ContextMenu':
        case 'F10':
          if (event.key === 'F10' && !event.shiftKey) return false
          openMenuAt(elementOf(scroller.current, row))
          return true
        default:
          return false
      }
    })()
    if (handled) event.preventDefault()
  }

  const leaveGroup = ({ parent, entry }: Extract<FleetRow, { type: 'member' }>): void => {
    const left = parent.metadata.associateSessionKeys.filter(key => key !== entry.place)
    void commands.setMembers(parent.sessionId, left)
  }

  const menuRow = menuKey === null ? undefined : rows.find(row => row.key === menuKey)
  return (
    <RowMenu
      entry={menuRow !== undefined && 'entry' in menuRow ? menuRow.entry : null}
      onClosed={() => scroller.current?.focus({ preventScroll: true })}
    >
      <div
        ref={scroller}
        className={isCompact ? 'fleet-list fleet-list-compact' : 'fleet-list'}
        role="tree"
        aria-label="Fleet"
        tabIndex={0}
        aria-activedescendant={current < 0 ? undefined : elementId(rows[current])}
        onKeyDown={onKeyDown}
        onContextMenu={event => {
          const row = rowAt(rows, event.target as Element)
          const place = row === undefined ? null : placeOf(row)
          if (row === undefined || !('entry' in row) || place === null) {
            event.preventDefault()
            return
          }
          select(row.key, place)
          setMenuKey(row.key)
        }}
        onFocus={event => {
          if (event.target === event.currentTarget && current < 0) goTo(rows.findIndex(row => row.type === 'port'))
        }}
      >
        <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {virtualizer.getVirtualItems().map(item => {
            const row = rows[item.index]
            if (row === undefined) return null
            const style = { transform: `translateY(${item.start}px)`, height: item.size }
            const isCurrent = item.index === current
            switch (row.type) {
              case 'section':
                return (
                  <FleetSection
                    key={item.key}
                    id={elementId(row)}
                    row={row}
                    style={style}
                    isCurrent={isCurrent}
                    onToggle={onToggleSection}
                  />
                )
              case 'group':
                return (
                  <FleetGroup
                    key={item.key}
                    id={elementId(row)}
                    row={row}
                    style={style}
                    isSelected={isCurrent}
                    onSelect={() => select(row.key, row.session.sessionId)}
                    onToggle={onToggleGroup}
                  />
                )
              default:
                return (
                  <FleetPort
                    key={item.key}
                    id={elementId(row)}
                    rowKey={row.key}
                    entry={row.entry}
                    level={row.type === 'member' ? row.level : 2}
                    top={item.start}
                    height={item.size}
                    isSelected={isCurrent}
                    isCompact={isCompact}
                    onSelect={select}
                  />
                )
            }
          })}
        </div>
      </div>
    </RowMenu>
  )
}

/** The keyboard's way to a row's menu: the event that a click of the other button would have been. */
function openMenuAt(element: HTMLElement | null): void {
  if (element === null) return
  const { left, bottom } = element.getBoundingClientRect()
  element.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left + 24, clientY: bottom - 8 }))
}

function elementOf(list: HTMLElement | null, row: FleetRow | undefined): HTMLElement | null {
  return row === undefined ? null : (list?.querySelector<HTMLElement>(`[id="${CSS.escape(elementId(row))}"]`) ?? null)
}

function rowAt(rows: readonly FleetRow[], element: Element): FleetRow | undefined {
  const id = element.closest('[role=treeitem]')?.id
  return rows.find(row => elementId(row) === id)
}

/** The row the keyboard is on, as long as it shows what is selected; else the first that does, its own row before others. */
function currentRow(rows: readonly FleetRow[], key: string | null, selected: Place | null): number {
  const known = rows.findIndex(row => row.key === key)
  const row = rows[known]
  if (row !== undefined && (placeOf(row) === null || placeOf(row) === selected)) return known
  if (selected === null) return -1
  const own = rows.findIndex(other => other.type === 'port' && other.entry.place === selected)
  return own >= 0 ? own : rows.findIndex(other => placeOf(other) === selected)
}

function placeOf(row: FleetRow): Place | null {
  if (row.type === 'section') return null
  return row.type === 'group' ? row.session.sessionId : row.entry.place
}

function levelOf(row: FleetRow | undefined): number {
  if (row === undefined || row.type === 'section') return 1
  return row.type === 'port' ? 2 : row.level
}

function parentOf(rows: readonly FleetRow[], index: number): number {
  const level = levelOf(rows[index])
  for (let above = index - 1; above >= 0; above--) if (levelOf(rows[above]) < level) return above
  return index
}

function heightOf(row: FleetRow | undefined, rowHeight: number): number {
  if (row?.type === 'section') return SECTION_HEIGHT
  return row?.type === 'member' ? MEMBER_HEIGHT : rowHeight
}

function elementId(row: FleetRow | undefined): string {
  return `fleet-${row?.key ?? ''}`
}
