import { accessSync, constants, mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const rootFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..')

export const distFolder = path.join(rootFolder, 'dist')
export const testResultsFolder = path.join(rootFolder, 'test-results')

/** @param {...string} parts */
export const inRoot = (...parts) => path.join(rootFolder, ...parts)

/**
 * Where things live that every checkout shares. `MUSTER_CACHE_DIR` overrides it.
 * Root's own home can't be read by the account that Electron runs as then, so root uses the system's cache folder.
 * @returns {string}
 */
export function sharedCacheFolder() {
  const override = process.env.MUSTER_CACHE_DIR
  if (override) return path.resolve(override)
  if (process.getuid?.() === 0 && isWritable('/var/cache')) return '/var/cache/muster'
  if (process.platform === 'win32') return path.join(process.env.LOCALAPPDATA ?? os.tmpdir(), 'muster', 'cache')
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'muster')
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'muster')
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
