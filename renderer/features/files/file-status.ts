import type { BoardEntry, LocalEntry, LocalPlace, Transfer, TransferFile } from '../../../shared/model'
import { PART_SUFFIX } from '../../../shared/part-name'
import type { KnownComparison, ProvedFile } from '../../stores/files-store'
import { isFileMoving, type TransferList } from '../../stores/transfer-list'
import { formatClock } from '../../ui/format'
import { formatSize } from './file-rows'
import { joinPath, lastName, localKeyOf } from './paths'

/** What is known of a board's file, compared with the one of the same name in the folder at its side. */
export interface FileStatus {
  readonly word: 'verified' | 'same' | 'same size' | 'differs' | 'arriving' | 'waiting' | 'size only'
  readonly tone: 'ok' | 'warn' | 'muted'
  /** A full sentence. */
  readonly title: string
}

/** What the transfers say of one file of the board. */
export type TransferMark =
  | { readonly state: 'arriving' | 'waiting'; readonly doneBytes: number; readonly bytes: number }
  | (ProvedFile & { readonly state: 'proved' })

/** Modification times of some file systems are no finer than this. */
const CLOCK_GRAIN_MS = 2_000

/** The newest word on each file of the board that a transfer has dealt with; `proved` by those that are no longer listed. */
export function marksOf(
  { transfers, files }: TransferList,
  proved: ReadonlyMap<string, ProvedFile> = new Map(),
): ReadonlyMap<string, TransferMark> {
  const marks = new Map<string, TransferMark>([...proved].map(([path, file]) => [path, { ...file, state: 'proved' }]))
  for (const transfer of [...transfers.values()].sort((one, other) => one.startedAt - other.startedAt)) {
    for (const file of files.get(transfer.transferId) ?? []) {
      const mark = markOf(transfer, file)
      const before = marks.get(file.boardPath)
      const isOlder = mark?.state === 'proved' && before?.state === 'proved' && before.at > mark.at
      if (mark !== null && !isOlder) marks.set(file.boardPath, mark)
    }
  }
  return marks
}

/** What is worth knowing of a transfer that leaves the list. */
export function provedBy(transfer: Transfer, files: readonly TransferFile[]): ReadonlyMap<string, ProvedFile> {
  const proved = new Map<string, ProvedFile>()
  for (const file of files) {
    const mark = markOf(transfer, file)
    if (mark?.state === 'proved') proved.set(file.boardPath, mark)
  }
  return proved
}

function markOf(transfer: Transfer, file: TransferFile): TransferMark | null {
  const { direction, state, startedAt, endedAt, local } = transfer
  const { bytes, doneBytes, proof } = file
  if (direction === 'toBoard' && isFileMoving(file.state)) return { state: 'arriving', doneBytes, bytes }
  const isOn = state === 'running' || state === 'waiting'
  if (direction === 'toBoard' && file.state === 'waiting' && isOn) return { state: 'waiting', doneBytes, bytes }
  if ((file.state !== 'done' && file.state !== 'skipped') || proof === null) return null
  return {
    state: 'proved',
    bytes,
    proof,
    isSkipped: file.state === 'skipped',
    localKey: localKeyOf(local, file.name),
    localUntil: direction === 'toBoard' ? startedAt : (endedAt ?? Number.POSITIVE_INFINITY) + CLOCK_GRAIN_MS,
    at: endedAt ?? startedAt,
  }
}

export interface StatusFacts {
  readonly entry: BoardEntry
  readonly local: { readonly place: LocalPlace; readonly entry: LocalEntry } | null
  readonly mark: TransferMark | undefined
  readonly compared: KnownComparison | undefined
  /** When Muster last changed the file otherwise. */
  readonly changedAt: number | undefined
}

/** The surest thing that can be said, and never more than is known: equal sizes are no equal files. */
export function statusOf({ entry, local, mark, compared, changedAt }: StatusFacts): FileStatus | null {
  if (mark?.state === 'arriving') {
    return { word: 'arriving', tone: 'muted', title: `${formatSize(mark.doneBytes)} of ${formatSize(mark.bytes)} have arrived.` }
  }
  if (mark?.state === 'waiting') return { word: 'waiting', tone: 'muted', title: 'It waits for its turn to be copied.' }
  if (entry.kind === 'folder') return null
  const proved = mark?.state === 'proved' && isStillProved(mark, entry, local, changedAt) ? provedStatus(mark) : null
  if (proved !== null) return proved
  if (local === null) return null
  if (local.entry.kind === 'folder') return { word: 'differs', tone: 'warn', title: `${entry.name} is a folder on the computer.` }
  if (entry.size === null) return null
  if (entry.size !== local.entry.size) {
    return {
      word: 'differs',
      tone: 'warn',
      title: `${formatSize(entry.size)} here, ${formatSize(local.entry.size ?? 0)} on the computer.`,
    }
  }
  if (compared !== undefined && isStillCompared(compared, entry, local, changedAt)) {
    return compared.isSame
      ? { word: 'same', tone: 'muted', title: 'The same as on the computer, by their hashes.' }
      : { word: 'differs', tone: 'warn', title: 'As large as on the computer, but another content by their hashes.' }
  }
  return { word: 'same size', tone: 'muted', title: 'As large as on the computer. “Compare by hash” tells whether it is the same.' }
}

function isStillProved(mark: ProvedFile, entry: BoardEntry, local: StatusFacts['local'], changedAt: number | undefined): boolean {
  if (changedAt !== undefined && changedAt > mark.at) return false
  if (entry.size !== null && entry.size !== mark.bytes) return false
  if (local === null || local.entry.kind === 'folder') return local === null
  return localKeyOf(local.place, local.entry.name) === mark.localKey && local.entry.modifiedAt <= mark.localUntil
}

function provedStatus({ proof, isSkipped, at }: ProvedFile): FileStatus {
  const clock = formatClock(at)
  switch (proof) {
    case 'sha256':
    case 'crc32':
      return isSkipped
        ? { word: 'same', tone: 'muted', title: `The same as on the computer by ${proof}, at ${clock}.` }
        : { word: 'verified', tone: 'ok', title: `Copied and verified by ${proof}, at ${clock}.` }
    case 'readBack':
      return isSkipped
        ? { word: 'same', tone: 'muted', title: `Read and compared with the computer’s, at ${clock}.` }
        : { word: 'verified', tone: 'ok', title: `Copied, read back and compared, at ${clock}.` }
    case 'size':
      return { word: 'size only', tone: 'warn', title: 'This board can’t hash: only the number of bytes has been compared.' }
  }
}

function isStillCompared(
  compared: KnownComparison,
  entry: BoardEntry,
  local: NonNullable<StatusFacts['local']>,
  changedAt: number | undefined,
): boolean {
  return (
    (changedAt === undefined || changedAt <= compared.at) &&
    compared.boardSize === entry.size &&
    compared.localKey === localKeyOf(local.place, local.entry.name) &&
    compared.localSize === local.entry.size &&
    compared.localModifiedAt === local.entry.modifiedAt
  )
}

/** The board's folder as it is about to be: with what is arriving there for the first time, under the name it will have. */
export function withArriving(
  folder: string,
  entries: readonly BoardEntry[],
  marks: ReadonlyMap<string, TransferMark>,
): readonly BoardEntry[] {
  const arriving = [...marks].flatMap(([path, mark]) =>
    mark.state === 'arriving' && joinPath(folder, lastName(path)) === path ? [[path, mark] as const] : [],
  )
  if (arriving.length === 0) return entries
  const parts = new Set(arriving.map(([path]) => `${lastName(path)}${PART_SUFFIX}`))
  const known = new Set(entries.map(({ name }) => name))
  const coming = arriving
    .filter(([path]) => !known.has(lastName(path)))
    .map(([path, { doneBytes }]): BoardEntry => ({ name: lastName(path), kind: 'file', size: doneBytes, modifiedAt: null }))
  return [...entries.filter(({ name }) => !parts.has(name)), ...coming]
}
