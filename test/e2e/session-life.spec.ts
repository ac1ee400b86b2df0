import { expect, test } from './harness/test'
import { MusterWindow } from './support/window'
import { callMuster, openWindowFrom, stateOf } from './support/windows'

test('a board is connected, used, watched and let go of, and whoever looks sees all four phases (B-01)', async ({ launch }) => {
  const { app, page } = await launch()
  const watcher = await openWindowFrom(app, page)
  const phases = await watcher.evaluateHandle(() => {
    const seen: string[] = []
    window.muster.subscribe('sessions:changed', {}, change => {
      if (change.kind === 'events') for (const { type, snapshot } of change.events) seen.push(`${type} ${snapshot.state}`)
    })
    return seen
  })
  const { ports } = await callMuster(page, 'simulated:start', { count: 1 })
  const { sessionId, board } = await callMuster(page, 'sessions:open', { port: ports[0]?.path ?? '' })
  expect(board?.name).toBe('micropython')

  const { value } = await callMuster(page, 'sessions:exec', { sessionId, code: '[n * n for n in range(4)]', expect: 'json' })
  expect(value).toEqual([0, 1, 4, 9])
  const kinds = await page.evaluate(async id => {
    const reply = await window.muster.call('sessions:exec', { sessionId: id, code: '[b"\\x00\\xff", 2 ** 64, -0.0]', expect: 'value' })
    if (!reply.ok || !Array.isArray(reply.value.value)) return reply
    const [bytes, large, zero] = reply.value.value
    return [bytes instanceof Uint8Array && [...bytes], typeof large, String(large), Object.is(zero, -0)]
  }, sessionId)
  expect(kinds).toEqual([[0, 255], 'bigint', '18446744073709551616', true])
  await expect(callMuster(page, 'sessions:exec', { sessionId, code: 'while True: pass', timeoutMs: 300 })).rejects.toThrow(
    'OperationTimeout',
  )

  const { operations, errors, latencyMs } = await callMuster(watcher, 'sessions:stats', { sessionId })
  expect([operations, errors, latencyMs?.count]).toEqual([3, 1, 3])
  expect(await callMuster(watcher, 'manager:health', {})).toMatchObject({ status: 'Healthy', data: { active_sessions: 1 } })
  expect((await callMuster(watcher, 'sessions:info', { sessionId })).snapshot.health.isHealthy).toBe(true)
  expect((await callMuster(watcher, 'metrics:text', {})).text).toContain('\nactive_sessions 1\n')

  const closed = { finalState: 'Closed', state: 'Disposed', reason: 'client-close', killed: false }
  expect(await callMuster(page, 'sessions:close', { sessionId })).toMatchObject({ ...closed, alreadyClosed: false })
  expect(await callMuster(watcher, 'sessions:close', { sessionId })).toMatchObject({ ...closed, alreadyClosed: true })
  expect((await callMuster(watcher, 'metrics:text', {})).text).toContain('\nactive_sessions 0\n')
  const expected = [
    'created Created',
    'connected Connected',
    'stateChanged Active',
    'stateChanged Idle',
    'disconnected Disconnected',
    'disposed Disposed',
  ]
  // The first of each: the session was active and idle twice.
  const firsts = async (): Promise<readonly string[]> => [...new Set(await phases.jsonValue())].filter(phase => expected.includes(phase))
  await expect.poll(firsts).toEqual(expected)
})

test('a session carries what is said about it: live in every window, changed as it runs, remembered at its end (S-01)', async ({
  launch,
}) => {
  const { app, page } = await launch()
  const second = await openWindowFrom(app, page)
  const { ports } = await callMuster(page, 'simulated:start', { count: 1 })
  const metadata = { dataSource: 'oven-3', type: 'Burn-in', version: 2, identifier: 'left', details: { operator: 'ada' } }
  const child = await callMuster(page, 'sessions:open', { port: ports[0]?.path ?? '', metadata })
  const group = await callMuster(second, 'sessions:open', {
    backend: 'none',
    clientSessionName: 'Bench',
    metadata: { dataSource: 'bench', associateSessionKeys: [child.sessionId] },
  })
  await callMuster(second, 'sessions:updateDetails', { sessionId: child.sessionId, details: { lap: '1', operator: null } })
  await callMuster(second, 'attributes:update', { sessionId: child.sessionId, key: 'laps', add: 1 })
  const { snapshot } = await callMuster(page, 'sessions:info', { sessionId: child.sessionId })
  expect(snapshot.metadata).toMatchObject({ ...metadata, details: { lap: '1' } })
  expect(await callMuster(page, 'attributes:get', { sessionId: child.sessionId, key: 'laps' })).toEqual({ value: 1, found: true })
  expect((await callMuster(page, 'sessions:list', { dataSource: 'oven-3' })).map(({ sessionId }) => sessionId)).toEqual([child.sessionId])
  for (const window of [new MusterWindow(page), new MusterWindow(second)]) {
    await expect(window.fleet.getByRole('treeitem', { name: /Bench/ })).toBeVisible()
  }

  await callMuster(page, 'sessions:close', { sessionId: group.sessionId, cascade: true })
  expect([await stateOf(page, child.sessionId), await stateOf(page, group.sessionId)]).toEqual(['Disposed', 'Disposed'])
  expect(await callMuster(page, 'sessions:list', {})).toEqual([])
  const [remembered] = await callMuster(second, 'sessions:list', { includeClosed: true, dataSource: 'oven-3' })
  expect(remembered?.metadata.details).toEqual({ lap: '1' })
})
