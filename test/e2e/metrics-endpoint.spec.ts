import { freePort } from '../core/metrics/free-port'
import { expect, test } from './harness/test'
import { callMuster, openSimulatedSessions } from './support/windows'

test('S-04: metrics are served on this computer from the moment they are asked for, and no longer', async ({ launch }) => {
  const { page } = await launch()
  const port = await freePort()
  const address = `http://127.0.0.1:${port}/metrics`
  expect((await callMuster(page, 'metrics:snapshot', {})).endpoint).toBeNull()

  await callMuster(page, 'config:set', { key: 'metrics.prometheus.port', value: port })
  await callMuster(page, 'config:set', { key: 'metrics.prometheus.enabled', value: true })
  await expect.poll(async () => (await callMuster(page, 'metrics:snapshot', {})).endpoint).toBe(address)

  const [sessionId = ''] = await openSimulatedSessions(page, 1)
  await callMuster(page, 'sessions:exec', { sessionId, code: 'print(1)' })
  const text = await (await fetch(address)).text()
  expect(text).toMatch(/^active_sessions 1$/m)
  expect(text).toContain(`session_operations_total{session_id="${sessionId}",success="true"} 1`)
  expect((await callMuster(page, 'metrics:text', {})).text).toContain('active_sessions 1')

  await callMuster(page, 'sessions:close', { sessionId })
  await expect.poll(async () => (await fetch(address)).text()).not.toContain(`session_operations_total{session_id="${sessionId}"`)
  await callMuster(page, 'config:set', { key: 'metrics.prometheus.enabled', value: false })
  await expect
    .poll(() =>
      fetch(address).then(
        () => 'answers',
        () => 'refused',
      ),
    )
    .toBe('refused')
})
