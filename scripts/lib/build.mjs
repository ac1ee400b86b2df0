/** The built app in `dist/`, and whether it still belongs to the sources. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { distFolder, inRoot, rootFolder } from './paths.mjs'
import { PlainError, say } from './say.mjs'

/** Every build: how it is made, and the file that proves it. */
export const BUNDLES = {
  main: { config: 'vite.node.config.mts', output: 'main/main.js' },
  worker: { config: 'vite.node.config.mts', output: 'main/simulated-worker.js' },
  preload: { config: 'vite.node.config.mts', output: 'preload/preload.js' },
  renderer: { config: 'vite.renderer.config.mts', output: 'renderer/index.html' },
}
/** @typedef {keyof typeof BUNDLES} BundleName */

const SOURCES = [
  'electron',
  'renderer',
  'shared',
  'vite.node.config.mts',
  'vite.renderer.config.mts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
]
const stampFile = path.join(distFolder, '.sources')

/** Builds everything, unless `dist/` was built from just these sources. */
export async function ensureBuilt() {
  const digest = await digestOfSources()
  if (await isBuiltFrom(digest)) return
  await buildBundles(/** @type {BundleName[]} */ (Object.keys(BUNDLES)))
  await fs.writeFile(stampFile, digest)
}

/** @param {readonly BundleName[]} names */
export async function buildBundles(names) {
  await forgetBuild()
  const { build } = await import('vite')
  for (const name of names) {
    const started = Date.now()
    try {
      await build({ configFile: inRoot(BUNDLES[name].config), mode: name, logLevel: 'warn' })
    } catch (error) {
      throw new PlainError(`The ${name} bundle could not be built.\n${error instanceof Error ? error.message : String(error)}`)
    }
    say(`built ${name} in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
  }
}

/** From here on `dist/` belongs to no known sources, until `ensureBuilt` has run again. */
export async function forgetBuild() {
  await fs.rm(stampFile, { force: true })
}

/** @param {string} digest */
async function isBuiltFrom(digest) {
  const complete = Object.values(BUNDLES).every(({ output }) => existsSync(path.join(distFolder, output)))
  return complete && digest === (await fs.readFile(stampFile, 'utf8').catch(() => null))
}

/** By content: a checkout of another commit and back again is no reason to build. */
async function digestOfSources() {
  const digest = createHash('sha256')
  for (const source of SOURCES) {
    for (const file of await filesBelow(inRoot(source))) {
      digest.update(`${path.relative(rootFolder, file)}\0`).update(await fs.readFile(file))
    }
  }
  return digest.digest('hex')
}

/**
 * @param {string} location a file or a folder
 * @returns {Promise<string[]>} sorted
 */
async function filesBelow(location) {
  if ((await fs.stat(location)).isFile()) return [location]
  const entries = await fs.readdir(location, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort()
}
