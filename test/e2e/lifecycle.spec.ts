import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import type { Muster } from './harness/launch'
import { IN_ORDER } from './harness/plain-launch'
import { waitForEndOfSession } from './harness/processes'
import { expect, test } from './harness/test'
import { withTemporaryFolder } from './support/temporary-folder'
import { beginExecution, callMuster, openSimulatedSessions, waitUntilReady } from './support/windows'

/** For what an app that has ended still says. */
const OUTPUT_END_MS = 5_000

interface Run {
  readonly code: number | null
  readonly elapsedMs: number
  readonly output: string
  readonly processId: number
}

/** Runs the same app again, as a user's second click would, and waits for its end. */
async function runAgain(
  muster: Muster,
  args: readonly string[],
  userDataDir = muster.userDataDir,
  onOutput: (output: string, child: ChildProcess) => void = () => {},
): Promise<Run> {
  const { executable, folder } = await muster.app.evaluate(({ app }) => ({ executable: process.execPath, folder: app.getAppPath() }))
  const startedAt = Date.now()
  // A session of its own, so that what it leaves behind can be found.
  const child: ChildProcess = spawn(executable, [folder, `--user-data-dir=${userDataDir}`, ...args], {
    detached: true,
    // What nobody reads would block it in the end.
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
  let output = ''
  child.stdout?.on('data', chunk => {
    output += String(chunk)
    onOutput(output, child)
  })
  const code = await new Promise<number | null>(resolve => child.once('exit', resolve))
  const elapsedMs = Date.now() - startedAt
  // The last of its output comes after its end, and the end of the output never while a process that it left behind holds the pipe.
  await Promise.race([closed, sleep(OUTPUT_END_MS, undefined, { ref: false })])
  return { code, elapsedMs, output, processId: child.pid ?? 0 }
}

async function openSessionIds(page: Page): Promise<string[]> {
  return (await callMuster(page, 'sessions:list', {})).map(({ sessionId }) => sessionId)
}

test('a second launch shows the first one and ends within two seconds (security row 24)', async ({ launch }) => {
  const muster = await launch()
  await muster.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  for (const args of [[], ['--demo', '--exit']]) {
    const second = await runAgain(muster, args)
    expect(second.code).toBe(0)
    expect(second.elapsedMs).toBeLessThan(2_000)
    expect(await waitForEndOfSession(second.processId)).toEqual([])
    await expect.poll(() => muster.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())).toBe(true)
  }
  expect(muster.app.windows()).toHaveLength(1)
  expect(await openSessionIds(muster.page)).toEqual([])
})

test('a launch that is not understood says so and ends (security row 24)', async ({ launch }) => {
  const muster = await launch()
  await withTemporaryFolder(async folder => {
    const run = await runAgain(muster, ['--screenshot', 'picture.png'], folder)
    expect(run.code).toBe(2)
  })
})

test('quitting with busy sessions closes them and leaves no process', async ({ launchPlainly }) => {
  const muster = await launchPlainly()
  const sessions = await openSimulatedSessions(muster.page, 4)
  for (const sessionId of sessions) await beginExecution(muster.page, sessionId, 'while True:\n    print("busy")')
  await expect.poll(() => muster.page.evaluate(() => document.body.textContent?.includes('busy'))).toBe(true)
  await muster.closeWindow()
  const end = await muster.waitForEnd()
  expect(end).toMatchObject(IN_ORDER)
  expect(end.elapsedMs).toBeLessThan(8_000)
})

test('closing the window quits', async ({ launchPlainly }) => {
  const muster = await launchPlainly()
  await muster.closeWindow()
  expect(await muster.waitForEnd()).toMatchObject(IN_ORDER)
})

// Without Playwright: the debugger that it attaches crashes Node 16 now and then when worker threads end with it.
test("the system's request to end quits in order, with sessions open", async ({ launch }) => {
  const muster = await launch()
  await withTemporaryFolder(async folder => {
    const run = await runAgain(muster, ['--demo'], path.join(folder, 'user-data'), (output, child) => {
      if (output.split('\n').filter(line => line.startsWith('sim-')).length === 4) child.kill('SIGTERM')
    })
    expect(run.code).toBe(0)
    expect(await waitForEndOfSession(run.processId)).toEqual([])
  })
})

test('a reloaded page is whole again, and its sessions never noticed', async ({ launch }) => {
  const { page } = await launch()
  const sessions = await openSimulatedSessions(page, 2)
  for (let reload = 0; reload < 3; reload++) {
    await page.reload()
    await waitUntilReady(page)
  }
  expect(await openSessionIds(page)).toEqual(sessions)
  const first = await page.evaluate(
    () => new Promise<string>(resolve => window.muster?.subscribe('sessions:changed', {}, change => resolve(change.kind))),
  )
  expect(first).toBe('all')
})

test('a lost page is loaded again by itself once, then only when asked; its sessions stay open', async ({ launch }) => {
  const muster = await launch()
  muster.allowErrors(/crashed|The page was lost/)
  const sessions = await openSimulatedSessions(muster.page, 1)
  const loseThePage = (): Promise<number> =>
    muster.app.evaluate(async ({ dialog, webContents }) => {
      let questions = 0
      const answerFirst = async (): Promise<{ response: number; checkboxChecked: boolean }> => {
        questions++
        return { response: 0, checkboxChecked: false }
      }
      Object.assign(dialog, { showMessageBox: answerFirst })
      const [contents] = webContents.getAllWebContents()
      const loaded = new Promise(resolve => contents?.once('did-finish-load', () => resolve(null)))
      contents?.forcefullyCrashRenderer()
      await loaded
      return questions
    })
  // Playwright has given the crashed page up, so the new one is asked through main.
  const askPage = (): Promise<unknown> =>
    muster.app.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()[0]
        ?.executeJavaScript(
          `document.documentElement.dataset.ready === 'true' && window.muster.call('sessions:list', {}).then(reply => reply.value.map(session => session.sessionId))`,
        ),
    )
  expect(await loseThePage()).toBe(0)
  await expect.poll(askPage).toEqual(sessions)
  expect(await loseThePage()).toBe(1)
  await expect.poll(askPage).toEqual(sessions)
})

test('theme and place of the window last; settings that can not be read are put aside', async ({ launch }) => {
  await withTemporaryFolder(async userDataDir => {
    const bounds = { x: 40, y: 30, width: 900, height: 620 }
    const first = await launch({ userDataDir })
    await first.app.evaluate(({ BrowserWindow, Menu }, place) => {
      BrowserWindow.getAllWindows()[0]?.setBounds(place)
      Menu.getApplicationMenu()?.getMenuItemById('theme-dark')?.click()
    }, bounds)
    // Asked of main: Playwright shows every page its own idea of the system's colours.
    const isDark = (muster: Muster): Promise<boolean> => muster.app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)
    expect(await isDark(first)).toBe(true)
    await first.close()

    const second = await launch({ userDataDir })
    expect(await isDark(second)).toBe(true)
    expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds())).toEqual(bounds)
    await second.close()

    const file = path.join(userDataDir, 'settings.json')
    await writeFile(file, '{ broken')
    const third = await launch({ userDataDir })
    await third.close()
    expect(await readFile(`${file}.unreadable`, 'utf8')).toBe('{ broken')
  })
})

test('the menu speaks to the page', async ({ launch }) => {
  const { app, page } = await launch()
  const heard = page.evaluate(
    () => new Promise<string>(resolve => window.muster?.subscribe('menu:invoked', {}, ({ action }) => resolve(action))),
  )
  await page.evaluate(() => window.muster?.call('app:info', {}))
  await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('show-shortcuts')?.click())
  expect(await heard).toBe('show-shortcuts')
})

test('the demo runs a snippet on four boards, says what they answered, and takes a picture', async ({ launch }) => {
  const muster = await launch()
  await withTemporaryFolder(async folder => {
    const picture = path.join(folder, 'demo.png')
    const run = await runAgain(muster, ['--demo', '--screenshot', picture, '--exit'], path.join(folder, 'user-data'))
    const lines = run.output.split('\n').filter(line => line.startsWith('sim-'))
    expect(lines).toHaveLength(4)
    for (const [index, line] of lines.entries()) {
      expect(line).toMatch(new RegExp(`^sim-0${index + 1}  MicroPython \\d+\\.\\d+\\.\\d+  ok  \\d+\\.\\d ms  \\S.*$`))
    }
    expect(run.code).toBe(0)
    const png = await readFile(picture)
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    // Width and height, as in the first chunk of every PNG.
    expect([png.readUInt32BE(16) >= 800, png.readUInt32BE(20) >= 500]).toEqual([true, true])
    expect(await waitForEndOfSession(run.processId)).toEqual([])
  })
})
