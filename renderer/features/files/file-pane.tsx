import { RefreshCw, Search } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, type ReactNode, type Ref, useImperativeHandle, useRef, useState } from 'react'
import type { BoardEntry, LocalEntry } from '../../../shared/model'
import { formatCount, formatPlural } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'
import { Breadcrumb } from './breadcrumb'
import { folderUnder } from './drag'
import { FileGrid, type FileGridHandle } from './file-grid'
import type { GridColumns, RowNaming } from './file-grid-row'
import { type FileRow, formatSize, totalSize } from './file-rows'
import { FindField } from './find-field'
import type { Crumb } from './paths'
import { selectedNames } from './selection'
import type { usePane } from './use-pane'

export interface FilePaneProps<E extends BoardEntry | LocalEntry> {
  /** `Computer` or `Board`: the accessible name. */
  readonly label: string
  readonly icon: ReactNode
  readonly crumbs: readonly Crumb[]
  readonly pane: ReturnType<typeof usePane<E>>
  /** `pane.shown` with what is known of each. */
  readonly rows: readonly FileRow[]
  readonly total: number
  readonly columns: GridColumns
  readonly isBusy: boolean
  /** Sentences below the rows, which stay where they are. */
  readonly strips: ReactNode
  readonly empty: ReactNode
  readonly draft: ReactNode
  readonly renamed: { readonly name: string; readonly naming: RowNaming } | null
  readonly buttons: ReactNode
  readonly footer: ReactNode
  readonly canRefresh: boolean
  readonly onGo: (path: string) => void
  readonly onOpen: (row: FileRow) => void
  readonly onUp: () => void
  readonly onCopy: (names: readonly string[]) => void
  readonly onRefresh: () => void
  readonly onKey: (event: KeyboardEvent, names: readonly string[]) => boolean
  readonly onDragStart: (event: DragEvent, names: readonly string[]) => void
  readonly accepts: (event: DragEvent) => boolean
  /** Where something would go that is held over a row, or over the folder that is shown. */
  readonly dropPlace: (folder: string | null) => string
  /** `folder`: the row it was dropped on, or null for the folder that is shown. */
  readonly onDrop: (event: DragEvent, folder: string | null) => void
  readonly ref?: Ref<FileGridHandle>
}

/** One side: where it is, what is there, what is marked. */
export function FilePane<E extends BoardEntry | LocalEntry>(props: FilePaneProps<E>) {
  const { label, pane, rows, total } = props
  const grid = useRef<FileGridHandle>(null)
  const [target, setTarget] = useState<{ readonly folder: string | null } | null>(null)
  useImperativeHandle(props.ref, () => ({ focus: () => grid.current?.focus() }))
  const names = (): readonly string[] =>
    selectedNames(
      pane.selection,
      rows.map(({ name }) => name),
    )

  const onKey = (event: KeyboardEvent): boolean => {
    const isCtrl = event.ctrlKey || event.metaKey
    if (event.key === 'F5' && !isCtrl) {
      props.onRefresh()
      return true
    }
    if (isCtrl && !event.shiftKey && event.key.toLowerCase() === 'f') {
      pane.setFind(pane.find ?? '')
      return true
    }
    if (isCtrl && event.key === 'Enter') {
      props.onCopy(names())
      return true
    }
    return props.onKey(event, names())
  }

  const isFolder = (name: string): boolean => rows.some(row => row.name === name && row.kind === 'folder')
  const onDragOver = (event: DragEvent): void => {
    if (!props.accepts(event)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    const folder = folderUnder(event, isFolder)
    if (target === null || target.folder !== folder) setTarget({ folder })
  }
  const onDragLeave = (event: DragEvent): void => {
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setTarget(null)
  }
  const onDrop = (event: DragEvent): void => {
    setTarget(null)
    if (!props.accepts(event)) return
    event.preventDefault()
    props.onDrop(event, folderUnder(event, isFolder))
  }

  return (
    <section
      className="file-pane"
      aria-label={label}
      data-target={target !== null && target.folder === null ? true : undefined}
      onDragOver={onDragOver}
      onDragLeave={onDragLeave}
      onDrop={onDrop}
    >
      <header className="pane-head">
        {props.icon}
        <Breadcrumb label={`${label}: folder`} crumbs={props.crumbs} onGo={props.onGo} />
        <div className="pane-buttons">
          {props.buttons}
          <IconButton
            icon={Search}
            label="Find in this folder"
            shortcut="Ctrl+F"
            aria-pressed={pane.find !== null}
            onClick={() => pane.setFind(pane.find === null ? '' : null)}
          />
          <IconButton icon={RefreshCw} label="List this folder anew" shortcut="F5" disabled={!props.canRefresh} onClick={props.onRefresh} />
        </div>
      </header>
      {pane.find !== null && (
        <FindField
          label={`${label}: find in this folder`}
          value={pane.find}
          count={`${formatCount(rows.length)} of ${formatCount(total)}`}
          onChange={pane.setFind}
          onLeave={() => grid.current?.focus()}
          onClose={() => {
            pane.setFind(null)
            grid.current?.focus()
          }}
        />
      )}
      <FileGrid
        ref={grid}
        label={`${label}: files`}
        rows={rows}
        columns={props.columns}
        sort={pane.sort}
        selection={pane.selection}
        isBusy={props.isBusy}
        draft={props.draft}
        renamed={props.renamed}
        target={target?.folder ?? null}
        empty={
          pane.find !== null && total > 0 ? (
            <div className="pane-empty">
              <p>
                0 of {formatCount(total)} match.{' '}
                <button type="button" className="link" onClick={() => pane.setFind(null)}>
                  Clear the search
                </button>
              </p>
            </div>
          ) : (
            props.empty
          )
        }
        onSort={pane.setSort}
        onSelect={pane.setSelection}
        onOpen={props.onOpen}
        onUp={props.onUp}
        onKey={onKey}
        onDragStart={props.onDragStart}
      />
      {target !== null && (
        <p className="drop-hint" aria-hidden>
          Drop to copy to {props.dropPlace(target.folder)}
        </p>
      )}
      <div className="pane-strips">{props.strips}</div>
      <footer className="pane-foot">
        <SelectionText rows={rows} names={pane.selection.names} />
        {props.footer}
      </footer>
    </section>
  )
}

/** `3 selected · 1.0 MB`, or what there is. */
function SelectionText({ rows, names }: { readonly rows: readonly FileRow[]; readonly names: ReadonlySet<string> }) {
  const selected = rows.filter(row => names.has(row.name))
  const counted = selected.length > 0 ? selected : rows
  if (counted.length === 0) return <span className="pane-count" />
  const folders = counted.filter(({ kind }) => kind === 'folder').length
  const files = counted.length - folders
  const what =
    selected.length > 0
      ? `${formatCount(selected.length)} selected`
      : [files > 0 && formatPlural(files, 'file'), folders > 0 && formatPlural(folders, 'folder')].filter(Boolean).join(', ')
  return (
    <span className="pane-count">
      {what}
      {files > 0 && ` · ${formatSize(totalSize(counted))}`}
    </span>
  )
}
