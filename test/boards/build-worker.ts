import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'

const root = path.resolve(__dirname, '../..')
const WORKER_FILE = 'simulated-worker.js'
const SOURCES = ['electron/core/transport/simulated', 'shared/limits.ts', 'vite.node.config.mts']

/** Where the interpreter's package lies in a checkout. */
export const interpreterPackage = path.join(root, 'node_modules/@micropython/micropython-webassembly-pyscript')

/** The simulated board's worker, bundled as in the app, from the present sources. Built once for each state of them. */
export async function buildSimulatedWorker(): Promise<string> {
  const cache = path.join(root, 'node_modules/.cache/muster')
  const folder = path.join(cache, `worker-${await digestOfSources()}`)
  if (!existsSync(path.join(folder, WORKER_FILE))) {
    // Test files run side by side: each builds for itself, and the first to be done wins.
    const { build } = await import('vite')
    const own = path.join(cache, `worker-${process.pid}-${Date.now()}`)
    await build({
      root,
      configFile: path.join(root, 'vite.node.config.mts'),
      mode: 'worker',
      logLevel: 'warn',
      build: { outDir: own },
    })
    await fs.rename(own, folder).catch(() => fs.rm(own, { recursive: true, force: true }))
  }
  return path.join(folder, WORKER_FILE)
}

/** Once before all tests that want it, which would otherwise build it side by side and wait for it within their limits. */
export async function setup(): Promise<void> {
  await buildSimulatedWorker()
}

async function digestOfSources(): Promise<string> {
  const digest = createHash('sha256')
  for (const source of SOURCES) {
    const location = path.join(root, source)
    const isFolder = (await fs.stat(location)).isDirectory()
    const names = isFolder ? (await fs.readdir(location)).sort() : ['']
    for (const name of names) digest.update(name).update(await fs.readFile(path.join(location, name)))
  }
  return digest.digest('hex').slice(0, 16)
}
