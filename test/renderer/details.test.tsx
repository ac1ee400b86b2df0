import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { parseEnd } from '../../renderer/features/details/lease-end'
import type { SessionFault, StateChange } from '../../shared/model'
import { aGroup, someMetadata, someOptions, someStatistics } from '../fakes/fake-bridge'
import { openView, PORT } from './support/open-view'
import { renderApp } from './support/render-app'

const section = (name: string) => within(screen.getByRole('region', { name }))

/** What stands beside a label. */
async function fact(region: string, label: string): Promise<HTMLElement> {
  const term = await waitFor(() => section(region).getByText(label, { selector: 'dt' }))
  return term.nextElementSibling as HTMLElement
}

const textOf = async (region: string, label: string): Promise<string> => (await fact(region, label)).textContent ?? ''

const CONNECTING: readonly StateChange[] = (['starting', 'waitingForPort', 'handshaking', 'initializing'] as const).map((phase, index) => ({
  at: 2_000 + index,
  state: 'Connecting',
  phase,
}))

describe('Details', () => {
  test('G-10: the data of a session can be read, and its id copied; its nonce is nowhere', async () => {
    const opened = Date.now() - 26 * 60_000
    const { user, sessionId, view } = await openView('Details', {
      deviceKey: 'usb:303a:1001:7cdfa1e3',
      clientIdentity: 'window-2',
      clientSessionName: 'reflow',
      clientCorrelationId: 'run-0412',
      metadata: someMetadata({ dataSource: 'bench-a' }),
      openedAt: opened,
      statistics: someStatistics({
        operations: 5_206,
        errors: 22,
        bytesIn: 1_421_000,
        bytesOut: 118_000,
        messagesIn: 18_904,
        messagesOut: 5_310,
      }),
    })
    expect(await textOf('Session', 'Owner')).toBe('window-2')
    expect(await textOf('Session', 'Name')).toBe('reflow')
    expect(await textOf('Session', 'Correlation id')).toBe('run-0412')
    expect(await textOf('Session', 'Device key')).toBe('usb:303a:1001:7cdfa1e3')
    expect(await textOf('Session', 'Data source')).toBe('bench-a')
    expect(await textOf('Session', 'Opened')).toMatch(/2[67] min ago$/)
    expect(await textOf('Session', 'Executions')).toBe('5,184 ok · 22 failed')
    expect(await textOf('Session', 'In / out')).toBe('1.4 MB / 118.0 kB')
    expect(await textOf('Session', 'Messages')).toBe('18,904 / 5,310')
    await user.click(screen.getByRole('button', { name: 'Copy the session id' }))
    expect(await navigator.clipboard.readText()).toBe(sessionId)
    expect(view.container.textContent).not.toContain('nonce')
  })

  test('B-26: every change of state is told, oldest first, the present one marked; connecting is one step with its phases', async () => {
    const history: StateChange[] = [
      { at: 1_000, state: 'Created', phase: null },
      ...CONNECTING,
      { at: 3_000, state: 'Connected', phase: null },
      { at: 4_000, state: 'Error', phase: null },
    ]
    const { bridge, sessionId, tell } = await openView('Details', {}, (given, id) => given.infos.set(id, { history }))
    const steps = () => within(screen.getByRole('list', { name: 'State history' })).getAllByRole('listitem')
    await waitFor(() => expect(steps().map(step => step.textContent)).toEqual(['Created', '→Connecting', '→Connected', '→Error']))
    expect(steps()[1]?.title.split('\n')).toHaveLength(4)
    expect(steps().at(-1)?.getAttribute('aria-current')).toBe('step')

    bridge.infos.set(sessionId, { history: [...history, ...CONNECTING, { at: 30_000, state: 'Connected', phase: null }] })
    await tell({ state: 'Connected' }, 'stateChanged')
    await waitFor(() => expect(steps()).toHaveLength(6))
    expect(await textOf('Session', 'Reconnects')).toMatch(/^0, last .* after 26\.0 s$/)
  })

  test('a long history is folded', async () => {
    const history = Array.from(
      { length: 30 },
      (_, index): StateChange => ({ at: index, state: index % 2 === 0 ? 'Active' : 'Idle', phase: null }),
    )
    const { user } = await openView('Details', {}, (given, id) => given.infos.set(id, { history }))
    await user.click(await screen.findByRole('button', { name: '21 earlier' }))
    expect(within(screen.getByRole('list', { name: 'State history' })).getAllByRole('listitem')).toHaveLength(30)
  })

  test('G-08, M-02: the state is told in the words of a gateway and of an I/O session as well', async () => {
    const idle = { count: 2, lastAt: 1 }
    const never = { count: 0, lastAt: null }
    const { tell } = await openView('Details')
    expect(await textOf('Session', 'Seen as')).toBe('gateway Ready · I/O session Connected')
    await tell({ statistics: someStatistics({ idle: { read: never, write: idle, both: idle } }) })
    expect(await textOf('Session', 'Seen as')).toBe('gateway Ready · I/O session Idle for write, both')
    await tell({ state: 'Connecting', phase: 'handshaking' })
    expect(await textOf('Session', 'Seen as')).toBe('gateway Handshaking · I/O session not connected')
    expect(await textOf('Session', 'State')).toMatch(/^Connecting: waiting for the prompt since/)
    await tell({ state: 'Disconnecting', phase: null })
    expect(await textOf('Session', 'Seen as')).toBe('gateway Closing · I/O session Closing')
  })

  test('M-03: three lamps say what has been silent, for how long, and which are off', async () => {
    const { tell } = await openView('Details', {}, (bridge, id) =>
      bridge.infos.set(id, { options: someOptions({ writerIdleMs: 10_000, bothIdleMs: 30_000 }) }),
    )
    await waitFor(() => expect(section('Idle').getByTitle('nothing read: off').textContent).toContain('read off'))
    expect(section('Idle').getByTitle('nothing written: awake')).toBeDefined()
    const never = { count: 0, lastAt: null }
    await tell({
      statistics: someStatistics({
        lastWriteAt: Date.now() - 12 * 60_000,
        idle: { read: never, write: { count: 1, lastAt: Date.now() }, both: never },
      }),
    })
    expect(section('Idle').getByTitle('nothing written: idle').textContent).toContain('write 12 min')
    expect(section('Idle').getByTitle('neither read nor written: awake')).toBeDefined()
  })

  test('M-04: periods and the idle time-out are changed while the session is open; a wrong one is told beside it', async () => {
    const { bridge, user, sessionId } = await openView('Details')
    const write = await screen.findByRole('textbox', { name: 'Idle period, nothing written' })
    await user.clear(write)
    await user.type(write, 'soon')
    expect(screen.getByRole('alert').textContent).toBe('Write it as 90 s or 5 min, or “off”.')
    await user.clear(write)
    await user.type(write, '200 ms')
    expect(screen.getByRole('alert').textContent).toMatch(/^The shortest is 1 s/)
    await user.keyboard('{Enter}')
    expect(bridge.callsOf('sessions:configure')).toEqual([])
    await user.clear(write)
    await user.type(write, '90 s{Enter}')
    expect(bridge.callsOf('sessions:configure')).toEqual([{ sessionId, options: { writerIdleMs: 90_000 } }])
    await waitFor(() => expect((write as HTMLInputElement).value).toBe('1 min 30 s'))

    const timeout = screen.getByRole<HTMLInputElement>('textbox', { name: 'Idle time-out' })
    expect(timeout.value).toBe('5 min')
    await user.clear(timeout)
    await user.type(timeout, 'never{Enter}')
    expect(bridge.callsOf('sessions:configure').at(-1)).toEqual({ sessionId, options: { idleTimeoutMs: null } })
    await user.clear(write)
    await user.type(write, '5 h{Escape}')
    expect((write as HTMLInputElement).value).toBe('1 min 30 s')
  })

  test('a period that is refused stays as it was written, with the reason', async () => {
    const { bridge, user } = await openView('Details')
    bridge.fail('sessions:configure', { code: 'SessionNotReady', message: 'The session is closing.' })
    const timeout = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Idle time-out' })
    await user.clear(timeout)
    await user.type(timeout, '10 min{Enter}')
    expect((await section('Idle').findByRole('alert')).textContent).toContain('The session is closing.')
    expect(timeout.value).toBe('10 min')
  })

  test('G-14: a lease counts down, is put off by 15 minutes, set to any moment, and taken away', async () => {
    const expiresAt = Date.now() + 14 * 60_000 + 27_500
    const { bridge, user, sessionId } = await openView('Details', { lease: { expiresAt, isPending: false } }, (given, id) =>
      given.infos.set(id, { options: someOptions({ leaseDurationMs: 20 * 60_000 }) }),
    )
    expect(await textOf('Lease', 'Expires')).toMatch(/, in 14 min \d+ s/)
    expect(await textOf('Lease', 'Policy')).toBe('renewed to 20 min by each use')
    await user.click(screen.getByRole('button', { name: 'Extend 15 min' }))
    expect(bridge.callsOf('sessions:extendLease')).toEqual([{ sessionId, expiresAt: expiresAt + 900_000 }])
    await user.click(await screen.findByRole('button', { name: 'Remove the lease' }))
    expect(bridge.callsOf('sessions:extendLease').at(-1)).toEqual({ sessionId, expiresAt: null })
    await waitFor(async () => expect(await textOf('Lease', 'Expires')).toMatch(/^never/))

    const before = Date.now()
    await user.click(screen.getByRole('button', { name: 'Extend 15 min' }))
    const extended = bridge.callsOf('sessions:extendLease').at(-1)?.expiresAt ?? 0
    expect(extended - before).toBeGreaterThanOrEqual(900_000)
    expect(extended - before).toBeLessThan(960_000)

    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Set end' }).disabled).toBe(true)
    await user.type(screen.getByRole('textbox', { name: 'End of the lease' }), '2099-02-03 04:05:06')
    await user.click(screen.getByRole('button', { name: 'Set end' }))
    expect(bridge.callsOf('sessions:extendLease').at(-1)?.expiresAt).toBe(new Date(2099, 1, 3, 4, 5, 6).getTime())
    await user.clear(screen.getByRole('textbox', { name: 'End of the lease' }))
    await user.type(screen.getByRole('textbox', { name: 'End of the lease' }), '2001-02-03 04:05')
    expect(section('Lease').getByText('This is over: the session will close.')).toBeDefined()
  })

  test('E-09: a lease that ended during a run says what it waits for', async () => {
    await openView('Details', { lease: { expiresAt: Date.now() - 1_000, isPending: true } })
    expect(await textOf('Lease', 'Expires')).toContain('Closes as soon as the running code has ended.')
  })

  test('B-13, B-14: probe and heartbeat with result, time and age; off is said', async () => {
    const at = new Date(2026, 0, 1, 14, 6, 12).getTime()
    const { bridge, sessionId, tell } = await openView('Details')
    expect(await textOf('Health', 'Last probe')).toBe('none yet')
    await waitFor(async () => expect(await textOf('Health', 'Heartbeat')).toBe('off'))
    bridge.infos.set(sessionId, {
      options: someOptions({ profile: 'longRunning', heartbeatIntervalMs: 30_000, healthCheckIntervalMs: 300_000 }),
    })
    await tell({ health: { isHealthy: true, lastProbe: { at: Date.now() - 41 * 60_000, ok: true, durationMs: 0.9 }, lastHeartbeatAt: at } })
    expect(await textOf('Health', 'Last probe')).toBe('answered in 0.9 ms, 41 min ago')
    await waitFor(async () => expect(await textOf('Health', 'Heartbeat')).toBe('every 30 s, last 14:06:12'))
    expect(await textOf('Health', 'Probes')).toBe('every 5 min, while nothing runs')
    await tell({
      health: { isHealthy: false, lastProbe: { at: Date.now() - 60_000, ok: false, durationMs: 5_000 }, lastHeartbeatAt: null },
    })
    expect(await textOf('Health', 'Session')).toBe('not healthy')
    expect(await textOf('Health', 'Last probe')).toBe('no answer within 5.0 s, 1 min ago')
  })

  test('B-19: the options it was opened with, in units a person reads', async () => {
    await openView('Details', {}, (bridge, id) =>
      bridge.infos.set(id, {
        options: someOptions({ connectionTimeoutMs: 90_000, maxReconnectAttempts: 0, initSnippet: 'import oven\noven.on()' }),
      }),
    )
    await screen.findByRole('region', { name: 'Limits' })
    expect(await textOf('Limits', 'Connecting')).toBe('1 min 30 s')
    expect(await textOf('Limits', 'Reconnecting')).toBe('no attempts')
    expect(await textOf('Limits', 'Output of one run')).toBe('1.0 MB')
    expect(await textOf('Limits', 'After connecting')).toBe('import oven …')
  })

  test('G-01: what the board said is marked as cached as soon as it is not connected', async () => {
    const connectedAt = new Date(2026, 0, 1, 13, 40, 22).getTime()
    const { tell } = await openView('Details', { connectedAt })
    expect(await textOf('Board', 'Machine')).toBe('Raspberry Pi Pico with RP2040')
    expect(await textOf('Board', 'Known by')).toMatch(/^ ?unique id ?The board says its unique id itself/)
    expect(section('Board').queryByText(/cached/)).toBeNull()
    await tell({ state: 'Error' }, 'stateChanged')
    expect(section('Board').getByText(/^cached, as of (1 Jan )?13:40:22$/)).toBeDefined()
  })

  test('G-12: a fault says what, why, what to do, when, and whether it is final', async () => {
    const fault: SessionFault = {
      code: 'OperationFailed',
      reason: 'disconnected',
      message: `The board on ${PORT} was disconnected.`,
      hint: 'Check the cable.',
      at: new Date(2026, 0, 1, 14, 2, 11).getTime(),
      final: false,
    }
    const { tell } = await openView('Details')
    expect(screen.queryByRole('region', { name: 'Fault' })).toBeNull()
    await tell({ state: 'Error', fault }, 'error')
    expect(await textOf('Fault', 'Message')).toBe(fault.message)
    expect(await textOf('Fault', 'What to do')).toBe('Check the cable.')
    expect(await textOf('Fault', 'Code')).toBe('OperationFailed · disconnected')
    expect(await textOf('Fault', 'When')).toContain('14:02:11')
    expect(await textOf('Fault', 'Final')).toBe('no: it can be connected again')
    await tell({ fault: { ...fault, final: true } }, 'error')
    expect(await textOf('Fault', 'Final')).toBe('yes: it can only be closed')
    expect(section('Connection').getByRole<HTMLButtonElement>('button', { name: 'Reconnect' }).disabled).toBe(true)
  })

  test('B-37: a lost session says how it comes back, is connected by hand, and told not to do it by itself', async () => {
    const { bridge, user, sessionId, tell } = await openView('Details')
    const at = new Date(2026, 0, 1, 14, 2, 11).getTime()
    const fault: SessionFault = { code: 'OperationFailed', reason: 'disconnected', message: 'Gone.', hint: null, at, final: false }
    await tell(
      { state: 'Error', fault, reconnect: { attempt: 1, maxAttempts: 3, stage: 'waiting', nextAttemptAt: Date.now() + 59_000 } },
      'error',
    )
    expect(await textOf('Connection', 'Now')).toMatch(/^Lost 14:02:11, trying again in \d\d s$/)
    await user.click(section('Connection').getByRole('switch', { name: 'Connect again by itself' }))
    expect(bridge.callsOf('sessions:configure')).toEqual([{ sessionId, options: { autoReconnect: false } }])
    await waitFor(() => expect(section('Connection').getByRole('switch').getAttribute('aria-checked')).toBe('false'))

    bridge.fail('sessions:reconnect', { code: 'OpenFailed', reason: 'not-present', message: 'The board is not there.' })
    await user.click(section('Connection').getByRole('button', { name: 'Reconnect' }))
    expect(bridge.callsOf('sessions:reconnect')).toEqual([{ sessionId }])
    expect((await section('Connection').findByRole('alert')).textContent).toContain('The board is not there.')
  })

  test('an answer that never comes leaves what the snapshot knows; a refusal is told', async () => {
    await openView('Details', {}, bridge => bridge.fail('sessions:info', { code: 'SessionNotFound', message: 'No such session.' }))
    expect((await screen.findByRole('alert')).textContent).toContain('No such session.')
    expect(await textOf('Session', 'Owner')).toBe('window-1')
  })
})

test.each([
  ['20 min', new Date(2026, 7, 11, 22, 20)],
  ['23:30', new Date(2026, 7, 11, 23, 30)],
  ['4:05:06', new Date(2026, 7, 12, 4, 5, 6)],
  ['22:00', new Date(2026, 7, 12, 22, 0)],
  ['2026-08-31 14:30', new Date(2026, 7, 31, 14, 30)],
])('the end of a lease is written as %s', (text, at) => {
  expect(parseEnd(text, new Date(2026, 7, 11, 22, 0).getTime())).toBe(at.getTime())
})

test.each(['', 'later', '25:00', '12:60', '2026-02-30 12:00', '2026-08-31'])('“%s” is no end of a lease', text => {
  expect(parseEnd(text, Date.now())).toBeNull()
})

test('a group has no board, and no view of what boards do', async () => {
  const { settle } = await renderApp(bridge => {
    bridge.sessions = [aGroup('Bench A')]
  })
  await settle()
  const views = within(screen.getByRole('tablist', { name: 'Views' })).getAllByRole('tab')
  expect(views.map(view => view.textContent)).toEqual(['Details', 'Metadata', 'Attributes', 'Events'])
  await screen.findByRole('region', { name: 'Session' })
  expect(screen.queryByRole('region', { name: 'Board' })).toBeNull()
  expect(screen.queryByRole('region', { name: 'Idle' })).toBeNull()
})
