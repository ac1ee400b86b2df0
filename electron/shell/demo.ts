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

/** What a board did with its first snippet. */
type Answer = { readonly session: SessionSnapshot; readonly code: string; readonly result: ExecutionResult } | { readonly problem: string }

/**
 * Starts simulated boards, opens a session on each as anybody would, runs snippets and says what they answered. Resolves
 * true when every board did and the picture, if one was wanted, is written.
 */
export async function runDemo({ services, window, clock, screenshot, print }: DemoOptions): Promise<boolean> {
  const ports = await services.simulated.start(DEMO_SNIPPETS.length)
  const answers = await Promise.all(ports.map((port, index) => ask(services, port, DEMO_SNIPPETS[index] ?? '')))
  for (const [index, port] of ports.entries()) print(lineOf(port, answers[index] ?? { problem: 'was not asked' }))
  const boards = answers.flatMap(answer => ('result' in answer && answer.result.outcome === 'ok' ? [answer] : []))
  if (screenshot !== null) {
    await Promise.all(boards.map(board => keepBusy(services, clock, board.session.sessionId, board.code)))
    const isComplete = async (): Promise<boolean> =>
      (await isPageDrawn(window)) && boards.every(({ session }) => hasChart(services, session.sessionId))
    await waitUntil(clock, isComplete)
    await fs.writeFile(screenshot, (await window.webContents.capturePage()).toPNG())
    print(`The picture of the window is in ${screenshot}.`)
  }
  return boards.length === DEMO_SNIPPETS.length
}

async function ask({ sessions }: DemoOptions['services'], port: PortInfo, code: string): Promise<Answer> {
  try {
    const session = await sessions.open({ port: port.path }, '')
    return { session, code, result: await sessions.execute(session.sessionId, code, {}) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** `sim-01  MicroPython 1.27.0  ok  12.3 ms  first line of the output` */
function lineOf(port: PortInfo, answer: Answer): string {
  if ('problem' in answer) return [port.label, 'failed', answer.problem].join('  ')
  const { session, result } = answer
  const [firstLine = ''] = result.stdout.split('\n')
  return [port.label, `MicroPython ${session.board?.version ?? '?'}`, result.outcome, `${result.durationMs.toFixed(1)} ms`, firstLine].join(
    '  ',
  )
}

/** Gives the charts something to show. */
async function keepBusy({ sessions }: DemoOptions['services'], clock: Clock, sessionId: string, code: string): Promise<void> {
  for (let execution = 1; execution < DEMO_EXECUTIONS; execution++) {
    await delay(clock, DEMO_INTERVAL_MS)
    await sessions.execute(sessionId, code, {})
  }
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

/** Gives up after a while: a picture that lacks something is better than none, and shows what is wrong. */
async function waitUntil(clock: Clock, condition: () => Promise<boolean>): Promise<void> {
  const deadlineMs = clock.monotonicMs() + DEMO_TIMEOUT_MS
  while (!(await condition()) && clock.monotonicMs() < deadlineMs) await delay(clock, DEMO_INTERVAL_MS)
}
