import { expect, test } from './harness/test'
import { DESK, look, SMALL, setSize } from './support/look'
import { NativeBoards } from './support/native-boards'
import { MusterWindow } from './support/window'
import { callMuster } from './support/windows'

test('control over a board, in both themes, is accessible', async ({ launch }, testInfo) => {
  test.setTimeout(360_000)
  const boards = new NativeBoards()
  const { app, page } = await launch()
  const window = new MusterWindow(page)
  try {
    await setSize(app, DESK)
    const name = await boards.open(window)
    const [session] = await callMuster(page, 'sessions:list', {})
    const sessionId = session?.sessionId ?? ''
    for (let run = 0; run < 12; run++) await callMuster(page, 'sessions:exec', { sessionId, code: 'n = 0' })
    await window.runCode("def half(value):\n    return 1 / value\n\nfor value in (2, 1, 0):\n    print('half', half(value))\n")
    await page.getByRole('button', { name: /^Go to line 2 / }).click()
    await expect(page.locator('.cm-traceback-line')).toBeVisible()
    await look(page, testInfo, '40-traceback-line')
    await page.keyboard.type('0')
    await page.getByRole('button', { name: /^Go to line 5 / }).click()
    await look(page, testInfo, '41-traceback-of-changed-code')

    await window.view('Details').click()
    await look(page, testInfo, '42-details-of-a-board')
    await page.getByRole('radio', { name: /^Leave alone/ }).scrollIntoViewIfNeeded()
    await look(page, testInfo, '43-details-line')
    await setSize(app, SMALL)
    await look(page, testInfo, '44-details-line-small')
    await setSize(app, DESK)
    await window.view('Console').click()

    await page.getByRole('button', { name: 'More for this session' }).click()
    await look(page, testInfo, '45-session-menu')
    await page.getByRole('menuitem', { name: 'Hard reset…' }).click()
    await look(page, testInfo, '46-hard-reset')
    await page.keyboard.press('Escape')
    await window.row(name).click({ button: 'right' })
    await look(page, testInfo, '47-row-menu')
    await page.getByRole('menuitem', { name: 'Port settings…' }).click()
    await look(page, testInfo, '48-port-settings')
    await page.getByRole('button', { name: 'Done' }).click()

    await window.runCode(
      "with open('main.py', 'w') as file:\n    file.write('import time\\nfor n in range(9):\\n    print(n)\\nwhile True:\\n    time.sleep(1)\\n')\n",
    )
    await page.getByRole('button', { name: 'More for this session' }).click()
    await page.getByRole('menuitem', { name: 'Restart with main.py' }).click()
    await window.waitForState(name, 'watching')
    await look(page, testInfo, '49-watching')
    await setSize(app, SMALL)
    await look(page, testInfo, '50-watching-small')
    await page.getByRole('button', { name: /^Take over/ }).click()
    await window.waitForState(name, 'ready')

    await window.runCode('import micropython\nmicropython.kbd_intr(-1)\nwhile True:\n    pass\n')
    await window.waitForState(name, 'running')
    await window.stop.click()
    await page.getByRole('button', { name: 'Keep waiting' }).click()
    await look(page, testInfo, '51-ladder-small')
    await setSize(app, DESK)
    await look(page, testInfo, '52-ladder')
    await page.getByRole('button', { name: 'Next step' }).click()
    await page.getByRole('button', { name: 'Next step' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'No reply' })).toBeVisible({ timeout: 15_000 })
    await look(page, testInfo, '53-ladder-failed')
  } finally {
    await boards.end()
  }
})
