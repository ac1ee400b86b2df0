import { fileFailed, quoted } from './file-errors'

/** Which system's rules names on this computer follow. */
export type Platform = NodeJS.Platform

/** What Windows keeps for devices, with any ending: `CON`, `nul.txt`. */
const WINDOWS_DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i
const WINDOWS_FORBIDDEN = /[<>:"|?*\\\u0000-\u001f]/
const NAME_MAX_BYTES = 255

/** Why a file or folder on this computer can't have this name; null when it can. Ends a sentence. */
export function nameProblem(name: string, platform: Platform): string | null {
  if (name === '') return 'an empty name'
  if (name === '.' || name === '..') return 'a name that means another folder'
  if (name.includes('/')) return 'a name with a slash in it'
  if (name.includes('\0')) return 'a name with a NUL in it'
  if (Buffer.byteLength(name) > NAME_MAX_BYTES) return `a name of more than ${NAME_MAX_BYTES} bytes`
  if (platform !== 'win32') return null
  if (WINDOWS_DEVICES.test(name)) return 'a name that Windows keeps for a device'
  if (WINDOWS_FORBIDDEN.test(name)) return 'a name with a character that Windows does not allow'
  return /[. ]$/.test(name) ? 'a name that ends with a dot or a space, which Windows drops' : null
}

/** The names on the way to a place; none for the folder itself. Throws `FileFailed` with `bad-file-name`. */
export function splitPlace(relative: string, platform: Platform): readonly string[] {
  if (relative === '') return []
  const names = relative.split('/')
  for (const name of names) {
    const problem = nameProblem(name, platform)
    if (problem !== null) throw fileFailed('bad-file-name', `${quoted(relative)} is no place on this computer: it has ${problem}.`)
  }
  return names
}

/** Names that are the same to the computer: most file systems of Windows and macOS do not tell `A` from `a`. */
export function localKey(relative: string, platform: Platform): string {
  return platform === 'win32' || platform === 'darwin' ? foldCase(relative) : relative
}

/** As a file system has a name that does not tell `A` from `a`. */
export function foldCase(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

export function joinRelative(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** Every folder above, the nearest last: `a`, `a/b` for `a/b/c`. */
export function foldersAbove(relative: string): readonly string[] {
  const names = relative.split('/')
  return names.slice(1).map((_name, index) => names.slice(0, index + 1).join('/'))
}
