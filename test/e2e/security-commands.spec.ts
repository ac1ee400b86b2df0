import { commandSchemas } from '../../electron/ipc/schemas'
import type { CommandName } from '../../shared/contract'
import { BRIDGE_ERROR_CODES, DOMAIN_ERROR_CODES } from '../../shared/errors'
import { expect, test } from './harness/test'
import { callMuster, openSimulatedSessions } from './support/windows'

/**
 * What is hostile about a `Map` or a `__proto__` is gone when it has crossed the bridge, an empty object is left, and with that a page
 * may end the app, open windows, and ask the user for a folder.
 */
const ALLOWED: readonly CommandName[] = ['manager:shutdown', 'windows:open', 'local:choose']
const COMMANDS = (Object.keys(commandSchemas) as CommandName[]).filter(name => !ALLOWED.includes(name))
/** All but what no page may ever be told. */
const EXPECTED_CODES = ['ok', ...DOMAIN_ERROR_CODES, ...BRIDGE_ERROR_CODES].filter(code => code !== 'internal')

test('a hostile page gets an answer to everything and does no harm (security rows 11, 12)', async ({ launch }) => {
  const { page } = await launch()
  const [sessionId = ''] = await openSimulatedSessions(page, 1)
  const answers = await page.evaluate(async names => {
    const hostile: unknown[] = [
      undefined,
      null,
      0,
      'x',
      [],
      new Map([['sessionId', 'x']]),
      new Date(),
      { sessionId: null },
      { sessionId: 7, more: 1 },
      { sessionId: 'x'.repeat(1_000) },
      { sessionId: { toString: 'x' } },
      { ['__proto__']: { sessionId: 'x' } },
      JSON.parse('{"__proto__": {"sessionId": "x"}, "sessionId": "session-none"}'),
      { data: new Uint8Array(9 * 1024 * 1024) },
      { code: 'x'.repeat(9 * 1024 * 1024) },
      { run: () => 1 },
      { error: new Error('x') },
    ]
    const replies: [string, string][] = []
    for (const name of names) {
      for (const input of hostile) {
        const reply = await window.muster.call(name as never, input as never)
        replies.push([name, reply.ok ? 'ok' : reply.error.code])
      }
    }
    return replies
  }, COMMANDS)
  expect(answers).toHaveLength(COMMANDS.length * 17)
  for (const [name, code] of answers) expect(EXPECTED_CODES, name).toContain(code)
  const { stdout } = await callMuster(page, 'sessions:exec', { sessionId, code: 'print("unharmed")' })
  expect(stdout).toBe('unharmed\n')
})
