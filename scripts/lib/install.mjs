/** Brings `node_modules` in line with the lock file. Node's own modules only: it runs before anything is installed. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { inRoot, rootFolder } from './paths.mjs'
import { PlainError, say } from './say.mjs'

const MINIMUM_NODE = [20, 19]

/** @returns {Promise<boolean>} whether anything had to be installed */
export async function ensureInstalled() {
  checkNode()
  if (isUpToDate()) return false
  say('installing packages from the lock file (npm ci).')
  const npm = process.env.npm_execpath
  const [command, prefix] = npm ? [process.execPath, [npm]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
  const child = spawn(command, [...prefix, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: rootFolder,
    // What npm prints goes to standard error: standard output belongs to the script's own answer.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && !npm,
  })
  const code = await new Promise(resolve => {
    child.once('error', () => resolve(null))
    child.once('exit', resolve)
  })
  if (code !== 0) throw new PlainError(`npm ci failed${code === null ? '' : ` with exit code ${code}`}. What it said stands above.`)
  return true
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = MINIMUM_NODE
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return
  throw new PlainError(`Muster is built with Node ${MINIMUM_NODE.join('.')} or newer; this is ${process.versions.node}.`)
}

/** npm writes what it installed into `node_modules/.package-lock.json`, and writes it last. */
function isUpToDate() {
  const wanted = readPackages('package-lock.json')
  const present = readPackages('node_modules/.package-lock.json')
  if (wanted === null || present === null) return false
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '') continue
    const installed = present[name]
    if (installed === undefined ? !(entry.optional || entry.devOptional) : installed.version !== entry.version) return false
  }
  return Object.keys(present).every(name => name in wanted)
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }> | null}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(inRoot(file), 'utf8')).packages
  } catch {
    return null
  }
}
