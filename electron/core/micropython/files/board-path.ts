import { createHash } from 'node:crypto'
import { MusterError } from '../../../../shared/errors'
import { FILE_PATH_MAX_BYTES } from '../../../../shared/limits'
import { PART_SUFFIX } from '../../../../shared/part-name'

/** LittleFS and FAT, and the systems that boards are simulated on, allow so many bytes (FAT: UTF-16 units) in one name. */
const NAME_MAX_BYTES = 255
/** A shorter name for files whose own name leaves no room for the suffix. */
const PART_HASH_DIGITS = 12

export interface SplitPath {
  /** `/` for what lies at the root. */
  readonly folder: string
  readonly name: string
}

/**
 * What a path on a board may be: absolute, names divided by single slashes, none of them empty, `.` or `..`, no NUL anywhere, no
 * slash at the end. `/` alone is the root. Throws a `MusterError` of code `InvalidArgument`.
 */
export function checkBoardPath(path: string): void {
  const problem = problemOf(path)
  if (problem === null) return
  throw new MusterError({
    code: 'InvalidArgument',
    reason: 'bad-file-name',
    message: `${JSON.stringify(path.slice(0, 80))} is no path on a board: ${problem}.`,
    hint: 'Paths look like /lib/main.py.',
  })
}

/** For a file or a folder that has a name: the root has none. */
export function checkEntryPath(path: string): void {
  checkBoardPath(path)
  if (path !== '/') return
  throw new MusterError({
    code: 'InvalidArgument',
    reason: 'bad-file-name',
    message: 'This can not be done with the root folder of a board.',
    hint: 'Choose a file or a folder in it.',
  })
}

function problemOf(path: string): string | null {
  if (!path.startsWith('/')) return 'it does not begin with a slash'
  if (path.includes('\0')) return 'it holds a NUL character'
  if (Buffer.byteLength(path) > FILE_PATH_MAX_BYTES) return `it is longer than ${FILE_PATH_MAX_BYTES} bytes`
  if (path === '/') return null
  for (const name of path.slice(1).split('/')) {
    if (name === '') return 'a name in it is empty'
    if (name === '.' || name === '..') return `it holds the name ${name}`
    if (Buffer.byteLength(name) > NAME_MAX_BYTES) return `a name in it is longer than ${NAME_MAX_BYTES} bytes`
  }
  // A lone half of a surrogate pair has no UTF-8: the board would get another name.
  return path === Buffer.from(path, 'utf8').toString('utf8') ? null : 'it holds half of a character'
}

export function splitPath(path: string): SplitPath {
  const slash = path.lastIndexOf('/')
  return { folder: slash === 0 ? '/' : path.slice(0, slash), name: path.slice(slash + 1) }
}

export function joinPath(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`
}

/** What a file of this name is called until all of it is there. */
export function partName(name: string): string {
  const own = `${name}${PART_SUFFIX}`
  return Buffer.byteLength(own) <= NAME_MAX_BYTES ? own : hashedPartName(name)
}

/** Where a file is gathered before it takes its name: beside it, because only there can it be renamed in one step. */
export function partPath(path: string): string {
  const { folder, name } = splitPath(path)
  const own = joinPath(folder, partName(name))
  return Buffer.byteLength(own) <= FILE_PATH_MAX_BYTES ? own : joinPath(folder, hashedPartName(name))
}

function hashedPartName(name: string): string {
  return `${createHash('sha256').update(name).digest('hex').slice(0, PART_HASH_DIGITS)}${PART_SUFFIX}`
}
