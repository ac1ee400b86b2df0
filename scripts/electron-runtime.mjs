/**
 * Finds the Electron to run, or obtains one: the first that works of an explicit `ELECTRON_OVERRIDE_DIST_PATH`, one that
 * is already there, the official download, and the development runtime. Used by start, test and package alike.
 *
 *   node scripts/electron-runtime.mjs             prints the executable's path, and nothing else, to standard output
 *   node scripts/electron-runtime.mjs --release   the same, but only the pinned version will do
 */
import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findDevelopmentRuntime, installDevelopmentRuntime, isDevelopmentRuntimePossible } from './lib/development-runtime.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { downloadOfficialRuntime, executableIn, findOfficialRuntime, pinnedVersion, readVersion } from './lib/official-runtime.mjs'
import { PlainError, runScript, say } from './lib/say.mjs'

/**
 * @typedef {object} ElectronRuntime
 * @property {string} folder what electron-builder calls `electronDist`
 * @property {string} executable
 * @property {string} version
 * @property {boolean} isPinned whether this is the version that is released
 */

/**
 * @param {{ forRelease?: boolean }} [options] a release takes the pinned version or nothing
 * @returns {Promise<ElectronRuntime>}
 */
export async function resolveElectron({ forRelease = false } = {}) {
  const runtime = (await findPresent(forRelease)) ?? (await obtain(forRelease))
  if (forRelease && !runtime.isPinned) {
    throw new PlainError(`A release is built with Electron ${pinnedVersion()}, not with ${runtime.version} in ${runtime.folder}.`)
  }
  if (!runtime.isPinned) {
    say(`*** Electron ${runtime.version}, not the released ${pinnedVersion()}: for development and tests only. ***`)
  }
  return runtime
}

/** @param {boolean} forRelease */
async function findPresent(forRelease) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) {
    const folder = path.resolve(override)
    if (existsSync(executableIn(folder))) return runtimeIn(folder)
    throw new PlainError(`ELECTRON_OVERRIDE_DIST_PATH is ${override}, but there is no Electron in it.`)
  }
  const folder = findOfficialRuntime() ?? (forRelease ? null : await findDevelopmentRuntime())
  return folder === null ? null : runtimeIn(folder)
}

/** @param {boolean} forRelease */
async function obtain(forRelease) {
  say(`downloading Electron ${pinnedVersion()}.`)
  const official = await downloadOfficialRuntime()
  if (official !== null) return runtimeIn(official)
  if (forRelease) throw new PlainError(`Electron ${pinnedVersion()} could not be downloaded, and a release is built with no other.`)
  if (!isDevelopmentRuntimePossible) {
    throw new PlainError(
      `Electron ${pinnedVersion()} could not be downloaded. Download it elsewhere, unpack it and set ELECTRON_OVERRIDE_DIST_PATH to its folder.`,
    )
  }
  say(`Electron ${pinnedVersion()} could not be downloaded; taking the development runtime instead.`)
  return runtimeIn(await installDevelopmentRuntime())
}

/**
 * @param {string} folder
 * @returns {ElectronRuntime}
 */
function runtimeIn(folder) {
  const version = readVersion(folder) ?? 'of unknown version'
  return { folder, executable: executableIn(folder), version, isPinned: version === pinnedVersion() }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  void runScript(async () => {
    await ensureInstalled()
    const { executable } = await resolveElectron({ forRelease: process.argv.includes('--release') })
    process.stdout.write(`${executable}\n`)
  })
}
