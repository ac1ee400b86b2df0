import { describe, expect, it } from 'vitest'
import { HookRunner } from '../../../electron/core/sessions/manager/hooks'
import type { SessionEvent } from '../../../shared/model'
import { FakeClock, settle } from '../../fakes/fake-clock'
import { fakeSnapshot } from '../../fakes/fake-snapshot'

const SESSION = fakeSnapshot({ clientSessionName: 'oven' })

class Bench {
  readonly clock = new FakeClock()
  readonly logged: unknown[] = []
  readonly failures: string[] = []
  readonly runner = new HookRunner({
    clock: this.clock,
    logger: { debug() {}, info() {}, error() {}, warn: (_message, data) => void this.logged.push(data?.hook) },
    limitMs: () => 30_000,
    onFailed: (_session, message) => this.failures.push(message),
  })

  hear(type: SessionEvent['type'], changes: Partial<SessionEvent> = {}): void {
    this.runner.hear({ seq: 1, at: 0, type, sessionId: SESSION.sessionId, snapshot: SESSION, ...changes })
  }
}

describe('hooks of the session manager', () => {
  it('B-21, B-23, B-24, B-25, B-26: are called for what happens, and may return promises', async () => {
    const bench = new Bench()
    const called: string[] = []
    bench.runner.add({
      created: async session => void called.push(`created ${session.clientSessionName}`),
      disconnected: async (_session, reason) => void called.push(`disconnected ${reason}`),
      error: async (_session, message) => void called.push(`error ${message}`),
      disposed: async () => void called.push('disposed'),
    })
    bench.hear('created')
    bench.hear('disconnected', { reason: 'unexpected' })
    bench.hear('error', { message: 'It broke.' })
    bench.hear('stateChanged')
    bench.hear('disposed')
    await settle()
    expect(called).toEqual(['created oven', 'disconnected unexpected', 'error It broke.', 'disposed'])
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('B-22: those of connected are waited for, all at once', async () => {
    const bench = new Bench()
    const finish: (() => void)[] = []
    for (let index = 0; index < 2; index++) bench.runner.add({ connected: () => new Promise(resolve => finish.push(resolve)) })
    let done = false
    void bench.runner.runConnected(SESSION).then(() => {
      done = true
    })
    await settle()
    expect(finish).toHaveLength(2)
    finish[0]?.()
    await settle()
    expect(done).toBe(false)
    finish[1]?.()
    await settle()
    expect(done).toBe(true)
  })

  it('E-31: one that throws, rejects or never settles is logged, told and isolated; the wait ends', async () => {
    const bench = new Bench()
    let others = 0
    bench.runner.add({
      connected: () => {
        throw new Error('thrown')
      },
    })
    bench.runner.add({ connected: () => Promise.reject(new Error('rejected')) })
    bench.runner.add({ connected: () => new Promise(() => {}) })
    bench.runner.add({ connected: async () => void others++ })
    let done = false
    void bench.runner.runConnected(SESSION).then(() => {
      done = true
    })
    await bench.clock.advance(29_999)
    expect([others, done, bench.failures.length]).toEqual([1, false, 2])
    await bench.clock.advance(1)
    expect(done).toBe(true)
    expect(bench.failures).toEqual([
      'What was to be done when session oven was connected failed: thrown.',
      'What was to be done when session oven was connected failed: rejected.',
      'What was to be done when session oven was connected did not end within 30 seconds.',
    ])
    expect(bench.logged).toEqual(['connected', 'connected', 'connected'])
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('E-31: one that fails on an error, or at the end, is logged but makes no further error', async () => {
    const bench = new Bench()
    const fail = (): never => {
      throw new Error('again')
    }
    bench.runner.add({ error: fail, disposed: fail })
    bench.hear('error')
    bench.hear('disposed')
    await settle()
    expect(bench.logged).toEqual(['error', 'disposed'])
    expect(bench.failures).toEqual([])
  })

  it('are not called once they were taken away', async () => {
    const bench = new Bench()
    let calls = 0
    const hooks = { created: () => void calls++ }
    const first = bench.runner.add(hooks)
    bench.runner.add(hooks)
    first.dispose()
    first.dispose()
    bench.hear('created')
    await settle()
    expect([calls, bench.runner.count]).toEqual([1, 1])
  })
})
