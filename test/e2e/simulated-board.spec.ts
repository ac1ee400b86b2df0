import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from './harness/test'
import { MusterWindow } from './support/window'

test('from nothing to a chart: start a simulated board, run, stream, stop, see the latency, close', async ({ launch }) => {
  const { page } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')

  await window.runCode('print(6 * 7)')
  await expect(window.output).toContainText('42')
  await expect(window.output).toContainText('#1 ok')

  // The first lines are there while the snippet still runs.
  await window.runCode('import time\nfor n in range(1000):\n    print("tick", n)\n    time.sleep(0.1)\n')
  await expect(window.output).toContainText('tick 3')
  await window.waitForState('sim-01', 'running')
  await window.stop.click()
  await window.waitForState('sim-01', 'ready', 5_000)
  await expect(window.output).toContainText('KeyboardInterrupt')

  await window.runCode('while True:\n    pass\n')
  await window.waitForState('sim-01', 'running')
  await window.stop.click()
  await window.waitForState('sim-01', 'ready', 5_000)

  await window.view('Metrics').click()
  const latency = page.getByRole('region', { name: 'Latency' })
  await expect(latency.locator('canvas')).toBeVisible()
  await expect(latency).toContainText(/p50 \d/)
  // One crosshair for all charts, with the time and the values under it.
  const plot = page.getByRole('region', { name: 'Throughput' }).locator('.u-over')
  const widthOf = async (): Promise<number> => (await plot.boundingBox())?.width ?? 0
  // It has its size a moment after it is there.
  await expect.poll(widthOf).toBeGreaterThan(100)
  const width = await widthOf()
  await expect(latency).not.toContainText(/\d\d:\d\d:\d\d/)
  await plot.hover({ position: { x: width - 20, y: 40 } })
  await expect(latency).toContainText(/\d\d:\d\d:\d\d/)

  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await window.waitForState('sim-01', 'available')
  await expect(window.tab('sim-01')).toHaveCount(0)
})

test('a traceback is a result: it is shown apart, and the next run is not touched by it', async ({ launch }) => {
  const { page } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')
  await window.runCode('print("before")\nraise ValueError("invalid pin")')
  await expect(window.output).toContainText('#1 exception')
  await expect(window.output).toContainText('ValueError: invalid pin')
  await window.runCode('print("after", 1 + 1)')
  await expect(window.output).toContainText('#2 ok')
  await expect(window.output).toContainText('after 2')
})

test('four boards at once, each with its own snippet, all from the keyboard', async ({ launch }) => {
  const { page } = await launch()
  const window = new MusterWindow(page)
  const names = ['sim-01', 'sim-02', 'sim-03', 'sim-04']
  for (const name of names) {
    await window.simulate(1)
    await window.waitForState(name, 'available')
  }
  for (const name of names) {
    await window.row(name).click()
    await window.fleet.press('Enter')
    await window.waitForState(name, 'ready')
  }
  // None of them may have ended when the last one begins, however long that takes.
  await window.allowTenMinutes()
  for (const [index, name] of names.entries()) {
    await page.keyboard.press(`ControlOrMeta+${index + 1}`)
    await expect(window.tab(name)).toHaveAttribute('aria-selected', 'true')
    await window.setCode(`import time\nn = 0\nwhile True:\n    n += 1\n    print("${name} says", n)\n    time.sleep(0.05)\n`)
    await page.keyboard.press('ControlOrMeta+Enter')
  }
  for (const name of names) await window.waitForState(name, 'running')
  for (const [index, name] of names.entries()) {
    await page.keyboard.press(`ControlOrMeta+${index + 1}`)
    await expect(window.output).toContainText(`${name} says 99`, { timeout: 30_000 })
    await page.keyboard.press('ControlOrMeta+.')
    await window.waitForState(name, 'ready')
  }
  await expect(page.getByText('4 of 64 sessions')).toBeVisible()
})

test('stopping a simulated board is an unplug: its session is lost, its output stays, and it can be opened again', async ({ launch }) => {
  const { page } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')
  await window.openSimulated('sim-02')
  await window.tab('sim-01').click()
  await window.runCode('print("kept")')
  await expect(window.output).toContainText('kept')
  await window.row('sim-01').hover()
  await page.getByRole('button', { name: 'Stop sim-01' }).click()
  await window.waitForState('sim-01', 'lost')
  await expect(page.getByRole('alert').filter({ hasText: 'Lost' })).toBeVisible()
  await expect(window.output).toContainText('kept')
  await window.waitForState('sim-02', 'ready')
})

test('a reloaded window is whole again: sessions, tabs and output', async ({ launch }) => {
  const { page } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')
  await window.runCode('print("still", "here")')
  await expect(window.output).toContainText('still here')
  await page.reload()
  await window.waitForState('sim-01', 'ready')
  await window.tab('sim-01').click()
  await expect(window.output).toContainText('still here')
  await window.runCode('print("and", "on")')
  await expect(window.output).toContainText('and on')
})

test('hostile text from a board changes nothing but the output, and is saved byte for byte', async ({ launch }) => {
  const { app, page, userDataDir } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')
  const title = await page.title()

  const hostile =
    '<img src=x onerror="document.title=1"><script>document.title=2</script>\\x1b]0;renamed\\x07\\x1b]52;c;b3duZWQ=\\x07\\x1b]8;;https://example.com\\x07link\\x1b]8;;\\x07'
  await window.setCode(`print('${hostile}')\nprint('OK > done')`)
  await app.evaluate(({ clipboard }) => clipboard.writeText('untouched'))
  await window.run.click()
  await expect(window.output).toContainText('<img src=x')
  await expect(window.output).toContainText('OK > done')
  expect(await page.title()).toBe(title)
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe('untouched')

  const file = path.join(userDataDir, 'saved.log')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, file)
  await page.getByRole('button', { name: 'Save all output' }).click()
  await expect.poll(() => readFile(file, 'latin1').catch(() => '')).toContain('\x1b]52;c;b3duZWQ=\x07')
})
