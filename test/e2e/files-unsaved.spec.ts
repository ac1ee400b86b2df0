import type { Page } from '@playwright/test'
import { IN_ORDER } from './harness/plain-launch'
import { expect, test } from './harness/test'
import { FilesPage } from './support/files'
import { MusterWindow } from './support/window'
import { callMuster, waitUntilReady } from './support/windows'

const NAME = 'sim-01'
const editorOf = (page: Page) => page.getByRole('textbox', { name: 'Text of /main.py' })

async function openEditor(page: Page): Promise<string> {
  const window = new MusterWindow(page)
  await window.openSimulated(NAME)
  const { sessionId = '' } = (await callMuster(page, 'sessions:list', {}))[0] ?? {}
  await callMuster(page, 'files:write', { sessionId, path: '/main.py', data: 'print(1)\n' })
  await window.view('Files').click()
  const files = new FilesPage(page)
  await files.row(files.board, 'main.py').dblclick()
  await expect(editorOf(page)).toContainText('print(1)')
  return sessionId
}

/** At the beginning of the text. */
async function type(page: Page, text: string): Promise<void> {
  await editorOf(page).click()
  await page.keyboard.press('ControlOrMeta+Home')
  await page.keyboard.type(text)
}

test('text that is not saved comes back after a reload, a closed session and a quit, and is saved only over the file it was made from', async ({
  launchPlainly,
}, testInfo) => {
  test.setTimeout(120_000)
  const userDataDir = testInfo.outputPath('user-data')
  const muster = await launchPlainly({ userDataDir })
  const { page } = muster
  const window = new MusterWindow(page)
  await openEditor(page)
  await type(page, '# mine ')

  await page.reload()
  await waitUntilReady(page)
  await expect(window.view('Files')).toHaveAccessibleName(/a text is not saved/)
  await window.view('Files').click()
  await expect(editorOf(page)).toContainText('# mine print(1)')
  await expect(page.getByText(/^not saved · as it was left today/)).toBeVisible()

  // Nothing is dropped by a key that comes too early.
  await page.getByRole('button', { name: 'Close main.py' }).click()
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Save' })).toBeFocused()
  await page.keyboard.press('Escape')

  await type(page, '# more ')
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(page.getByText(/^\/main\.py is not saved on sim-01: its text is kept/)).toBeVisible()
  await window.open(NAME)
  await window.view('Files').click()
  await expect(editorOf(page)).toContainText('# more # mine print(1)')

  // The last word is typed right before the end.
  await type(page, '# last ')
  await muster.closeWindow()
  expect(await muster.waitForEnd()).toMatchObject(IN_ORDER)

  const again = await launchPlainly({ userDataDir })
  const next = new MusterWindow(again.page)
  await next.openSimulated(NAME)
  await next.view('Files').click()
  await expect(editorOf(again.page)).toContainText('# last # more # mine print(1)')
  // A new simulated board: the file is not there.
  await editorOf(again.page).click()
  await again.page.keyboard.press('ControlOrMeta+s')
  await again.page.getByRole('button', { name: 'Write it anew' }).click()
  await expect(again.page.getByText(/^saved /)).toBeVisible()
  const { sessionId = '' } = (await callMuster(again.page, 'sessions:list', {}))[0] ?? {}
  const { stdout } = await callMuster(again.page, 'sessions:exec', { sessionId, code: 'print(open("/main.py").read())' })
  expect(stdout).toContain('# last # more # mine print(1)')

  // What is saved is not kept any more.
  await again.page.reload()
  await waitUntilReady(again.page)
  await next.view('Files').click()
  const files = new FilesPage(again.page)
  await expect(files.row(files.board, 'main.py')).toBeVisible()
})

test('text that finds no room holds its window until somebody decides; a quit does not wait for it', async ({ launch }) => {
  test.setTimeout(120_000)
  const { app, page } = await launch()
  await openEditor(page)
  await app.evaluate(({ dialog }) => {
    const asked: string[] = []
    Object.assign(globalThis, { asked, answer: 0 })
    dialog.showMessageBox = (async (_window: unknown, { message }: { readonly message: string }) => {
      asked.push(message)
      return { response: (globalThis as unknown as { readonly answer: number }).answer, checkboxChecked: false }
    }) as typeof dialog.showMessageBox
  })
  const asked = (): Promise<readonly string[]> => app.evaluate(() => (globalThis as unknown as { readonly asked: readonly string[] }).asked)
  // As much as a page may keep.
  await page.evaluate(() => {
    for (let size = 4_000_000; size > 8; size = Math.floor(size / 2)) {
      try {
        for (let index = 0; ; index++) localStorage.setItem(`full ${size} ${index}`, 'x'.repeat(size))
      } catch {
        // Full, to within this size.
      }
    }
  })
  await type(page, '# mine ')
  await expect(page.getByText('This text is too large to be kept when the window is closed: save it before.')).toBeVisible()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(asked).toHaveLength(1)
  await expect(editorOf(page)).toContainText('# mine print(1)')
  await page.keyboard.press('ControlOrMeta+s')
  await expect(page.getByText(/^saved /)).toBeVisible()
  await expect(page.getByText('This text is too large')).toHaveCount(0)
  await type(page, '# lost ')
  await expect(page.getByText('This text is too large to be kept when the window is closed: save it before.')).toBeVisible()
})
