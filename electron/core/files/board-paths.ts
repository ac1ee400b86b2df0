import { MusterError } from '../../../shared/errors'
import { FILE_PATH_MAX_BYTES } from '../../../shared/limits'
import { quoted } from './file-errors'

/** An absolute path without doubled or trailing slashes. Throws `InvalidArgument` with `bad-file-name`. */
export function readBoardPath(path: string): string {
  const names = path.split('/').filter(name => name !== '')
  const problem = !path.startsWith('/')
    ? 'does not begin with a slash'
    : names.some(name => name === '.' || name === '..')
      ? 'has “.” or “..” in it'
      : boardPathProblem(path)
  if (problem !== null) {
    throw new MusterError({
      code: 'InvalidArgument',
      reason: 'bad-file-name',
      message: `${quoted(path)} is no path on a board: it ${problem}.`,
    })
  }
  return `/${names.join('/')}`
}

/** Why a board can't have a file there; null when it can. Ends a sentence that begins with the path. */
export function boardPathProblem(path: string): string | null {
  if (path.includes('\0')) return 'has a NUL in it'
  return Buffer.byteLength(path) > FILE_PATH_MAX_BYTES ? `has more than ${FILE_PATH_MAX_BYTES} bytes` : null
}

export function joinBoardPath(folder: string, relative: string): string {
  if (relative === '') return folder
  return folder === '/' ? `/${relative}` : `${folder}/${relative}`
}

export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path
}
