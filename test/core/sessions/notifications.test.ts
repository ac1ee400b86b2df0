import { describe, expect, it } from 'vitest'
import { SessionNotifications } from '../../../electron/core/sessions/manager/notifications'
import { NOTIFY_SUBSCRIPTIONS_MAX } from '../../../shared/limits'
import type { Notice, SessionSnapshot } from '../../../shared/model'
import { FakeClock } from '../../fakes/fake-clock'
import { fakeSnapshot } from '../../fakes/fake-snapshot'

class Bench {
  readonly clock = new FakeClock()
  readonly errors: string[] = []
  readonly heard: Notice[] = []
  isEnabled = true
  readonly notifications = new SessionNotifications(
    this.clock,
    { debug() {}, info() {}, warn() {}, error: message => void this.errors.push(message) },
    () => this.isEnabled,
  )

  subscribe(kind: Notice['kind'], dataSource: string): { dispose(): void; readonly subscriptionId: string } {
    return this.notifications.subscribe(kind, dataSource, notice => this.heard.push(notice))
  }

  get story(): readonly string[] {
    return this.heard.map(({ kind, dataSource, sessionKey, seq }) => `${kind} ${dataSource} ${sessionKey} ${seq}`)
  }
}

function session(sessionId: string, dataSource: string): SessionSnapshot {
  return fakeSnapshot({ sessionId, metadata: { ...fakeSnapshot().metadata, dataSource } })
}

describe('the streams of starts and stops', () => {
  it('S-12, S-13, S-14: tell of starts and of stops, each for itself, numbered from 1 in each stream', () => {
    const bench = new Bench()
    const starts = bench.subscribe('start', 'oven')
    const stops = bench.subscribe('stop', 'oven')
    bench.notifications.start(session('a', 'oven'))
    bench.notifications.start(session('b', 'oven'))
    bench.notifications.stop(session('a', 'oven'))
    expect(bench.story).toEqual(['start oven a 1', 'start oven b 2', 'stop oven a 1'])
    expect(bench.heard[0]).toEqual({
      subscriptionId: starts.subscriptionId,
      kind: 'start',
      dataSource: 'oven',
      sessionKey: 'a',
      seq: 1,
      at: bench.clock.now(),
    })
    starts.dispose()
    bench.notifications.start(session('c', 'oven'))
    bench.notifications.stop(session('c', 'oven'))
    expect(bench.story.slice(3)).toEqual(['stop oven c 2'])
    stops.dispose()
    stops.dispose()
    expect(bench.notifications.subscriptionCount).toBe(0)
  })

  it('S-15, S-16: tell at once, before the call returns, and go on until they are ended', () => {
    const bench = new Bench()
    bench.subscribe('start', 'oven')
    for (let index = 0; index < 1_000; index++) {
      bench.notifications.start(session(`s${index}`, 'oven'))
      expect(bench.heard).toHaveLength(index + 1)
    }
  })

  it('S-17: are for one data source, letter by letter; an empty one is refused', () => {
    const bench = new Bench()
    for (const dataSource of ['oven', 'Oven', 'oven ']) bench.subscribe('start', dataSource)
    bench.notifications.start(session('a', 'Oven'))
    expect(bench.story).toEqual(['start Oven a 1'])
    for (const empty of ['', '  ']) {
      expect(() => bench.subscribe('start', empty)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
    }
  })

  it('S-18, E-28: have no past: who subscribes between start and stop gets only the stop', () => {
    const bench = new Bench()
    bench.notifications.start(session('a', 'oven'))
    bench.subscribe('start', 'oven')
    bench.subscribe('stop', 'oven')
    bench.notifications.stop(session('a', 'oven'))
    expect(bench.story).toEqual(['stop oven a 1'])
  })

  it('E-27: every start has one stop, whatever else is told, and no stop comes without a start', () => {
    const bench = new Bench()
    bench.subscribe('start', 'oven')
    bench.subscribe('stop', 'oven')
    bench.notifications.stop(session('never opened', 'oven'))
    bench.notifications.start(session('a', 'oven'))
    bench.notifications.start(session('a', 'oven'))
    bench.notifications.stop(session('a', 'oven'))
    bench.notifications.stop(session('a', 'oven'))
    expect(bench.story).toEqual(['start oven a 1', 'stop oven a 1'])
  })

  it('a listener that fails is logged and keeps no other from hearing', () => {
    const bench = new Bench()
    bench.notifications.subscribe('start', 'oven', () => {
      throw new Error('no')
    })
    bench.subscribe('start', 'oven')
    bench.notifications.start(session('a', 'oven'))
    expect([bench.heard.length, bench.errors.length]).toEqual([1, 1])
  })

  it('a listener that ends another subscription keeps it from this notice', () => {
    const bench = new Bench()
    let second: { dispose(): void } | null = null
    bench.notifications.subscribe('start', 'oven', () => second?.dispose())
    second = bench.subscribe('start', 'oven')
    bench.notifications.start(session('a', 'oven'))
    expect(bench.heard).toEqual([])
  })

  it('S-21: are off where the configuration says so, and bounded in number', () => {
    const bench = new Bench()
    bench.isEnabled = false
    expect(() => bench.subscribe('start', 'oven')).toThrow(expect.objectContaining({ code: 'ServiceDisabled' }))
    bench.isEnabled = true
    for (let index = 0; index < NOTIFY_SUBSCRIPTIONS_MAX; index++) bench.subscribe('start', 'oven')
    expect(() => bench.subscribe('start', 'oven')).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
  })
})
