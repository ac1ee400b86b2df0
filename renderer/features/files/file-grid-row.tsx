// biome-ignore-all lint/a11y/useSemanticElements: table elements lay themselves out; these rows are drawn where they are scrolled to.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its current row.
import { ShieldAlert, ShieldCheck } from 'lucide-react'
import type { CSSProperties, DragEvent, MouseEvent } from 'react'

import { FileIcon } from './file-icon'
import { type FileRow, formatChanged, formatSize } from './file-rows'
import type { FileStatus } from './file-status'
import { NameField } from './name-field'

export interface GridColumns {
  readonly changed: boolean
  readonly status: boolean
}

export interface FileGridRowProps {
  readonly id: string
  readonly row: FileRow
  readonly index: number
  readonly columns: GridColumns
  readonly style: CSSProperties
  readonly isSelected: boolean
  readonly isCurrent: boolean
  readonly isTarget: boolean
  readonly naming: RowNaming | null
  readonly onClick: (event: MouseEvent) => void
  readonly onOpen: () => void
  readonly onDragStart: (event: DragEvent) => void
  readonly onContextMenu: () => void
}

/** A name that is being given to this row. */
export interface RowNaming {
  readonly label: string
  readonly isBusy: boolean
  readonly problemOf: (name: string) => string | null
  readonly onDone: (name: string) => void
  readonly onCancel: () => void
}

export function FileGridRow(props: FileGridRowProps) {
  const { row, columns, naming } = props
  const { name, kind, size, modifiedAt, status } = row
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keyboard.
    <div
      id={props.id}
      role="row"
      className="file-row"
      data-name={name}
      data-current={props.isCurrent || undefined}
      data-target={props.isTarget || undefined}
      aria-rowindex={props.index + 2}
      aria-selected={props.isSelected}
      style={props.style}
      draggable={naming === null}
      onClick={props.onClick}
      onDoubleClick={props.onOpen}
      onDragStart={props.onDragStart}
      onContextMenu={props.onContextMenu}
    >
      <span role="gridcell" className="file-name" title={name}>
        <FileIcon name={name} kind={kind} />
        {naming === null ? <span className="file-name-text">{name}</span> : <NameField {...naming} value={name} disabled={naming.isBusy} />}
      </span>
      <span role="gridcell" className="file-size">
        {size === null ? '–' : formatSize(size)}
      </span>
      {columns.changed && (
        <span
          role="gridcell"
          className="file-changed"
          title={modifiedAt === null ? undefined : new Date(modifiedAt).toLocaleString('en-GB')}
        >
          {modifiedAt === null ? '' : formatChanged(modifiedAt)}
        </span>
      )}
      {columns.status && (
        <span role="gridcell" className="file-status">
          {status !== null && <Status status={status} />}
        </span>
      )}
    </div>
  )
}

function Status({ status: { word, tone, title } }: { readonly status: FileStatus }) {
  return (
    <span className={`file-word file-word-${tone}`} title={title}>
      {word === 'verified' && <ShieldCheck size={13} strokeWidth={1.75} aria-hidden />}
      {word === 'size only' && <ShieldAlert size={13} strokeWidth={1.75} aria-hidden />}
      {word}
    </span>
  )
}
