import type { BoardEntry, LocalEntry } from '../../../shared/model'
import { formatCount, formatPlural } from '../../ui/format'
import { formatSize } from './file-rows'

/** Names that are said one by one. */
const NAMES_SHOWN = 8

type Entry = BoardEntry | LocalEntry

/** What a question is about, where it is more than one. */
export function EntryList({ entries }: { readonly entries: readonly Entry[] }) {
  return (
    <ul className="dialog-list">
      {entries.slice(0, NAMES_SHOWN).map(({ name, kind, size }) => (
        <li key={name}>
          {name}
          {kind === 'folder' ? ', a folder' : size === null ? '' : `, ${formatSize(size)}`}
        </li>
      ))}
      {entries.length > NAMES_SHOWN && <li>and {formatCount(entries.length - NAMES_SHOWN)} more</li>}
    </ul>
  )
}

/** `2 files and 1 folder`. */
export function countText(entries: readonly Entry[]): string {
  const folders = entries.filter(({ kind }) => kind === 'folder').length
  const files = entries.length - folders
  if (folders === 0) return formatPlural(files, 'file')
  return files === 0 ? formatPlural(folders, 'folder') : `${formatPlural(files, 'file')} and ${formatPlural(folders, 'folder')}`
}
