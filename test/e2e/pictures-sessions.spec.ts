import { expect, test } from './harness/test'
import { DESK, look, SMALL, setSize } from './support/look'
import { MusterWindow } from './support/window'
import { callMuster } from './support/windows'

const SENSOR = `import time
n = 0
def sample():
    global n
    n += 1
    return {"temperature": 21.5 + n % 5 / 10, "humidity": 40 + n % 7, "n": n}
`

test('every view of a session, with a fleet around it, in both themes, is accessible', async ({ launch }, testInfo) => {
  test.setTimeout(240_000)
  const { app, page } = await launch()
  const window = new MusterWindow(page)
  await setSize(app, DESK)
  for (const name of ['sim-01', 'sim-02', 'sim-03', 'sim-04']) await window.openSimulated(name)
  const sessions = await callMuster(page, 'sessions:list', {})
  const [first = '', second = '', third = '', fourth = ''] = [...sessions]
    .sort((one, other) => one.openedAt - other.openedAt)
    .map(({ sessionId }) => sessionId)
  await window.tab('sim-01').click()
  await callMuster(page, 'sessions:configure', { sessionId: first, options: { readerIdleMs: 1_000, writerIdleMs: 600_000 } })
  await callMuster(page, 'sessions:extendLease', { sessionId: first, expiresAt: Date.now() + 900_000 })
  await callMuster(page, 'sessions:exec', { sessionId: first, code: SENSOR })
  await callMuster(page, 'sessions:exec', { sessionId: first, code: '1 / 0' })
  await callMuster(page, 'sessions:reconnect', { sessionId: first })
  await window.waitForState('sim-01', 'ready')
  await callMuster(page, 'sessions:exec', { sessionId: first, code: SENSOR })
  await window.view('Details').click()
  await expect(page.locator('.lamp-lit')).toHaveCount(1, { timeout: 15_000 })
  await look(page, testInfo, '11-details')
  await setSize(app, SMALL)
  await look(page, testInfo, '12-details-small')
  await setSize(app, DESK)

  await window.view('Metadata').click()
  await look(page, testInfo, '13-metadata-empty')
  await callMuster(page, 'sessions:updateIdentifier', { sessionId: first, identifier: 'Oven 3, left tray' })
  const details = {
    operator: 'Ada',
    lot: '2026-31',
    note: `Warm start after the break.\nWatch the second sensor: ${'it drifts when the door is open. '.repeat(6)}`,
  }
  await callMuster(page, 'sessions:updateDetails', { sessionId: first, details })
  await callMuster(page, 'sessions:associate', { sessionId: first, associateSessionKeys: [second] })
  await expect(page.getByText('3 keys')).toBeVisible()
  await look(page, testInfo, '14-metadata')

  await window.view('Attributes').click()
  await look(page, testInfo, '15-attributes-empty')
  for (const [key, value] of Object.entries({ runs: 12, limits: { low: 1.2, high: 4.8, unit: 'V' }, tags: ['warm', 'left'] })) {
    await callMuster(page, 'attributes:set', { sessionId: first, key, value })
  }
  await page.getByRole('textbox', { name: 'Key of the new attribute' }).fill('calibration')
  await page.getByRole('textbox', { name: 'Value of the new attribute' }).fill('{"offset": 1,')
  await page.getByRole('textbox', { name: 'Key of the new attribute' }).focus()
  await look(page, testInfo, '16-attributes')

  await window.view('Filters').click()
  await callMuster(page, 'filters:add', {
    sessionId: first,
    filter: { name: 'slow', type: 'rateLimit', settings: { bytesPerSecond: 11_520 } },
    place: { at: 'first' },
  })
  await page.getByRole('button', { name: 'Add filter' }).click()
  await look(page, testInfo, '17-filters-menu')
  await page.getByRole('menuitem', { name: /^Text codec/ }).click()
  await expect(page.getByRole('form', { name: /^Add: Text codec/ })).toBeVisible()
  await look(page, testInfo, '18-filters')
  await page.keyboard.press('Escape')

  await window.view('Events').click()
  await look(page, testInfo, '19-events')
  await page.getByRole('option').nth(2).click()
  await page.getByRole('searchbox', { name: 'Search the events' }).fill('nothing of this kind')
  await look(page, testInfo, '20-events-none')
  await page.getByRole('searchbox', { name: 'Search the events' }).fill('')

  await page.getByRole('button', { name: 'New group' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Bench A')
  for (const name of ['sim-02', 'sim-03'])
    await page
      .getByRole('dialog')
      .getByRole('checkbox', { name: new RegExp(name) })
      .check()
  await look(page, testInfo, '21-group-dialog')
  await page.getByRole('button', { name: 'Create group' }).click()
  await expect(window.fleet.getByRole('treeitem', { name: /^Bench A,/ })).toBeVisible()
  const { token } = await callMuster(page, 'pool:acquire', {
    port: (await callMuster(page, 'simulated:start', { count: 1 })).ports[0]?.path ?? '',
  })
  await callMuster(page, 'pool:release', { token })
  await expect(window.row('sim-05')).toContainText('warm')
  await look(page, testInfo, '22-groups-and-warm')
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await look(page, testInfo, '23-close-group-dialog')
  await page.getByRole('button', { name: 'Cancel' }).click()

  await window.tab('sim-04').click()
  await window.allowTenMinutes()
  await window.runCode('name = input("Who are you? ")\nprint("Hello", name)\n')
  await expect(window.output).toContainText('Who are you?')
  await page.getByRole('textbox', { name: 'Input for what runs on sim-04' }).fill('the tester')
  await look(page, testInfo, '24-send-line')
  await page.getByRole('button', { name: 'More for this session' }).click()
  await page.getByRole('menuitem', { name: 'Force close…' }).click()
  await look(page, testInfo, '26-force-close')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(window.output).toContainText('Hello the tester')

  await window.setCode('n = globals().get("n", 0) + 1\n{"temperature": 21.5 + n % 5 / 10, "humidity": 40 + n % 7, "n": n}\n')
  await page.getByRole('button', { name: 'Repeat, off' }).click()
  await page.getByLabel('Run every').fill('300 ms')
  await page.getByRole('button', { name: 'Start repeating' }).click()
  await expect(page.getByText(/^[3-9], none failed|^\d\d, none failed/)).toBeVisible({ timeout: 15_000 })
  await look(page, testInfo, '28-repeat')
  await page.keyboard.press('Escape')
  await window.view('Metrics').click()
  await expect(page.getByRole('region', { name: 'temperature' })).toBeVisible()
  await look(page, testInfo, '30-metrics-of-repeat')
  await callMuster(page, 'sampler:stop', { sessionId: fourth })

  await window.tab('sim-03').click()
  const lost = (await callMuster(page, 'sessions:info', { sessionId: third })).snapshot.port
  await callMuster(page, 'simulated:stop', { path: lost })
  await expect(page.getByRole('alert').filter({ hasText: 'waiting for the board' })).toBeVisible()
  await look(page, testInfo, '31-lost-waiting')
  await window.view('Details').click()
  await look(page, testInfo, '32-lost-details')
})
