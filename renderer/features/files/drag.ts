import type { DragEvent } from 'react'
import type { TransferDirection } from '../../../shared/model'

/** What is dragged between the panes. The browser hides it while it is held over something; the view keeps it itself. */
export interface DraggedNames {
  readonly direction: TransferDirection
  readonly names: readonly string[]
}

/** Names of ours, as opposed to a text or a file from elsewhere. */
export const DRAG_TYPE = 'application/x-muster-names'

export function startDrag(event: DragEvent, { names }: DraggedNames): void {
  event.dataTransfer.setData(DRAG_TYPE, String(names.length))
  event.dataTransfer.effectAllowed = 'copy'
}

export function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes('Files')
}

/** The folder row under the pointer. */
export function folderUnder(event: DragEvent, isFolder: (name: string) => boolean): string | null {
  const row = (event.target as Element).closest?.<HTMLElement>('[role=row][data-name]')
  const name = row?.dataset.name
  return name !== undefined && isFolder(name) ? name : null
}
