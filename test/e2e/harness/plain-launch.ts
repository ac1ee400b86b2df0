import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, chromium, type Page } from '@playwright/test'
import { appFolder, electronPath, environment, killGroup, type LaunchOptions, QUIT_TIMEOUT_MS, READY_TIMEOUT_MS } from './launch'
import { waitForEndOfSession } from './processes'

export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Processes of the app that did not end with it. */
  readonly left: readonly string[]
  /** From the wish to quit, or from the start where there was none, to the end of the main process. */
  readonly elapsedMs: number
}

/** Chromium writes into it the port that it chose, and then the way to it. */
const DEBUGGING_PORT_FILE = 'DevToolsActivePort'

/** What every orderly end looks like. */
export const IN_ORDER = { code: 0, signal: null, left: [] }

/** The app as a user starts it: nothing looks into its main process. */
export interface PlainMuster {
  /** The first window, once it has said that it is ready. */
  readonly page: Page
  readonly process: ChildProcess
  readonly userDataDir: string
  /** Every window's page that has not been closed. */
  pages(): readonly Page[]
  /** What the main process wrote to the terminal. */
  output(): string
  /** Closes a window by the page's own wish, and does not wait for what follows. */
  closeWindow(page?: Page): Promise<void>
  /** Waits for the app's end. Rejects when it does not come. */
  waitForEnd(): Promise<End>
  /** Kills what is left, and takes the user data away. Idempotent. */
  dispose(): Promise<void>
}

/**
 * Starts the app without Playwright's debugger in the main process, which now and then crashes Node 16 while it ends. How
 * the app ends can be tested only so. The page is driven by Chromium's own debugging port.
 */
export async function launchPlainly(options: LaunchOptions = {}): Promise<PlainMuster> {
  const userDataDir = options.userDataDir ?? (await mkdtemp(path.join(os.tmpdir(), 'muster-test-')))
  const executable = options.executable ?? (await electronPath())
  // Of an earlier start with the same folder.
  await rm(path.join(userDataDir, DEBUGGING_PORT_FILE), { force: true })
  const args = [`--user-data-dir=${userDataDir}`, '--remote-debugging-port=0', ...(options.args ?? [])]
  // A session of its own, so that what it leaves behind can be found.
  const child = spawn(executable, [...(options.executable === undefined ? [appFolder] : []), ...args], {
    cwd: appFolder,
    env: environment(options.env),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let startedAt = Date.now()
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (output += String(chunk)))
  const ended = new Promise<Pick<End, 'code' | 'signal' | 'elapsedMs'>>(resolve =>
    child.once('exit', (code, signal) => resolve({ code, signal, elapsedMs: Date.now() - startedAt })),
  )
  let browser: Browser | undefined
  const dispose = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) killGroup(child.pid)
    await ended
    await browser?.close().catch(() => undefined)
    if (options.userDataDir === undefined) await rm(userDataDir, { recursive: true, force: true })
  }
  const pages = (): readonly Page[] => browser?.contexts().flatMap(context => context.pages()) ?? []
  try {
    // Without its defaults: Electron's one browser context takes none.
    browser = await chromium.connectOverCDP(await debuggingAddress(userDataDir, ended), { noDefaults: true })
    const page = await waitForReadyPage(pages)
    return {
      page,
      process: child,
      userDataDir,
      pages,
      output: () => output,
      async closeWindow(closed = page) {
        startedAt = Date.now()
        // The page goes before it can answer.
        await closed.evaluate(() => window.close()).catch(() => undefined)
      },
      async waitForEnd() {
        const end = await Promise.race([ended, sleep(QUIT_TIMEOUT_MS, null, { ref: false })])
        if (end === null) throw new Error(`The app had not quit after ${QUIT_TIMEOUT_MS / 1000} s. It wrote:\n${output}`)
        return { ...end, left: await waitForEndOfSession(child.pid ?? 0) }
      },
      dispose,
    }
  } catch (error) {
    await dispose()
    throw new Error(`The app could not be started or driven. It wrote:\n${output}`, { cause: error })
  }
}

async function debuggingAddress(userDataDir: string, ended: Promise<unknown>): Promise<string> {
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
  })
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (Date.now() < deadline && !hasEnded) {
    const [port, way] = (await readFile(path.join(userDataDir, DEBUGGING_PORT_FILE), 'utf8').catch(() => '')).split('\n')
    if (port && way) return `ws://127.0.0.1:${port}${way}`
    await sleep(50)
  }
  throw new Error(hasEnded ? 'The app has ended.' : `Its debugging port was not known after ${READY_TIMEOUT_MS / 1000} s.`)
}

async function waitForReadyPage(pages: () => readonly Page[]): Promise<Page> {
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (Date.now() < deadline) {
    for (const page of pages()) {
      const ready = await page.evaluate(() => document.documentElement.dataset.ready === 'true').catch(() => false)
      if (ready) return page
    }
    await sleep(50)
  }
  throw new Error(`No window was ready after ${READY_TIMEOUT_MS / 1000} s.`)
}
