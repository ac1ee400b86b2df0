/**
 * The tools that Muster is measured against, by name from the package registries, pinned, in a folder of the shared cache.
 * One that can't be had is missing with a reason; the bench goes on without it.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { inRoot, sharedCacheFolder } from './paths.mjs'
import { say } from './say.mjs'

const run = promisify(execFile)

/** By the names that `test/bench/peers/driver.py` knows them by. */
const PYTHON_TOOLS = { mpremote: 'mpremote==1.29.0', belay: 'belay==0.30.1', rshell: 'rshell==0.0.36', ampy: 'adafruit-ampy==1.1.0' }
/** Arduino's library is on GitHub; whether npm has it is asked each time. */
const NPM_TOOLS = { 'micropython.js': 'micropython.js@1.5.2' }

/**
 * @returns {Promise<import('../../test/bench/python-peers').InstalledPeers>}
 */
export async function ensurePeers() {
  const folder = path.join(sharedCacheFolder(), 'bench-peers')
  const listed = path.join(folder, 'installed.json')
  /** @type {Record<string, string>} */
  const versions = existsSync(listed) ? JSON.parse(readFileSync(listed, 'utf8')) : {}
  /** @type {Record<string, string>} */
  const missing = {}
  const python = path.join(folder, 'bin', 'python')
  const wanted = Object.entries(PYTHON_TOOLS).filter(([name, pinned]) => versions[name] !== pinned || !existsSync(python))
  if (wanted.length > 0) {
    say(`installing ${wanted.map(([, pinned]) => pinned).join(', ')}.`)
    mkdirSync(folder, { recursive: true })
    const failure = existsSync(python) ? null : await failureOf('python3', ['-m', 'venv', folder])
    for (const [name, pinned] of wanted) {
      const reason = failure ?? (await failureOf(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', pinned]))
      if (reason === null) versions[name] = pinned
      else missing[name] = reason
    }
    if (failure === null) writeFileSync(listed, JSON.stringify(versions))
    else rmSync(folder, { recursive: true, force: true })
  }
  for (const [name, pinned] of Object.entries(NPM_TOOLS)) missing[name] = await npmAnswer(pinned)
  for (const [name, reason] of Object.entries(missing)) say(`${name} is not measured: ${reason}`)
  const present = Object.fromEntries(Object.entries(versions).filter(([name]) => !(name in missing)))
  return {
    python: Object.keys(present).length > 0 ? python : null,
    driver: inRoot('test', 'bench', 'peers', 'driver.py'),
    versions: present,
    missing,
  }
}

/**
 * @param {string} pinned
 * @returns {Promise<string>} why the package can't be measured
 */
async function npmAnswer(pinned) {
  const reason = await failureOf('npm', ['view', pinned, 'version', '--loglevel=error'])
  if (reason === null) return `npm has ${pinned} now, and nothing here drives it yet`
  return /E404|404/.test(reason) ? `npm has no ${pinned}` : reason
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<string | null>} what it said; null when it succeeded
 */
async function failureOf(command, args) {
  try {
    await run(command, args)
    return null
  } catch (error) {
    const { stderr = '', message } = /** @type {Error & { stderr?: string }} */ (error)
    const lines = stderr.trim().split('\n')
    return lines.find(line => /error/i.test(line))?.trim() ?? message.split('\n')[0] ?? 'it failed'
  }
}
