import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { aLostSession, aPort, aSession, type FakeBridge } from '../fakes/fake-bridge'
import { renderApp } from './support/render-app'

function twoBoards(bridge: FakeBridge): void {
  bridge.ports = { ports: [aPort('/dev/ttyACM0', { label: 'oven' }), aPort('/dev/ttyACM1', { label: 'pico' })], scannedAt: 0, stale: null }
  bridge.sessions = [aSession('/dev/ttyACM0'), aSession('/dev/ttyACM1')]
}

const tabs = () => within(screen.getByRole('tablist', { name: 'Sessions' })).getAllByRole('tab')
const tab = (name: RegExp) => screen.getByRole('tab', { name })
const isActive = (name: RegExp) => tab(name).getAttribute('aria-selected') === 'true'

describe('tabs', () => {
  test('one a session, by name and state', async () => {
    await renderApp(twoBoards)
    expect(tabs().map(item => item.getAttribute('aria-label'))).toEqual(['oven, Ready', 'pico, Ready'])
    expect(isActive(/^oven/)).toBe(true)
  })

  test('are changed by click, by Ctrl and a digit, and by Ctrl+Tab', async () => {
    const { user } = await renderApp(twoBoards)
    await user.click(tab(/^pico/))
    expect(isActive(/^pico/)).toBe(true)
    await user.keyboard('{Control>}1{/Control}')
    expect(isActive(/^oven/)).toBe(true)
    await user.keyboard('{Control>}{Tab}{/Control}')
    expect(isActive(/^pico/)).toBe(true)
  })

  test('the middle button closes the session, and the tab goes when it is closed', async () => {
    const { bridge, user, settle } = await renderApp(twoBoards)
    await user.pointer({ keys: '[MouseMiddle]', target: tab(/^pico/) })
    const pico = aSession('/dev/ttyACM1')
    expect(bridge.callsOf('sessions:close')).toEqual([{ sessionId: pico.sessionId, mode: 'now' }])
    await settle(() => bridge.setSession({ ...pico, state: 'Disposed' }, 'disposed'))
    expect(tabs()).toHaveLength(1)
  })

  test('without any, the centre says what belongs there', async () => {
    const { user, bridge } = await renderApp(given => {
      twoBoards(given)
      given.sessions = []
    })
    expect(screen.getByRole('heading', { name: 'No session is open' })).toBeDefined()
    expect(within(screen.getByRole('main')).getByRole('button', { name: 'Start simulated board' })).toBeDefined()
    await user.click(screen.getByRole('treeitem', { name: /^pico/ }))
    await user.click(within(screen.getByRole('main')).getByRole('button', { name: 'Open pico' }))
    expect(bridge.callsOf('sessions:open')).toEqual([{ port: '/dev/ttyACM1' }])
  })
})

describe('opening', () => {
  test('shows the phase, and can be cancelled', async () => {
    const { bridge, user, settle } = await renderApp(twoBoards)
    const opening = aSession('/dev/ttyACM2', { state: 'Connecting', phase: 'waitingForPort', connectedAt: null, board: null })
    await settle(() => bridge.setSession(opening, 'created'))
    await user.click(tab(/^ttyACM2/))
    const current = () => screen.getByRole('list', { name: 'Progress' }).querySelector('[aria-current=step]')?.textContent
    expect(current()).toBe('Opening port')
    await settle(() => bridge.setSession({ ...opening, phase: 'handshaking' }, 'phaseChanged'))
    expect(current()).toBe('Waiting for the prompt')
    await settle(() => bridge.setSession({ ...opening, phase: 'initializing' }, 'phaseChanged'))
    expect(current()).toBe('Identifying')
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(bridge.callsOf('sessions:close')).toEqual([{ sessionId: opening.sessionId, mode: 'now' }])
  })

  test('that failed says what, where, why and what to do, and can be repeated', async () => {
    const { bridge, user } = await renderApp(given => {
      twoBoards(given)
      given.sessions = []
    })
    bridge.fail('sessions:open', {
      code: 'OpenFailed',
      reason: 'permission-denied',
      message: 'pico on /dev/ttyACM1 could not be opened: no permission.',
      hint: 'Add yourself to the group with `sudo usermod -aG dialout $USER`.',
    })
    await user.dblClick(screen.getByRole('treeitem', { name: /^pico/ }))
    const note = await screen.findByRole('alert')
    expect(note.textContent).toContain('No permission for this port')
    expect(note.textContent).toContain('pico on /dev/ttyACM1 could not be opened')
    expect(screen.getByRole('treeitem', { name: /^pico/ }).textContent).toContain('Locked · no permission')

    await user.click(screen.getByRole('button', { name: 'Copy the command' }))
    expect(await navigator.clipboard.readText()).toBe('sudo usermod -aG dialout $USER')

    bridge.answer('sessions:open', ({ port }) => {
      const session = aSession(port ?? '')
      bridge.setSession(session, 'connected')
      return { ok: true, value: session }
    })
    await user.click(screen.getByRole('button', { name: 'Retry' }))
    expect(screen.queryByRole('alert')).toBeNull()
    expect(await screen.findByRole('button', { name: 'Run' })).toBeDefined()
  })

  test('a board that does not answer can be tried at another speed, which is remembered', async () => {
    const { bridge, user } = await renderApp(given => {
      twoBoards(given)
      given.sessions = []
    })
    bridge.fail('sessions:open', { code: 'OpenFailed', reason: 'no-reply', message: 'Not one byte came.' })
    await user.dblClick(screen.getByRole('treeitem', { name: /^pico/ }))
    await user.click(await screen.findByRole('button', { name: 'Speed, 115,200 baud' }))
    await user.click(screen.getByRole('menuitemradio', { name: '9,600 baud' }))
    await user.click(screen.getByRole('button', { name: 'Retry' }))
    expect(bridge.callsOf('sessions:open')).toHaveLength(2)
    await user.click(await screen.findByRole('button', { name: 'Speed, 9,600 baud' }))
    await user.click(screen.getByRole('menuitemradio', { name: '115,200 baud' }))
    expect(bridge.callsOf('ports:configure')).toEqual([
      { path: '/dev/ttyACM1', settings: { baudRate: 9_600 } },
      { path: '/dev/ttyACM1', settings: { baudRate: null } },
    ])
  })

  test('that failed can be put away; the list goes on saying it', async () => {
    const { bridge, user } = await renderApp(given => {
      twoBoards(given)
      given.sessions = []
    })
    bridge.fail('sessions:open', { code: 'OpenFailed', reason: 'port-in-use', message: 'In use.' })
    await user.dblClick(screen.getByRole('treeitem', { name: /^pico/ }))
    await user.click(await screen.findByRole('button', { name: 'Close tab' }))
    expect(screen.queryByRole('tab', { name: /^pico/ })).toBeNull()
    expect(screen.getByRole('treeitem', { name: /^pico/ }).textContent).toContain('In use')
  })
})

describe('a session', () => {
  test('B-01: its life is its page: opening, use, watching, closing', async () => {
    const { bridge, user, settle } = await renderApp(given => {
      twoBoards(given)
      given.sessions = []
    })
    const session = aSession('/dev/ttyACM1', { portLabel: 'pico' })
    await settle(() => bridge.setSession({ ...session, state: 'Connecting', phase: 'handshaking', connectedAt: null }, 'created'))
    expect(screen.getByRole('list', { name: 'Progress' })).toBeDefined()
    await settle(() => bridge.setSession(session, 'connected'))
    expect(await screen.findByRole('button', { name: 'Run' })).toBeDefined()
    await user.click(screen.getByRole('tab', { name: 'Metrics' }))
    expect(await screen.findByRole('region', { name: 'Latency' })).toBeDefined()
    await user.click(screen.getByRole('tab', { name: 'Details' }))
    expect(await screen.findByRole('region', { name: 'Health' })).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Close' }))
    expect(bridge.callsOf('sessions:close')).toEqual([{ sessionId: session.sessionId, mode: 'now' }])
    await settle(() => {
      bridge.setSession({ ...session, state: 'Disconnected' }, 'disconnected', { reason: 'client-close' })
      bridge.setSession({ ...session, state: 'Disposed' }, 'disposed', { reason: 'client-close' })
    })
    expect(screen.getByRole('region', { name: 'Closed sessions' }).textContent).toContain('pico closed')
    expect(screen.queryByRole('tab', { name: /^pico/ })).toBeNull()
  })

  test('says board, firmware, port and identity', async () => {
    await renderApp(twoBoards)
    expect(screen.getByText('RP2040 · MicroPython 1.27.0 · ttyACM0')).toBeDefined()
    expect(screen.getByRole('button', { name: 'by unique id e6:61:64:08:43:2d:4f:2b' })).toBeDefined()
  })

  test('Stop works while something runs, and says when it is at it', async () => {
    const { bridge, user, settle } = await renderApp(twoBoards)
    const stop = () => screen.getByRole<HTMLButtonElement>('button', { name: /^Stop/ })
    expect(stop().disabled).toBe(true)
    const running = { executionId: 'e1', number: 1, startedAt: Date.now(), interrupting: false, interrupt: null }
    const session = aSession('/dev/ttyACM0', { state: 'Active', running })
    await settle(() => bridge.setSession(session))
    await user.click(stop())
    expect(bridge.callsOf('sessions:cancel')).toEqual([{ sessionId: session.sessionId }])
    await settle(() => bridge.setSession({ ...session, running: { ...running, interrupting: true, interrupt: null } }))
    expect(stop().textContent).toBe('Stopping…')
    expect(stop().disabled).toBe(true)
  })

  test('waiting runs are counted', async () => {
    const { bridge, settle } = await renderApp(twoBoards)
    await settle(() => bridge.setSession(aSession('/dev/ttyACM0', { state: 'Active', queuedExecutions: 2 })))
    expect(screen.getByText('2 waiting')).toBeDefined()
  })

  test('a close that hangs can be forced', async () => {
    const { bridge, user, settle } = await renderApp(twoBoards)
    const session = aSession('/dev/ttyACM0', { state: 'Disconnecting', stateSince: Date.now() - 2_000 })
    await settle(() => bridge.setSession(session))
    await user.click(await screen.findByRole('button', { name: 'Force close' }))
    expect(bridge.callsOf('sessions:kill')).toEqual([])
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Force close' }))
    expect(bridge.callsOf('sessions:kill')).toEqual([{ sessionId: session.sessionId }])
  })

  test('that is lost says when and why, keeps its output, and can be reconnected at once', async () => {
    const { bridge, user, settle } = await renderApp(twoBoards)
    const at = new Date(2026, 0, 1, 14, 2, 11).getTime()
    await settle(() => bridge.setSession(aLostSession('/dev/ttyACM0', at), 'error', { reason: 'unexpected' }))
    expect(screen.getByRole('alert').textContent).toMatch(
      /Lost 14:02:11, waiting for the board\..*The board on \/dev\/ttyACM0 was disconnected\./,
    )
    expect(screen.getByLabelText('Output of oven')).toBeDefined()
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Run' }).disabled).toBe(true)
    await user.click(screen.getByRole('button', { name: 'Reconnect now' }))
    expect(bridge.callsOf('sessions:reconnect')).toEqual([{ sessionId: aSession('/dev/ttyACM0').sessionId }])
    expect(bridge.callsOf('sessions:open')).toEqual([])
  })

  test('that is beyond repair can be opened again', async () => {
    const { bridge, user, settle } = await renderApp(twoBoards)
    const session = aLostSession('/dev/ttyACM0')
    const fault = session.fault === null ? null : { ...session.fault, final: true }
    await settle(() => bridge.setSession({ ...session, fault, reconnect: null }, 'error', { reason: 'unexpected' }))
    await user.click(screen.getByRole('button', { name: 'Open again' }))
    await waitFor(() => expect(bridge.callsOf('sessions:open')).toEqual([{ port: '/dev/ttyACM0' }]))
    expect(bridge.callsOf('sessions:close')).toHaveLength(1)
  })
})
