import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { BadLine } from '../boards/bad-line'
import { FakeUsb, PICO } from '../boards/fake-usb'
import { startNativeBoard } from '../boards/native-board'
import { startPtyBoard } from '../boards/pty-board'
import { expect, test } from './harness/test'
import { dropFromDesktop, FilesPage, hashOnBoard, makeFolder, whenMoving } from './support/files'
import { DESK, look, SMALL, setSize } from './support/look'
import { MusterWindow } from './support/window'
import { callMuster } from './support/windows'

const builtWorker = path.resolve(__dirname, '../../dist/main/simulated-worker.js')
/** Takes a second or more on its way to a simulated board: long enough to pull its cable meanwhile. */
const BIG_BYTES = 3_000_000
const MAIN = 'import time\nprint("as it was")\n'

test('files of a board: copied both ways and verified, asked about, edited, renamed, synced, removed; seen in both themes', async ({
  launch,
}, testInfo) => {
  test.setTimeout(240_000)
  const folder = await makeFolder(testInfo.outputPath('bench'), {
    'main.py': MAIN,
    'calib.json': '{"offset": 12}\n',
    'model.bin': randomBytes(200_000),
    'lib/umqtt/simple.py': 'class MQTTClient: pass\n'.repeat(40),
    'README.md': '# Oven\n',
  })
  const { app, page } = await launch()
  await setSize(app, DESK)
  const native = await startNativeBoard()
  try {
    const window = new MusterWindow(page)
    const name = path.relative('/dev', native.path)
    await window.addPort(native.path)
    await window.open(name)
    const { sessionId = '' } = (await callMuster(page, 'sessions:list', {}))[0] ?? {}
    await window.view('Files').click()
    const files = new FilesPage(page)
    await expect(files.page.getByRole('heading', { name: 'Open a folder of this computer' })).toBeVisible()
    await expect(files.board.getByRole('grid')).toHaveAttribute('aria-busy', 'false')
    await look(page, testInfo, '60-files-no-folder')
    await files.open(app, folder)
    await expect(files.computer.getByText('4 files, 1 folder')).toBeVisible()

    // Up, by button: with all that is in the folder.
    await files.mark(files.computer, 'lib', 'main.py', 'calib.json', 'model.bin')
    await files.toBoard.click()
    await expect(files.line('main.py')).toContainText('verified by sha256')
    await expect(files.line('model.bin')).toContainText('verified by sha256 · 200 kB')
    await expect(files.row(files.board, 'model.bin')).toContainText('verified')
    await expect(files.board.getByText(/of .* free$/)).toBeVisible()
    await look(page, testInfo, '61-files-copied')
    expect((await callMuster(page, 'sessions:exec', { sessionId, code: 'print(open("/main.py").read())' })).stdout).toContain('as it was')

    // The same once more is no copy.
    await files.mark(files.computer, 'model.bin')
    await files.toBoard.click()
    await expect(files.line('model.bin').first()).toContainText('the same by sha256, not copied')
    await page.getByRole('button', { name: 'Clear ended' }).click()
    await expect(page.getByRole('region', { name: 'Transfers' })).toHaveCount(0)

    // Changed on the computer: asked before it is replaced, and skipped first.
    await writeFile(path.join(folder, 'main.py'), `${MAIN}print("and more")\n`)
    await files.computer.getByRole('button', { name: 'List this folder anew' }).click()
    await expect(files.row(files.board, 'main.py')).toContainText('differs')
    const before = await hashOnBoard(page, sessionId, '/main.py')
    await files.mark(files.computer, 'main.py')
    await files.toBoard.click()
    const question = page.getByRole('dialog', { name: /^Replace main.py on/ })
    await expect(question).toBeVisible()
    await look(page, testInfo, '62-files-conflict')
    await question.getByRole('button', { name: 'Skip' }).click()
    await expect(files.line('main.py')).toContainText('left as it is')
    expect(await hashOnBoard(page, sessionId, '/main.py')).toBe(before)
    await files.toBoard.click()
    await question.getByRole('button', { name: 'Replace' }).click()
    await expect(files.line('main.py').first()).toContainText('verified by sha256')
    expect(await hashOnBoard(page, sessionId, '/main.py')).not.toBe(before)

    // Edited on the board, and saved back in one step.
    await files.row(files.board, 'main.py').dblclick()
    const editor = page.getByRole('textbox', { name: 'Text of /main.py' })
    await expect(editor).toContainText('as it was')
    await page.keyboard.press('ControlOrMeta+Home')
    await page.keyboard.type('# mine')
    await page.keyboard.press('Enter')
    await expect(page.getByText('not saved', { exact: true })).toBeVisible()
    await look(page, testInfo, '63-files-editor')
    await page.keyboard.press('ControlOrMeta+s')
    await expect(page.getByText(/^saved .* verified by sha256$/)).toBeVisible()
    expect((await callMuster(page, 'sessions:exec', { sessionId, code: 'print(open("/main.py").read())' })).stdout).toContain('# mine')

    // Changed on the board meanwhile: nothing is overwritten without a word.
    await callMuster(page, 'sessions:exec', { sessionId, code: 'f = open("/main.py", "w")\nf.write("theirs")\nf.close()' })
    await page.keyboard.type('again ')
    await page.keyboard.press('ControlOrMeta+s')
    await expect(page.getByText(/^\/main.py has changed on/)).toBeVisible()
    await look(page, testInfo, '64-files-editor-changed')
    await page.getByRole('button', { name: 'Reload, drop mine' }).click()
    await expect(editor).toHaveText('theirs')
    await page.getByRole('button', { name: 'Back to the folders' }).click()

    // Down again.
    await files.mark(files.board, 'main.py')
    await files.toComputer.click()
    await page
      .getByRole('dialog', { name: /^Replace main.py on the computer/ })
      .getByRole('button', { name: 'Replace' })
      .click()
    await expect.poll(() => readFile(path.join(folder, 'main.py'), 'utf8')).toBe('theirs')
    await expect(files.line('main.py').first()).toContainText('verified')

    // Another name, with everything in it that is odd.
    await files.mark(files.board, 'calib.json')
    await page.keyboard.press('F2')
    const odd = `it's "odd" \\ é.json`
    await page.getByRole('textbox', { name: 'New name of calib.json' }).fill(odd)
    await page.keyboard.press('Enter')
    await expect(files.board.getByText(odd)).toBeVisible()

    // Both alike: what would be done is shown first.
    await page.getByRole('button', { name: 'Sync the two folders…' }).click()
    const sync = page.getByRole('dialog', { name: /^Sync bench and \/ of/ })
    await expect(sync.getByText('there, but not the same')).toBeVisible()
    await sync.getByText('To the computer: bench becomes like /').click()
    await sync.getByText('To the board: / becomes like bench').click()
    await sync.getByRole('switch', { name: 'Remove strays' }).click()
    await expect(sync.getByRole('button', { name: /^Sync: copy 2, remove \d+$/ })).toBeVisible()
    await look(page, testInfo, '65-files-sync')
    await sync.getByRole('button', { name: /^Sync: copy 2/ }).click()
    await expect(sync).toHaveCount(0)
    await expect(files.board.getByText(odd)).toHaveCount(0)
    await expect(files.row(files.board, 'README.md')).toContainText('verified')

    // Dragged onto a folder of the other side; and from the desktop.
    await files.row(files.computer, 'README.md').dragTo(files.row(files.board, 'lib'))
    await expect(files.line('README.md').first()).toContainText('verified by sha256')
    await files.row(files.board, 'lib').dblclick()
    await expect(files.row(files.board, 'README.md')).toContainText('verified')
    await dropFromDesktop(files.board, { 'dropped.txt': 'from the desktop' })
    await expect(files.line('dropped.txt')).toContainText('verified by sha256 · 16 B')
    await expect(files.row(files.board, 'dropped.txt')).toBeVisible()
    await page.keyboard.press('Backspace')
    await expect(files.row(files.board, 'main.py')).toBeVisible()

    // The computer's side too: another name, and the trash.
    await files.mark(files.computer, 'README.md')
    await page.keyboard.press('F2')
    await page.getByRole('textbox', { name: 'New name of README.md' }).fill('NOTES.md')
    await page.keyboard.press('Enter')
    await expect(files.row(files.computer, 'NOTES.md')).toBeVisible()
    expect(await readFile(path.join(folder, 'NOTES.md'), 'utf8')).toBe('# Oven\n')
    await app.evaluate(({ shell }) => {
      shell.trashItem = async file => void Object.assign(globalThis, { trashed: file })
    })
    await files.mark(files.computer, 'NOTES.md')
    await page.keyboard.press('Delete')
    const trash = page.getByRole('dialog', { name: 'Move NOTES.md to the trash?' })
    await trash.getByRole('button', { name: 'Move to the trash' }).click()
    await expect(trash).toHaveCount(0)
    const trashed = await app.evaluate(() => (globalThis as unknown as { readonly trashed?: string }).trashed)
    expect(trashed).toBe(path.join(folder, 'NOTES.md'))

    // Gone, after a question that counts what is inside.
    await files.mark(files.board, 'lib', 'README.md')
    await page.keyboard.press('Delete')
    const remove = page.getByRole('dialog', { name: /^Remove 1 file and 1 folder from/ })
    await expect(remove.getByText(/3 files and 1 folder\./)).toBeVisible()
    await look(page, testInfo, '66-files-remove')
    await remove.getByRole('button', { name: 'Remove 1 file and 1 folder' }).click()
    await expect(files.row(files.board, 'lib')).toHaveCount(0)
    expect((await callMuster(page, 'files:tree', { sessionId, path: '/' })).entries.some(({ path: at }) => at.startsWith('lib'))).toBe(
      false,
    )
    await setSize(app, SMALL)
    await look(page, testInfo, '67-files-small')
  } finally {
    await native.unplug()
  }
})

test('a simulated board has files too; what its session runs is waited for, and said', async ({ launch }, testInfo) => {
  const folder = await makeFolder(testInfo.outputPath('bench'), { 'main.py': MAIN })
  const { app, page } = await launch()
  const window = new MusterWindow(page)
  await window.openSimulated('sim-01')
  await window.view('Files').click()
  const files = new FilesPage(page)
  await files.open(app, folder)
  await files.mark(files.computer, 'main.py')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(files.line('main.py')).toContainText(/verified by sha256|read back and compared/)
  await window.view('Console').click()
  await window.runCode('import time\ntime.sleep(4)')
  await window.waitForState('sim-01', 'running')
  await window.view('Files').click()
  await expect(files.board.getByText(/^Listing \/ waits for execution \d+\.$/)).toBeVisible()
  // What was listed stays to be read, and is listed anew when the execution has ended.
  await expect(files.row(files.board, 'main.py')).toBeVisible()
  await expect(files.board.getByText(/waits for execution/)).toHaveCount(0, { timeout: 15_000 })
})

test('a cable pulled in the middle: the copy waits and goes on by itself, or is cancelled and taken up later; the old file stays until then', async ({
  launch,
}, testInfo) => {
  test.setTimeout(240_000)
  const folder = await makeFolder(testInfo.outputPath('bench'), { 'big.bin': randomBytes(BIG_BYTES), 'next.bin': randomBytes(BIG_BYTES) })
  const usb = await FakeUsb.create()
  const { app, page } = await launch({ env: usb.environment })
  const cabled = await startPtyBoard({ workerPath: builtWorker })
  try {
    const port = await usb.plug('ttyACM0', cabled.path, PICO)
    const window = new MusterWindow(page)
    const row = window.fleet.getByRole('treeitem', { name: /^Pico,/ })
    await callMuster(page, 'ports:list', { refresh: true })
    const { sessionId } = await callMuster(page, 'sessions:open', { port })
    for (const path of ['/big.bin', '/next.bin']) await callMuster(page, 'files:write', { sessionId, path, data: 'the old one' })
    const old = await hashOnBoard(page, sessionId, '/next.bin')
    await window.tab('Pico').click()
    await window.view('Files').click()
    const files = new FilesPage(page)
    await files.open(app, folder)
    const copyUntilMoving = async (name: string): Promise<void> => {
      await files.mark(files.computer, name)
      await files.toBoard.click()
      const moving = whenMoving(page, sessionId, 60_000)
      await page.getByRole('dialog').getByRole('button', { name: 'Replace' }).click()
      await moving
    }

    await copyUntilMoving('big.bin')
    await usb.unplug('ttyACM0')
    await cabled.pullCable()
    await expect(files.line('big.bin')).toContainText('waits for the board')
    await expect(files.board.getByText(/^The board is lost\. This is what was here at/)).toBeVisible()
    await look(page, testInfo, '68-files-waiting')
    await usb.plug('ttyACM1', await cabled.replug(), PICO)
    await expect(row).toHaveAttribute('data-state', /ready|running/, { timeout: 30_000 })
    await expect(files.line('big.bin')).toContainText(/verified|read back/, { timeout: 90_000 })
    await expect(files.line('big.bin')).toContainText('resumed at')
    expect(await hashOnBoard(page, sessionId, '/big.bin')).not.toBe(old)

    await copyUntilMoving('next.bin')
    await usb.unplug('ttyACM1')
    await cabled.pullCable()
    await expect(files.line('next.bin')).toContainText('waits for the board')
    await page.getByRole('button', { name: 'Cancel next.bin' }).click()
    await expect(files.line('next.bin')).toContainText('cancelled')
    await usb.plug('ttyACM2', await cabled.replug(), PICO)
    await expect(row).toHaveAttribute('data-state', 'ready', { timeout: 30_000 })
    expect(await hashOnBoard(page, sessionId, '/next.bin')).toBe(old)
    await page.getByRole('button', { name: 'Retry next.bin' }).click()
    await expect(files.line('next.bin')).toContainText(/verified|read back/, { timeout: 90_000 })
    expect(await hashOnBoard(page, sessionId, '/next.bin')).not.toBe(old)
  } finally {
    await cabled.stop()
    await usb.dispose()
  }
})

test('quitting in the middle of a copy leaves the old file, no process and no held port', async ({ launch }, testInfo) => {
  test.setTimeout(120_000)
  const userDataDir = testInfo.outputPath('user-data')
  const folder = await makeFolder(testInfo.outputPath('bench'), { 'big.bin': randomBytes(1_200_000) })
  const muster = await launch({ userDataDir })
  const { app, page } = muster
  const native = await startNativeBoard()
  // Slow enough that the copy is still under way when the app quits.
  const line = await BadLine.open({ board: native.path, seed: 1, toBoard: { bytesPerSecond: 100_000 } })
  try {
    const window = new MusterWindow(page)
    const name = path.relative('/dev', line.path)
    await window.addPort(line.path)
    await window.open(name)
    const { sessionId = '' } = (await callMuster(page, 'sessions:list', {}))[0] ?? {}
    await callMuster(page, 'files:write', { sessionId, path: '/big.bin', data: 'the old one' })
    const old = await hashOnBoard(page, sessionId, '/big.bin')
    await window.view('Files').click()
    const files = new FilesPage(page)
    await files.open(app, folder)
    await files.mark(files.computer, 'big.bin')
    await files.toBoard.click()
    const moving = whenMoving(page, sessionId, 50_000)
    await page.getByRole('dialog').getByRole('button', { name: 'Replace' }).click()
    await moving
    await muster.close()

    const again = await launch({ userDataDir })
    const next = new MusterWindow(again.page)
    await next.open(name)
    const reopened = (await callMuster(again.page, 'sessions:list', {}))[0]?.sessionId ?? ''
    expect(await hashOnBoard(again.page, reopened, '/big.bin')).toBe(old)
    // The folder is still open from before.
    await next.view('Files').click()
    await expect(new FilesPage(again.page).computer.getByRole('grid')).toContainText('big.bin')
  } finally {
    await line.close()
    await native.unplug()
  }
})
