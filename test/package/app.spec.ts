import { expect, test } from '../e2e/harness/test'
import { findPackagedApp } from './packaged-app'

const { executable, archive } = findPackagedApp()

test('the packaged app starts from its archive, sandboxed, with no way to its inside', async ({ launch }) => {
  const { app, page } = await launch({ executable })
  const state = await app.evaluate(({ app: electronApp }) => ({
    isPackaged: electronApp.isPackaged,
    path: electronApp.getAppPath(),
    arguments: process.argv.join(' '),
  }))
  expect(state).toMatchObject({ isPackaged: true, path: archive })
  expect(state.arguments).not.toContain('no-sandbox')
  expect(await page.evaluate(() => ['require', 'process', 'module'].filter(name => Reflect.has(window, name)))).toEqual([])
})

test('the packaged app runs code on a simulated board', async ({ launch }) => {
  const { page } = await launch({ executable })
  const result = await page.evaluate(async () => {
    const { muster } = window
    if (muster === undefined) return 'There is no bridge.'
    const started = await muster.call('simulated:start', { count: 1 })
    const port = started.ok ? started.value.ports[0]?.path : undefined
    if (port === undefined) return started
    const opened = await muster.call('sessions:open', { port })
    if (!opened.ok) return opened
    const { sessionId } = opened.value
    // Opening answers at once; an execution waits until the board is connected.
    const executed = await muster.call('sessions:exec', { sessionId, code: 'print(6*7)' })
    await muster.call('sessions:close', { sessionId })
    return executed
  })
  expect(result).toMatchObject({ ok: true, value: { outcome: 'ok', stdout: '42\n' } })
})

test('the packaged app lists ports with its own native code', async ({ launch }) => {
  const { page } = await launch({ executable })
  const ports = await page.evaluate(() => window.muster?.call('ports:list', { refresh: true }))
  expect(ports).toMatchObject({ ok: true, value: { stale: null } })
})
