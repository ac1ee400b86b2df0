import { describe, expect, it } from 'vitest'
import { Lease } from '../../../electron/core/sessions/watching/lease'
import { LEASE_SWEEP_INTERVAL_MS } from '../../../shared/limits'
import { FakeClock } from '../../fakes/fake-clock'
import { OpenBench } from './open-bench'
import { failureOf } from './session-bench'

describe('a lease', () => {
  it('G-14: is set to an absolute time, earlier or later; expired is set and reached; null never expires', async () => {
    const clock = new FakeClock()
    const lease = new Lease(clock, null)
    expect(lease.isExpired(Number.MAX_SAFE_INTEGER)).toBe(false)
    lease.extend(clock.now() + 1_000)
    expect([999, 1_000].map(ms => lease.isExpired(clock.now() + ms))).toEqual([false, true])
    lease.extend(clock.now() + 100)
    expect(lease.isExpired(clock.now() + 100)).toBe(true)
    lease.extend(null)
    expect(lease.status).toEqual({ expiresAt: null, isPending: false })
  })

  it('is renewed by use, never shortened by it, and stays off where a person turned it off', async () => {
    const clock = new FakeClock()
    const lease = new Lease(clock, 10_000)
    expect(lease.status.expiresAt).toBe(clock.now() + 10_000)
    await clock.advance(4_000)
    lease.renew()
    expect(lease.status.expiresAt).toBe(clock.now() + 10_000)
    lease.extend(clock.now() + 60_000)
    lease.renew()
    expect(lease.status.expiresAt).toBe(clock.now() + 60_000)
    lease.extend(null)
    lease.renew()
    expect(lease.status.expiresAt).toBeNull()
    const none = new Lease(clock, null)
    none.renew()
    expect(none.status.expiresAt).toBeNull()
  })

  it('E-09: pending ends with an extension, and is not renewed away', () => {
    const clock = new FakeClock()
    const lease = new Lease(clock, 1_000)
    lease.extend(clock.now())
    lease.markPending()
    lease.renew()
    expect(lease.status).toEqual({ expiresAt: clock.now(), isPending: true })
    lease.extend(clock.now() - 1)
    expect(lease.endsSoon).toBe(true)
    lease.extend(clock.now() + 1)
    expect(lease.endsSoon).toBe(false)
  })
})

describe('a leased session', () => {
  it('G-06, G-14: tells its lease, and is closed when it has expired', async () => {
    const bench = await OpenBench.with({ leaseDurationMs: 10_000, healthChecks: false })
    expect(bench.info.lease).toEqual({ expiresAt: bench.clock.now() + 10_000, isPending: false })
    const expiresAt = bench.clock.now() + 40_000
    expect(bench.manager.extendLease(bench.sessionId, expiresAt).lease.expiresAt).toBe(expiresAt)
    expect(bench.events.at(-1)).toMatchObject({ type: 'leaseChanged', snapshot: { lease: { expiresAt } } })
    await bench.clock.advance(LEASE_SWEEP_INTERVAL_MS)
    expect(bench.info.state).toBe('Connected')
    await bench.clock.advance(LEASE_SWEEP_INTERVAL_MS)
    expect(bench.story()).toContain('disconnected lease-expired')
    expect((await failureOf(Promise.resolve().then(() => bench.manager.extendLease(bench.sessionId, null)))).code).toBe('SessionNotReady')
  })

  it('every use renews it', async () => {
    const bench = await OpenBench.with({ leaseDurationMs: 10_000 })
    bench.board.answer = () => ({})
    await bench.clock.advance(5_000)
    await bench.run()
    expect(bench.info.lease.expiresAt).toBe(bench.clock.now() + 10_000)
    await bench.clock.advance(1_000)
    await bench.manager.write(bench.sessionId, 'x')
    expect(bench.info.lease.expiresAt).toBe(bench.clock.now() + 10_000)
  })

  it('E-09: what runs is not cut off; new work is refused, what waits does not begin, and it closes when it has settled', async () => {
    const bench = await OpenBench.with({ operationTimeoutMs: 300_000 })
    const running = bench.run('long')
    const waiting = failureOf(bench.run('next'))
    bench.manager.extendLease(bench.sessionId, bench.clock.now() + 1_000)
    await bench.clock.advance(LEASE_SWEEP_INTERVAL_MS)
    expect(bench.info).toMatchObject({ state: 'Active', lease: { isPending: true }, health: { isHealthy: false } })
    expect(bench.events.at(-1)).toMatchObject({ type: 'leaseChanged', snapshot: { lease: { isPending: true } } })
    for (const refused of [bench.run('more'), bench.manager.write(bench.sessionId, 'x')]) {
      expect((await failureOf(refused)).info).toMatchObject({ code: 'SessionNotReady', reason: 'lease-expired' })
    }
    bench.board.finish()
    expect((await running).outcome).toBe('ok')
    expect((await waiting).info).toMatchObject({ code: 'OperationCancelled', reason: 'session-closed' })
    await bench.quiet()
    expect(bench.board.codes).toEqual(['long'])
    expect(bench.story()).toContain('disconnected lease-expired')
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('E-09: an extension before that keeps the session', async () => {
    const bench = await OpenBench.with({ operationTimeoutMs: 300_000 })
    const running = bench.run('long')
    bench.manager.extendLease(bench.sessionId, bench.clock.now() + 1_000)
    await bench.clock.advance(LEASE_SWEEP_INTERVAL_MS)
    bench.manager.extendLease(bench.sessionId, bench.clock.now() + 600_000)
    bench.board.finish()
    await running
    expect(bench.info).toMatchObject({ state: 'Idle', lease: { isPending: false } })
    bench.board.answer = () => ({})
    expect((await bench.run()).outcome).toBe('ok')
  })

  it('E-09: a board that is lost meanwhile ends the wait', async () => {
    const bench = await OpenBench.with({ operationTimeoutMs: 300_000 })
    const running = failureOf(bench.run('long'))
    bench.manager.extendLease(bench.sessionId, bench.clock.now() + 1_000)
    await bench.clock.advance(LEASE_SWEEP_INTERVAL_MS)
    bench.transport.unplug()
    await running
    await bench.quiet()
    expect(bench.story()).toContain('disconnected lease-expired')
  })

  it('a lease runs on while the board is lost', async () => {
    const bench = await OpenBench.onUsb({ leaseDurationMs: 10_000 })
    bench.unplug()
    await bench.clock.advance(2 * LEASE_SWEEP_INTERVAL_MS)
    expect(bench.info.state).toBe('Disposed')
    expect(bench.story()).toContain('disconnected lease-expired')
  })
})
