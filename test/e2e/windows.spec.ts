import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { IN_ORDER } from './harness/plain-launch'
import { expect, test } from './harness/test'
import { withTemporaryFolder } from './support/temporary-folder'
import { MusterWindow } from './support/window'
import { beginExecution, callMuster, openSimulatedSessions, openWindowFrom, stateOf, waitUntilReady } from './support/windows'

const ENDLESS = 'while True:\n    pass'

/** What a page hears of starts and stops from here on. */
async function listenForNotices(page: Page, dataSource: string): Promise<() => Promise<readonly string[]>> {
  const heard = await page.evaluateHandle(async source => {
    const notices: string[] = []
    window.muster.subscribe('notify:notice', {}, ({ kind, dataSource, seq }) => void notices.push(`${kind} ${dataSource} ${seq}`))
    await window.muster.call('notify:subscribe', { kind: 'start', dataSource: source })
    await window.muster.call('notify:subscribe', { kind: 'stop', dataSource: source })
    return notices
  }, dataSource)
  return () => heard.jsonValue()
}

test('two windows show the same truth, and sessions outlive the window that opened them (S-20)', async ({ launch }) => {
  const { app, page } = await launch()
  const second = await openWindowFrom(app, page)
  const [here, there] = [new MusterWindow(page), new MusterWindow(second)]
  await here.openSimulated('sim-01')
  await there.waitForState('sim-01', 'ready')
  await there.row('sim-01').click()
  await here.runCode('print("told", "twice")')
  await expect(here.output).toContainText('told twice')
  await expect(there.output).toContainText('told twice')
  await page.close()
  await expect.poll(() => app.windows().length).toBe(1)
  await there.waitForState('sim-01', 'ready')
  await there.runCode('print("still", "here")')
  await expect(there.output).toContainText('still here')
})

test('windows tell each other apart, and who opened what', async ({ launch }) => {
  const { app, page } = await launch()
  const second = await openWindowFrom(app, page)
  await openSimulatedSessions(page, 1)
  await openSimulatedSessions(second, 1)
  const sessions = await callMuster(page, 'sessions:list', {})
  expect(sessions.map(({ clientIdentity }) => clientIdentity)).toEqual(['window-1', 'window-2'])
})

test('the menu opens a window beside the one in front, and speaks to that one alone', async ({ launch }) => {
  const { app } = await launch()
  const [second] = await Promise.all([
    app.waitForEvent('window'),
    app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('new-window')?.click()),
  ])
  await waitUntilReady(second)
  const bounds = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map(window => window.getNormalBounds()))
  expect(new Set(bounds.map(({ x, y }) => `${x} ${y}`)).size).toBe(2)
  const pages = app.windows()
  const heard = await Promise.all(
    pages.map(page =>
      page.evaluateHandle(() => {
        const actions: string[] = []
        window.muster.subscribe('menu:invoked', {}, ({ action }) => void actions.push(action))
        return actions
      }),
    ),
  )
  for (const page of pages) await callMuster(page, 'app:info', {})
  await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('show-shortcuts')?.click())
  const all = async (): Promise<readonly string[]> => (await Promise.all(heard.map(actions => actions.jsonValue()))).flat()
  await expect.poll(all).toEqual(['show-shortcuts'])
})

test('start and stop reach whoever asked for them, in any window, and nobody after a reload (S-12, S-13, S-14, S-19, S-20)', async ({
  launch,
}) => {
  const { app, page } = await launch()
  const second = await openWindowFrom(app, page)
  const { ports } = await callMuster(page, 'simulated:start', { count: 1 })
  const port = ports[0]?.path ?? ''
  const metadata = { dataSource: 'bench-7' }
  const heard = await listenForNotices(second, 'bench-7')
  await listenForNotices(second, 'another')
  const { sessionId } = await callMuster(page, 'sessions:open', { port, metadata })
  await expect.poll(heard).toEqual(['start bench-7 1'])
  await callMuster(page, 'sessions:close', { sessionId })
  await expect.poll(heard).toEqual(['start bench-7 1', 'stop bench-7 1'])

  await second.reload()
  await waitUntilReady(second)
  // The new page has asked for nothing: what comes now is for its own stream, which begins to count anew.
  const heardAnew = await listenForNotices(second, 'bench-7')
  await callMuster(page, 'sessions:open', { port, metadata })
  await expect.poll(heardAnew).toEqual(['start bench-7 1'])
})

test('a reload ends what the page was waiting for, and nothing else (E-29)', async ({ launch }) => {
  const { app, page } = await launch()
  const second = await openWindowFrom(app, page)
  const [mine = '', theirs = ''] = await openSimulatedSessions(page, 2)
  await beginExecution(page, mine, ENDLESS)
  await beginExecution(second, theirs, ENDLESS)
  await expect.poll(async () => [await stateOf(second, mine), await stateOf(second, theirs)]).toEqual(['Active', 'Active'])
  await page.reload()
  await waitUntilReady(page)
  await expect.poll(async () => [await stateOf(second, mine), await stateOf(second, theirs)]).toEqual(['Idle', 'Active'])
  const shown = new MusterWindow(page)
  await shown.waitForState('sim-01', 'ready')
  await shown.waitForState('sim-02', 'running')
  const { stdout } = await callMuster(page, 'sessions:exec', { sessionId: mine, code: 'print(6 * 7)' })
  expect(stdout).toBe('42\n')
})

test('a page that waits for a board of the pool and goes leaves the queue (E-35)', async ({ launch }) => {
  const { app, page } = await launch()
  const second = await openWindowFrom(app, page)
  const { ports } = await callMuster(page, 'simulated:start', { count: 1 })
  const port = ports[0]?.path ?? ''
  const { token } = await callMuster(page, 'pool:acquire', { port })
  await second.evaluate(path => void window.muster.call('pool:acquire', { port: path, timeoutMs: 60_000 }), port)
  await expect.poll(async () => (await callMuster(page, 'pool:stats', {})).waiting).toBe(1)
  await second.close()
  await expect.poll(async () => (await callMuster(page, 'pool:stats', {})).waiting).toBe(0)
  expect(await callMuster(page, 'pool:release', { token })).toEqual({ released: true })
})

test('closeOnWindowClose closes what the window opened, and no more (E-29)', async ({ launch }) => {
  await withTemporaryFolder(async userDataDir => {
    await writeFile(path.join(userDataDir, 'muster.config.json'), '{ "deviceSessions": { "closeOnWindowClose": true } }')
    const muster = await launch({ userDataDir })
    const { app, page } = muster
    const second = await openWindowFrom(app, page)
    const [mine = ''] = await openSimulatedSessions(page, 1)
    const [theirs = ''] = await openSimulatedSessions(second, 1)
    await page.reload()
    await waitUntilReady(page)
    expect(await stateOf(second, mine)).not.toBe('Disposed')
    await page.close()
    await expect.poll(() => stateOf(second, mine)).toBe('Disposed')
    expect(await stateOf(second, theirs)).not.toBe('Disposed')
    await muster.close()
  })
})

test('the app goes with its last window, and not before', async ({ launchPlainly }) => {
  const muster = await launchPlainly()
  const [sessionId = ''] = await openSimulatedSessions(muster.page, 1)
  await callMuster(muster.page, 'windows:open', {})
  await expect.poll(() => muster.pages().length).toBe(2)
  const second = muster.pages().find(page => page !== muster.page) as Page
  await waitUntilReady(second)
  await muster.closeWindow()
  await expect.poll(() => muster.pages().length).toBe(1)
  expect(['Connected', 'Idle']).toContain(await stateOf(second, sessionId))
  await muster.closeWindow(second)
  expect(await muster.waitForEnd()).toMatchObject(IN_ORDER)
})

test('a page can end the app, and is told when its sessions are closed', async ({ launchPlainly }) => {
  const muster = await launchPlainly()
  const sessions = await openSimulatedSessions(muster.page, 2)
  for (const sessionId of sessions) await beginExecution(muster.page, sessionId, ENDLESS)
  expect(await callMuster(muster.page, 'manager:shutdown', {})).toEqual({})
  expect(await muster.waitForEnd()).toMatchObject(IN_ORDER)
})

test('sessions live through the sleep of the computer, and are asked at once when it wakes (E-25)', async ({ launch }) => {
  const { app, page } = await launch()
  const [sessionId = ''] = await openSimulatedSessions(page, 1)
  const lastProbe = async (): Promise<number> => {
    const { snapshot } = await callMuster(page, 'sessions:info', { sessionId })
    return snapshot.health.lastProbe?.at ?? 0
  }
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'))
  await page.waitForTimeout(1_500)
  const before = await lastProbe()
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'))
  await expect.poll(lastProbe).toBeGreaterThan(before)
  expect(['Connected', 'Idle']).toContain(await stateOf(page, sessionId))
})
