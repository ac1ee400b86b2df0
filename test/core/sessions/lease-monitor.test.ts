import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../electron/core/base/logger'
import { LeaseMonitor } from '../../../electron/core/sessions/manager/lease-monitor'
import type { SessionState } from '../../../shared/model'
import { FakeClock, settle } from '../../fakes/fake-clock'

class Leased {
  state: SessionState = 'Connected'
  closes = 0
  answer: 'close' | 'pending' | 'hang' | Error = 'close'
  finish: () => void = () => {}

  constructor(
    readonly sessionId: string,
    private readonly expiresAt: number | null,
  ) {}

  isLeaseExpired(now: number): boolean {
    return this.expiresAt !== null && this.expiresAt <= now
  }

  async closeExpired(): Promise<boolean> {
    this.closes += 1
    if (this.answer === 'pending') return false
    if (this.answer instanceof Error) throw this.answer
    if (this.answer === 'hang') await new Promise<void>(resolve => (this.finish = resolve))
    this.state = 'Disposed'
    return true
  }
}

class Bench {
  readonly clock = new FakeClock()
  sessions: Leased[] = []
  intervalMs = 30_000
  readonly monitor = new LeaseMonitor({
    clock: this.clock,
    logger: silentLogger,
    sessions: () => this.sessions,
    intervalMs: () => this.intervalMs,
  })

  add(inMs: number | null): Leased {
    const session = new Leased(`s${this.sessions.length}`, inMs === null ? null : this.clock.now() + inMs)
    this.sessions.push(session)
    return session
  }
}

describe('the lease monitor', () => {
  it('G-42: closes the expired ones, counts them, and leaves the others', async () => {
    const bench = new Bench()
    const [expired, exact, later, never] = [bench.add(-1), bench.add(0), bench.add(1), bench.add(null)]
    expect(await bench.monitor.closeExpired(bench.clock.now())).toBe(2)
    expect([expired, exact, later, never].map(session => session?.closes)).toEqual([1, 1, 0, 0])
  })

  it('G-06: sweeps by itself at its interval, and takes another interval from the next wait on', async () => {
    const bench = new Bench()
    const session = bench.add(10_000)
    bench.monitor.start()
    await bench.clock.advance(29_999)
    expect(session.closes).toBe(0)
    await bench.clock.advance(1)
    expect(session.closes).toBe(1)
    bench.intervalMs = 1_000
    const next = bench.add(0)
    await bench.clock.advance(30_000)
    expect(next.closes).toBe(1)
    const third = bench.add(0)
    await bench.clock.advance(1_000)
    expect(third.closes).toBe(1)
    bench.monitor.stop()
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('E-25: waits for its first look as long as it is told', async () => {
    const bench = new Bench()
    const session = bench.add(0)
    bench.monitor.start(45_000)
    await bench.clock.advance(44_999)
    expect(session.closes).toBe(0)
    await bench.clock.advance(1)
    expect(session.closes).toBe(1)
    bench.monitor.dispose()
  })

  it('E-10: skips what is closed, goes on after a failure, and counts only what this has closed', async () => {
    const bench = new Bench()
    const [closed, failing, pending, killed, good] = [bench.add(0), bench.add(0), bench.add(0), bench.add(0), bench.add(0)]
    closed.state = 'Disposed'
    failing.answer = new Error('no')
    pending.answer = 'pending'
    killed.answer = new Error('did not close in order')
    killed.closeExpired = async () => {
      killed.state = 'Disposed'
      throw new Error('did not close in order')
    }
    expect(await bench.monitor.closeExpired(bench.clock.now())).toBe(2)
    expect([closed.closes, failing.closes, pending.closes, good.closes]).toEqual([0, 1, 1, 1])
  })

  it('E-11: one sweep at a time: a second call joins it, a tick during it is skipped', async () => {
    const bench = new Bench()
    const session = bench.add(0)
    session.answer = 'hang'
    bench.monitor.start()
    const first = bench.monitor.closeExpired(bench.clock.now())
    const second = bench.monitor.closeExpired(bench.clock.now())
    await bench.clock.advance(30_000)
    expect(session.closes).toBe(1)
    session.finish()
    await settle()
    expect([await first, await second]).toEqual([1, 1])
    bench.monitor.stop()
  })
})
