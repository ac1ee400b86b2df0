import type { BoardEntry, FileProof, LocalEntry, LocalPlace } from '../../../shared/model'
import type { KnownComparison } from '../../stores/files-store'
import type { TransferList } from '../../stores/transfer-list'
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
export interface TransferMark {
  readonly state: 'arriving' | 'waiting' | 'proved'
  readonly doneBytes: number
  readonly bytes: number
  readonly proof: FileProof | null
  /** Nothing was copied: it was the same already. */
  readonly isSkipped: boolean
  readonly localKey: string
  /** What has been changed on the computer after this is not what was copied. */
  readonly localUntil: number
  readonly at: number
}

/** Modification times of some file systems are no finer than this. */
const CLOCK_GRAIN_MS = 2_000

/** The newest word on each file of the board that a transfer has dealt with. */
export function marksOf({ transfers, files }: TransferList): ReadonlyMap<string, TransferMark> {
  const marks = new Map<string, TransferMark>()
  for (const transfer of [...transfers.values()].sort((one, other) => one.startedAt - other.startedAt)) {
    for (const file of files.get(transfer.transferId) ?? []) {
      const isArriving = transfer.direction === 'toBoard' && (file.state === 'copying' || file.state === 'verifying')
      const isWaiting =
        transfer.direction === 'toBoard' && file.state === 'waiting' && (transfer.state === 'running' || transfer.state === 'waiting')
      const isProved = (file.state === 'done' || file.state === 'skipped') && file.proof !== null
      if (!isArriving && !isWaiting && !isProved) continue
      const at = transfer.endedAt ?? transfer.startedAt
      marks.set(file.boardPath, {
        state: isArriving ? 'arriving' : isWaiting ? 'waiting' : 'proved',
        doneBytes: file.doneBytes,
        bytes: file.bytes,
        proof: file.proof,
        isSkipped: file.state === 'skipped',
        localKey: localKeyOf(transfer.local, file.name),
        localUntil: transfer.direction === 'toBoard' ? transfer.startedAt : (transfer.endedAt ?? Number.POSITIVE_INFINITY) + CLOCK_GRAIN_MS,
        at,
      })
    }
  }
  return marks
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
  const proved = mark !== undefined && isStillProved(mark, entry, local, changedAt) ? provedStatus(mark) : null
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

function isStillProved(mark: TransferMark, entry: BoardEntry, local: StatusFacts['local'], changedAt: number | undefined): boolean {
  if (changedAt !== undefined && changedAt > mark.at) return false
  if (entry.size !== null && entry.size !== mark.bytes) return false
  if (local === null || local.entry.kind === 'folder') return local === null
  return localKeyOf(local.place, local.entry.name) === mark.localKey && local.entry.modifiedAt <= mark.localUntil
}

function provedStatus({ proof, isSkipped, at }: TransferMark): FileStatus | null {
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
    default:
      return null
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

/** Where a board gathers a file until all of it is there. */
const PART_SUFFIX = '.part'

/** The board's folder as it is about to be: with what is arriving there for the first time, under the name it will have. */
export function withArriving(
  folder: string,
  entries: readonly BoardEntry[],
  marks: ReadonlyMap<string, TransferMark>,
): readonly BoardEntry[] {
  const arriving = [...marks].filter(([path, { state }]) => state === 'arriving' && joinPath(folder, lastName(path)) === path)
  if (arriving.length === 0) return entries
  const parts = new Set(arriving.map(([path]) => `${lastName(path)}${PART_SUFFIX}`))
  const known = new Set(entries.map(({ name }) => name))
  const coming = arriving
    .filter(([path]) => !known.has(lastName(path)))
    .map(([path, { doneBytes }]): BoardEntry => ({ name: lastName(path), kind: 'file', size: doneBytes, modifiedAt: null }))
  return [...entries.filter(({ name }) => !parts.has(name)), ...coming]
}
