import { describe, expect, it } from 'vitest'
import type { PoolTicket } from '../../../shared/model'
import { settle } from '../../fakes/fake-clock'
import { failureOf, SessionBench } from './session-bench'

const A = 'path:/dev/ttyA'
const B = 'path:/dev/ttyB'

class PoolBench extends SessionBench {
  acquire(deviceKey: string, timeoutMs?: number, signal?: AbortSignal): Promise<PoolTicket> {
    return this.manager.acquire({ deviceKey, ...(timeoutMs !== undefined && { timeoutMs }) }, 'window-1', signal)
  }

  /** A session of this device, used once and given back. */
  async warm(deviceKey: string): Promise<string> {
    const { token, session } = await this.acquire(deviceKey)
    await this.manager.release(token)
    return session.sessionId
  }

  poolRole(sessionId: string): string {
    return this.manager.info(sessionId).snapshot.pool
  }

  get acquired(): readonly string[] {
    return this.metrics.of('acquire').map(call => call.replace('acquire ', ''))
  }
}

describe('the pool', () => {
  it('B-11: opens a session for the first who asks, and hands over a healthy one that is warm', async () => {
    const bench = new PoolBench()
    const first = await bench.acquire(A)
    expect(first.session).toMatchObject({ deviceKey: A, pool: 'inUse', clientIdentity: 'pool', state: 'Connected' })
    expect(await bench.manager.release(first.token)).toEqual({ released: true })
    expect(bench.manager.poolStats).toMatchObject({ warm: [first.session.sessionId], inUse: [], acquired: 1, reused: 0 })
    const second = await bench.acquire(A)
    expect(second.session.sessionId).toBe(first.session.sessionId)
    expect(second.token).not.toBe(first.token)
    expect(bench.transports.made).toHaveLength(1)
    expect(bench.manager.poolStats).toMatchObject({ warm: [], inUse: [second.session.sessionId], acquired: 2, reused: 1 })
    expect(bench.acquired).toEqual(['opened', 'reused'])
  })

  it('B-12: what is given back healthy is kept without what its user left; warm sessions count as open', async () => {
    const bench = new PoolBench()
    const { token, session } = await bench.acquire(A)
    await bench.manager.attributes(session.sessionId).set('laps', 3)
    await bench.manager.release(token)
    expect(await bench.manager.attributes(session.sessionId).keys()).toEqual([])
    expect(bench.poolRole(session.sessionId)).toBe('warm')
    expect(bench.manager.status).toMatchObject({ open: 1, warm: 1, waiting: 0 })
  })

  it('B-12: what its user had repeated ends when it is given back, and neither runs for the next one nor keeps it open', async () => {
    const bench = new PoolBench()
    bench.protocols.prepare = protocol => {
      protocol.answer = () => ({})
    }
    bench.settings.changeSession({ healthChecks: false, idleTimeoutMs: 60_000 })
    const { token, session } = await bench.acquire(A)
    bench.manager.samplers.start(session.sessionId, { code: 'read()', intervalMs: 5_000 })
    await settle()
    await bench.manager.release(token)
    expect(bench.poolRole(session.sessionId)).toBe('warm')
    const runs = bench.protocols.latest.codes.length
    expect(runs).toBe(1)
    await bench.clock.advance(59_000)
    expect(bench.protocols.latest.codes).toHaveLength(runs)
    await bench.clock.advance(1_000)
    expect(bench.story(session.sessionId)).toContain('disconnected idle-timeout')
  })

  it('B-12: what is given back unhealthy, or still at work, is closed', async () => {
    const bench = new PoolBench()
    const lost = await bench.acquire(A)
    bench.transports.latest.unplug()
    await bench.manager.release(lost.token)
    expect(bench.manager.info(lost.session.sessionId).snapshot.state).toBe('Disposed')

    const busy = await bench.acquire(B)
    const running = failureOf(bench.manager.execute(busy.session.sessionId, 'while True: pass'))
    await settle()
    await bench.manager.release(busy.token)
    expect(await running).toMatchObject({ code: 'OperationCancelled', reason: 'session-closed' })
    expect(bench.manager.poolStats).toMatchObject({ warm: [], inUse: [] })
  })

  it('B-12, B-33: with pooling turned off what is given back is closed, and so is what is warm when it is turned off', async () => {
    const bench = new PoolBench()
    const kept = await bench.warm(A)
    bench.settings.change({ pool: { ...bench.settings.current.pool, enabled: false } })
    await settle()
    expect(bench.manager.info(kept).snapshot.state).toBe('Disposed')
    const { token, session } = await bench.acquire(B)
    await bench.manager.release(token)
    expect(bench.manager.info(session.sessionId).snapshot.state).toBe('Disposed')
    expect(bench.manager.poolStats).toMatchObject({ enabled: false, warm: [], inUse: [] })
  })

  it('a warm session is closed when nobody has used it for the idle time-out', async () => {
    const bench = new PoolBench()
    bench.settings.changeSession({ healthChecks: false })
    const sessionId = await bench.warm(A)
    await bench.clock.advance(301_000)
    expect(bench.story(sessionId)).toContain('disconnected idle-timeout')
    expect(bench.manager.poolStats.warm).toEqual([])
  })

  it('B-11: lending a warm session is use of it, and so is giving it back: the idle time-out begins anew', async () => {
    const bench = new PoolBench()
    bench.settings.changeSession({ healthChecks: false, idleTimeoutMs: 10_000 })
    const kept = await bench.warm(A)
    await bench.clock.advance(9_000)
    const { token, session } = await bench.acquire(A)
    expect(session).toMatchObject({ sessionId: kept, lastUsedAt: bench.clock.now() })
    await bench.clock.advance(9_000)
    expect(bench.poolRole(kept)).toBe('inUse')
    await bench.manager.release(token)
    await bench.clock.advance(9_000)
    expect(bench.poolRole(kept)).toBe('warm')
    await bench.clock.advance(1_000)
    expect(bench.story(kept)).toContain('disconnected idle-timeout')
  })

  it('E-34: a session is for its own device alone', async () => {
    const bench = new PoolBench()
    const a = await bench.warm(A)
    const b = await bench.acquire(B)
    expect(b.session.sessionId).not.toBe(a)
    expect(b.session.deviceKey).toBe(B)
  })

  it('E-34: a warm session that has become unhealthy is closed, and a new one opened', async () => {
    const bench = new PoolBench()
    const old = await bench.warm(A)
    bench.transports.latest.unplug()
    const fresh = await bench.acquire(A)
    expect(fresh.session.sessionId).not.toBe(old)
    expect(bench.story(old)).toContain('disconnected pool-evicted')
    expect(bench.acquired).toEqual(['opened', 'opened'])
  })

  it('E-34: giving back twice frees one session, and a token that never was frees none', async () => {
    const bench = new PoolBench({ limit: 2 })
    const first = await bench.acquire(A)
    expect(await Promise.all([bench.manager.release(first.token), bench.manager.release(first.token)])).toEqual([
      { released: true },
      { released: false },
    ])
    const second = await bench.acquire(A)
    expect(await bench.manager.release(first.token)).toEqual({ released: false })
    expect(await bench.manager.release('pool-none')).toEqual({ released: false })
    expect(bench.manager.poolStats.inUse).toEqual([second.session.sessionId])
  })

  it('E-06: a device in use is exclusive: the second waits although there is room, and is served when the first gives back', async () => {
    const bench = new PoolBench()
    const first = await bench.acquire(A)
    let second: PoolTicket | null = null
    void bench.acquire(A).then(ticket => {
      second = ticket
    })
    await settle()
    expect([second, bench.manager.status.waiting]).toEqual([null, 1])
    await bench.manager.release(first.token)
    await settle()
    expect(second).toMatchObject({ session: { sessionId: first.session.sessionId } })
    expect(bench.manager.status.waiting).toBe(0)
  })

  it('E-05: asking for a device that was opened directly waits until that session is closed', async () => {
    const bench = new PoolBench()
    const direct = await bench.open('/dev/ttyA')
    const waiting = bench.acquire(A)
    await settle()
    expect(bench.manager.poolStats.waiting).toBe(1)
    await bench.manager.close(direct.sessionId, { mode: 'now' })
    expect((await waiting).session.sessionId).not.toBe(direct.sessionId)
  })

  it('B-11: waits for a place, first come first served, and no longer than it may', async () => {
    const bench = new PoolBench({ limit: 1 })
    const first = await bench.acquire(A)
    const served: string[] = []
    const serve = async (deviceKey: string): Promise<PoolTicket> => {
      const ticket = await bench.acquire(deviceKey)
      served.push(ticket.session.deviceKey)
      return ticket
    }
    const [second, third] = [serve(B), serve(A)]
    const late = failureOf(bench.acquire('path:/dev/ttyC', 1_000))
    await bench.clock.advance(1_000)
    const failure = await late
    expect([failure.code, failure.message]).toEqual(['PoolTimeout', 'No session for the board on /dev/ttyC was free within 1 second.'])
    // Given back it is warm, but the one that came first wants its place.
    await bench.manager.release(first.token)
    await settle()
    expect(served).toEqual([B])
    await bench.manager.release((await second).token)
    await third
    expect(served).toEqual([B, A])
    expect(bench.manager.poolStats).toMatchObject({ waiting: 0, timedOut: 1, evicted: 2 })
    expect(bench.acquired).toEqual(['opened', 'timeout', 'opened', 'opened'])
  })

  it('B-11: with no time to wait it is now or not at all', async () => {
    const bench = new PoolBench({ limit: 1 })
    await bench.acquire(A, 0)
    expect((await failureOf(bench.acquire(B, 0))).code).toBe('PoolTimeout')
    expect(bench.manager.status.waiting).toBe(0)
  })

  it('at the limit the warm session that was used longest ago makes room', async () => {
    const bench = new PoolBench({ limit: 2 })
    const a = await bench.warm(A)
    const b = await bench.warm(B)
    await bench.warm(A)
    await bench.acquire('path:/dev/ttyC')
    expect(bench.manager.poolStats).toMatchObject({ warm: [a], evicted: 1 })
    expect(bench.story(b)).toContain('disconnected pool-evicted')
  })

  it('E-07: so it does for a direct open, which only fails when there is none', async () => {
    const bench = new PoolBench({ limit: 1 })
    await bench.warm(A)
    await bench.open('/dev/ttyB')
    expect((await failureOf(bench.open('/dev/ttyC'))).code).toBe('SessionLimitExceeded')
    expect(bench.manager.status).toMatchObject({ open: 1, warm: 0 })
  })

  it('E-05: an open that is refused because another session has the device costs no warm session its place', async () => {
    const bench = new PoolBench({ limit: 2 })
    await bench.open('/dev/ttyA')
    const warm = await bench.warm(B)
    expect(await failureOf(bench.open('/dev/ttyA'))).toMatchObject({ code: 'OpenFailed', reason: 'port-in-use' })
    expect(bench.manager.poolStats).toMatchObject({ warm: [warm], evicted: 0 })
  })

  it('E-05: a direct open of a device that has a warm session closes that one and opens anew', async () => {
    const bench = new PoolBench()
    const warm = await bench.warm(A)
    const opened = await bench.open('/dev/ttyA')
    expect(opened.sessionId).not.toBe(warm)
    expect(bench.story(warm)).toContain('disconnected pool-evicted')
    expect(bench.manager.poolStats).toMatchObject({ warm: [], inUse: [], evicted: 1 })
  })

  it('E-07: groups neither take nor need a place', async () => {
    const bench = new PoolBench({ limit: 1 })
    await bench.manager.open({ backend: 'none', clientSessionName: 'ovens' })
    const warm = await bench.warm(A)
    await bench.manager.open({ backend: 'none', clientSessionName: 'fridges' })
    expect(bench.manager.poolStats.warm).toEqual([warm])
    expect(bench.manager.status).toMatchObject({ open: 1, health: { data: { active_sessions: 1 } } })
  })

  it('E-35: who waits is rejected when the app quits', async () => {
    const bench = new PoolBench({ limit: 1 })
    await bench.acquire(A)
    const waiting = failureOf(bench.acquire(B))
    await settle()
    const shutdown = bench.manager.shutdown()
    expect((await waiting).code).toBe('ManagerNotActive')
    await shutdown
    expect(bench.manager.poolStats.waiting).toBe(0)
  })

  it('E-35: who waits is rejected when its window dies, and holds nothing up', async () => {
    const bench = new PoolBench({ limit: 1 })
    const first = await bench.acquire(A)
    const window = new AbortController()
    const waiting = failureOf(bench.acquire(B, undefined, window.signal))
    const next = bench.acquire(A)
    await settle()
    window.abort()
    expect((await waiting).code).toBe('OperationCancelled')
    await bench.manager.release(first.token)
    expect((await next).session.sessionId).toBe(first.session.sessionId)
    expect((await failureOf(bench.acquire(B, undefined, window.signal))).code).toBe('OperationCancelled')
  })

  it('E-35: for a window that is dead already nothing is opened', async () => {
    const bench = new PoolBench()
    const window = new AbortController()
    window.abort()
    expect((await failureOf(bench.acquire(A, undefined, window.signal))).code).toBe('OperationCancelled')
    expect(bench.events).toEqual([])
  })

  it('E-35: a window that dies while its session is being opened leaves no session behind', async () => {
    const bench = new PoolBench()
    bench.transports.prepare = transport => {
      transport.openAnswer = 'hang'
    }
    const window = new AbortController()
    const waiting = failureOf(bench.acquire(A, undefined, window.signal))
    await settle()
    window.abort()
    expect((await waiting).code).toBe('OperationCancelled')
    await bench.clock.advance(1_000)
    expect(bench.manager.status.open).toBe(0)
    expect(bench.manager.poolStats).toMatchObject({ warm: [], inUse: [], waiting: 0 })
  })

  it('B-11: an open that fails gives its place to the next', async () => {
    const bench = new PoolBench({ limit: 1 })
    bench.transports.prepare = transport => {
      if (transport.port === '/dev/ttyA') transport.openAnswer = new Error('no')
    }
    const failed = failureOf(bench.acquire(A))
    const next = bench.acquire(B)
    expect((await failed).code).toBe('OpenFailed')
    expect((await next).session.deviceKey).toBe(B)
    expect(bench.acquired).toEqual(['failed', 'opened'])
  })

  it('a higher limit serves who waits at once', async () => {
    const bench = new PoolBench({ limit: 1 })
    await bench.acquire(A)
    const waiting = bench.acquire(B)
    await settle()
    bench.settings.change({ maxConcurrentSessions: 2 })
    expect((await waiting).session.deviceKey).toBe(B)
  })

  it('B-06, B-30: something done in a session gives it back whatever becomes of it', async () => {
    const bench = new PoolBench()
    bench.protocols.prepare = protocol => {
      protocol.answer = () => ({})
    }
    const result = await bench.manager.withSession(A, session => session.execute('1', {}))
    expect(result.outcome).toBe('ok')
    await expect(bench.manager.withSession(A, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
    expect(bench.manager.poolStats).toMatchObject({ inUse: [], acquired: 2, reused: 1 })
    expect(bench.manager.poolStats.warm).toHaveLength(1)
  })

  it('E-29: what a window has from the pool is closed with what it opened', async () => {
    const bench = new PoolBench()
    await bench.acquire(A)
    await bench.manager.open({ port: '/dev/ttyB' }, 'window-1')
    await bench.manager.open({ port: '/dev/ttyC' }, 'window-2')
    await bench.manager.closeAllOf('window-1')
    expect(bench.manager.list({ includeClosed: false }).map(({ port }) => port)).toEqual(['/dev/ttyC'])
  })

  it('B-07, B-08: how many wait and are warm is told as it changes', async () => {
    const bench = new PoolBench({ limit: 1 })
    const { token } = await bench.acquire(A)
    const waiting = bench.acquire(A)
    await bench.quiet()
    expect(bench.statuses.at(-1)).toMatchObject({ open: 1, warm: 0, waiting: 1 })
    await bench.manager.release(token)
    await bench.manager.release((await waiting).token)
    await bench.quiet()
    expect(bench.statuses.at(-1)).toMatchObject({ open: 1, warm: 1, waiting: 0 })
  })

  it('leaves no timer and no waiter behind', async () => {
    const bench = new PoolBench({ limit: 1 })
    const { token } = await bench.acquire(A)
    const second = bench.acquire(A)
    await bench.manager.release(token)
    await bench.manager.release((await second).token)
    await bench.manager.shutdown()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })
})
