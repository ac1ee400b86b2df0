import fs from 'node:fs/promises'
import type { BrowserWindow } from 'electron'
import { DEMO_CHART_SAMPLES, DEMO_EXECUTIONS, DEMO_INTERVAL_MS, DEMO_TIMEOUT_MS } from '../../shared/limits'
import type { ExecutionResult, PortInfo, SessionSnapshot } from '../../shared/model'
import { type Clock, delay } from '../core/base/clock'
import type { Services } from '../ipc/services'
import { DEMO_SNIPPETS } from './demo-snippets'

export interface DemoOptions {
  readonly services: Pick<Services, 'simulated' | 'sessions'>
  readonly window: BrowserWindow
  readonly clock: Clock
  readonly screenshot: string | null
  readonly print: (line: string) => void
}

/**
 * Starts simulated boards, opens a session on each as anybody would, runs snippets and says what they answered. Resolves
 * true when every board did and the picture, if one was wanted, is written.
 */
export async function runDemo({ services, window, clock, screenshot, print }: DemoOptions): Promise<boolean> {
  const ports = await services.simulated.start(DEMO_SNIPPETS.length)
  const boards = await Promise.all(ports.map((port, index) => runBoard(services, clock, port, DEMO_SNIPPETS[index] ?? '', print)))
  const sessions = boards.filter(isPresent)
  if (screenshot !== null) {
    await waitUntil(clock, async () => (await isPageDrawn(window)) && sessions.every(({ sessionId }) => hasChart(services, sessionId)))
    await fs.writeFile(screenshot, (await window.webContents.capturePage()).toPNG())
    print(`The picture of the window is in ${screenshot}.`)
  }
  return sessions.length === DEMO_SNIPPETS.length
}

/** The session, or null when the board did not do what it should; a line says which. */
async function runBoard(
  { sessions }: DemoOptions['services'],
  clock: Clock,
  port: PortInfo,
  code: string,
  print: DemoOptions['print'],
): Promise<SessionSnapshot | null> {
  try {
    const session = await sessions.open({ port: port.path })
    const result = await sessions.execute(session.sessionId, code, {})
    print(lineOf(port, session, result))
    if (result.outcome !== 'ok') return null
    for (let execution = 1; execution < DEMO_EXECUTIONS; execution++) {
      await delay(clock, DEMO_INTERVAL_MS)
      await sessions.execute(session.sessionId, code, {})
    }
    return session
  } catch (error) {
    print(`${port.label}  failed  ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}

/** `sim-01  MicroPython 1.27.0  ok  12.3 ms  first line of the output` */
function lineOf(port: PortInfo, { board }: SessionSnapshot, { outcome, durationMs, stdout }: ExecutionResult): string {
  const [firstLine = ''] = stdout.split('\n')
  return [port.label, `MicroPython ${board?.version ?? '?'}`, outcome, `${durationMs.toFixed(1)} ms`, firstLine].join('  ')
}

function hasChart({ sessions }: DemoOptions['services'], sessionId: string): boolean {
  return sessions.metrics(sessionId).readAll().columns.at.length >= DEMO_CHART_SAMPLES
}

/** Says itself ready, has its fonts, and has drawn since. */
async function isPageDrawn(window: BrowserWindow): Promise<boolean> {
  const drawn: unknown = await window.webContents.executeJavaScript(
    `document.documentElement.dataset.ready === 'true' && document.fonts.ready.then(() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true)))))`,
  )
  return drawn === true
}

/** Gives up after a while: a picture that lacks something is better than none, and says what is wrong. */
async function waitUntil(clock: Clock, condition: () => Promise<boolean>): Promise<void> {
  const deadlineMs = clock.monotonicMs() + DEMO_TIMEOUT_MS
  while (!(await condition()) && clock.monotonicMs() < deadlineMs) await delay(clock, DEMO_INTERVAL_MS)
}

function isPresent<T>(value: T | null): value is T {
  return value !== null
}
