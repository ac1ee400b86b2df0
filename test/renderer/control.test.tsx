import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, test } from 'vitest'
import type { InterruptStatus, SessionSnapshot } from '../../shared/model'
import { aBoard, aLostSession, aPort, aSession, type FakeBridge } from '../fakes/fake-bridge'
import { FakeTerminal } from './support/fake-islands'
import { PORT } from './support/open-view'
import { renderApp } from './support/render-app'

const OVEN = aSession(PORT, { portLabel: 'oven' })
const { sessionId } = OVEN

function oven(bridge: FakeBridge, over: Partial<SessionSnapshot> = {}): void {
  bridge.ports = { ports: [aPort(PORT, { label: 'oven' })], scannedAt: 0, stale: null }
  bridge.sessions = [{ ...OVEN, ...over }]
}

function running(interrupt: InterruptStatus | null = null): Partial<SessionSnapshot> {
  const execution = { executionId: 'e1', number: 7, startedAt: Date.now(), interrupting: interrupt !== null, interrupt }
  return { state: 'Active', running: execution }
}

const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name })
const header = () => within(screen.getByRole('main')).getByRole('banner', { hidden: true })
const menuItem = async (user: Awaited<ReturnType<typeof renderApp>>['user'], name: string | RegExp) => {
  await user.click(button('More for this session'))
  return screen.getByRole('menuitem', { name })
}

describe('the ladder of an interrupt (fault 22)', () => {
  test('says its rung and what comes next; each step can be taken at once, or not at all', async () => {
    const { bridge, user, settle } = await renderApp(given => oven(given, running()))
    const climb = (rung: InterruptStatus['rung'], leftMs: number | null, since = Date.now(), isLast = rung === 'soft-reset') =>
      settle(() => {
        const until = leftMs === null ? null : Date.now() + leftMs
        // As main tells it: with the counters.
        bridge.setSession({ ...OVEN, ...running({ rung, since, until, isLast }) }, 'statistics')
      })
    // Most code ends here: nothing but Stop changes at first.
    await climb('interrupt', 300, Date.now() + 60_000)
    expect(button('Stopping…').disabled).toBe(true)
    expect(screen.getByRole('treeitem', { name: /^oven/ }).textContent).toContain('Stopping')
    expect(screen.queryByText('Ctrl-C sent')).toBeNull()
    await climb('interrupt', 300, Date.now() - 60_000)
    await screen.findByText('Ctrl-C sent')
    await climb('interrupt-again', 60_000)
    expect(screen.getByText('Ctrl-C again').closest('[role=status]')?.textContent).toMatch(/^Ctrl-C again, soft reset in (1 min|\d+ s)$/)
    // At a time limit nothing follows here.
    await climb('interrupt-again', 60_000, Date.now(), true)
    expect(screen.getByText('Ctrl-C again').closest('[role=status]')?.textContent).toMatch(/^Ctrl-C again, given up in/)
    await user.click(button('Next step'))
    await climb('soft-reset', 60_000)
    expect(screen.getByText('Soft reset sent').closest('[role=status]')?.textContent).toMatch(
      /^Soft reset sent, given up in (1 min|\d+ s)$/,
    )
    await user.click(button('Keep waiting'))
    expect(bridge.callsOf('sessions:interrupt')).toEqual([
      { sessionId, step: 'next' },
      { sessionId, step: 'hold' },
    ])
    await climb('soft-reset', null)
    expect(screen.getByText('Soft reset sent').closest('[role=status]')?.textContent).toBe('Soft reset sent, waiting as long as it takes')
    expect(button('Keep waiting').disabled).toBe(true)
    await settle(() => bridge.setSession(OVEN))
    expect(button('Stop').disabled).toBe(true)
    expect(screen.queryByRole('button', { name: 'Next step' })).toBeNull()
  })

  test('when it has failed, a hard reset and closing are left', async () => {
    const { bridge, user, settle } = await renderApp(oven)
    const fault = { code: 'OperationTimeout', reason: 'no-reply', message: 'No prompt.', hint: null, at: 0, final: false } as const
    await settle(() => bridge.setSession({ ...aLostSession(PORT), fault, reconnect: null }, 'error'))
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Hard reset' }))
    const dialog = screen.getByRole('dialog', { name: 'Hard reset oven?' })
    expect(dialog.textContent).toContain('as if its power had been switched off and on')
    await user.click(within(dialog).getByRole('button', { name: 'Hard reset' }))
    expect(bridge.callsOf('sessions:reset')).toEqual([{ sessionId, kind: 'hard' }])
    await user.click(button('Close'))
    expect(bridge.callsOf('sessions:close')).toHaveLength(1)
  })
})

describe('resets', () => {
  test('soft: by its button, by the keyboard, and not while there is no prompt', async () => {
    const { bridge, user, settle } = await renderApp(oven)
    await user.click(button('Soft reset'))
    await user.keyboard('{Control>}{Shift>}D{/Shift}{/Control}')
    expect(bridge.callsOf('sessions:reset')).toEqual([
      { sessionId, kind: 'soft' },
      { sessionId, kind: 'soft' },
    ])
    await settle(() => bridge.setSession(aLostSession(PORT), 'error'))
    expect(button('Soft reset').disabled).toBe(true)
    await user.keyboard('{Control>}{Shift>}D{/Shift}{/Control}')
    expect(bridge.callsOf('sessions:reset')).toHaveLength(2)
  })

  test('with main.py from the menu; hard and into the bootloader only after they were explained', async () => {
    const { bridge, user } = await renderApp(given => oven(given, running()))
    await user.click(await menuItem(user, 'Hard reset…'))
    expect(screen.getByRole('dialog').textContent).toContain('Run #7 is interrupted.')
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Cancel' }))
    await user.click(await menuItem(user, 'Bootloader…'))
    expect(screen.getByRole('dialog').textContent).toContain('ready for new firmware')
    await user.click(screen.getByRole('button', { name: 'Enter bootloader' }))
    await user.click(await menuItem(user, 'Restart with main.py'))
    expect(bridge.callsOf('sessions:reset')).toEqual([
      { sessionId, kind: 'bootloader' },
      { sessionId, kind: 'restart' },
    ])
  })

  test('one that was refused is told', async () => {
    const { bridge, user } = await renderApp(oven)
    bridge.fail('sessions:reset', { code: 'OperationFailed', reason: 'not-supported', message: 'oven has no reset line.' })
    await user.click(button('Soft reset'))
    expect((await screen.findByRole('alert')).textContent).toContain('oven has no reset line.')
  })
})

describe('work of Muster’s own', () => {
  test('is named, and cancelled by Stop', async () => {
    const { bridge, user } = await renderApp(given =>
      oven(given, { state: 'Active', task: { taskId: 't1', title: 'Writing main.py', startedAt: Date.now() } }),
    )
    expect(within(header()).getByText('Writing main.py')).toBeDefined()
    expect(within(header()).getByText(/^Working/)).toBeDefined()
    expect(button('Stop').title).toBe('Stop cancels it: Writing main.py (Ctrl+.)')
    await user.click(button('Stop'))
    expect(bridge.callsOf('sessions:cancel')).toEqual([{ sessionId }])
  })
})

describe('watching', () => {
  test('is said everywhere; code waits for taking over, lines go to the board’s program', async () => {
    const { bridge, user } = await renderApp(given => oven(given, { attachment: 'watching' }))
    const banner = await screen.findByRole('region', { name: 'Watching' })
    expect(banner.textContent).toContain('the board’s program is not interrupted')
    expect(screen.getByRole('treeitem', { name: /^oven/ }).getAttribute('data-state')).toBe('watching')
    expect(screen.getByRole('tab', { name: 'oven, Watching' })).toBeDefined()
    expect(button('Run').disabled).toBe(true)
    expect(button('Run').title).toContain('Take over to run code')
    await user.type(screen.getByRole('textbox', { name: 'Line to send to oven' }), 'hello{Enter}')
    expect(bridge.callsOf('sessions:write')).toEqual([{ sessionId, data: 'hello\r\n' }])
    await user.click(within(banner).getByRole('button', { name: /Take over.*interrupts it/ }))
    expect(bridge.callsOf('sessions:takeOver')).toEqual([{ sessionId }])
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Watching' })).toBeNull())
    expect(button('Run').disabled).toBe(false)
  })

  test('can be chosen for an open session', async () => {
    const { bridge, user } = await renderApp(oven)
    await user.click(await menuItem(user, 'Watch without interrupting'))
    expect(bridge.callsOf('sessions:watch')).toEqual([{ sessionId }])
    await user.click(await menuItem(user, 'Take over: interrupt its program'))
    expect(bridge.callsOf('sessions:takeOver')).toEqual([{ sessionId }])
  })

  test('can be how a port is opened: from its menu, and with Shift+Enter', async () => {
    const { bridge, user } = await renderApp(given => {
      oven(given)
      given.sessions = []
    })
    const row = () => screen.getByRole('treeitem', { name: /^oven/ })
    await user.pointer({ keys: '[MouseRight]', target: row() })
    const menu = screen.getByRole('menu')
    expect(
      within(menu)
        .getAllByRole('menuitem')
        .map(item => item.textContent),
    ).toEqual(['Open', 'Open and watch', 'Port settings…'])
    bridge.fail('sessions:open', { code: 'OpenFailed', reason: 'port-in-use', message: 'In use.' })
    await user.click(within(menu).getByRole('menuitem', { name: 'Open and watch' }))
    screen.getByRole('tree', { name: 'Fleet' }).focus()
    await user.keyboard('{Shift>}{Enter}{/Shift}')
    const asked = { port: PORT, options: { attach: 'watch' } }
    await waitFor(() => expect(bridge.callsOf('sessions:open')).toEqual([asked, asked]))
  })
})

describe('a board’s identity', () => {
  test('stands in the header with its level, and leads to the details', async () => {
    const { user } = await renderApp(given =>
      oven(given, { identity: { level: 'uniqueId', text: '7c:df:a1', usbSerial: 'differs' }, board: aBoard({ resetCause: 'watchdog' }) }),
    )
    await user.click(button('by unique id 7c:df:a1'))
    const board = within(await screen.findByRole('region', { name: 'Board' }))
    expect(board.getByText(/differs from the USB serial number/).className).toBe('known-by-doubtful')
    for (const text of ['rp2 · build RPI_PICO', '125 MHz', '1.4 MB free of 1.4 MB', 'version 6.3 · armv6m']) {
      expect(board.getByText(text)).toBeDefined()
    }
    expect(board.getByText(/^watchdog, its program/)).toBeDefined()
    expect(board.getByText(/SHA-256, CRC-32, base64, compression/)).toBeDefined()
  })
})

describe('a port’s settings', () => {
  test('are changed in the details, one at a time, and a refusal is told there', async () => {
    const { bridge, user } = await renderApp(oven)
    await user.click(screen.getByRole('tab', { name: 'Details' }))
    const line = within(await screen.findByRole('region', { name: 'Line' }))
    expect(line.getByRole<HTMLInputElement>('radio', { name: /^Raise both/ }).checked).toBe(true)
    await user.click(line.getByRole('radio', { name: /^Lower both/ }))
    await waitFor(() => expect(line.getByRole<HTMLInputElement>('radio', { name: /^Lower both/ }).checked).toBe(true))
    await user.selectOptions(line.getByRole('combobox', { name: 'Speed' }), '9,600 baud')
    await user.selectOptions(line.getByRole('combobox', { name: 'Speed' }), '115,200 baud, as configured')
    expect(bridge.callsOf('ports:configure')).toEqual([
      { path: PORT, settings: { lines: 'lower' } },
      { path: PORT, settings: { baudRate: 9_600 } },
      { path: PORT, settings: { baudRate: null } },
    ])
    bridge.fail('ports:configure', { code: 'InvalidArgument', message: 'The settings could not be kept.' })
    await user.click(line.getByRole('radio', { name: /^Leave alone/ }))
    expect((await line.findByRole('alert')).textContent).toContain('The settings could not be kept.')
  })

  test('are there before it is open, under Shift+F10', async () => {
    const { bridge, user } = await renderApp(given => {
      oven(given)
      given.sessions = []
    })
    screen.getByRole('tree', { name: 'Fleet' }).focus()
    await user.keyboard('{Home}{ArrowDown}{Shift>}{F10}{/Shift}')
    await user.click(await screen.findByRole('menuitem', { name: 'Port settings…' }))
    const dialog = within(screen.getByRole('dialog', { name: 'Settings of the port oven' }))
    await user.click(dialog.getByRole('radio', { name: /^Leave alone/ }))
    expect(bridge.callsOf('ports:configure')).toEqual([{ path: PORT, settings: { lines: 'leave' } }])
    await user.click(dialog.getByRole('button', { name: 'Done' }))
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe('what happens to a board by itself', () => {
  test('is told in the status bar, as a warning', async () => {
    const { bridge, settle } = await renderApp(oven)
    const notice = { kind: 'watchdog', text: 'The board was restarted by its watchdog.' } as const
    await settle(() => bridge.setSession(OVEN, 'boardNotice', { notice }))
    const text = screen.getAllByText('oven: The board was restarted by its watchdog')[0]
    expect(text?.closest('.status-warn')).not.toBeNull()
  })
})

describe('a line of a traceback', () => {
  beforeEach(() => FakeTerminal.alive.clear())
  const editor = (): Promise<HTMLTextAreaElement> => screen.findByLabelText('Code for oven')
  const choose = (number: number, line: number): void => {
    for (const terminal of FakeTerminal.alive) terminal.chooseLine(number, line)
  }

  async function ranOnce() {
    const app = await renderApp(given => {
      oven(given)
      given.answer('sessions:exec', () => ({
        ok: true,
        value: { executionId: 'e', number: 3, outcome: 'exception', stdout: '', stdoutBytes: 0, traceback: '', durationMs: 1 },
      }))
    })
    await app.user.clear(await editor())
    await app.user.type(await editor(), 'a = 1{Enter}a / 0')
    await app.user.click(button('Run'))
    await app.settle()
    return app
  }

  test('puts the cursor on the line of the snippet that ran', async () => {
    const { settle } = await ranOnce()
    await settle(() => choose(3, 2))
    expect((await editor()).dataset.line).toBe('2')
    expect(document.activeElement).toBe(await editor())
    expect(screen.queryByText(/has changed/)).toBeNull()
  })

  test('is known too for a run that was stopped, which answers without its number', async () => {
    const { bridge, user, settle } = await renderApp(oven)
    const error = { code: 'OperationCancelled', reason: 'cancelled', message: 'Stopped.', executionId: 'e1' } as const
    let answer: () => void = () => {}
    bridge.answer('sessions:exec', () => new Promise(resolve => (answer = () => resolve({ ok: false, error }))))
    await editor()
    await user.click(button('Run'))
    await settle(() => bridge.setSession({ ...OVEN, ...running() }))
    await settle(() => bridge.setSession(OVEN))
    await settle(() => answer())
    await settle(() => choose(7, 1))
    expect((await editor()).dataset.line).toBe('1')
  })

  test('says so gently when the code has changed since, or was not run from here', async () => {
    const { user, settle } = await ranOnce()
    await user.type(await editor(), '0')
    await settle(() => choose(3, 2))
    expect(screen.getByText('The code has changed since run #3: its line 2 may be another one now.')).toBeDefined()
    await settle(() => choose(3, 9))
    expect(screen.getByText('The code has changed since run #3: there is no line 9 any more.')).toBeDefined()
    await settle(() => choose(4, 1))
    expect(screen.getByText('Run #4 was not started from this editor: its line 1 is not shown.')).toBeDefined()
    await user.click(button('Run'))
    await settle()
    expect(screen.queryByText(/was not started/)).toBeNull()
    expect((await editor()).dataset.line).toBeUndefined()
  })
})
