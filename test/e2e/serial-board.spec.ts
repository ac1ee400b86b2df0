import { chmod } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { type PtyBoard, type PtyNode, startPtyBoard } from '../boards/pty-board'
import { expect, test } from './harness/test'
import { MusterWindow } from './support/window'

const builtWorker = path.resolve(__dirname, '../../dist/main/simulated-worker.js')

/** `/dev/pts/3` is listed as `pts/3`. */
function listedName(port: string): string {
  return path.relative('/dev', port)
}

/** The page itself notes when it shows a lost board: Playwright looks once a second in the end. */
async function noteWhenLost(page: Page): Promise<() => Promise<number>> {
  const noted = await page.evaluateHandle(() => {
    const note = { at: Number.NaN }
    const observer = new MutationObserver(() => {
      if (document.querySelector('[role=treeitem][data-state=lost]') === null) return
      note.at = Date.now()
      observer.disconnect()
    })
    observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-state'] })
    return note
  })
  return () => noted.evaluate(({ at }) => at)
}

test.describe('a board behind a real serial path', () => {
  const nodes: PtyNode[] = []
  test.afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop()
  })

  async function board(): Promise<PtyBoard> {
    const started = await startPtyBoard({ workerPath: builtWorker })
    nodes.push(started)
    return started
  }

  test('typed path, run, unplug in the middle of printing: lost within a second, output kept, opened again elsewhere', async ({
    launch,
  }) => {
    const { page } = await launch()
    const window = new MusterWindow(page)
    const { path: port, unplug } = await board()
    const name = listedName(port)
    await window.addPort(port)
    await window.open(name)
    await window.runCode('import sys\nprint("on", sys.platform)')
    await expect(window.output).toContainText('#1 ok')

    await window.runCode('n = 0\nwhile True:\n    n += 1\n    print("line", n)\n')
    await expect(window.output).toContainText('line ')
    const shown = await noteWhenLost(page)
    const unplugged = Date.now()
    await unplug()
    await window.waitForState(name, 'lost')
    const noticedMs = (await shown()) - unplugged
    console.log(`an unplug while printing was shown after ${noticedMs} ms`)
    // The limit is a second; the rest is for a busy machine.
    expect(noticedMs).toBeLessThan(2_000)
    await expect(page.getByRole('alert').filter({ hasText: 'Lost' })).toBeVisible()
    await expect(window.output).toContainText('line ')

    const next = await board()
    await window.addPort(next.path)
    await window.open(listedName(next.path))
    await window.runCode('print("another board")')
    await expect(window.output).toContainText('another board')
  })

  test('what can not be opened says so in its tab, with what to do and a way to try again', async ({ launch }) => {
    const { page } = await launch()
    const window = new MusterWindow(page)
    await window.addPort('/dev/ttyNoSuchPort')
    await window.row('ttyNoSuchPort').dblclick()
    await expect(page.getByText(/no port \/dev\/ttyNoSuchPort/)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Retry' })).toBeVisible()
    await window.waitForState('ttyNoSuchPort', 'absent')

    const { path: port } = await board()
    await chmod(port, 0o000)
    await window.addPort(port)
    await window.row(listedName(port)).dblclick()
    await window.waitForState(listedName(port), 'locked')
    await expect(page.getByRole('alert')).toContainText(`You are not allowed to use ${port}`)
    await expect(page.getByRole('button', { name: 'Copy the command' })).toBeVisible()
  })

  test('quitting with open sessions holds no port', async ({ launch }, testInfo) => {
    const userDataDir = testInfo.outputPath('user-data')
    const muster = await launch({ userDataDir })
    const window = new MusterWindow(muster.page)
    const { path: port } = await board()
    await window.addPort(port)
    await window.open(listedName(port))
    await window.runCode('while True:\n    pass\n')
    await window.waitForState(listedName(port), 'running')
    await muster.close()

    // The next start finds the port free and the board as reachable as ever.
    const again = await launch({ userDataDir })
    const next = new MusterWindow(again.page)
    await next.open(listedName(port))
  })
})
