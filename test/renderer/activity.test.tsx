import { screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { aHistoryEntry, aPort, aSession, type FakeBridge, someMetadata } from '../fakes/fake-bridge'
import { memoryStorage, renderApp } from './support/render-app'

const of = (dataSource: string, port: string, over = {}) =>
  aSession(port, { portLabel: port.slice(5), metadata: someMetadata({ dataSource }), ...over })
const OVEN = of('bench', '/dev/ttyACM0')
const PICO = of('shelf', '/dev/ttyACM1')

function twoSources(bridge: FakeBridge): void {
  bridge.ports = { ports: [aPort('/dev/ttyACM0'), aPort('/dev/ttyACM1')], scannedAt: 0, stale: null }
  bridge.sessions = [OVEN, PICO]
}

async function openActivity(prepare = twoSources, storage = memoryStorage()) {
  const app = await renderApp(prepare, storage)
  await app.settle(() => app.bridge.emit('menu:invoked', { action: 'show-activity' }))
  await screen.findByRole('heading', { name: 'Activity' })
  return app
}

const stream = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name: `Follow the ${name}` })
const feed = () => screen.getByRole('log', { name: 'Notices as they come' })

describe('activity', () => {
  test('S-12, S-13, S-20: notices of a data source appear as they come, with time, kind, source and session', async () => {
    const { bridge, user, settle } = await openActivity()
    expect(screen.getByText(/Choose what to follow/)).toBeDefined()
    await user.click(stream('starts of bench'))
    await user.click(stream('stops of bench'))
    expect(bridge.callsOf('notify:subscribe')).toEqual([
      { kind: 'start', dataSource: 'bench' },
      { kind: 'stop', dataSource: 'bench' },
    ])
    await settle(() => {
      bridge.notify('start', 'bench', OVEN.sessionId, new Date(2026, 0, 1, 14, 2, 11).getTime())
      bridge.notify('stop', 'bench', 'session-gone')
      bridge.notify('start', 'shelf', PICO.sessionId)
    })
    const lines = within(feed()).getAllByRole('listitem')
    expect(lines).toHaveLength(2)
    expect(lines[0]?.textContent).toContain('Start')
    expect(lines[0]?.textContent).toContain('bench')
    expect(within(lines[0] as HTMLElement).getByRole('button', { name: 'ttyACM0' })).toBeDefined()
    expect(lines[1]?.textContent).toContain('Stop')
    expect(lines[1]?.textContent).toContain('session-gone')
  })

  test('S-14: starts and stops are followed, and left, independently', async () => {
    const { bridge, user, settle } = await openActivity()
    await user.click(stream('starts of bench'))
    await user.click(stream('stops of bench'))
    await user.click(stream('starts of bench'))
    expect(bridge.callsOf('notify:unsubscribe')).toHaveLength(1)
    await settle(() => {
      bridge.notify('start', 'bench', 'session-new')
      bridge.notify('stop', 'bench', 'session-new')
    })
    const lines = within(feed()).getAllByRole('listitem')
    expect(lines.map(line => line.querySelector('.feed-kind')?.textContent)).toEqual(['Stop'])
    expect(stream('stops of bench').checked).toBe(true)
  })

  test('all known data sources at once, and one that is yet to come', async () => {
    const { bridge, user } = await openActivity()
    await user.click(stream('stops of all known data sources'))
    expect(bridge.callsOf('notify:subscribe')).toEqual([
      { kind: 'stop', dataSource: 'bench' },
      { kind: 'stop', dataSource: 'shelf' },
    ])
    await user.click(stream('stops of all known data sources'))
    expect(bridge.notifications.size).toBe(0)
    await user.type(screen.getByRole('textbox', { name: 'Data source to follow' }), 'later{Enter}')
    expect(stream('starts of later').checked).toBe(true)
    expect(stream('stops of later').checked).toBe(true)
  })

  test('E-28: lists, subscribes, lists again, and merges by id', async () => {
    const { bridge, user, stores, settle } = await openActivity()
    const between = of('bench', '/dev/ttyACM5')
    bridge.answer('notify:subscribe', ({ kind, dataSource }) => {
      // Begins after the first list, before the subscription holds: no notice is sent of it.
      bridge.sessions = [...bridge.sessions, between]
      return { ok: true, value: { subscriptionId: bridge.addNotification(kind, dataSource) } }
    })
    bridge.answer('sessions:list', ({ dataSource }) => ({
      ok: true,
      value: bridge.sessions.filter(session => session.metadata.dataSource === dataSource),
    }))
    await user.click(stream('stops of bench'))
    const order = bridge.calls.map(call => call.name).filter(name => name === 'sessions:list' || name === 'notify:subscribe')
    expect(order).toEqual(['sessions:list', 'notify:subscribe', 'sessions:list'])
    expect([...stores.activity.getState().sessions.keys()]).toEqual([OVEN.sessionId, between.sessionId])
    await settle(() => bridge.notify('stop', 'bench', between.sessionId, 5))
    expect(stores.activity.getState().sessions.get(between.sessionId)?.stoppedAt).toBe(5)
    expect([...stores.activity.getState().sessions.values()].filter(session => session.stoppedAt === null)).toHaveLength(1)
  })

  test('E-28: a session that ended while it was listed stays ended', async () => {
    const { bridge, user, stores } = await openActivity()
    let lists = 0
    bridge.answer('sessions:list', () => {
      if (++lists === 2) bridge.notify('stop', 'bench', OVEN.sessionId, 7)
      return { ok: true, value: [OVEN] }
    })
    await user.click(stream('stops of bench'))
    expect(stores.activity.getState().sessions.get(OVEN.sessionId)?.stoppedAt).toBe(7)
  })

  test('S-19: a page that is loaded again follows what it followed before', async () => {
    const storage = memoryStorage()
    const first = await openActivity(twoSources, storage)
    await first.user.click(stream('stops of bench'))
    first.end()
    const { bridge } = await openActivity(twoSources, storage)
    expect(bridge.callsOf('notify:subscribe')).toEqual([{ kind: 'stop', dataSource: 'bench' }])
    expect(stream('stops of bench').checked).toBe(true)
    expect(stream('starts of bench').checked).toBe(false)
  })

  test('a refusal is said, and nothing is followed', async () => {
    const { bridge, user } = await openActivity()
    bridge.fail('notify:subscribe', { code: 'ServiceDisabled', message: 'Notices are off: integrateSessionManagement is false.' })
    await user.click(stream('starts of bench'))
    expect(screen.getByRole('alert').textContent).toContain('Notices are off')
    expect(stream('starts of bench').checked).toBe(false)
  })

  test('a stream that is taken back before it is granted ends', async () => {
    const { bridge, user, settle, stores } = await openActivity()
    let grant = (): void => {}
    bridge.answer('notify:subscribe', ({ kind, dataSource }) => {
      return new Promise(resolve => {
        grant = () => resolve({ ok: true, value: { subscriptionId: bridge.addNotification(kind, dataSource) } })
      })
    })
    await user.click(stream('starts of bench'))
    await user.click(stream('starts of bench'))
    await settle(() => grant())
    expect(bridge.notifications.size).toBe(0)
    expect(stores.activity.getState().streams.size).toBe(0)
  })

  test('everything that is remembered of all sessions stands beside it', async () => {
    const { user } = await openActivity(bridge => {
      twoSources(bridge)
      bridge.history = [aHistoryEntry(1, { text: 'ttyACM0 is ready.' }), aHistoryEntry(2, { sessionId: null, text: 'A port appeared.' })]
    })
    await user.click(screen.getByRole('button', { name: 'All events' }))
    expect(await screen.findByText('ttyACM0 is ready.')).toBeDefined()
    expect(screen.getByText('A port appeared.')).toBeDefined()
  })

  test('is a tab of its own, closed like any other', async () => {
    const { user, settle, bridge } = await openActivity()
    await settle(() => bridge.emit('menu:invoked', { action: 'show-activity' }))
    expect(screen.getAllByRole('tab', { name: 'Activity' })).toHaveLength(1)
    await user.keyboard('{Control>}w{/Control}')
    expect(screen.queryByRole('tab', { name: 'Activity' })).toBeNull()
    expect(bridge.callsOf('sessions:close')).toEqual([])
  })
})
