import { FILE_PATH_MAX_BYTES } from '../../../shared/limits'
import type { LocalPlace } from '../../../shared/model'

/** Paths of a board are absolute, those of the computer relative to a folder; both have `/` between the names. */
export function joinPath(folder: string, name: string): string {
  if (folder === '') return name
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`
}

/** Null for what has nothing above it. */
export function parentPath(path: string): string | null {
  if (path === '' || path === '/') return null
  const end = path.lastIndexOf('/')
  if (end < 0) return ''
  return end === 0 ? '/' : path.slice(0, end)
}

export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export interface Crumb {
  readonly name: string
  readonly path: string
}

/** The folders on the way to a path, the outermost first; `root` is what that one is called. */
export function crumbsOf(path: string, root: Crumb): readonly Crumb[] {
  const names = path.split('/').filter(name => name !== '')
  const crumbs: Crumb[] = [root]
  for (const name of names) crumbs.push({ name, path: joinPath(crumbs.at(-1)?.path ?? '', name) })
  return crumbs
}

export function isSamePlace(one: LocalPlace | null, other: LocalPlace | null): boolean {
  return one?.folderId === other?.folderId && one?.path === other?.path
}

/** Tells files of the computer apart, whatever folder they are in. */
export function localKeyOf(place: LocalPlace, name: string): string {
  return `${place.folderId}\n${joinPath(place.path, name)}`
}

/** Why a name can't be given to a file or a folder; null where it can. */
export function problemOfName(name: string, taken: ReadonlySet<string>, folder = '/'): string | null {
  if (name === '') return 'A name has at least one character.'
  if (name === '.' || name === '..') return `${name} stands for a folder already.`
  if (name.includes('/')) return 'A name has no / in it: that stands between folders.'
  if (name.includes('\0')) return 'A name has no NUL in it.'
  if (new TextEncoder().encode(joinPath(folder, name)).length > FILE_PATH_MAX_BYTES) return 'This is longer than a path may be.'
  if (taken.has(name)) return `There is already something called ${name} here.`
  return null
}
