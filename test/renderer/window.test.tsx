import { act, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { announcement } from '../../renderer/features/status/live-region'
import { aLostSession, anAppInfo, aPort, aSession, type FakeBridge } from '../fakes/fake-bridge'
import { FakeChart, FakeTerminal } from './support/fake-islands'
import { renderApp } from './support/render-app'

function oneBoard(bridge: FakeBridge): void {
  bridge.ports = { ports: [aPort('/dev/ttyACM0', { label: 'oven' })], scannedAt: 0, stale: null }
  bridge.sessions = [aSession('/dev/ttyACM0')]
  bridge.status = { ...bridge.status, open: 1, bytesInPerSecond: 4_120, bytesOutPerSecond: 312 }
}

describe('the window as a whole', () => {
  beforeEach(() => {
    delete document.documentElement.dataset.ready
  })

  test('says on the document when the first data has been painted', async () => {
    await renderApp(oneBoard)
    await waitFor(() => expect(document.documentElement.dataset.ready).toBe('true'))
  })

  test('is not ready while the list has not come', async () => {
    await renderApp(bridge => {
      const subscribe = bridge.subscribe.bind(bridge)
      bridge.subscribe = (name, params, listener) => (name === 'ports:changed' ? () => {} : subscribe(name, params, listener))
    })
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(document.documentElement.dataset.ready).toBeUndefined()
  })

  test('leaves nothing behind: no subscription, no terminal, no chart', async () => {
    FakeTerminal.alive.clear()
    FakeChart.alive.clear()
    const app = await renderApp(oneBoard)
    await screen.findByLabelText('Output of oven')
    expect(app.bridge.subscriptionCount).toBeGreaterThan(3)
    app.end()
    await app.settle()
    expect(app.bridge.subscriptionCount).toBe(0)
    expect(FakeTerminal.alive.size).toBe(0)
    expect(FakeChart.alive.size).toBe(0)
  })

  test('exposes nothing on the page', async () => {
    const before = Object.keys(window)
    await renderApp(oneBoard)
    const added = Object.keys(window).filter(key => !before.includes(key) && !/^(__|IS_REACT)/.test(key))
    expect(added).toEqual([])
  })
})

describe('status bar', () => {
  test('manager, sessions, rates, runtime and the last event', async () => {
    const { bridge, settle } = await renderApp(given => {
      oneBoard(given)
      given.answer('app:info', () => ({ ok: true, value: anAppInfo({ electron: '22.3.25', runtimeNote: 'An older runtime.' }) }))
    })
    expect(screen.getByText('1 of 64 sessions')).toBeDefined()
    expect(screen.getByText('4.1 kB/s')).toBeDefined()
    expect(screen.getByText('Electron 22.3.25, for development')).toBeDefined()
    await settle(() => bridge.setSession(aLostSession('/dev/ttyACM0'), 'error', { reason: 'unexpected' }))
    expect(within(screen.getByRole('contentinfo')).getAllByText('oven lost').length).toBeGreaterThan(0)
  })

  test('many events are said as one sentence', () => {
    const event = (id: number, text: string, tone: 'info' | 'bad' = 'info') => ({ id, at: 0, text, tone })
    expect(announcement([event(1, 'oven is ready')])).toBe('oven is ready')
    expect(announcement([event(1, 'oven lost', 'bad'), event(2, 'pico is ready'), event(3, 'sim is ready')])).toBe(
      'oven lost, and 2 more events',
    )
  })

  test('a screen reader is told of the first event at once, and of those after it together', async () => {
    const { bridge } = await renderApp(oneBoard)
    const log = screen.getByRole('log', { name: 'Events' })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      act(() => bridge.setSession(aLostSession('/dev/ttyACM0'), 'error', { reason: 'unexpected' }))
      expect(log.textContent).toBe('oven lost')
      act(() => {
        for (let count = 0; count < 100; count++) bridge.setSession(aSession('/dev/ttyACM0'), 'connected')
      })
      expect(log.textContent).toBe('oven lost')
      act(() => {
        vi.advanceTimersByTime(3_000)
      })
      expect(log.textContent).toBe('oven is ready, and 99 more events')
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('keyboard and menu', () => {
  test('/ and Ctrl+F go to the search; / types itself in a field', async () => {
    const { user } = await renderApp(oneBoard)
    const search = screen.getByRole('searchbox')
    await user.keyboard('/')
    expect(document.activeElement).toBe(search)
    await user.keyboard('a/b')
    expect(search).toHaveProperty('value', 'a/b')
    act(() => (document.activeElement as HTMLElement).blur())
    await user.keyboard('{Control>}f{/Control}')
    expect(document.activeElement).toBe(search)
  })

  test('? shows the shortcuts, and they can be put away', async () => {
    const { user } = await renderApp(oneBoard)
    await user.keyboard('?')
    const sheet = screen.getByRole('dialog', { name: 'Shortcuts' })
    expect(within(sheet).getByText('Run the code')).toBeDefined()
    await user.click(within(sheet).getByRole('button', { name: 'Close' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  test('what the menu asks is done', async () => {
    const { bridge, settle } = await renderApp(oneBoard)
    await screen.findByLabelText('Code for oven')
    const menu = (action: Parameters<typeof bridge.emit<'menu:invoked'>>[1]['action']) =>
      settle(() => bridge.emit('menu:invoked', { action }))
    await menu('run')
    expect(bridge.callsOf('sessions:exec')).toHaveLength(1)
    await menu('simulate-sixteen')
    expect(bridge.callsOf('simulated:start')).toEqual([{ count: 16 }])
    await menu('refresh-ports')
    expect(bridge.callsOf('ports:list')).toEqual([{ refresh: true }])
    await menu('show-metrics')
    expect(screen.getByRole('tab', { name: 'Metrics' }).getAttribute('aria-selected')).toBe('true')
    await menu('add-port')
    expect(screen.getByLabelText('Path of the port')).toBeDefined()
    await menu('close-session')
    expect(bridge.callsOf('sessions:close')).toHaveLength(1)
  })

  test('Stop from the keyboard only when something runs', async () => {
    const { bridge, user, settle } = await renderApp(oneBoard)
    await user.keyboard('{Control>}.{/Control}')
    expect(bridge.callsOf('sessions:cancel')).toEqual([])
    const running = { executionId: 'e', number: 1, startedAt: 0, interrupting: false, interrupt: null }
    await settle(() => bridge.setSession(aSession('/dev/ttyACM0', { state: 'Active', running })))
    await user.keyboard('{Control>}.{/Control}')
    expect(bridge.callsOf('sessions:cancel')).toHaveLength(1)
  })
})

describe('metrics', () => {
  test('three charts and the free memory, with a choice of span', async () => {
    const { user, stores } = await renderApp(oneBoard)
    await user.click(await screen.findByRole('tab', { name: 'Metrics' }))
    for (const name of ['Latency', 'Throughput', 'Executions']) expect(await screen.findByRole('region', { name })).toBeDefined()
    expect(screen.getAllByText('No executions yet. Run something in the console.')).toHaveLength(2)
    expect(screen.getByText('184.3 kB')).toBeDefined()
    await user.click(screen.getByRole('button', { name: '15 min' }))
    expect(stores.preferences.getState().metricRangeMinutes).toBe(15)
    const last = FakeChart.shown.at(-1)
    expect((last?.toS ?? 0) - (last?.fromS ?? 0)).toBe(900)
  })

  test('the figures of the whole session stand beside the charts', async () => {
    const { bridge, user, settle } = await renderApp(oneBoard)
    await user.click(await screen.findByRole('tab', { name: 'Metrics' }))
    expect(screen.queryByTitle('Over the whole session')).toBeNull()
    const { statistics } = aSession('/dev/ttyACM0')
    const latencyMs = { last: 1.4, p50: 2, p95: 30.6, max: 31, count: 12 }
    await settle(() => bridge.setSession(aSession('/dev/ttyACM0', { statistics: { ...statistics, operations: 13, errors: 1, latencyMs } })))
    expect(screen.getByTitle('Over the whole session').textContent).toBe('Last 1.4 msp50 2.0 msp95 30.6 ms13 executions, 1 failed')
  })

  test('paused, the charts stand still and the recording goes on', async () => {
    const { bridge, user, settle } = await renderApp(oneBoard)
    await user.click(await screen.findByRole('tab', { name: 'Metrics' }))
    await user.click(await screen.findByRole('button', { name: 'Pause' }))
    const shown = FakeChart.shown.length
    const at = Float64Array.of(1)
    const columns = {
      at,
      latencyP50Ms: at,
      latencyP95Ms: at,
      bytesInPerSecond: at,
      bytesOutPerSecond: at,
      executionsPerSecond: at,
      failuresPerSecond: at,
    }
    await settle(() => bridge.emit('metrics:samples', { sessionId: 's', kind: 'more', columns, markers: [] }))
    expect(FakeChart.shown).toHaveLength(shown)
    expect(screen.getByText(/Paused at .* still recording/)).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Resume' }))
    expect(FakeChart.shown.at(-1)?.samples).toBe(1)
  })
})
