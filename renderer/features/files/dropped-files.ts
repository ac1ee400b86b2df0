import type { DroppedFile } from './upload-actions'

/** What was dropped from outside the window. Read now: the browser takes it away after the event. */
export function droppedFiles(transfer: DataTransfer): readonly DroppedFile[] {
  const folders = new Set<string>()
  for (const item of transfer.items) {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry?.() : null
    if (entry?.isDirectory === true) folders.add(entry.name)
  }
  return [...transfer.files].map(file => ({
    name: file.name,
    bytes: file.size,
    isFolder: folders.has(file.name),
    read: async () => new Uint8Array(await file.arrayBuffer()),
  }))
}
