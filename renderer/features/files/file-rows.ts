import type { BoardEntry, LocalEntry } from '../../../shared/model'
import { formatBytes } from '../../ui/format'
import type { FileStatus } from './file-status'

export interface FileRow {
  readonly name: string
  readonly kind: 'file' | 'folder'
  readonly size: number | null
  readonly modifiedAt: number | null
  readonly status: FileStatus | null
}

export type SortKey = 'name' | 'size' | 'changed'

export interface Sort {
  readonly key: SortKey
  readonly isDescending: boolean
}

export const BY_NAME: Sort = { key: 'name', isDescending: false }

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Folders before files, whatever they are sorted by; what is equal by its name. */
export function sortEntries<E extends BoardEntry | LocalEntry>(entries: readonly E[], { key, isDescending }: Sort): readonly E[] {
  const sign = isDescending ? -1 : 1
  const value = (entry: E): number => (key === 'size' ? (entry.size ?? -1) : (entry.modifiedAt ?? 0))
  return [...entries].sort((one, other) => {
    if (one.kind !== other.kind) return one.kind === 'folder' ? -1 : 1
    const byName = collator.compare(one.name, other.name) || (one.name < other.name ? -1 : 1)
    if (key === 'name') return sign * byName
    return sign * (value(one) - value(other)) || byName
  })
}

/** Of the files in a selection; what has no size counts for nothing. */
export function totalSize(rows: readonly Pick<FileRow, 'size'>[]): number {
  return rows.reduce((sum, { size }) => sum + (size ?? 0), 0)
}

/** `814 B`, `2.1 kB`, `430 kB`, `1.0 MB`: a column's worth, no more figures than are looked at. */
export function formatSize(bytes: number): string {
  const text = formatBytes(bytes)
  return bytes >= 99_950 && bytes < 999_500 ? `${Math.round(bytes / 1_000)} kB` : bytes >= 999_500 && bytes < 999_950 ? '1.0 MB' : text
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `today 13:40`, `19 Nov`, `3 Feb 2024`: as much as fits a column. */
export function formatChanged(at: number, now = Date.now()): string {
  const time = new Date(at)
  const today = new Date(now)
  if (time.toDateString() === today.toDateString()) {
    return `today ${String(time.getHours()).padStart(2, '0')}:${String(time.getMinutes()).padStart(2, '0')}`
  }
  const day = `${time.getDate()} ${MONTHS[time.getMonth()]}`
  return time.getFullYear() === today.getFullYear() ? day : `${day} ${time.getFullYear()}`
}
