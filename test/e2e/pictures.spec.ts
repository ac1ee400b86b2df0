import { startPtyNode } from '../boards/pty-board'
import { expect, test } from './harness/test'
import { DESK, look, SMALL, setSize } from './support/look'
import { MusterWindow } from './support/window'

test('every state of the window, in both themes, is accessible', async ({ launch }, testInfo) => {
  test.setTimeout(240_000)
  const { app, page } = await launch()
  const window = new MusterWindow(page)
  await setSize(app, DESK)
  await look(page, testInfo, '1-first-start')

  for (const name of ['sim-01', 'sim-02', 'sim-03', 'sim-04', 'sim-05']) await window.openSimulated(name)
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  for (const [index, name] of ['sim-03', 'sim-02', 'sim-01'].entries()) {
    await window.tab(name).click()
    await window.runCode(`import time\nfor n in range(${20 - index * 5}):\n    print('volts', 1.2 + n % 7 / 100)\n    time.sleep(0.05)\n`)
    await expect(window.output).toContainText('#1 ok', { timeout: 20_000 })
  }
  await look(page, testInfo, '2-four-boards')

  await window.runCode(`from math import sqrt\n\ndef root(value):\n    return sqrt(value)\n\nprint('roots', root(16), root(-1))\n`)
  await expect(window.output).toContainText('#2 exception')
  await look(page, testInfo, '3-traceback')

  await window.tab('sim-02').click()
  // Pictures of a flood take their time on a busy machine.
  await page.getByRole('button', { name: /^Time limit/ }).click()
  await page.getByRole('menuitemradio', { name: '10 min' }).click()
  await window.runCode(`n = 0\nwhile True:\n    n += 1\n    print('line', n, 'of a flood without end')\n`)
  await expect(window.output).toContainText('flood without end')
  await page.waitForTimeout(500)
  await look(page, testInfo, '4-flood')
  await window.stop.click()
  await window.waitForState('sim-02', 'ready')

  await window.tab('sim-04').click()
  await window.runCode(`print('the last words of this board')`)
  await expect(window.output).toContainText('#1 ok')
  await window.row('sim-04').hover()
  await page.getByRole('button', { name: 'Stop sim-04' }).click()
  await window.waitForState('sim-04', 'lost')
  await look(page, testInfo, '5-lost')

  await window.addPort('/dev/ttyACM7')
  await window.row('ttyACM7').dblclick()
  await expect(page.getByRole('button', { name: 'Retry' })).toBeVisible()
  await look(page, testInfo, '6-error-on-opening')

  const silent = await startPtyNode({ behaviour: 'silent' })
  const silentName = silent.path.replace('/dev/', '')
  await window.addPort(silent.path)
  await window.row(silentName).dblclick()
  await expect(page.getByRole('heading', { name: /^Opening / })).toBeVisible()
  await look(page, testInfo, '7-opening')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await window.waitForState(silentName, 'available')
  await silent.stop()

  await window.tab('sim-01').click()
  await window.runCode(`total = 0\nfor n in range(2000):\n    total += n\nprint(total)\n`)
  for (let run = 0; run < 6; run++) {
    await page.waitForTimeout(350)
    await window.run.click()
  }
  await window.view('Metrics').click()
  await look(page, testInfo, '8-metrics')

  await window.view('Console').click()
  await setSize(app, SMALL)
  await look(page, testInfo, '9-small')
  await page.keyboard.press('Escape')
  await window.fleet.focus()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await look(page, testInfo, '10-shortcuts')
})
