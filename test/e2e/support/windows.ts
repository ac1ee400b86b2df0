import type { ElectronApplication, Page } from '@playwright/test'
import type { CommandInput, CommandName, CommandOutput, Result } from '../../../shared/contract'
import { expect } from '../harness/test'

/** Asks main as the page would, and insists on an answer. */
export async function callMuster<N extends CommandName>(page: Page, name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
  // Untyped on the way: Playwright's own types of what it can pass on have no end for JSON.
  const given: readonly [string, unknown] = [name, input]
  const answer: unknown = await page.evaluate(([command, value]) => window.muster.call(command as never, value as never), given)
  const reply = answer as Result<CommandOutput<N>>
  if (!reply.ok) throw new Error(`${name}: ${reply.error.code}: ${reply.error.message}`)
  return reply.value
}

export async function waitUntilReady(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.ready).catch(() => undefined)).toBe('true')
}

/** Opens another window from a window's page, and waits until it shows something. */
export async function openWindowFrom(app: ElectronApplication, page: Page): Promise<Page> {
  const [opened] = await Promise.all([app.waitForEvent('window'), callMuster(page, 'windows:open', {})])
  await waitUntilReady(opened)
  return opened
}

/** Begins an execution and does not wait for its end. */
export function beginExecution(page: Page, sessionId: string, code: string): Promise<void> {
  return page.evaluate(([id, text]) => void window.muster.call('sessions:exec', { sessionId: id, code: text, timeoutMs: 600_000 }), [
    sessionId,
    code,
  ] as const)
}

export async function stateOf(page: Page, sessionId: string): Promise<string | undefined> {
  const sessions = await callMuster(page, 'sessions:list', { includeClosed: true })
  return sessions.find(session => session.sessionId === sessionId)?.state
}

/** Starts simulated boards and opens a session on each. */
export async function openSimulatedSessions(page: Page, count: number): Promise<string[]> {
  const { ports } = await callMuster(page, 'simulated:start', { count })
  const sessions = await Promise.all(ports.map(port => callMuster(page, 'sessions:open', { port: port.path })))
  return sessions.map(({ sessionId }) => sessionId)
}
