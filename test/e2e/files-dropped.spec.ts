import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { BadLine } from '../boards/bad-line'
import { startNativeBoard } from '../boards/native-board'
import { expect, test } from './harness/test'
import { dropFromDesktop, FilesPage } from './support/files'
import { MusterWindow } from './support/window'
import { callMuster } from './support/windows'

const BIG_BYTES = 1_500_000

test('files dropped from the desktop tell bytes, rate and time left, are cancelled and taken up again, and end verified', async ({
  launch,
}, testInfo) => {
  test.setTimeout(180_000)
  const userDataDir = testInfo.outputPath('user-data')
  const muster = await launch({ userDataDir })
  const { page } = muster
  const native = await startNativeBoard()
  // Slow enough to be looked at, and to be cancelled on the way.
  const line = await BadLine.open({ board: native.path, seed: 1, toBoard: { bytesPerSecond: 100_000 } })
  try {
    const window = new MusterWindow(page)
    const name = path.relative('/dev', line.path)
    await window.addPort(line.path)
    await window.open(name)
    const { sessionId = '' } = (await callMuster(page, 'sessions:list', {}))[0] ?? {}
    const onBoard = async (): Promise<readonly string[]> =>
      (await callMuster(page, 'files:list', { sessionId, path: '/' })).entries.map(entry => entry.name)
    const before = await onBoard()
    await window.view('Files').click()
    const files = new FilesPage(page)
    await expect(files.board.getByRole('grid')).toHaveAttribute('aria-busy', 'false')

    await dropFromDesktop(files.board, { 'big.bin': BIG_BYTES })
    await expect(files.line('big.bin')).toContainText(/kB of 1\.5 MB · [\d.]+ kB\/s · \d+ s left/)
    await expect(files.row(files.board, 'big.bin')).toContainText('arriving')
    await page.getByRole('button', { name: 'Cancel big.bin' }).click()
    await expect(files.line('big.bin')).toContainText('cancelled')
    // Neither the file nor a part of it.
    await expect.poll(onBoard).toEqual(before)
    await page.getByRole('button', { name: 'Put away: big.bin' }).click()
    await expect(page.getByRole('region', { name: 'Transfers' })).toHaveCount(0)

    await dropFromDesktop(files.board, { 'one.py': 'print(1)', 'two.bin': 150_000 })
    await expect(files.line('one.py')).toContainText('verified by sha256 · 8 B')
    await expect(files.line('two.bin')).toContainText('verified by sha256 · 150 kB')
    await expect(files.row(files.board, 'two.bin')).toContainText('verified')
    expect((await callMuster(page, 'sessions:exec', { sessionId, code: 'print(open("/one.py").read())' })).stdout).toContain('print(1)')

    // The same is not copied again, and another one asks.
    await dropFromDesktop(files.board, { 'one.py': 'print(2)', 'two.bin': 150_000 })
    await page
      .getByRole('dialog', { name: /^Replace one\.py on/ })
      .getByRole('button', { name: 'Replace' })
      .click()
    await expect(files.line('one.py').first()).toContainText('verified by sha256')
    await expect(files.line('two.bin').first()).toContainText('the same by sha256, not copied')
    expect((await callMuster(page, 'sessions:exec', { sessionId, code: 'print(open("/one.py").read())' })).stdout).toContain('print(2)')

    // Nothing of it stays on the computer.
    await expect.poll(() => readdir(path.join(userDataDir, 'dropped')).catch(() => [])).toEqual([])
  } finally {
    await line.close()
    await native.unplug()
  }
})
