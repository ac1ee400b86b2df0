import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from './harness/test'
import { withTemporaryFolder } from './support/temporary-folder'
import { MusterWindow } from './support/window'
import { callMuster, openWindowFrom, stateOf } from './support/windows'

// What a person does to keep a fleet in order, done with mouse and keyboard as a person does it.

/** Room for a machine that does other things as well. */
const SLOW = { timeout: 30_000 } as const

test('a lease is set, counts down, is put off and taken away; the one that runs out closes its session (G-06, G-14)', async ({
  launch,
}) => {
  await withTemporaryFolder(async userDataDir => {
    await writeFile(path.join(userDataDir, 'muster.config.json'), '{ "lease": { "sweepInterval": "00:00:01" } }')
    const { page } = await launch({ userDataDir })
    const window = new MusterWindow(page)
    await window.openSimulated('sim-01')
    await window.view('Details').click()
    const lease = page.getByRole('region', { name: 'Lease' })
    await expect(lease).toContainText('never')
    await lease.getByRole('button', { name: 'Extend 15 min' }).click()
    await expect(lease).toContainText(/in 1[45] min/)
    const left = async (): Promise<string | undefined> => /in \d+ min( \d+ s)?/.exec(await lease.innerText())?.[0]
    const atFirst = await left()
    await expect.poll(left).not.toBe(atFirst)
    await lease.getByRole('button', { name: 'Extend 15 min' }).click()
    await expect(lease).toContainText(/in (29|30) min/)
    await lease.getByRole('button', { name: 'Remove the lease' }).click()
    await expect(lease).toContainText('never')

    await lease.getByRole('textbox', { name: 'End of the lease' }).fill('2 s')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('region', { name: 'Closed sessions' })).toContainText('sim-01', SLOW)
    await window.waitForState('sim-01', 'available')
    const [closed] = await callMuster(page, 'sessions:list', { includeClosed: true })
    expect(await callMuster(page, 'sessions:close', { sessionId: closed?.sessionId ?? '' })).toMatchObject({ reason: 'lease-expired' })
  })
})

test('a detail is added, changed and removed from the keyboard, and another window shows it at once (S-01, S-07)', async ({ launch }) => {
  const { app, page } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')
  const second = await openWindowFrom(app, page)
  const other = new MusterWindow(second)
  await other.row('sim-01').dblclick()
  for (const each of [window, other]) await each.view('Metadata').click()
  const theirs = second.getByRole('textbox', { name: 'Value of operator' })

  await page.getByRole('textbox', { name: 'Key of the new detail' }).fill('operator')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Ada')
  await page.keyboard.press('Enter')
  await expect(theirs).toHaveValue('Ada')
  // Ready for the next one.
  await expect(page.getByRole('textbox', { name: 'Key of the new detail' })).toBeFocused()

  await page.getByRole('textbox', { name: 'Value of operator' }).fill('Grace')
  await page.keyboard.press('Enter')
  await expect(theirs).toHaveValue('Grace')

  await page.getByRole('textbox', { name: 'Identifier' }).fill('Oven 3')
  await page.keyboard.press('Enter')
  await expect(second.getByRole('textbox', { name: 'Identifier' })).toHaveValue('Oven 3')

  await second.getByRole('button', { name: 'Remove operator' }).click()
  await expect(page.getByRole('textbox', { name: 'Value of operator' })).toHaveCount(0)
})

test('an attribute that is no JSON is told so where it is typed; one that is, is kept, changed and removed (M-05, M-06)', async ({
  launch,
}) => {
  const { page } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')
  const [{ sessionId } = { sessionId: '' }] = await callMuster(page, 'sessions:list', {})
  const kept = () => callMuster(page, 'attributes:get', { sessionId, key: 'limits' })
  await window.view('Attributes').click()
  await page.getByRole('textbox', { name: 'Key of the new attribute' }).fill('limits')
  const value = page.getByRole('textbox', { name: 'Value of the new attribute' })
  await value.fill('{"low": 1.2,')
  await expect(page.getByRole('alert').filter({ hasText: 'not JSON' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add', exact: true })).toBeDisabled()
  expect(await kept()).toMatchObject({ found: false })

  await value.fill('{"low": 1.2}')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const shown = page.getByRole('textbox', { name: 'Value of limits' })
  await expect(shown).toHaveValue('{"low":1.2}')
  await shown.fill('[1, 2]')
  await page.keyboard.press('Enter')
  await expect.poll(kept).toEqual({ value: [1, 2], found: true })
  await callMuster(page, 'attributes:set', { sessionId, key: 'runs', value: 7 })
  await expect(page.getByRole('textbox', { name: 'Value of runs' })).toHaveValue('7')
  await page.getByRole('button', { name: 'Remove limits' }).click()
  await expect(shown).toHaveCount(0)
  expect(await kept()).toMatchObject({ found: false })
})

test('a filter is added to a running session, moved, refused where it does not fit, and removed (M-09, M-10, M-11)', async ({ launch }) => {
  const { page } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')
  const [{ sessionId } = { sessionId: '' }] = await callMuster(page, 'sessions:list', {})
  const names = async () => (await callMuster(page, 'filters:list', { sessionId })).map(({ name }) => name)
  const before = await names()
  await window.view('Filters').click()
  const add = async (type: RegExp, name: string): Promise<void> => {
    await page.getByRole('button', { name: 'Add filter' }).click()
    await page.getByRole('menuitem', { name: type }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name, exact: true })).toBeFocused()
  }
  await add(/^Rate limit/, 'slow')
  await add(/^Text codec/, 'lines')
  expect(await names()).toEqual(['slow', ...before, 'lines'])

  for (const moved of [...before].reverse()) {
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(async () => (await names()).indexOf('lines')).toBe(before.indexOf(moved) + 1)
    await expect(page.getByRole('button', { name: 'lines', exact: true })).toBeFocused()
  }
  // The limit counts bytes, and what the codec hands on are lines.
  await page.keyboard.press('Alt+ArrowUp')
  await expect(page.getByRole('article', { name: /^lines/ }).getByRole('alert')).toBeVisible()
  expect(await names()).toEqual(['slow', 'lines', ...before])

  await page.getByRole('button', { name: 'lines', exact: true }).focus()
  await page.keyboard.press('Delete')
  await page.getByRole('button', { name: 'Remove slow' }).click()
  await expect.poll(names).toEqual(before)
  await window.view('Console').click()
  await window.runCode('print(6 * 7)')
  await expect(window.output).toContainText('42')
})

test('events are narrowed down by type and text, and exported whole (B-35)', async ({ launch }) => {
  const { app, page, userDataDir } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')
  await window.view('Events').click()
  const rows = page.getByRole('listbox').getByRole('option')
  await page
    .getByRole('group', { name: 'Types' })
    .getByRole('button', { name: /^Phase/ })
    .click()
  await expect(rows.first()).toContainText('Phase')
  await expect(rows.filter({ hasNotText: 'Phase' })).toHaveCount(0)
  await page.getByRole('searchbox', { name: 'Search the events' }).fill('asks the board')
  await expect(rows).toHaveCount(1)
  await page.getByRole('searchbox', { name: 'Search the events' }).fill('no such thing')
  await page.getByRole('button', { name: 'clear filter' }).click()
  await expect(rows.first()).toBeVisible()

  const file = path.join(userDataDir, 'events.jsonl')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, file)
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'JSON lines…' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'saved to' })).toBeVisible()
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  const types = lines.map(line => (JSON.parse(line) as { readonly type: string }).type)
  expect(types).toEqual(expect.arrayContaining(['created', 'phaseChanged', 'connected']))
})

test('two sessions are made a group, folded, unfolded and closed with it (S-09)', async ({ launch }) => {
  const { page } = await launch()
  const window = new MusterWindow(page)
  for (const name of ['sim-01', 'sim-02', 'sim-03']) await window.openSimulated(name)
  await page.getByRole('button', { name: 'New group' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Bench A')
  const dialog = page.getByRole('dialog')
  for (const name of ['sim-01', 'sim-02']) await dialog.getByRole('checkbox', { name: new RegExp(name) }).check()
  await dialog.getByRole('checkbox', { name: /sim-03/ }).uncheck()
  await page.keyboard.press('Enter')
  const group = window.fleet.getByRole('treeitem', { name: /^Bench A, 2 members/ })
  await expect(group).toHaveAttribute('aria-expanded', 'true')
  // Once below its group, once by its port.
  await expect(window.row('sim-01')).toHaveCount(2)

  await group.click()
  await window.fleet.press('ArrowLeft')
  await expect(group).toHaveAttribute('aria-expanded', 'false')
  await expect(window.row('sim-01')).toHaveCount(1)
  await window.fleet.press('ArrowRight')
  await expect(window.row('sim-01')).toHaveCount(2)

  await window.fleet.press('Delete')
  await expect(dialog).toContainText('sim-01, sim-02')
  await dialog.getByRole('checkbox', { name: 'Also close its members' }).check()
  await dialog.getByRole('button', { name: 'Close the group and 2 sessions' }).click()
  await expect(group).toHaveCount(0)
  await window.waitForState('sim-01', 'available')
  await window.waitForState('sim-02', 'available')
  await window.waitForState('sim-03', 'ready')
})

test('a changed limit is in force at once, the health light says when it is near, and a reset takes it back (B-07, B-09, B-34, G-28)', async ({
  launch,
}) => {
  const { page, userDataDir } = await launch()
  const file = path.join(userDataDir, 'muster.config.json')
  const window = new MusterWindow(page)
  for (const name of ['sim-01', 'sim-02']) await window.openSimulated(name)
  const light = page.getByRole('button', { name: /^Health: / })
  await expect(light).toHaveText('Healthy')

  await page.keyboard.press('ControlOrMeta+,')
  await page.getByRole('searchbox', { name: 'Search the settings' }).fill('concurrent')
  const limit = page.getByRole('textbox', { name: 'Max concurrent sessions' })
  await limit.fill('2000')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: '1 to 256' })).toBeVisible()
  await limit.fill('2')
  await page.keyboard.press('Enter')
  await expect(light).toHaveText('Degraded')
  await expect(page.getByRole('alert').filter({ hasText: '1 to 256' })).toHaveCount(0)
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ deviceSessions: { maxConcurrentSessions: 2 } })
  await light.click()
  await expect(page.getByRole('dialog', { name: 'Health of the session manager' })).toContainText('100 %')
  await page.keyboard.press('Escape')

  await window.simulate(1)
  await window.row('sim-03').dblclick()
  await expect(page.getByRole('button', { name: 'Retry' })).toBeVisible()
  await window.waitForState('sim-02', 'ready')

  await page.keyboard.press('ControlOrMeta+,')
  await page.getByRole('button', { name: 'Reset Max concurrent sessions' }).click()
  await expect(limit).toHaveValue('64')
  await expect(light).toHaveText('Healthy')
  await window.open('sim-03')
})

test('code is repeated, and each number that it returns becomes a chart (B-10)', async ({ launch }) => {
  const { page } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')
  await window.setCode('{"temperature": 21.5, "n": 3, "unit": "C"}')
  await page.getByRole('button', { name: 'Repeat, off' }).click()
  await page.getByLabel('Run every').fill('200 ms')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'What is repeated' })).toContainText(/[2-9], none failed|\d\d, none failed/, SLOW)
  await page.keyboard.press('Escape')
  await window.view('Metrics').click()
  const temperature = page.getByRole('region', { name: 'temperature', exact: true })
  await expect(temperature).toContainText('21.5')
  await expect(page.getByRole('region', { name: 'n', exact: true })).toContainText('3')
  await expect(page.getByRole('region', { name: 'unit', exact: true })).toHaveCount(0)

  await window.view('Console').click()
  await page.getByRole('button', { name: 'Repeat, every 200 ms' }).click()
  await page.getByRole('button', { name: 'Stop repeating' }).click()
  await expect(page.getByRole('button', { name: 'Start repeating' })).toBeVisible()
  await page.keyboard.press('Escape')
  // What was charted stays.
  await window.view('Metrics').click()
  await expect(temperature).toContainText('21.5')
})

test('a line that is sent is the input of what runs, and what was sent before comes back with the arrow key (M-16)', async ({ launch }) => {
  const { page } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')
  await window.allowTenMinutes()
  await window.runCode('for n in range(2):\n    print("Hello", input("Who are you? "))\n')
  await expect(window.output).toContainText('Who are you?')
  const line = page.getByRole('textbox', { name: 'Input for what runs on sim-01' })
  await line.fill('Ada')
  await page.keyboard.press('Enter')
  await expect(window.output).toContainText('Hello Ada')
  await expect(line).toHaveValue('')
  await line.press('ArrowUp')
  await expect(line).toHaveValue('Ada')
  await page.keyboard.type(' L.')
  await page.keyboard.press('Enter')
  await expect(window.output).toContainText('Hello Ada L.')
  await expect(window.output).toContainText('#1 ok')
})

test('whoever follows a data source in Activity sees the start and the stop of its sessions, and none from before (S-12, S-13, S-17, S-18)', async ({
  launch,
}) => {
  const { app, page } = await launch()
  const worker = await openWindowFrom(app, page)
  const { ports } = await callMuster(worker, 'simulated:start', { count: 2 })
  const [first = '', other = ''] = ports.map(port => port.path)
  const open = (port: string, dataSource: string) => callMuster(worker, 'sessions:open', { port, metadata: { dataSource } })
  const before = await open(first, 'oven')
  await page.keyboard.press('ControlOrMeta+Shift+y')
  await page.getByRole('textbox', { name: 'Data source to follow' }).fill('oven')
  await page.keyboard.press('Enter')
  await expect(page.getByText('2 streams · 0 notices')).toBeVisible()
  const notices = page.getByRole('log', { name: 'Notices as they come' }).getByRole('listitem')

  await callMuster(worker, 'sessions:close', { sessionId: before.sessionId })
  await expect(notices).toHaveCount(1)
  await expect(notices.first()).toContainText('Stop')
  const elsewhere = await open(other, 'fridge')
  const after = await open(first, 'oven')
  await expect(notices).toHaveCount(2)
  await expect(notices.last()).toContainText('Start')
  const starts = page.getByRole('checkbox', { name: /starts of oven/ })
  // An uncheck() would not wait for main to have ended the stream.
  await starts.click()
  await expect(starts).not.toBeChecked()
  for (const { sessionId } of [elsewhere, after]) await callMuster(worker, 'sessions:close', { sessionId })
  await expect(notices).toHaveCount(3)
  await expect(notices.last()).toContainText('Stop')
  expect(await stateOf(worker, after.sessionId)).toBe('Disposed')
})
