import { screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { aBoard, aLostSession, aPort, aSession, type FakeBridge, someMetadata } from '../fakes/fake-bridge'
import { renderApp } from './support/render-app'

function someFleet(bridge: FakeBridge): void {
  bridge.ports = {
    ports: [
      aPort('/dev/ttyACM0', { label: 'oven', boardHint: 'ESP32-S3' }),
      aPort('/dev/ttyACM1', { label: 'pico' }),
      aPort('/dev/bench-7', { label: 'bench-7', source: 'typed', present: false }),
      aPort('simulated:1', { label: 'sim-01' }),
    ],
    scannedAt: 0,
    stale: null,
  }
  bridge.sessions = [aSession('/dev/ttyACM0')]
}

const tree = () => screen.getByRole('tree', { name: 'Fleet' })
const row = (name: RegExp) => within(tree()).getByRole('treeitem', { name })
const names = () =>
  within(tree())
    .getAllByRole('treeitem')
    .map(item => item.getAttribute('aria-label')?.split(',')[0])

describe('fleet list', () => {
  test('groups the ports, with state as word and shape', async () => {
    await renderApp(someFleet)
    expect(names()).toEqual(['Boards open', 'oven', 'Simulated', 'sim-01', 'Other ports', 'bench-7', 'pico'])
    expect(row(/^oven/)).toHaveProperty('dataset.state', 'ready')
    expect(row(/^pico/).textContent).toContain('Available · not open')
    expect(row(/^bench-7/).textContent).toContain('Absent · not there')
    expect(row(/^oven/).querySelector('.dot-ready')).not.toBeNull()
  })

  test('a lost board keeps its row and says when', async () => {
    await renderApp(bridge => {
      someFleet(bridge)
      bridge.sessions = [aLostSession('/dev/ttyACM0', new Date(2026, 0, 1, 14, 2, 11).getTime())]
      bridge.ports = { ...bridge.ports, ports: bridge.ports.ports.slice(1) }
    })
    expect(row(/ttyACM0/).textContent).toContain('Lost · 14:02:11')
    expect(row(/ttyACM0/).textContent).toContain('was ttyACM0')
  })

  test('nothing there: says what belongs here and offers a simulated board', async () => {
    const { bridge, user } = await renderApp()
    bridge.answer('simulated:start', () => ({ ok: true, value: { ports: [aPort('simulated:1', { label: 'sim-01' })] } }))
    expect(screen.getByText(/USB cable that carries data/)).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Start simulated board' }))
    expect(bridge.callsOf('simulated:start')).toEqual([{ count: 1 }])
    expect(bridge.callsOf('sessions:open')).toEqual([{ port: 'simulated:1' }])
  })

  test('search finds a board by what it and its plug are known by', async () => {
    const { user } = await renderApp(bridge => {
      someFleet(bridge)
      const usb = { vendorId: '2e8a', productId: '0005', serialNumber: 'E66164084373', manufacturer: 'Raspberry Pi', locationId: null }
      const ports = bridge.ports.ports.map(port => (port.path === '/dev/ttyACM1' ? { ...port, usb } : port))
      bridge.ports = { ...bridge.ports, ports }
      const board = aBoard({ uniqueId: '7cdfa1e3b204' })
      bridge.sessions = [{ ...aSession('/dev/ttyACM0', { board }), metadata: someMetadata({ identifier: 'Reflow profile' }) }]
    })
    const search = screen.getByRole('searchbox', { name: 'Search the fleet' })
    for (const [text, found] of [
      ['e66164', 'pico'],
      ['2e8a:0005', 'pico'],
      ['7c:df:a1', 'oven'],
      ['7cdfa1e3', 'oven'],
      ['reflow', 'oven'],
    ] as const) {
      await user.clear(search)
      await user.type(search, text)
      expect(names().slice(1), text).toEqual([found])
    }
  })

  test('search goes over name, board, port and state; nothing found offers the way back', async () => {
    const { user } = await renderApp(someFleet)
    const search = screen.getByRole('searchbox', { name: 'Search the fleet' })
    await user.type(search, 'not open')
    expect(names()).toEqual(['Simulated', 'sim-01', 'Other ports', 'pico'])
    await user.clear(search)
    await user.type(search, 'rp2040')
    expect(names()).toEqual(['Boards open', 'oven'])
    await user.type(search, ' zzz')
    expect(screen.getByText(/0 of 4 match/)).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'clear filter' }))
    expect(names()).toHaveLength(7)
  })

  test('chips count and filter by state', async () => {
    const { user } = await renderApp(someFleet)
    const ready = screen.getByRole('button', { name: 'Ready 1' })
    await user.click(ready)
    expect(names()).toEqual(['Boards open', 'oven'])
    expect(ready.getAttribute('aria-pressed')).toBe('true')
    await user.click(ready)
    expect(names()).toHaveLength(7)
  })

  test('a click selects, a double click opens', async () => {
    const { bridge, user } = await renderApp(someFleet)
    await user.click(row(/^pico/))
    expect(row(/^pico/).getAttribute('aria-selected')).toBe('true')
    expect(bridge.callsOf('sessions:open')).toEqual([])
    await user.dblClick(row(/^pico/))
    expect(bridge.callsOf('sessions:open')).toEqual([{ port: '/dev/ttyACM1' }])
  })

  test('a click on an open board shows its tab', async () => {
    const { settle, bridge, user } = await renderApp(someFleet)
    await settle(() => bridge.setSession(aSession('/dev/ttyACM1')))
    await user.click(row(/^pico/))
    expect(screen.getByRole('tab', { name: /^pico/ }).getAttribute('aria-selected')).toBe('true')
  })

  test('from the keyboard: arrows, Home, End, Enter, Delete', async () => {
    const { bridge, user } = await renderApp(someFleet)
    tree().focus()
    await user.keyboard('{End}{Enter}')
    expect(bridge.callsOf('sessions:open')).toEqual([{ port: '/dev/ttyACM1' }])
    await user.keyboard('{ArrowUp}')
    expect(row(/^bench-7/).getAttribute('aria-selected')).toBe('true')
    await user.keyboard('{Delete}')
    expect(bridge.callsOf('ports:remove')).toEqual([{ path: '/dev/bench-7' }])
    await user.keyboard('{Home}{ArrowDown}{Delete}')
    expect(bridge.callsOf('sessions:close')).toHaveLength(1)
  })

  test('the arrow keys go on from a row that was clicked', async () => {
    const { user } = await renderApp(someFleet)
    await user.click(row(/^bench-7/))
    tree().focus()
    await user.keyboard('{ArrowDown}')
    expect(row(/^pico/).getAttribute('aria-selected')).toBe('true')
  })

  test('groups fold, by key and by click, and stay folded', async () => {
    const { user, stores } = await renderApp(someFleet)
    tree().focus()
    await user.keyboard('{Home}{ArrowLeft}')
    expect(names()).toEqual(['Boards open', 'Simulated', 'sim-01', 'Other ports', 'bench-7', 'pico'])
    await user.click(row(/^Other ports/))
    expect(names()).toEqual(['Boards open', 'Simulated', 'sim-01', 'Other ports'])
    expect(stores.preferences.getState().collapsedGroups).toEqual(['open', 'other'])
  })

  test('buttons of a row: open, close, stop, remove', async () => {
    const { bridge, user } = await renderApp(someFleet)
    const button = (name: string) => within(tree()).getByRole('button', { name, hidden: true })
    await user.click(button('Open pico'))
    await user.click(button('Close oven'))
    await user.click(button('Stop sim-01'))
    await user.click(button('Remove path bench-7'))
    expect(bridge.callsOf('sessions:open')).toEqual([{ port: '/dev/ttyACM1' }])
    expect(bridge.callsOf('sessions:close')).toHaveLength(1)
    expect(bridge.callsOf('simulated:stop')).toEqual([{ path: 'simulated:1' }])
    expect(bridge.callsOf('ports:remove')).toEqual([{ path: '/dev/bench-7' }])
  })

  test('a stale list says so', async () => {
    await renderApp(bridge => {
      someFleet(bridge)
      bridge.ports = { ...bridge.ports, stale: { since: 0, message: 'The system does not answer; the list is from 14:02.' } }
    })
    expect(screen.getByText(/The system does not answer/)).toBeDefined()
  })

  test('a typed path is added and selected; a refusal stands at the field', async () => {
    const { bridge, user, settle } = await renderApp(someFleet)
    bridge.fail('ports:add', { code: 'InvalidArgument', message: 'The path is not absolute.' })
    await user.click(screen.getByRole('button', { name: 'Add port' }))
    await user.type(screen.getByLabelText('Path of the port'), 'tty9{Enter}')
    expect(screen.getByRole('alert').textContent).toContain('The path is not absolute.')
    bridge.answer('ports:add', ({ path }) => ({ ok: true, value: aPort(path, { source: 'typed' }) }))
    await user.clear(screen.getByLabelText('Path of the port'))
    await user.type(screen.getByLabelText('Path of the port'), '/dev/tty9{Enter}')
    await settle()
    expect(screen.queryByRole('form', { name: 'Add port' })).toBeNull()
    expect(row(/^tty9/).getAttribute('aria-selected')).toBe('true')
    // From there Enter opens it.
    expect(document.activeElement).toBe(tree())
    await user.click(screen.getByRole('button', { name: 'Add port' }))
    await user.keyboard('{Escape}')
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Add port' }))
  })

  test('simulated boards: one or sixteen', async () => {
    const { bridge, user } = await renderApp(someFleet)
    await user.click(screen.getByRole('button', { name: 'Simulate…' }))
    await user.click(screen.getByRole('menuitem', { name: 'Start 16 simulated boards' }))
    expect(bridge.callsOf('simulated:start')).toEqual([{ count: 16 }])
  })

  test('an error without a place of its own is a notice that can be dismissed', async () => {
    const { bridge, user } = await renderApp(someFleet)
    bridge.fail('simulated:stop', { code: 'OperationFailed', message: 'sim-01 could not be stopped.' })
    await user.click(within(tree()).getByRole('button', { name: 'Stop sim-01', hidden: true }))
    expect(screen.getByRole('alert').textContent).toContain('sim-01 could not be stopped.')
    await user.click(screen.getByRole('button', { name: 'Dismiss' }))
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('of a thousand ports, only what fits is drawn', async () => {
    await renderApp(bridge => {
      bridge.ports = { ports: Array.from({ length: 1_000 }, (_, index) => aPort(`/dev/tty${index}`)), scannedAt: 0, stale: null }
    })
    expect(within(tree()).getAllByRole('treeitem').length).toBeLessThan(60)
    expect(screen.getByText('1000 ports')).toBeDefined()
  })
})
