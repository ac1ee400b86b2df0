import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from './harness/test'
import { DESK, look, SMALL, setSize } from './support/look'
import { withTemporaryFolder } from './support/temporary-folder'
import { MusterWindow } from './support/window'
import { callMuster } from './support/windows'

const WRONG_VALUES = `{
  // Every kind of mistake that a hand makes.
  "deviceSessions": {
    "maxConcurrentSessions": 5000,
    "operationTimeout": "ten seconds",
    "idleTimeout": 0,
    "connectionTimeout": "00:00:01",
    "enableAutoReconnect": "yes",
    "maxReconnectAttempts": 5,
    "profile": "fast",
  },
  "transport": { "parity": "strange", "defaultBaudRate": 9600 },
  "filters": { "default": ["stats", "stats"] },
  "colour": "blue",
}`

test('settings and activity, in both themes, are accessible', async ({ launch }, testInfo) => {
  test.setTimeout(240_000)
  await withTemporaryFolder(async userDataDir => {
    const file = path.join(userDataDir, 'muster.config.json')
    const { app, page, allowErrors } = await launch({ userDataDir })
    allowErrors(/\[muster\] Configuration: /)
    const window = new MusterWindow(page)
    await setSize(app, DESK)
    await page.keyboard.press('ControlOrMeta+Shift+y')
    await look(page, testInfo, '40-activity-empty')
    await page.getByRole('textbox', { name: 'Data source to follow' }).fill('bench-7')
    await page.getByRole('button', { name: 'Follow' }).click()
    const { ports } = await callMuster(page, 'simulated:start', { count: 3 })
    for (const { path: port } of ports) await callMuster(page, 'sessions:open', { port, metadata: { dataSource: 'bench-7' } })
    for (const { sessionId } of (await callMuster(page, 'sessions:list', {})).slice(0, 2)) {
      await callMuster(page, 'sessions:exec', { sessionId, code: 'print(1)' })
      await callMuster(page, 'sessions:close', { sessionId })
    }
    await expect(page.getByRole('log', { name: 'Notices as they come' }).getByRole('listitem')).toHaveCount(5)
    await look(page, testInfo, '41-activity-notices')
    await page.getByRole('button', { name: 'All events' }).click()
    await look(page, testInfo, '42-activity-events')

    await page.keyboard.press('ControlOrMeta+,')
    await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
    await look(page, testInfo, '43-settings')
    await setSize(app, SMALL)
    await look(page, testInfo, '44-settings-small')
    await setSize(app, DESK)
    await writeFile(file, WRONG_VALUES)
    await expect(page.getByRole('alert').filter({ hasText: 'need a look' })).toBeVisible({ timeout: 20_000 })
    await look(page, testInfo, '46-settings-wrong-values')
    await writeFile(file, '{ "deviceSessions": { "profile": ')
    await expect(page.getByRole('alert').filter({ hasText: 'can’t be read' })).toBeVisible({ timeout: 20_000 })
    await look(page, testInfo, '47-settings-read-only')
    await expect(window.row('sim-03')).toBeVisible()
  })
})
