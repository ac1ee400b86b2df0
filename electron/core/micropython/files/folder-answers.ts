import type { BoardEntry, BoardTreeEntry } from '../../../../shared/model'
import { countOf, hexText } from './answer'

/** Ports count seconds from 1970 or, as MicroPython's own epoch is on small boards, from 2000. */
const EPOCH_2000_SECONDS = 946_684_800
/** A board that does not tell its epoch, and a time before 2005 in the usual one: it counts from 2000. */
const OLD_SECONDS = 1_104_537_600

/** `name,kind,size,time`, after the year of the epoch. Odd records are left out: nothing from a board is trusted. */
export function readEntries(records: readonly string[]): BoardEntry[] {
  const [first, ...rest] = records
  const epochYear = countOf(first) ?? 0
  const entries = rest.map(record => readEntry(record, epochYear)).filter(entry => entry !== null)
  return entries.sort(byKindAndName)
}

export function readEntry(record: string, epochYear: number): BoardEntry | null {
  const [hexName = '', kind, size, time] = record.split(',')
  const name = hexText(hexName)
  if (name === '' || name.includes('/') || (kind !== '1' && kind !== '2')) return null
  const isFile = kind === '1'
  return { name, kind: isFile ? 'file' : 'folder', size: isFile ? countOf(size) : null, modifiedAt: timeOf(countOf(time), epochYear) }
}

/** `/folder`, then `name,kind,size` of what is in it; a last `+` where something was left out. */
export function readTree(records: readonly string[]): { readonly entries: readonly BoardTreeEntry[]; readonly isTruncated: boolean } {
  const entries: BoardTreeEntry[] = []
  let folder = ''
  let isTruncated = false
  for (const record of records) {
    if (record === '+') {
      isTruncated = true
    } else if (record.startsWith('/')) {
      folder = `${hexText(record.slice(1))}/`
    } else {
      const entry = readEntry(record, 0)
      if (entry !== null) entries.push({ ...entry, path: `${folder}${entry.name}` })
    }
  }
  return { entries, isTruncated }
}

function timeOf(seconds: number | null, epochYear: number): number | null {
  if (seconds === null || seconds === 0) return null
  const isFrom2000 = epochYear === 2000 || (epochYear !== 1970 && seconds < OLD_SECONDS)
  return (seconds + (isFrom2000 ? EPOCH_2000_SECONDS : 0)) * 1_000
}

export function byKindAndName(one: BoardEntry, other: BoardEntry): number {
  if (one.kind !== other.kind) return one.kind === 'folder' ? -1 : 1
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0
}
