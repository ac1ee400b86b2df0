/** The Electron that `package.json` pins and that is released, as its own npm package installs it. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { inRoot } from './paths.mjs'

const DOWNLOAD_TIMEOUT_MS = 300_000
const packageFolder = inRoot('node_modules', 'electron')

/** @returns {string} the version that the lock file pins */
export function pinnedVersion() {
  return JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')).version
}

/** The official runtime's folder if it is there and is the pinned version, else null. */
export function findOfficialRuntime() {
  const folder = path.join(packageFolder, 'dist')
  const version = readVersion(folder)
  return version === pinnedVersion() && existsSync(executableIn(folder)) ? folder : null
}

/**
 * Electron's own installer. Where its host can't be reached it fails at once; where the network swallows packets
 * the time-out ends it.
 * @returns {Promise<string | null>} the folder, or null when the download failed
 */
export async function downloadOfficialRuntime() {
  const installer = spawn(process.execPath, [path.join(packageFolder, 'install.js')], {
    stdio: 'ignore',
    timeout: DOWNLOAD_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  const succeeded = await new Promise(resolve => {
    installer.once('error', () => resolve(false))
    installer.once('exit', code => resolve(code === 0))
  })
  return succeeded ? findOfficialRuntime() : null
}

/** @param {string} folder */
export function readVersion(folder) {
  try {
    return readFileSync(path.join(folder, 'version'), 'utf8').trim().replace(/^v/, '')
  } catch {
    return null
  }
}

/** @param {string} folder */
export function executableIn(folder) {
  if (process.platform === 'win32') return path.join(folder, 'electron.exe')
  if (process.platform === 'darwin') return path.join(folder, 'Electron.app', 'Contents', 'MacOS', 'Electron')
  return path.join(folder, 'electron')
}
