import { screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, test } from 'vitest'
import type { OutputItem } from '../../shared/model'
import { aPort, aSession, type FakeBridge, someBytes } from '../fakes/fake-bridge'
import { FakeTerminal } from './support/fake-islands'
import { type AppUnderTest, memoryStorage, renderApp } from './support/render-app'

const OVEN = aSession('/dev/ttyACM0')

function twoBoards(bridge: FakeBridge): void {
  bridge.ports = { ports: [aPort('/dev/ttyACM0', { label: 'oven' }), aPort('/dev/ttyACM1', { label: 'pico' })], scannedAt: 0, stale: null }
  bridge.sessions = [OVEN, aSession('/dev/ttyACM1')]
}

const editor = (): Promise<HTMLTextAreaElement> => screen.findByLabelText(/^Code for/)
const output = () => screen.getByLabelText('Output of oven')

async function print(app: AppUnderTest, items: readonly OutputItem[], seq = 1, upTo = 10): Promise<void> {
  const batch = { sessionId: OVEN.sessionId, seq, upTo, missedBytes: 0, items }
  await app.settle(() => app.bridge.emit('output:batch', batch, params => params.sessionId === OVEN.sessionId))
}

describe('console', () => {
  beforeEach(() => FakeTerminal.alive.clear())

  test('Run sends the code with its time limit', async () => {
    const { bridge, user } = await renderApp(twoBoards)
    await user.clear(await editor())
    await user.type(await editor(), 'print(1)')
    await user.click(screen.getByRole('button', { name: 'Run' }))
    expect(bridge.callsOf('sessions:exec')).toEqual([{ sessionId: OVEN.sessionId, code: 'print(1)', timeoutMs: 10_000 }])
  })

  test('Ctrl+Enter runs, in the editor and elsewhere, once each', async () => {
    const { bridge, user } = await renderApp(twoBoards)
    await user.click(await editor())
    await user.keyboard('{Control>}{Enter}{/Control}')
    expect(bridge.callsOf('sessions:exec')).toHaveLength(1)
    screen.getByRole('tree', { name: 'Fleet' }).focus()
    await user.keyboard('{Control>}{Enter}{/Control}')
    expect(bridge.callsOf('sessions:exec')).toHaveLength(2)
  })

  test('the time limit can be chosen and is remembered', async () => {
    const { bridge, user, stores } = await renderApp(twoBoards)
    await editor()
    await user.click(screen.getByRole('button', { name: 'Time limit, 10 s' }))
    await user.click(screen.getByRole('menuitemradio', { name: '10 min' }))
    await user.click(screen.getByRole('button', { name: 'Run' }))
    expect(bridge.callsOf('sessions:exec')[0]?.timeoutMs).toBe(600_000)
    expect(stores.preferences.getState().timeLimitMs).toBe(600_000)
  })

  test('a run that never began says why beside the code; one that failed on the board does so in the output', async () => {
    const { bridge, user } = await renderApp(twoBoards)
    bridge.fail('sessions:exec', { code: 'InvalidArgument', reason: 'empty-code', message: 'There is nothing to run on oven.' })
    await editor()
    await user.click(screen.getByRole('button', { name: 'Run' }))
    expect((await screen.findByRole('alert')).textContent).toContain('There is nothing to run on oven.')
    await user.click(screen.getByRole('button', { name: 'Dismiss' }))
    bridge.fail('sessions:exec', { code: 'OperationTimeout', message: 'Time limit.', executionId: 'e1' })
    await user.click(screen.getByRole('button', { name: 'Run' }))
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('a heading that says it all is not said twice; other code takes the error away', async () => {
    const { bridge, user } = await renderApp(twoBoards)
    bridge.fail('sessions:exec', { code: 'InvalidArgument', reason: 'empty-code', message: 'There is no code to run.', hint: 'Type `x`.' })
    await editor()
    await user.click(screen.getByRole('button', { name: 'Run' }))
    expect((await screen.findByRole('alert')).textContent).toBe('There is no code to run.  Type x.')
    await user.type(await editor(), '1')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('each port keeps its own code, also over a restart', async () => {
    const storage = memoryStorage()
    const first = await renderApp(twoBoards, storage)
    await first.user.clear(await editor())
    await first.user.type(await editor(), 'oven()')
    await first.user.click(screen.getByRole('tab', { name: /^pico/ }))
    await first.user.clear(await editor())
    await first.user.type(await editor(), 'pico()')
    first.end()
    await renderApp(twoBoards, storage)
    expect((await editor()).value).toBe('oven()')
  })

  test('a sample replaces the code', async () => {
    const { user } = await renderApp(twoBoards)
    await editor()
    await user.click(screen.getByRole('button', { name: 'Samples' }))
    await user.click(screen.getByRole('menuitem', { name: 'Memory' }))
    expect((await editor()).value).toContain('gc.mem_free()')
  })
})

describe('output', () => {
  test('comes from the bridge, is shown, and is acknowledged', async () => {
    const app = await renderApp(twoBoards)
    await editor()
    await print(app, [{ type: 'started', at: 0, number: 1 }, someBytes('hello\n')], 1, 7)
    await waitFor(() => expect(output().textContent).toContain('hello'))
    await waitFor(() => expect(app.bridge.callsOf('output:ack')).toEqual([{ sessionId: OVEN.sessionId, upTo: 7 }]))
  })

  test('that nothing was printed is no longer said with the first line', async () => {
    const app = await renderApp(twoBoards)
    await editor()
    const hint = () => screen.queryByText(/^What the board prints appears here/)
    await waitFor(() => expect(hint()).not.toBeNull())
    await print(app, [someBytes('hello\n')])
    await waitFor(() => expect(output().textContent).toContain('hello'))
    // At once, not only with the next count of lines.
    await app.settle()
    expect(hint()).toBeNull()
  })

  test('a board’s text is text', async () => {
    const app = await renderApp(twoBoards)
    await editor()
    await print(app, [someBytes('<img src=x onerror=alert(1)>\x1b]0;title\x07\n')])
    await waitFor(() => expect(output().textContent).toContain('<img src=x onerror=alert(1)>\n'))
    expect(output().querySelector('img')).toBeNull()
  })

  test('only the active tab has a terminal and a subscription', async () => {
    const { bridge, user } = await renderApp(twoBoards)
    await editor()
    expect(bridge.subscriptionsOf('output:batch').map(params => params.sessionId)).toEqual([OVEN.sessionId])
    await user.click(screen.getByRole('tab', { name: /^pico/ }))
    expect(bridge.subscriptionsOf('output:batch').map(params => params.sessionId)).toEqual([aSession('/dev/ttyACM1').sessionId])
    expect(FakeTerminal.alive.size).toBe(1)
    await user.click(screen.getByRole('tab', { name: 'Metrics' }))
    expect(bridge.subscriptionsOf('output:batch')).toEqual([])
    expect(FakeTerminal.alive.size).toBe(0)
  })

  test('copy and save work on the whole buffer, and say how much it was', async () => {
    const { bridge, user } = await renderApp(twoBoards)
    await editor()
    await user.click(screen.getByRole('button', { name: 'Copy all output' }))
    expect(bridge.callsOf('output:copy')).toEqual([{ sessionId: OVEN.sessionId }])
    expect(await screen.findByText('Copied 38.2 kB')).toBeDefined()
    bridge.answer('output:save', () => ({ ok: true, value: { saved: true, file: 'x', bytes: 4_000_000, droppedBytes: 1_000_000 } }))
    await user.click(screen.getByRole('button', { name: 'Save all output' }))
    expect(await screen.findByText('Saved 4.0 MB, the 1.0 MB before that were no longer kept')).toBeDefined()
  })

  test('cleared, it starts anew from what main has then', async () => {
    const app = await renderApp(twoBoards)
    await editor()
    await print(app, [someBytes('old\n')])
    await waitFor(() => expect(output().textContent).toContain('old'))
    await app.user.click(screen.getByRole('button', { name: 'Clear the output' }))
    expect(app.bridge.callsOf('output:clear')).toEqual([{ sessionId: OVEN.sessionId }])
    await waitFor(() => expect(output().textContent).toBe(''))
    expect(await screen.findByText('0 lines · 0 B')).toBeDefined()
    expect(app.bridge.subscriptionsOf('output:batch')).toHaveLength(1)
  })

  test('paused, the view stands still; jumping to the end goes on', async () => {
    const app = await renderApp(twoBoards)
    await editor()
    await app.user.click(screen.getByRole('button', { name: 'Pause the view, keep recording' }))
    await print(app, [someBytes('later\n')])
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(output().textContent).not.toContain('later')
    await app.user.click(screen.getByRole('button', { name: /Jump to end/ }))
    await waitFor(() => expect(output().textContent).toContain('later'))
  })

  test('Ctrl+Shift+F searches, and says when there is nothing', async () => {
    const app = await renderApp(twoBoards)
    await editor()
    await print(app, [someBytes('volts 1.2\n')])
    await waitFor(() => expect(output().textContent).toContain('volts'))
    await app.user.keyboard('{Control>}{Shift>}F{/Shift}{/Control}')
    const field = screen.getByRole('textbox', { name: 'Text to find in the output' })
    await app.user.type(field, 'volts')
    expect(screen.queryByText('No match')).toBeNull()
    await app.user.type(field, 'xyz')
    expect(screen.getByText('No match')).toBeDefined()
    await app.user.keyboard('{Escape}')
    expect(screen.queryByRole('textbox', { name: 'Text to find in the output' })).toBeNull()
  })
})
