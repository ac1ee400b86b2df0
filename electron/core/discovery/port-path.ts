import { posix } from 'node:path'
import { MAX_PORT_PATH_CHARS } from '../../../shared/limits'

const CONTROL_CHARACTER = /\p{Cc}/u

/**
 * The one way to write a port's name, so that a port is one entry however it was typed; null for what can't be a port.
 * On macOS every port has two nodes: opening the dial-in one, `/dev/tty.*`, waits for a carrier that boards don't give.
 */
export function normalizePortPath(typed: string, platform: NodeJS.Platform): string | null {
  const path = typed.trim()
  if (path === '' || path.length > MAX_PORT_PATH_CHARS || CONTROL_CHARACTER.test(path)) return null
  if (platform === 'win32') {
    const name = path.replace(/^\\\\[.?]\\/, '')
    return /^com\d+$/i.test(name) ? name.toUpperCase() : path
  }
  if (!path.startsWith('/')) return null
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, '')
  return platform === 'darwin' ? normal.replace(/^\/dev\/tty\./, '/dev/cu.') : normal
}

/** A path as an example of what may be typed. */
export function examplePortPath(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'COM3'
  return platform === 'darwin' ? '/dev/cu.usbmodem101' : '/dev/ttyACM0'
}

const collator = new Intl.Collator('en', { numeric: true })

/** `/dev/ttyACM2` before `/dev/ttyACM10`. A total order, so that rows never change places. */
export function comparePortPaths(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}
