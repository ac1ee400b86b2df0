/** Running the app from the checkout: what it needs first, as whom and on which display, and its orderly end. */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import os from 'node:os'
import { resolveElectron } from '../electron-runtime.mjs'
import { canUse, commandAs, environmentFor, unprivilegedAccount } from './account.mjs'
import { adaptArguments } from './app-arguments.mjs'
import { ensureBuilt } from './build.mjs'
import { hasDisplay, lendDisplay, openVirtualDisplay } from './display.mjs'
import { ensureInstalled } from './install.mjs'
import { reachableCheckout } from './reachable-checkout.mjs'
import { PlainError, say } from './say.mjs'
import { hasCommand, installCommand, missingLibraries } from './system-packages.mjs'

/** @typedef {import('../electron-runtime.mjs').ElectronRuntime} ElectronRuntime */

/** How long the app may take to close its ports and go, once it was asked to. */
const QUIT_TIMEOUT_MS = 15_000
const PARENT_WATCH_MS = 500

/** Packages, Electron, and a build of the present sources. */
export async function prepareApp() {
  await ensureInstalled()
  const runtime = await resolveElectron()
  await ensureBuilt()
  return runtime
}

/**
 * @typedef {object} RunContext
 * @property {import('./account.mjs').Account | null} account
 * @property {NodeJS.ProcessEnv} environment
 * @property {() => void} close ends the virtual display, or takes back the key to the real one
 */

/**
 * As whom and where windows open. Fails with the command that installs what the system lacks.
 * @param {ElectronRuntime} runtime
 * @param {{ ownDisplay?: boolean }} [options] `ownDisplay`: a virtual display even where there is a real one
 * @returns {Promise<RunContext>}
 */
export async function openRunContext(runtime, { ownDisplay = false } = {}) {
  const virtual = process.platform === 'linux' && (ownDisplay ? hasCommand('Xvfb') || !hasDisplay() : !hasDisplay())
  if (process.platform === 'linux') checkSystem(runtime, virtual)
  const account = unprivilegedAccount()
  if (account !== null) {
    say(`Electron does not run as root: it runs as ${account.name}, with its sandbox on.`)
    if (!canUse(account, runtime.executable))
      throw new PlainError(`${account.name} can't read Electron in ${runtime.folder}. Put it where every user may read.`)
  }
  const display = virtual ? await openVirtualDisplay(account) : account === null ? null : lendDisplay(account)
  if (virtual)
    say(`windows open on a virtual display (Xvfb ${display?.environment.DISPLAY})${hasDisplay() ? '' : ', as there is no other'}.`)
  return { account, environment: { ...environmentFor(account), ...display?.environment }, close: () => display?.close() }
}

/**
 * @param {ElectronRuntime} runtime
 * @param {boolean} needsXvfb
 */
function checkSystem(runtime, needsXvfb) {
  const missing = [...missingLibraries(runtime.executable), ...(needsXvfb && !hasCommand('Xvfb') ? ['Xvfb'] : [])]
  if (missing.length === 0) return
  throw new PlainError(`This system lacks what Electron needs: ${missing.join(', ')}. Install it with:\n\n  ${installCommand(missing)}\n`)
}

/**
 * Starts the app and waits for its end.
 * @param {ElectronRuntime} runtime
 * @param {readonly string[]} userArguments
 * @returns {Promise<number>} the app's exit code
 */
export async function runApp(runtime, userArguments) {
  const context = await openRunContext(runtime)
  const temporary = /** @type {string[]} */ ([])
  try {
    const { folder, isCopy } = reachableCheckout(context.account, 'app')
    if (isCopy) temporary.push(folder)
    const adapted = adaptArguments(userArguments, { account: context.account, callerFolder: process.env.INIT_CWD ?? process.cwd() })
    temporary.push(...adapted.temporary)
    const code = await runToEnd(startElectron(runtime, context, folder, adapted.args))
    adapted.deliver()
    return code
  } finally {
    context.close()
    for (const folder of temporary) rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * In a process group of its own: a Ctrl-C in the terminal reaches it once, through us, and a second one is a second wish.
 * @param {ElectronRuntime} runtime
 * @param {RunContext} context
 * @param {string} appFolder
 * @param {readonly string[]} args
 */
export function startElectron(runtime, context, appFolder, args) {
  const [command, fullArguments] = commandAs(context.account, runtime.executable, [appFolder, ...args])
  return spawn(command, fullArguments, {
    cwd: appFolder,
    env: context.environment,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
  })
}

/**
 * Waits for the end, hands signals on, and leaves no process of the group behind.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} its exit code; 128 and the signal's number where a signal ended it
 */
export function runToEnd(child) {
  const killGroup = () => {
    try {
      if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL')
      else child.kill('SIGKILL')
    } catch {
      // Nothing of the group is left.
    }
  }
  /** @type {NodeJS.Timeout | undefined} */
  let deadline
  const onSignal = (/** @type {NodeJS.Signals} */ signal) => {
    if (deadline !== undefined) return killGroup()
    deadline = setTimeout(killGroup, QUIT_TIMEOUT_MS)
    child.kill(signal)
  }
  const signals = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  for (const signal of signals) process.on(signal, onSignal)
  // npm hands a SIGTERM to its shell, which dies of it and tells nobody.
  const parent = process.ppid
  const parentWatch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(parentWatch)
    onSignal('SIGTERM')
  }, PARENT_WATCH_MS)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal])))
  }).finally(() => {
    clearTimeout(deadline)
    clearInterval(parentWatch)
    for (const signal of signals) process.off(signal, onSignal)
    killGroup()
  })
}
