import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { waitForEndOfSession } from './processes'

export interface LaunchOptions {
  /** For the app, after its folder. */
  readonly args?: readonly string[]
  /** On top of this process's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Default: a new folder that goes when the app is closed. */
  readonly userDataDir?: string
  /** A packaged app's executable. Default: the app that was built in this checkout. */
  readonly executable?: string
}

/** The app under test. What ships is what runs: with its sandbox, its isolation and its policy on. */
export interface Muster {
  readonly app: ElectronApplication
  /** The window, once it has said that it is ready. */
  readonly page: Page
  readonly userDataDir: string
  /** What main and page reported as errors, except what `allowErrors` matched. */
  errors(): readonly string[]
  /** For tests that provoke an error on purpose. */
  allowErrors(pattern: RegExp): void
  /** Quits as a user would. Rejects when the app does not go, or leaves a process behind. Idempotent. */
  close(): Promise<void>
}

export const READY_TIMEOUT_MS = 45_000
export const QUIT_TIMEOUT_MS = 20_000
export const appFolder = path.resolve(__dirname, '..', '..', '..')

/** Starts the app and waits for its ready mark, not for the first window: that one comes too early, and at times twice. */
export async function launchMuster(options: LaunchOptions = {}): Promise<Muster> {
  const userDataDir = options.userDataDir ?? (await mkdtemp(path.join(os.tmpdir(), 'muster-test-')))
  const executablePath = options.executable ?? (await electronPath())
  const app = await _electron.launch({
    executablePath,
    args: [...(options.executable === undefined ? [appFolder] : []), `--user-data-dir=${userDataDir}`, ...(options.args ?? [])],
    cwd: appFolder,
    env: environment(options.env),
    chromiumSandbox: true,
    timeout: READY_TIMEOUT_MS,
  })
  const errors = collectErrors(app)
  const end = endOnce(app, async () => {
    if (options.userDataDir === undefined) await rm(userDataDir, { recursive: true, force: true })
  })
  try {
    const page = await waitForReadyPage(app, errors.all)
    return { app, page, userDataDir, errors: errors.notAllowed, allowErrors: errors.allow, close: end }
  } catch (error) {
    await end().catch(() => undefined)
    throw error
  }
}

/** The built app's runtime. Asks the resolver in a process of its own: Playwright would compile its module and break it. */
export async function electronPath(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(appFolder, 'scripts', 'electron-runtime.mjs')])
  return stdout.trim()
}

export function environment(extra: LaunchOptions['env']): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const { ELECTRON_RUN_AS_NODE: _, ...inherited } = Object.fromEntries(entries)
  return { ...inherited, ...extra }
}

function collectErrors(app: ElectronApplication) {
  const all: string[] = []
  const allowed: RegExp[] = []
  app.on('console', message => {
    if (message.type() === 'error') all.push(`main: ${message.text()}`)
  })
  const watch = (page: Page): void => {
    page.on('console', message => {
      if (message.type() === 'error') all.push(`page: ${message.text()}`)
    })
    page.on('pageerror', error => all.push(`page: ${error.stack ?? error.message}`))
    page.on('crash', () => all.push('page: crashed'))
  }
  app.windows().forEach(watch)
  app.on('window', watch)
  return {
    all,
    notAllowed: () => all.filter(text => !allowed.some(pattern => pattern.test(text))),
    allow: (pattern: RegExp) => void allowed.push(pattern),
  }
}

async function waitForReadyPage(app: ElectronApplication, errors: readonly string[]): Promise<Page> {
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (Date.now() < deadline) {
    for (const page of app.windows()) {
      // A page that is being replaced rejects; it will be asked again.
      const ready = await page.evaluate(() => document.documentElement.dataset.ready === 'true').catch(() => false)
      if (ready) return page
    }
    await sleep(50)
  }
  throw new Error(`No window was ready after ${READY_TIMEOUT_MS / 1000} s. Errors so far: ${errors.join('\n') || 'none'}`)
}

function endOnce(app: ElectronApplication, cleanUp: () => Promise<void>): () => Promise<void> {
  let ending: Promise<void> | undefined
  // Now: an app that has gone by itself can't be asked any more.
  const main = app.process()
  const end = async (): Promise<void> => {
    const exited = new Promise<true>(resolve => {
      if (main.exitCode !== null || main.signalCode !== null) resolve(true)
      else main.once('exit', () => resolve(true))
    })
    // Not waited for alone: it hangs while a process that the app left behind keeps its pipes open.
    const closed = app.close().catch(() => undefined)
    const inTime = await Promise.race([exited, sleep(QUIT_TIMEOUT_MS, false, { ref: false })])
    const left = inTime && main.pid !== undefined ? await waitForEndOfSession(main.pid) : []
    if (!inTime || left.length > 0) killGroup(main.pid)
    await closed
    await cleanUp()
    if (!inTime) throw new Error(`The app had not quit after ${QUIT_TIMEOUT_MS / 1000} s and was killed.`)
    if (left.length > 0) throw new Error(`The app left processes behind:\n${left.join('\n')}`)
  }
  return () => {
    ending ??= end()
    return ending
  }
}

export function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL')
  } catch {
    // It has gone by itself in the meantime.
  }
}
