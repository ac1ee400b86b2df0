import { screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { SessionSnapshot } from '../../shared/model'
import { aLostSession, aPort, aSession, type FakeBridge } from '../fakes/fake-bridge'
import { memoryStorage, renderApp } from './support/render-app'

const KEY = 'usb:303a:1001:7cdf'
const OVEN = aSession('/dev/ttyACM0', { deviceKey: KEY, portLabel: 'oven' })
const oven = (path: string) => aPort(path, { label: 'oven', deviceKey: KEY })
const pico = (path: string) => aPort(path, { label: 'pico', deviceKey: 'usb:2e8a:0005:e661' })

function withOven(bridge: FakeBridge): void {
  bridge.ports = { ports: [oven('/dev/ttyACM0')], scannedAt: 0, stale: null }
  bridge.sessions = [OVEN]
}

const lost = (over: Partial<SessionSnapshot> = {}) =>
  aLostSession('/dev/ttyACM0', new Date(2026, 0, 1, 14, 2, 11).getTime(), { deviceKey: KEY, portLabel: 'oven', ...over })
const back = (port: string) => ({ ...OVEN, port })

const tree = () => screen.getByRole('tree', { name: 'Fleet' })
const rows = () =>
  within(tree())
    .getAllByRole('treeitem')
    .filter(item => item.dataset.state !== undefined)
const row = (name: RegExp) => within(tree()).getByRole('treeitem', { name })

describe('a session that comes back on another port', () => {
  test('keeps its row and its tab: lost while the port has gone, then the new port', async () => {
    const { bridge, user, settle, stores } = await renderApp(withOven)
    await user.click(row(/^oven/))
    await user.click(screen.getByRole('tab', { name: /^Metrics/ }))

    await settle(() => {
      bridge.setSession(lost(), 'error', { reason: 'unexpected' })
      bridge.setPorts([])
    })
    expect(rows()).toHaveLength(1)
    expect(row(/^oven/).textContent).toContain('was ttyACM0')
    expect(row(/^oven/).textContent).toContain('Lost · 14:02:11, waiting for the board')
    expect(screen.getByRole('tab', { name: 'oven, Lost' }).getAttribute('aria-selected')).toBe('true')

    await settle(() => {
      bridge.setPorts([oven('/dev/ttyACM5')])
      bridge.setSession(back('/dev/ttyACM5'), 'connected', { reconnected: true })
    })
    expect(rows()).toHaveLength(1)
    expect(row(/^oven/).textContent).toContain('ttyACM5')
    expect(row(/^oven/).getAttribute('aria-selected')).toBe('true')
    expect(screen.getByRole('tab', { name: 'oven, Ready' }).getAttribute('aria-selected')).toBe('true')
    expect(screen.getByRole('tab', { name: /^Metrics/ }).getAttribute('aria-selected')).toBe('true')
    expect(stores.notices.getState().lastEvent?.text).toBe('oven is back on ttyACM5')
  })

  test('is one row, also while its board is listed on the new port and not connected yet', async () => {
    const { bridge, settle, user } = await renderApp(withOven)
    await settle(() => {
      bridge.setSession(lost(), 'error', { reason: 'unexpected' })
      bridge.setPorts([oven('/dev/ttyACM5')])
    })
    expect(rows().map(item => item.getAttribute('aria-label'))).toEqual([expect.stringMatching(/^oven, .*Lost/)])
    // Opening the board where it is means bringing its session back.
    await user.dblClick(row(/^oven/))
    expect(bridge.callsOf('sessions:reconnect')).toEqual([{ sessionId: OVEN.sessionId }])
    expect(bridge.callsOf('sessions:open')).toEqual([])
  })

  test('another board on its old port has a row of its own, which can be opened', async () => {
    const { bridge, settle, user } = await renderApp(withOven)
    await settle(() => {
      bridge.setSession(lost(), 'error', { reason: 'unexpected' })
      bridge.setPorts([pico('/dev/ttyACM0')])
    })
    expect(rows()).toHaveLength(2)
    expect(row(/^oven/).textContent).toContain('Lost')
    await user.dblClick(row(/^pico/))
    expect(bridge.callsOf('sessions:open')).toEqual([{ port: '/dev/ttyACM0' }])

    // Its session is the port's; the lost one keeps its own row and tab.
    const other = aSession('/dev/ttyACM0', { sessionId: 'session-pico', deviceKey: 'usb:2e8a:0005:e661', openedAt: Date.now() + 1 })
    await settle(() => bridge.setSession(other, 'connected'))
    expect(rows().map(item => item.getAttribute('aria-label')?.split(',')[0])).toEqual(['oven', 'pico'])
    expect(screen.getAllByRole('tab', { name: /^(oven|pico), / })).toHaveLength(2)
    await settle(() => {
      bridge.setPorts([pico('/dev/ttyACM0'), oven('/dev/ttyACM1')])
      bridge.setSession(back('/dev/ttyACM1'), 'connected', { reconnected: true })
    })
    expect(rows()).toHaveLength(2)
    expect(row(/^oven/).textContent).toContain('ttyACM1')
    expect(row(/^pico/).textContent).toContain('ttyACM0')
  })

  test('keeps its place in the list', async () => {
    const { bridge, settle } = await renderApp(given => {
      withOven(given)
      given.ports = { ...given.ports, ports: [oven('/dev/ttyACM0'), pico('/dev/ttyACM1')] }
      given.sessions = [OVEN, aSession('/dev/ttyACM1', { deviceKey: 'usb:2e8a:0005:e661', portLabel: 'pico' })]
    })
    await settle(() => {
      bridge.setPorts([pico('/dev/ttyACM1'), oven('/dev/ttyACM9')])
      bridge.setSession(back('/dev/ttyACM9'), 'connected', { reconnected: true })
    })
    expect(rows().map(item => item.getAttribute('aria-label')?.split(',')[0])).toEqual(['oven', 'pico'])
  })

  test('finds its code there', async () => {
    const storage = memoryStorage()
    const first = await renderApp(withOven, storage)
    await first.user.clear(await screen.findByLabelText('Code for oven'))
    await first.user.type(await screen.findByLabelText('Code for oven'), 'oven()')
    first.end()
    const { user, bridge } = await renderApp(bridge => {
      bridge.ports = { ports: [oven('/dev/ttyACM7')], scannedAt: 0, stale: null }
    }, storage)
    bridge.answer('sessions:open', () => {
      bridge.setSession(back('/dev/ttyACM7'), 'connected')
      return { ok: true, value: back('/dev/ttyACM7') }
    })
    await user.dblClick(row(/^oven/))
    expect(bridge.callsOf('sessions:open')).toEqual([{ port: '/dev/ttyACM7' }])
    expect(await screen.findByLabelText('Code for oven')).toHaveProperty('value', 'oven()')
  })
})

describe('what becomes of a lost session', () => {
  test.each([
    [
      'waiting',
      { stage: 'waiting', attempt: 2, maxAttempts: 3, nextAttemptAt: null },
      /Lost 14:02:11, trying again in \d s\. Attempt 2 of 3/,
    ],
    ['absent', { stage: 'absent', attempt: 1, maxAttempts: 3, nextAttemptAt: null }, /Lost 14:02:11, waiting for the board\./],
    ['connecting', { stage: 'connecting', attempt: 1, maxAttempts: 3, nextAttemptAt: null }, /Lost 14:02:11, connecting\. Attempt 1 of 3/],
    ['exhausted', { stage: 'exhausted', attempt: 3, maxAttempts: 3, nextAttemptAt: null }, /Lost 14:02:11, gave up after 3 attempts\./],
    ['off', { stage: 'off', attempt: 1, maxAttempts: 3, nextAttemptAt: null }, /Lost 14:02:11, not trying\./],
  ] as const)('is said: %s', async (_stage, reconnect, text) => {
    await renderApp(bridge => {
      withOven(bridge)
      // Counted from now: the tests before this one take their time.
      const nextAttemptAt = reconnect.stage === 'waiting' ? Date.now() + 8_600 : null
      const state = reconnect.stage === 'connecting' ? ({ state: 'Connecting' } as const) : {}
      bridge.sessions = [lost({ reconnect: { ...reconnect, nextAttemptAt }, ...state })]
    })
    expect(screen.getByRole('alert').textContent).toMatch(text)
  })

  test('another board in its place is named as such', async () => {
    await renderApp(bridge => {
      withOven(bridge)
      const session = lost()
      const fault = session.fault === null ? null : { ...session.fault, reason: 'another-board' as const, message: 'It says 7c:df.' }
      bridge.sessions = [{ ...session, fault }]
    })
    expect(screen.getByRole('alert').textContent).toContain('Lost 14:02:11. Another board is on ttyACM0. It says 7c:df.')
    expect(row(/^oven/).textContent).toContain('another board')
  })

  test('Stop trying leaves it lost; the switch in the menu takes that back', async () => {
    const { bridge, user, settle } = await renderApp(withOven)
    await settle(() => bridge.setSession(lost(), 'error', { reason: 'unexpected' }))
    await user.click(screen.getByRole('button', { name: 'Stop trying' }))
    expect(bridge.callsOf('sessions:configure')).toEqual([{ sessionId: OVEN.sessionId, options: { autoReconnect: false } }])
    await user.click(screen.getByRole('button', { name: 'More for this session' }))
    const auto = screen.getByRole('menuitemcheckbox', { name: 'Reconnect by itself when lost' })
    expect(auto.getAttribute('aria-checked')).toBe('false')
    await user.click(auto)
    expect(bridge.callsOf('sessions:configure').at(-1)).toEqual({ sessionId: OVEN.sessionId, options: { autoReconnect: true } })
  })

  test('the menu and its keys reconnect, a ready session too', async () => {
    const { bridge, user, settle } = await renderApp(withOven)
    await settle(() => bridge.emit('menu:invoked', { action: 'reconnect' }))
    await settle(() => bridge.setSession(OVEN, 'connected', { reconnected: true }))
    await user.click(screen.getByRole('button', { name: 'More for this session' }))
    await user.click(screen.getByRole('menuitem', { name: /reconnect$/ }))
    expect(bridge.callsOf('sessions:reconnect')).toHaveLength(2)
  })
})

describe('force close (G-18)', () => {
  test('G-18: is always in the menu, says what is lost, and does nothing until it is confirmed', async () => {
    const { bridge, user, settle } = await renderApp(withOven)
    const running = { executionId: 'e', number: 43, startedAt: Date.now(), interrupting: false, interrupt: null }
    await settle(() => bridge.setSession({ ...OVEN, state: 'Active', running, queuedExecutions: 2 }))
    const ask = async () => {
      await user.click(screen.getByRole('button', { name: 'More for this session' }))
      await user.click(screen.getByRole('menuitem', { name: 'Force close…' }))
    }
    await ask()
    const dialog = screen.getByRole('dialog', { name: 'Force oven to close?' })
    expect(dialog.textContent).toContain('Run #43')
    expect(dialog.textContent).toContain('2 runs that wait')
    await user.click(within(dialog).getByRole('button', { name: 'Keep it open' }))
    expect(bridge.callsOf('sessions:kill')).toEqual([])
    await ask()
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Force close' }))
    expect(bridge.callsOf('sessions:kill')).toEqual([{ sessionId: OVEN.sessionId }])
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe('closing summary (B-18)', () => {
  const close = (bridge: FakeBridge, session: SessionSnapshot, reason: 'client-close' | 'lease-expired' | 'idle-timeout') => {
    bridge.setSession({ ...session, state: 'Disconnected' }, 'disconnected', { reason })
    bridge.setSession({ ...session, state: 'Disposed' }, 'disposed', { reason })
  }

  test('B-18: says duration, executions, failures and bytes, and can be put away', async () => {
    const { bridge, user, settle } = await renderApp(withOven)
    const statistics = { ...OVEN.statistics, operations: 184, errors: 3, bytesIn: 1_420_000, bytesOut: 118_000 }
    await settle(() => close(bridge, { ...OVEN, openedAt: Date.now() - 12 * 60_000, statistics }, 'client-close'))
    const summary = screen.getByRole('region', { name: 'Closed sessions' })
    expect(summary.textContent).toContain('oven closed')
    expect(summary.textContent).toContain('Open for 12 min · 184 executions, 3 failed · 1.4 MB in, 118.0 kB out')
    await user.click(within(summary).getByRole('button', { name: 'Dismiss' }))
    expect(screen.queryByRole('region', { name: 'Closed sessions' })).toBeNull()
  })

  test('G-22: says why, where it was not the user', async () => {
    const { bridge, settle } = await renderApp(withOven)
    await settle(() => close(bridge, OVEN, 'lease-expired'))
    expect(screen.getByRole('region', { name: 'Closed sessions' }).textContent).toContain('oven closed at the end of its lease')
    await settle(() => bridge.setSession({ ...OVEN, state: 'Idle' }, 'connected'))
    await settle(() => close(bridge, OVEN, 'idle-timeout'))
    expect(screen.getByRole('region', { name: 'Closed sessions' }).textContent).toContain('oven closed after nobody used it')
  })

  test('a lost connection is no close', async () => {
    const { bridge, settle } = await renderApp(withOven)
    await settle(() => bridge.setSession(lost(), 'disconnected', { reason: 'unexpected' }))
    expect(screen.queryByRole('region', { name: 'Closed sessions' })).toBeNull()
  })

  test('of many, the latest are shown and the rest is counted', async () => {
    const { bridge, settle } = await renderApp(withOven)
    await settle(() => {
      for (let n = 0; n < 20; n++) close(bridge, aSession(`/dev/ttyUSB${n}`, { portLabel: `board-${n}` }), 'client-close')
    })
    const summary = screen.getByRole('region', { name: 'Closed sessions' })
    expect(summary.textContent).toContain('board-19 closed')
    expect(summary.textContent).toContain('and 17 other sessions')
  })
})
