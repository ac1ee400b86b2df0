import type { Page } from '@playwright/test'
import { expect, test } from './harness/test'
import { listedName, NativeBoards } from './support/native-boards'
import { MusterWindow } from './support/window'
import { callMuster } from './support/windows'

const TICKING_MAIN = `with open('main.py', 'w') as file:
    file.write('''import time
n = 0
while True:
    n += 1
    print('tick', n)
    time.sleep(0.05)
''')
`

const HELD_SECOND_STEP = 'Ctrl-C again, waiting as long as it takes'

/** What stands in a status meanwhile: a step of the ladder takes less time than a look now and then. */
async function noteStatusTexts(page: Page): Promise<() => Promise<readonly string[]>> {
  const noted = await page.evaluateHandle(() => {
    const texts: string[] = []
    const note = (): void => {
      for (const status of document.querySelectorAll('main [role=status]')) texts.push(status.textContent ?? '')
    }
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true })
    return texts
  })
  return () => noted.jsonValue()
}

test.describe('control over a board', () => {
  const boards = new NativeBoards()
  test.afterEach(async () => {
    await boards.end()
  })

  test('code that ignores Ctrl-C: each step is said, can be held and taken; after the last a hard reset and closing are left (fault 22)', async ({
    launch,
  }) => {
    const { page } = await launch()
    const window = new MusterWindow(page)
    const name = await boards.open(window)
    await window.runCode('import micropython\nmicropython.kbd_intr(-1)\nwhile True:\n    pass\n')
    await window.waitForState(name, 'running')
    const told = await noteStatusTexts(page)
    await window.stop.click()
    const keepWaiting = page.getByRole('button', { name: 'Keep waiting' })
    await keepWaiting.click()
    const said = page.getByRole('main').getByRole('status').filter({ hasText: 'Ctrl-C' })
    await expect(said).toHaveText(/waiting as long as it takes$/)
    // The first step lasts but a moment: a quick click holds it, a slower one the second.
    if ((await said.textContent()) !== HELD_SECOND_STEP) {
      await page.getByRole('button', { name: 'Next step' }).click()
      await keepWaiting.click()
    }
    await expect(said).toHaveText(HELD_SECOND_STEP)
    // The step that was held first had said what comes next: whichever it was.
    expect(await told()).toContainEqual(expect.stringMatching(/^Ctrl-C (sent, again|again, soft reset) in \d s/))
    await page.getByRole('button', { name: 'Next step' }).click()
    await expect(page.getByText(/Soft reset sent, given up in \d s/)).toBeVisible()
    await page.getByRole('button', { name: 'Next step' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'No reply since' })
    await expect(alert.getByRole('button', { name: 'Hard reset' })).toBeVisible()
    await window.waitForState(name, 'silent')
    // A terminal has no reset line: that is said, instead of nothing happening.
    await alert.getByRole('button', { name: 'Hard reset' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Hard reset' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'no line that resets it' })).toBeVisible()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await window.waitForState(name, 'available')
  })

  test('a soft reset gives a new interpreter; its shortcut does the same, and ends what runs', async ({ launch }) => {
    const { page } = await launch()
    const window = new MusterWindow(page)
    const name = await boards.open(window)
    await window.runCode('before = 1\n')
    await expect(window.output).toContainText('#1 ok')
    await page.getByRole('button', { name: 'Soft reset' }).click()
    await expect(window.output).toContainText(/reset/i)
    await window.waitForState(name, 'ready')
    await window.runCode("print('kept' if 'before' in globals() else 'forgotten')\n")
    await expect(window.output).toContainText('forgotten')

    await window.runCode('import time\nwhile True:\n    time.sleep(0.01)\n')
    await window.waitForState(name, 'running')
    await page.keyboard.press('Control+Shift+D')
    await window.waitForState(name, 'ready')
    await window.runCode('print("here again")\n')
    await expect(window.output).toContainText('here again')
  })

  test('restarted with main.py, the board is watched; taking over interrupts it; a hard reset brings it back', async ({ launch }) => {
    const { page } = await launch()
    const window = new MusterWindow(page)
    const name = await boards.open(window)
    await window.runCode(TICKING_MAIN)
    await expect(window.output).toContainText('#1 ok')
    const more = page.getByRole('button', { name: 'More for this session' })
    await more.click()
    await page.getByRole('menuitem', { name: 'Restart with main.py' }).click()
    await window.waitForState(name, 'watching')
    await expect(page.getByRole('region', { name: 'Watching' })).toBeVisible()
    await expect(window.output).toContainText('tick 5')
    await expect(window.run).toBeDisabled()
    await page.getByRole('button', { name: /^Take over/ }).click()
    await window.waitForState(name, 'ready')
    await expect(page.getByRole('region', { name: 'Watching' })).toHaveCount(0)
    await window.runCode('print("taken", "over")\n')
    await expect(window.output).toContainText('taken over')

    await more.click()
    await page.getByRole('menuitem', { name: 'Hard reset…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Hard reset' }).click()
    await window.waitForState(name, 'ready')
    await window.runCode('import machine\nprint("cause", machine.reset_cause() == machine.HARD_RESET)\n')
    await expect(window.output).toContainText('cause True')
  })

  test('a board that is opened to watch goes on with its program, and reads lines', async ({ launch }) => {
    const { page } = await launch()
    const window = new MusterWindow(page)
    const name = await boards.open(window)
    await window.runCode(TICKING_MAIN.replace("print('tick', n)", "print('heard', input('say: '))"))
    await expect(window.output).toContainText('#1 ok')
    await page.getByRole('button', { name: 'More for this session' }).click()
    await page.getByRole('menuitem', { name: 'Restart with main.py' }).click()
    await window.waitForState(name, 'watching')
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await window.waitForState(name, 'available')

    await window.row(name).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Open and watch' }).click()
    await window.waitForState(name, 'watching')
    await page.getByRole('textbox', { name: `Line to send to ${name}` }).fill('one two')
    await page.keyboard.press('Enter')
    await expect(window.output).toContainText('heard one two')
  })

  test('a board that restarts again and again says so once, in the console, the events and the status bar', async ({ launch }) => {
    const { page } = await launch()
    const window = new MusterWindow(page)
    const name = await boards.open(window)
    await window.runCode("with open('main.py', 'w') as file:\n    file.write('import sys, time\\ntime.sleep(0.4)\\nsys.exit()\\n')\n")
    await expect(window.output).toContainText('#1 ok')
    await page.getByRole('button', { name: 'More for this session' }).click()
    await page.getByRole('menuitem', { name: 'Restart with main.py' }).click()
    await window.waitForState(name, 'watching')
    await expect(window.output).toContainText('restarts again and again', { timeout: 30_000 })
    await expect(page.getByRole('contentinfo')).toContainText('restarts again and again')
    await window.view('Events').click()
    await expect(page.getByRole('option').filter({ hasText: 'restarts again and again' })).toHaveCount(1)
    await expect(page.getByRole('group', { name: 'Types' }).getByRole('button', { name: /^Board / })).toBeVisible()
  })

  test('a line of a traceback leads to the line of the code, by mouse and by keyboard', async ({ launch }) => {
    const { page } = await launch()
    const window = new MusterWindow(page)
    const name = await boards.open(window)
    await window.runCode('def half(value):\n    return 1 / value\n\nhalf(0)\n')
    await expect(window.output).toContainText('ZeroDivisionError')
    const link = (line: number) => page.getByRole('button', { name: `Go to line ${line} of the code of run #1` })
    await link(4).click()
    await expect(page.locator('.cm-traceback-line')).toHaveText('half(0)')
    await expect(window.editor).toBeFocused()
    await link(2).focus()
    await page.keyboard.press('Enter')
    await expect(page.locator('.cm-traceback-line')).toHaveText('    return 1 / value')
    await page.keyboard.type('#')
    await expect(page.locator('.cm-traceback-line')).toHaveCount(0)
    await link(4).click()
    await expect(page.getByText('The code has changed since run #1: its line 4 may be another one now.')).toBeVisible()

    // What was stopped says where it was.
    await window.runCode('n = 0\nwhile True:\n    n += 1\n')
    await window.waitForState(name, 'running')
    await window.stop.click()
    const stopped = page.getByRole('button', { name: /^Go to line [23] of the code of run #2$/ })
    await stopped.click()
    await expect(page.locator('.cm-traceback-line')).toHaveText(/while True:|n \+= 1/)
  })

  test('input() is answered from the console, again and again', async ({ launch }) => {
    const { page } = await launch()
    const window = new MusterWindow(page)
    const name = await boards.open(window)
    await window.allowTenMinutes()
    await window.runCode('first = input("first: ")\nsecond = input("second: ")\nprint(second + "," + first)\n')
    await expect(window.output).toContainText('first:')
    const field = page.getByRole('textbox', { name: `Input for what runs on ${name}` })
    await field.fill('Ada')
    await field.press('Enter')
    await expect(window.output).toContainText('second:')
    await field.fill('Bob')
    await field.press('Enter')
    await expect(window.output).toContainText('Bob,Ada')
    await expect(window.output).toContainText('#1 ok')
  })

  test('the settings of a port are kept over a restart of the app', async ({ launch }, testInfo) => {
    const userDataDir = testInfo.outputPath('user-data')
    const first = await launch({ userDataDir })
    const window = new MusterWindow(first.page)
    const { path: port } = await boards.start()
    const name = listedName(port)
    await window.addPort(port)
    await window.fleet.focus()
    await window.row(name).click()
    await window.fleet.press('Shift+F10')
    await first.page.getByRole('menuitem', { name: 'Port settings…' }).click()
    const dialog = first.page.getByRole('dialog', { name: `Settings of the port ${name}` })
    const leaveAlone = dialog.getByRole('radio', { name: /^Leave alone/ })
    // It is marked once main has kept it, which a check() would not wait for.
    await leaveAlone.click()
    await expect(leaveAlone).toBeChecked()
    await dialog.getByRole('combobox', { name: 'Speed' }).selectOption('57,600 baud')
    await expect(dialog.getByRole('combobox', { name: 'Speed' })).toHaveValue('57600')
    await dialog.getByRole('button', { name: 'Done' }).click()
    await first.close()

    const again = await launch({ userDataDir })
    const next = new MusterWindow(again.page)
    await next.open(name)
    await next.view('Details').click()
    const line = again.page.getByRole('region', { name: 'Line' })
    await expect(line.getByRole('radio', { name: /^Leave alone/ })).toBeChecked()
    await expect(line).toContainText(`${port} · 57,600 baud`)
    const [session] = await callMuster(again.page, 'sessions:list', {})
    expect(session?.baudRate).toBe(57_600)
  })
})
