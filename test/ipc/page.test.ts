import { beforeEach, describe, expect, it } from 'vitest'
import type { Logger } from '../../electron/core/base/logger'
import { attachBridge, type Bridge } from '../../electron/ipc/bridge'
import { NOTIFY_SUBSCRIPTIONS_MAX } from '../../shared/limits'
import { aConfigKey } from '../fakes/bridge-shapes'
import { FakeClock } from '../fakes/fake-clock'
import { FakeContents, ORIGIN } from './support/fake-contents'
import { FakeServices, managerStatus, notice, SESSION_ID } from './support/fake-services'
import { validInputs } from './support/valid-inputs'

let clock: FakeClock
let services: FakeServices
let logged: string[]
let first: FakeContents
let firstBridge: Bridge
let second: FakeContents
let secondBridge: Bridge

beforeEach(() => {
  clock = new FakeClock()
  services = new FakeServices()
  logged = []
  first = new FakeContents()
  second = new FakeContents()
  firstBridge = attach(first, 'window-1')
  secondBridge = attach(second, 'window-2')
})

/** Two windows on the same services. */
function attach(contents: FakeContents, client: string): Bridge {
  const log = (message: string): void => void logged.push(message)
  const logger: Logger = { debug: log, info: log, warn: log, error: log }
  return attachBridge(contents, { services, client, origin: ORIGIN, clock, logger })
}

async function openStream(contents: FakeContents, dataSource = 'bench'): Promise<string> {
  const reply = await contents.call('notify:subscribe', { kind: 'start', dataSource })
  if (!reply.ok) throw new Error(reply.error.message)
  return (reply.value as { subscriptionId: string }).subscriptionId
}

const ENDS = [
  ['navigates or reloads', () => first.emit('did-navigate')],
  ['loses its process', () => first.emit('render-process-gone')],
  ['is destroyed with its window', () => first.destroy()],
  ['is let go', () => firstBridge.dispose()],
] as const

describe('who calls', () => {
  it('is told to the session service by the name of the window', async () => {
    await first.call('sessions:open', validInputs['sessions:open'])
    expect(services.arguments.get('sessions.open')).toEqual([validInputs['sessions:open'], 'window-1'])
    await second.call('sessions:open', { port: 'x' })
    expect(services.arguments.get('sessions.open')).toEqual([{ port: 'x' }, 'window-2'])
    await second.call('pool:acquire', { deviceKey: 'path:x', timeoutMs: 5 })
    expect(services.arguments.get('sessions.acquire')?.slice(0, 2)).toEqual([{ deviceKey: 'path:x', timeoutMs: 5 }, 'window-2'])
  })
})

describe('a page that waits (E-29, E-35)', () => {
  it.each(ENDS)('and %s has its executions and acquires cancelled, and no others', async (_what, end) => {
    let settle: () => void = () => undefined
    services.pending = new Promise<void>(resolve => {
      settle = resolve
    })
    const calls = [first.call('sessions:exec', validInputs['sessions:exec']), first.call('pool:acquire', {})]
    const mine = [services.signalOf('sessions.execute'), services.signalOf('sessions.acquire')]
    const theirs = second.call('sessions:exec', validInputs['sessions:exec'])
    const others = services.signalOf('sessions.execute')
    expect(firstBridge.activityCount).toBe(2)
    end()
    expect(mine.map(signal => signal.aborted)).toEqual([true, true])
    expect(others.aborted).toBe(false)
    expect([firstBridge.activityCount, secondBridge.activityCount]).toEqual([0, 1])
    settle()
    await Promise.all([...calls, theirs])
    expect(secondBridge.activityCount).toBe(0)
    expect(services.calls).not.toContain('sessions.closeAllOf')
  })

  it('and goes in the moment in which the pool serves it gives the session back', async () => {
    let serve: () => void = () => undefined
    services.pending = new Promise<void>(resolve => {
      serve = resolve
    })
    const acquire = first.call('pool:acquire', {})
    serve()
    first.emit('did-navigate')
    expect(await acquire).toMatchObject({ ok: false, error: { code: 'OperationCancelled' } })
    expect(services.arguments.get('sessions.release')).toEqual(['token-1'])
  })

  it.each(ENDS)('and %s gives back what it has from the pool, after what it ran there, and nobody else’s', async (_what, end) => {
    const tokenOf = async (contents: FakeContents): Promise<string> => {
      const reply = await contents.call('pool:acquire', {})
      return (reply as { value: { token: string } }).value.token
    }
    services.tokens.push('mine', 'given back', 'theirs')
    await tokenOf(first)
    await first.call('pool:release', { token: await tokenOf(first) })
    await tokenOf(second)
    let settle: () => void = () => undefined
    services.pending = new Promise<void>(resolve => {
      settle = resolve
    })
    const running = first.call('sessions:exec', validInputs['sessions:exec'])
    const before = services.released.length
    end()
    await clock.advance(0)
    expect(services.released).toHaveLength(before)
    settle()
    await running
    await clock.advance(0)
    expect(services.released).toEqual(['given back', 'mine'])
    first.emit('did-navigate')
    await clock.advance(0)
    expect(services.released).toHaveLength(2)
  })

  it('keeps nothing of a call that has been answered', async () => {
    for (let call = 0; call < 50; call++) await first.call('sessions:exec', validInputs['sessions:exec'])
    const { aborted } = services.signalOf('sessions.execute')
    expect([firstBridge.activityCount, aborted]).toEqual([0, false])
    first.emit('did-navigate')
    expect(services.signalOf('sessions.execute').aborted).toBe(false)
  })
})

describe('notification streams of a page', () => {
  it('tell each notice in the tick in which it happens, alone and in order (S-16)', async () => {
    await first.call('events:subscribe', { subscription: 7, name: 'notify:notice', params: {} })
    const [one, two] = [await openStream(first), await openStream(first, 'other')]
    for (let seq = 1; seq <= 3; seq++) services.streams.get(one)?.(notice(one, seq))
    services.streams.get(two)?.(notice(two, 1))
    // The clock has not moved.
    expect(first.messages).toEqual([[[7, notice(one, 1)]], [[7, notice(one, 2)]], [[7, notice(one, 3)]], [[7, notice(two, 1)]]])
    expect(second.messages).toEqual([])
    expect(clock.pendingTimers).toBe(0)
  })

  it('are ended one by one, each by its own window alone (S-14)', async () => {
    const [one, two] = [await openStream(first), await openStream(first)]
    expect(await second.call('notify:unsubscribe', { subscriptionId: one })).toEqual({ ok: true, value: { ended: false } })
    expect(await first.call('notify:unsubscribe', { subscriptionId: one })).toEqual({ ok: true, value: { ended: true } })
    expect(await first.call('notify:unsubscribe', { subscriptionId: one })).toEqual({ ok: true, value: { ended: false } })
    expect([...services.streams.keys()]).toEqual([two])
  })

  it.each(ENDS)('end when the page %s, and nobody opens them again for it (S-15, S-19, E-29)', async (_what, end) => {
    await openStream(first)
    await openStream(first)
    const kept = await openStream(second)
    end()
    await clock.advance(60_000)
    expect([...services.streams.keys()]).toEqual([kept])
    expect(services.calls.filter(call => call === 'notifications.subscribe')).toHaveLength(3)
  })

  it('are opened anew by the page after a reload, which then hears again (S-19)', async () => {
    await openStream(first)
    first.emit('did-navigate')
    await first.call('events:subscribe', { subscription: 70, name: 'notify:notice', params: {} })
    const anew = await openStream(first)
    services.streams.get(anew)?.(notice(anew, 1))
    expect(first.delivered(70)).toEqual([notice(anew, 1)])
  })

  it('are of a bounded number', async () => {
    for (let stream = 0; stream < NOTIFY_SUBSCRIPTIONS_MAX; stream++) await openStream(first)
    const input = { kind: 'stop', dataSource: 'bench' }
    expect(await first.call('notify:subscribe', input)).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    expect(await second.call('notify:subscribe', input)).toMatchObject({ ok: true })
  })
})

describe('a window that can not be told', () => {
  it('disturbs neither who tells nor another window (E-31)', async () => {
    for (const contents of [first, second]) {
      await contents.call('events:subscribe', { subscription: 1, name: 'notify:notice', params: {} })
      await contents.call('events:subscribe', { subscription: 2, name: 'manager:changed', params: {} })
    }
    const [mine, theirs] = [await openStream(first), await openStream(second)]
    first.send = () => {
      throw new Error('The frame was disposed')
    }
    services.streams.get(mine)?.(notice(mine, 1))
    services.streams.get(theirs)?.(notice(theirs, 1))
    services.statusChanged.fire(managerStatus(2))
    await clock.advance(1_000)
    expect(second.delivered(1)).toHaveLength(1)
    expect(second.delivered(2)).toEqual([managerStatus(2)])
    expect(logged).toContain('Events could not be sent to the page')
  })
})

describe('the end of a window', () => {
  const closesWithWindow = (value: boolean) => ({
    ...services.report,
    keys: [...services.report.keys, aConfigKey('deviceSessions.closeOnWindowClose', { kind: 'boolean', value, default: false })],
  })

  it('leaves its sessions open unless the configuration says otherwise (E-29)', async () => {
    first.destroy()
    services.report = closesWithWindow(false)
    second.destroy()
    expect(services.calls).not.toContain('sessions.closeAllOf')
  })

  it('closes its sessions where the configuration says so; a reload does not (E-29)', async () => {
    services.report = closesWithWindow(true)
    first.emit('did-navigate')
    first.emit('render-process-gone')
    expect(services.calls).not.toContain('sessions.closeAllOf')
    first.destroy()
    expect(services.arguments.get('sessions.closeAllOf')).toEqual(['window-1'])
  })

  it('is logged and no more when its sessions do not close', async () => {
    services.report = closesWithWindow(true)
    services.failure = new Error('no')
    first.destroy()
    await clock.advance(0)
    expect(logged).toEqual(['Sessions of a closed window could not be closed'])
  })

  it('tells nothing to services that act on it later', async () => {
    services.pending = Promise.resolve()
    first.destroy()
    services.menu.fire('run')
    expect([first.messages, services.listenerCount]).toEqual([[], 0])
    expect(await second.call('sessions:info', { sessionId: SESSION_ID })).toMatchObject({ ok: true })
  })
})
