import type { Stats } from 'node:fs'
import { MusterError } from '../../../shared/errors'
import { TRANSFER_FILES_MAX } from '../../../shared/limits'
import type { BoardTree, LocalPlace } from '../../../shared/model'
import { isPartName } from '../../../shared/part-name'
import type { BoardFiles } from '../micropython/files/board-files'
import { joinBoardPath } from './board-paths'
import { fileFailed, quoted } from './file-errors'
import { joinPlace, walkFolder } from './local-listing'
import { joinRelative, nameProblem } from './local-names'
import type { LocalRoot } from './local-root'

export interface SideFile {
  /** Null where a board does not tell. */
  readonly bytes: number | null
  /** Of a local file. */
  readonly modifiedMs?: number
}

/** One end of a transfer before it begins, by names relative to its folder. */
export interface Side {
  readonly files: Map<string, SideFile>
  readonly folders: Set<string>
  /** Links, devices and the like: neither copied nor overwritten nor removed. */
  readonly others: Set<string>
  /** Names that were asked for and are not there, or are nothing that could be copied. */
  readonly refused: Map<string, MusterError>
  /** The folder itself is there. */
  readonly exists: boolean
}

/** What is to be read of a side: the names that were chosen, or all for null. */
export type Chosen = readonly string[] | null

export function emptySide(exists: boolean): Side {
  return { files: new Map(), folders: new Set(), others: new Set(), refused: new Map(), exists }
}

/** Rejects with `FileFailed` when anything can't be read: half a side is none. */
export async function readLocalSide(
  root: LocalRoot,
  place: LocalPlace,
  chosen: Chosen,
  { mustExist, signal }: { readonly mustExist: boolean; readonly signal: AbortSignal },
): Promise<Side> {
  const there = await root.look(place.path)
  if (there === null && !mustExist) return emptySide(false)
  if (there === null) throw fileFailed('file-not-found', `The folder ${quoted(place.path)} is not on this computer any more.`)
  const side = emptySide(true)
  if (chosen === null) await addFolder(root, place.path, '', side, signal)
  for (const name of chosen ?? []) {
    const problem = nameProblem(name, root.platform)
    if (isPartName(name)) side.refused.set(name, unfinished(name))
    else if (problem !== null)
      side.refused.set(name, fileFailed('bad-file-name', `${quoted(name)} can’t be on this computer: it has ${problem}.`))
    else addLooked(name, await root.look(joinPlace(place.path, name)), side)
  }
  // What was chosen as a folder is walked; the others stand already.
  for (const name of chosen ?? []) if (side.folders.has(name)) await addFolder(root, place.path, name, side, signal)
  return withoutParts(side)
}

function addLooked(name: string, stats: Stats | null, side: Side): void {
  if (stats === null) side.refused.set(name, fileFailed('file-not-found', `${quoted(name)} is not on this computer any more.`))
  else if (stats.isDirectory()) side.folders.add(name)
  else if (stats.isFile()) side.files.set(name, { bytes: stats.size, modifiedMs: stats.mtimeMs })
  else {
    side.others.add(name)
    side.refused.set(name, fileFailed('local-file', `${quoted(name)} is a link or a device, and is not copied.`))
  }
}

async function addFolder(root: LocalRoot, base: string, start: string, side: Side, signal: AbortSignal): Promise<void> {
  const { files, folders, others } = await walkFolder(root, base, start, signal)
  for (const [name, file] of files) side.files.set(name, file)
  for (const name of folders) side.folders.add(name)
  for (const name of others) side.others.add(name)
}

/** What an interrupted attempt has left is nobody's file. */
function withoutParts(side: Side): Side {
  for (const name of side.files.keys()) if (isPartName(name)) side.files.delete(name)
  return side
}

function unfinished(name: string): MusterError {
  return fileFailed('bad-file-name', `${quoted(name)} is what an interrupted transfer has left, and is not copied.`)
}

/** Within the board's turn. */
export async function readBoardSide(
  files: BoardFiles,
  folder: string,
  chosen: Chosen,
  { mustExist }: { readonly mustExist: boolean },
): Promise<Side> {
  if (chosen === null) {
    const tree = await absentAsNull(files.tree(folder), mustExist)
    if (tree === null) return emptySide(false)
    const side = emptySide(true)
    addTree(tree, '', side)
    return withoutParts(side)
  }
  const listing = await absentAsNull(files.list(folder), mustExist)
  if (listing === null) return emptySide(false)
  const side = emptySide(true)
  const byName = new Map(listing.entries.map(entry => [entry.name, entry]))
  for (const name of chosen) {
    const entry = byName.get(name)
    if (isPartName(name)) side.refused.set(name, unfinished(name))
    else if (entry === undefined) side.refused.set(name, fileFailed('file-not-found', `${quoted(name)} is not on the board any more.`))
    else if (entry.kind === 'file') side.files.set(name, { bytes: entry.size })
    else {
      side.folders.add(name)
      addTree(await files.tree(joinBoardPath(folder, name)), name, side)
    }
  }
  return withoutParts(side)
}

function addTree({ entries, isTruncated, path }: BoardTree, base: string, side: Side): void {
  if (isTruncated || side.files.size + entries.length > TRANSFER_FILES_MAX) {
    throw fileFailed('file-too-large', `There are more than ${TRANSFER_FILES_MAX} files below ${quoted(path)} on the board.`, {
      hint: 'Choose a smaller folder.',
    })
  }
  for (const entry of entries) {
    const name = base === '' ? entry.path : joinRelative(base, entry.path)
    if (entry.kind === 'folder') side.folders.add(name)
    else side.files.set(name, { bytes: entry.size })
  }
}

async function absentAsNull<T>(reading: Promise<T>, mustExist: boolean): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (!mustExist && error instanceof MusterError && error.reason === 'file-not-found') return null
    throw error
  }
}
