import { beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../electron/core/base/logger'
import { attachBridge, type Bridge } from '../../electron/ipc/bridge'
import type { EventName, EventParams } from '../../shared/contract'
import { EVENT_BATCH_MS, MAX_SUBSCRIPTIONS_PER_WINDOW, OUTPUT_BATCH_HIDDEN_MS } from '../../shared/limits'
import type { HistoryUpdate, SessionEvent, SessionsChange } from '../../shared/model'
import { FakeClock } from '../fakes/fake-clock'
import { FakeContents, ORIGIN } from './support/fake-contents'
import {
  FakeOutput,
  FakeServices,
  historyEntry,
  managerStatus,
  metricUpdate,
  OTHER_SESSION_ID,
  SESSION_ID,
  samplerUpdate,
  sessionSnapshot,
} from './support/fake-services'
import { eventNames, validInputs, validParams } from './support/valid-inputs'

let clock: FakeClock
let contents: FakeContents
let services: FakeServices
let bridge: Bridge

beforeEach(() => {
  clock = new FakeClock()
  contents = new FakeContents()
  services = new FakeServices()
  bridge = attachBridge(contents, { services, client: 'window-1', origin: ORIGIN, clock, logger: silentLogger })
})

async function subscribe<N extends EventName>(subscription: number, name: N, params: EventParams<N>): Promise<string> {
  const reply = await contents.call('events:subscribe', { subscription, name, params })
  return reply.ok ? 'ok' : reply.error.code
}

function sessionEvent(seq: number): SessionEvent {
  return { seq, at: 0, type: 'stateChanged', sessionId: SESSION_ID, snapshot: sessionSnapshot(SESSION_ID) }
}

describe('a subscription', () => {
  it('begins with the present state', async () => {
    await subscribe(1, 'ports:changed', {})
    await subscribe(2, 'sessions:changed', {})
    await subscribe(3, 'manager:changed', {})
    await subscribe(4, 'metrics:samples', { sessionId: SESSION_ID })
    await subscribe(5, 'output:batch', { sessionId: SESSION_ID, after: 0, visible: true })
    await subscribe(6, 'menu:invoked', {})
    await clock.advance(EVENT_BATCH_MS)
    expect(contents.delivered(1)).toEqual([services.ports.current])
    expect(contents.delivered(2)).toEqual([{ kind: 'all', sessions: [sessionSnapshot(SESSION_ID)] }])
    expect(contents.delivered(3)).toEqual([managerStatus(1)])
    expect(contents.delivered(4)).toEqual([metricUpdate('all', 3)])
    expect(contents.delivered(5)).toEqual([{ sessionId: SESSION_ID, seq: 1, upTo: 0, missedBytes: 0, items: [] }])
    expect(contents.delivered(6)).toEqual([])
  })

  it('hears every session event once and in order, many in one message', async () => {
    await subscribe(1, 'sessions:changed', {})
    for (let seq = 1; seq <= 3; seq++) services.sessionEvents.fire(sessionEvent(seq))
    await clock.advance(EVENT_BATCH_MS)
    for (let seq = 4; seq <= 6; seq++) services.sessionEvents.fire(sessionEvent(seq))
    await clock.advance(EVENT_BATCH_MS)
    expect(contents.messages).toHaveLength(2)
    const [first, ...later] = contents.delivered(1) as SessionsChange[]
    expect(first).toMatchObject({ kind: 'all' })
    const heard = later.flatMap(change => (change.kind === 'events' ? change.events : []))
    expect(heard.map(event => event.seq)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it("hears of a session's figures only the latest that was not sent yet, and everything else in order", async () => {
    await subscribe(1, 'sessions:changed', {})
    await clock.advance(EVENT_BATCH_MS)
    const figures = (seq: number, sessionId: string): SessionEvent => ({ ...sessionEvent(seq), type: 'statistics', sessionId })
    const events = [
      figures(1, SESSION_ID),
      sessionEvent(2),
      figures(3, OTHER_SESSION_ID),
      figures(4, SESSION_ID),
      sessionEvent(5),
      figures(6, SESSION_ID),
    ]
    for (const event of events) services.sessionEvents.fire(event)
    await clock.advance(EVENT_BATCH_MS)
    services.sessionEvents.fire(figures(7, SESSION_ID))
    await clock.advance(EVENT_BATCH_MS)
    const [, ...later] = contents.delivered(1) as Extract<SessionsChange, { kind: 'events' }>[]
    expect(later.map(change => change.events.map(event => event.seq))).toEqual([[2, 3, 5, 6], [7]])
  })

  it('to the history begins with what is remembered, and hears one session or all', async () => {
    services.entries = [historyEntry(1), historyEntry(2)]
    await subscribe(1, 'history:entries', { sessionId: SESSION_ID })
    await subscribe(2, 'history:entries', { sessionId: null })
    expect(services.arguments.get('history.list')).toEqual([undefined])
    services.historyEntries.fire(historyEntry(3))
    services.historyEntries.fire(historyEntry(4, OTHER_SESSION_ID))
    services.historyEntries.fire(historyEntry(5))
    await clock.advance(EVENT_BATCH_MS)
    const seqs = (subscription: number): unknown =>
      (contents.delivered(subscription) as HistoryUpdate[]).map(({ kind, entries }) => [kind, ...entries.map(({ seq }) => seq)])
    expect(seqs(1)).toEqual([
      ['all', 1, 2],
      ['more', 3, 5],
    ])
    expect(seqs(2)).toEqual([
      ['all', 1, 2],
      ['more', 3, 4, 5],
    ])
  })

  it('to samples hears those of its session, and everything anew when the names change', async () => {
    await subscribe(1, 'sampler:samples', { sessionId: SESSION_ID })
    services.samplerSamples.fire(samplerUpdate(SESSION_ID))
    services.samplerSamples.fire(samplerUpdate(OTHER_SESSION_ID))
    await clock.advance(EVENT_BATCH_MS)
    expect(contents.delivered(1)).toMatchObject([{ kind: 'all' }, { kind: 'more', sessionId: SESSION_ID }])
    services.samplerSamples.fire(samplerUpdate(SESSION_ID))
    services.samplerSamples.fire({ ...samplerUpdate(SESSION_ID), kind: 'all' })
    await clock.advance(EVENT_BATCH_MS)
    expect(contents.delivered(1)).toMatchObject([{ kind: 'all' }, { kind: 'more' }, { kind: 'all' }])
  })

  it('to the configuration hears the newest report', async () => {
    await subscribe(1, 'config:changed', {})
    await clock.advance(EVENT_BATCH_MS)
    services.reports.fire({ ...services.report, isReadOnly: true })
    services.reports.fire({ ...services.report, file: 'newest' })
    await clock.advance(EVENT_BATCH_MS)
    expect(contents.delivered(1)).toEqual([services.report, { ...services.report, file: 'newest' }])
  })

  it('hears only the newest of states that replace each other', async () => {
    await subscribe(1, 'manager:changed', {})
    for (let open = 2; open <= 9; open++) services.statusChanged.fire(managerStatus(open))
    await clock.advance(EVENT_BATCH_MS)
    expect(contents.delivered(1)).toEqual([managerStatus(9)])
  })

  it('hears every menu action and every sample', async () => {
    await subscribe(1, 'menu:invoked', {})
    await subscribe(2, 'metrics:samples', { sessionId: SESSION_ID })
    services.menu.fire('run')
    services.menu.fire('run')
    services.samples.fire(metricUpdate('more', 1))
    services.samples.fire(metricUpdate('more', 1))
    await clock.advance(EVENT_BATCH_MS)
    expect(contents.delivered(1)).toEqual([{ action: 'run' }, { action: 'run' }])
    expect(contents.delivered(2)).toHaveLength(3)
  })

  it('hears nothing after its end, not even what was waiting', async () => {
    await subscribe(1, 'menu:invoked', {})
    services.menu.fire('run')
    await contents.call('events:unsubscribe', { subscription: 1 })
    services.menu.fire('stop')
    await clock.advance(1_000)
    expect(contents.messages).toEqual([])
    expect(services.listenerCount).toBe(0)
    expect(clock.pendingTimers).toBe(0)
  })

  it('may be ended twice, or without having begun', async () => {
    expect(await contents.call('events:unsubscribe', { subscription: 99 })).toEqual({ ok: true, value: {} })
  })

  it('to a session that does not exist leaves nothing behind', async () => {
    expect(await subscribe(1, 'output:batch', { sessionId: 'session-none', after: 0, visible: true })).toBe('SessionNotFound')
    expect(await subscribe(2, 'metrics:samples', { sessionId: 'session-none' })).toBe('SessionNotFound')
    expect(bridge.subscriptionCount).toBe(0)
    expect(clock.pendingTimers).toBe(0)
  })

  it('can not take the id of another', async () => {
    expect(await subscribe(1, 'ports:changed', {})).toBe('ok')
    expect(await subscribe(1, 'menu:invoked', {})).toBe('bad-request')
    expect(bridge.subscriptionCount).toBe(1)
  })

  it('is one of a bounded number', async () => {
    for (let id = 0; id < MAX_SUBSCRIPTIONS_PER_WINDOW; id++) expect(await subscribe(id, 'menu:invoked', {})).toBe('ok')
    expect(await subscribe(MAX_SUBSCRIPTIONS_PER_WINDOW, 'menu:invoked', {})).toBe('bad-request')
    await contents.call('events:unsubscribe', { subscription: 0 })
    expect(await subscribe(MAX_SUBSCRIPTIONS_PER_WINDOW, 'menu:invoked', {})).toBe('ok')
    expect(bridge.subscriptionCount).toBe(MAX_SUBSCRIPTIONS_PER_WINDOW)
  })

  it("to the output of a session replaces the window's earlier one", async () => {
    await subscribe(1, 'output:batch', { sessionId: SESSION_ID, after: 0, visible: false })
    await subscribe(2, 'output:batch', { sessionId: SESSION_ID, after: 0, visible: true })
    expect(bridge.subscriptionCount).toBe(1)
    expect(services.output().appended.listenerCount).toBe(1)
    await contents.call('events:unsubscribe', { subscription: 1 })
    services.output().append('x')
    await clock.advance(OUTPUT_BATCH_HIDDEN_MS)
    expect(contents.delivered(1)).toEqual([])
    expect(contents.delivered(2).length).toBeGreaterThan(0)
  })
})

describe('messages', () => {
  it('carry all that is due: one message for many sessions', async () => {
    services.outputs.set(OTHER_SESSION_ID, new FakeOutput())
    await subscribe(1, 'output:batch', { sessionId: SESSION_ID, after: 0, visible: true })
    await subscribe(2, 'output:batch', { sessionId: OTHER_SESSION_ID, after: 0, visible: true })
    await subscribe(3, 'manager:changed', {})
    await clock.advance(100)
    contents.messages.length = 0
    services.output(SESSION_ID).append('a')
    await clock.advance(5)
    services.output(OTHER_SESSION_ID).append('b')
    services.statusChanged.fire(managerStatus(2))
    await clock.advance(100)
    expect(contents.messages.map(message => message.map(([id]) => id))).toEqual([[1, 2, 3]])
  })

  it('need no timer while nothing happens', async () => {
    for (const [id, name] of eventNames.entries()) await subscribe(id, name, validParams[name])
    await clock.advance(1_000)
    expect(clock.pendingTimers).toBe(0)
    services.output().append('x')
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(1_000)
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('a window', () => {
  async function subscribeToAll(): Promise<void> {
    for (const [id, name] of eventNames.entries()) expect(await subscribe(id, name, validParams[name])).toBe('ok')
    // A listener of its own: the event is only the way for what the page's streams hear.
    await contents.call('notify:subscribe', validInputs['notify:subscribe'])
  }

  it.each([
    ['navigates or reloads', () => contents.emit('did-navigate')],
    ['loses its process', () => contents.emit('render-process-gone')],
    ['is destroyed', () => contents.destroy()],
    ['is let go', () => bridge.dispose()],
  ])('that %s loses its subscriptions, and sends nothing more', async (_what, happen) => {
    await subscribeToAll()
    expect(bridge.subscriptionCount).toBe(eventNames.length)
    expect(services.listenerCount).toBe(eventNames.length)
    services.output().append('waiting')
    happen()
    expect(bridge.subscriptionCount).toBe(0)
    expect(services.listenerCount).toBe(0)
    expect(clock.pendingTimers).toBe(0)
    services.menu.fire('run')
    services.output().append('more')
    await clock.advance(1_000)
    expect(contents.messages).toEqual([])
  })

  it('that reloads subscribes anew and is whole again', async () => {
    services.output().append('before')
    await subscribeToAll()
    await clock.advance(100)
    contents.emit('did-navigate')
    contents.messages.length = 0
    await subscribeToAll()
    await clock.advance(100)
    expect(contents.delivered(eventNames.indexOf('ports:changed'))).toHaveLength(1)
    expect(contents.delivered(eventNames.indexOf('output:batch'))).toMatchObject([{ seq: 1, upTo: 6, missedBytes: 0 }])
  })

  it('leaves no listener of the bridge on itself', () => {
    bridge.dispose()
    expect(contents.eventNames()).toEqual([])
    expect(contents.handlers.size).toBe(0)
  })
})
