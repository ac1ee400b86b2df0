// biome-ignore-all lint/a11y/useSemanticElements: table elements lay themselves out; these rows are drawn where they are scrolled to.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its current row.
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, type ReactNode, type Ref, useId, useImperativeHandle, useRef, useState } from 'react'
import { FileGridRow, type GridColumns, type RowNaming } from './file-grid-row'
import type { FileRow, Sort, SortKey } from './file-rows'
import { findTyped, modeOf, type Selection, select, selectAll } from './selection'
import './file-grid.css'

export const ROW_HEIGHT = 28
const HEADER_HEIGHT = 28
/** What is typed within this time is one word. */
const TYPE_AHEAD_MS = 900

export interface FileGridProps {
  readonly label: string
  readonly rows: readonly FileRow[]
  readonly columns: GridColumns
  readonly sort: Sort
  readonly selection: Selection
  readonly isBusy: boolean
  /** Above the rows: a name for something new. */
  readonly draft: ReactNode
  /** The row that is being renamed. */
  readonly renamed: { readonly name: string; readonly naming: RowNaming } | null
  /** The folder that something is held over. */
  readonly target: string | null
  /** In place of rows. */
  readonly empty: ReactNode
  readonly onSort: (sort: Sort) => void
  readonly onSelect: (selection: Selection) => void
  readonly onOpen: (row: FileRow) => void
  readonly onUp: () => void
  /** True where the key was of use. */
  readonly onKey: (event: KeyboardEvent) => boolean
  readonly onDragStart: (event: DragEvent, names: readonly string[]) => void
  readonly ref?: Ref<FileGridHandle>
}

export interface FileGridHandle {
  focus(): void
}

/** Names in rows, of which several can be marked. The grid has the focus; arrow keys move a current row. */
export function FileGrid(props: FileGridProps) {
  const { rows, columns, selection, onSelect } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [typed, setTyped] = useState({ text: '', at: 0 })
  useImperativeHandle(props.ref, () => ({ focus: () => scroller.current?.focus() }))
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: index => rows[index]?.name ?? index,
    overscan: 12,
    paddingStart: HEADER_HEIGHT,
    scrollPaddingStart: HEADER_HEIGHT,
    initialRect: { width: 400, height: 600 },
  })
  const order = rows.map(({ name }) => name)
  const current = selection.current === null ? -1 : order.indexOf(selection.current)

  const goTo = (index: number, mode: 'only' | 'range' | 'move'): void => {
    const name = order[Math.max(0, Math.min(order.length - 1, index))]
    if (name === undefined) return
    onSelect(select(selection, order, name, mode))
    virtualizer.scrollToIndex(order.indexOf(name))
  }
  const page = (): number => Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - HEADER_HEIGHT) / ROW_HEIGHT) - 1)

  const type = (event: KeyboardEvent): void => {
    const text = event.timeStamp - typed.at < TYPE_AHEAD_MS ? typed.text + event.key : event.key
    setTyped({ text, at: event.timeStamp })
    const found = findTyped(order, selection.current, text)
    if (found !== null) goTo(order.indexOf(found), 'only')
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return
    const isCtrl = event.ctrlKey || event.metaKey
    const mode = event.shiftKey ? 'range' : isCtrl ? 'move' : 'only'
    const handled = ((): boolean => {
      if (props.onKey(event)) return true
      if (event.altKey) return false
      switch (event.key) {
        case 'ArrowDown':
          goTo(current + 1, mode)
          return true
        case 'ArrowUp':
          goTo(current < 0 ? 0 : current - 1, mode)
          return true
        case 'PageDown':
          if (isCtrl) return false
          goTo(current + page(), mode)
          return true
        case 'PageUp':
          if (isCtrl) return false
          goTo(current - page(), mode)
          return true
        case 'Home':
          goTo(0, mode)
          return true
        case 'End':
          goTo(order.length - 1, mode)
          return true
        case ' ':
          if (selection.current !== null) onSelect(select(selection, order, selection.current, 'toggle'))
          return true
        case 'a':
        case 'A':
          if (!isCtrl || event.shiftKey) break
          onSelect(selectAll(selection, order))
          return true
        case 'Enter': {
          const row = rows[current]
          if (isCtrl || row === undefined) return false
          props.onOpen(row)
          return true
        }
        case 'Backspace':
          props.onUp()
          return true
        case 'Escape':
          if (selection.names.size === 0) return false
          onSelect({ ...selection, names: new Set() })
          return true
      }
      const isSign = event.key.length === 1 && event.key !== '/' && event.key !== '?' && !isCtrl
      if (isSign) type(event)
      return isSign
    })()
    if (handled) event.preventDefault()
  }

  return (
    <div className="file-grid-frame">
      <div
        ref={scroller}
        className="file-grid"
        role="grid"
        aria-label={props.label}
        aria-multiselectable
        aria-rowcount={rows.length + 1}
        aria-colcount={2 + (columns.changed ? 1 : 0) + (columns.status ? 1 : 0)}
        aria-busy={props.isBusy}
        tabIndex={0}
        data-columns={`${columns.changed ? 'changed' : ''}${columns.status ? 'status' : ''}`}
        aria-activedescendant={current < 0 ? undefined : `${id}-${current}`}
        onKeyDown={onKeyDown}
        onFocus={event => {
          if (event.target === event.currentTarget && current < 0 && order[0] !== undefined) {
            onSelect(select(selection, order, order[0], 'move'))
          }
        }}
        onClick={event => {
          // Beside the rows: nothing is marked any more.
          if (event.target === event.currentTarget || (event.target as Element).classList.contains('file-rows')) {
            onSelect({ ...selection, names: new Set() })
          }
        }}
      >
        <div role="rowgroup" className="file-head">
          <div role="row" className="file-row file-head-row" aria-rowindex={1}>
            <SortHeader column="name" label="Name" sort={props.sort} onSort={props.onSort} />
            <SortHeader column="size" label="Size" sort={props.sort} onSort={props.onSort} />
            {columns.changed && <SortHeader column="changed" label="Changed" sort={props.sort} onSort={props.onSort} />}
            {columns.status && (
              <span role="columnheader" className="file-status">
                Compared
              </span>
            )}
          </div>
        </div>
        {props.draft !== null && (
          <div role="rowgroup">
            <div role="row" className="file-row file-draft">
              <span role="gridcell" className="file-name">
                {props.draft}
              </span>
            </div>
          </div>
        )}
        <div role="rowgroup" className="file-rows" style={{ height: virtualizer.getTotalSize() - HEADER_HEIGHT }}>
          {virtualizer.getVirtualItems().map(item => {
            const row = rows[item.index]
            if (row === undefined) return null
            const isSelected = selection.names.has(row.name)
            return (
              <FileGridRow
                key={item.key}
                id={`${id}-${item.index}`}
                row={row}
                index={item.index}
                columns={columns}
                style={{ transform: `translateY(${item.start - HEADER_HEIGHT}px)`, height: item.size }}
                isSelected={isSelected}
                isCurrent={item.index === current}
                isTarget={row.kind === 'folder' && row.name === props.target}
                naming={props.renamed?.name === row.name ? props.renamed.naming : null}
                onClick={event => {
                  event.stopPropagation()
                  onSelect(select(selection, order, row.name, modeOf(event)))
                }}
                onOpen={() => props.onOpen(row)}
                onContextMenu={() => {
                  if (!isSelected) onSelect(select(selection, order, row.name, 'only'))
                }}
                onDragStart={event => {
                  if (!isSelected) onSelect(select(selection, order, row.name, 'only'))
                  props.onDragStart(event, isSelected ? order.filter(name => selection.names.has(name)) : [row.name])
                }}
              />
            )
          })}
        </div>
      </div>
      {rows.length === 0 && props.draft === null && props.empty}
    </div>
  )
}

interface SortHeaderProps {
  readonly column: SortKey
  readonly label: string
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
}

function SortHeader({ column, label, sort, onSort }: SortHeaderProps) {
  const isSorted = sort.key === column
  const Arrow = sort.isDescending ? ArrowDown : ArrowUp
  return (
    <span role="columnheader" className={`file-${column}`} aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        className="file-sort"
        title={`Sort by ${label.toLowerCase()}`}
        onClick={() => onSort({ key: column, isDescending: isSorted && !sort.isDescending })}
      >
        {label}
        {isSorted && !(column === 'name' && !sort.isDescending) && <Arrow size={11} strokeWidth={2} aria-hidden />}
      </button>
    </span>
  )
}
