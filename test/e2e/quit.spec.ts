import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startPtyBoard, startPtyNode } from '../boards/pty-board'
import { IN_ORDER } from './harness/plain-launch'
import { expect, test } from './harness/test'
import { beginExecution, callMuster } from './support/windows'

const builtWorker = path.resolve(__dirname, '../../dist/main/simulated-worker.js')
const SHUTDOWN_MS = 1_000
/** What the whole quit may take on top. */
const MARGIN_MS = 2_000

test('quitting with closes that hang ends within the shutdown time-out and two seconds (E-42, G-07, G-43)', async ({
  launchPlainly,
}, testInfo) => {
  const userDataDir = testInfo.outputPath('user-data')
  const stubborn = await startPtyBoard({ workerPath: builtWorker })
  // It takes bytes for the handshake's sake, answers none of them, and so is being opened when the app quits.
  const silent = await startPtyNode({ behaviour: 'silent' })
  try {
    await mkdir(userDataDir, { recursive: true })
    await writeFile(path.join(userDataDir, 'muster.config.json'), '{ "deviceSessions": { "shutdownTimeout": "00:00:01" } }\n')
    const muster = await launchPlainly({ userDataDir })
    const { page } = muster
    const { sessionId } = await callMuster(page, 'sessions:open', { port: stubborn.path })
    expect((await callMuster(page, 'sessions:info', { sessionId })).options.shutdownTimeoutMs).toBe(SHUTDOWN_MS)
    // It swallows every interrupt, so that neither the execution nor the close comes to an end by itself.
    await beginExecution(
      page,
      sessionId,
      'print("begun")\nwhile True:\n    try:\n        while True: pass\n    except KeyboardInterrupt: pass\n',
    )
    await page.evaluate(port => void window.muster.call('sessions:open', { port }), silent.path)
    await expect
      .poll(async () => (await callMuster(page, 'sessions:list', {})).map(({ state }) => state).sort())
      .toEqual(['Active', 'Connecting'])
    await expect.poll(async () => (await callMuster(page, 'sessions:stats', { sessionId })).bytesIn).toBeGreaterThan(0)

    await muster.closeWindow()
    const end = await muster.waitForEnd()
    console.log(`a quit with closes that hang took ${end.elapsedMs} ms`)
    expect(end).toMatchObject(IN_ORDER)
    expect(end.elapsedMs).toBeLessThan(SHUTDOWN_MS + MARGIN_MS)
  } finally {
    await Promise.all([stubborn.stop(), silent.stop()])
  }
})
