import { describe, expect, it } from 'vitest'
import { StatisticsCounter } from '../../../electron/core/sessions/statistics'
import { METRIC_INTERVAL_MS } from '../../../shared/limits'
import { FakeClock } from '../../fakes/fake-clock'
import { bytesOf } from '../../fakes/fake-protocol'
import { SessionBench } from './session-bench'

const NOTHING_PENDING = { operations: 0, writeBytes: 0 }

describe('the statistics of a session', () => {
  it('M-12, M-13: counts bytes both ways and when they came', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open()
    const handshake = bench.manager.statistics(sessionId)
    expect(handshake).toMatchObject({ bytesIn: 0, bytesOut: 2, lastReadAt: null, lastWriteAt: bench.clock.now() })
    await bench.clock.advance(10)
    bench.transports.latest.deliver(bytesOf('12345'))
    expect(bench.manager.statistics(sessionId)).toMatchObject({ bytesIn: 5, lastReadAt: bench.clock.now(), lastIoAt: bench.clock.now() })
    bench.transports.latest.pendingWriteBytes = 7
    expect(bench.manager.statistics(sessionId).pendingWriteBytes).toBe(7)
  })

  it('bytes count as sent when the system has taken them', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open()
    const { transport } = bench.protocols.latest
    bench.transports.latest.writeAnswer = new Error('no')
    await transport.write(new Uint8Array(10)).catch(() => {})
    expect(bench.manager.statistics(sessionId).bytesOut).toBe(2)
    bench.transports.latest.writeAnswer = 'take'
    await transport.write(new Uint8Array(10))
    expect(bench.manager.statistics(sessionId).bytesOut).toBe(12)
  })

  it('M-15: rates are bytes over the time that really passed', async () => {
    const clock = new FakeClock()
    const counter = new StatisticsCounter(clock)
    counter.startSampling()
    counter.received(300)
    counter.sent(30)
    await clock.advance(1_500)
    expect(counter.sample({ isFlowing: true })).toEqual({ elapsedMs: 1_500, bytesInPerSecond: 200, bytesOutPerSecond: 20 })
    await clock.advance(500)
    expect(counter.sample({ isFlowing: true })).toEqual({ elapsedMs: 500, bytesInPerSecond: 0, bytesOutPerSecond: 0 })
  })

  it('E-32: without elapsed time there is no sample, and a rate is 0, not NaN', async () => {
    const clock = new FakeClock()
    const counter = new StatisticsCounter(clock)
    counter.startSampling()
    expect(counter.summary(NOTHING_PENDING)).toMatchObject({ bytesInPerSecond: 0, bytesOutPerSecond: 0, latencyMs: null })
    counter.received(10)
    expect(counter.sample({ isFlowing: true })).toBeNull()
    expect(counter.summary(NOTHING_PENDING).bytesInPerSecond).toBe(0)
    await clock.advance(1_000)
    expect(counter.sample({ isFlowing: true })?.bytesInPerSecond).toBe(10)
  })

  it('M-15: rates are zero once the board is lost or the session closed; totals stay', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open()
    bench.transports.latest.deliver(new Uint8Array(1_000))
    await bench.clock.advance(METRIC_INTERVAL_MS)
    expect(bench.manager.statistics(sessionId).bytesInPerSecond).toBe(1_000)
    bench.transports.latest.deliver(new Uint8Array(1_000))
    bench.transports.latest.unplug()
    expect(bench.manager.statistics(sessionId)).toMatchObject({ bytesIn: 2_000, bytesInPerSecond: 0 })
    await bench.clock.advance(METRIC_INTERVAL_MS)
    expect(bench.manager.statistics(sessionId).bytesInPerSecond).toBe(0)
    await bench.manager.close(sessionId, { mode: 'now' })
    expect(bench.manager.statistics(sessionId)).toMatchObject({ bytesIn: 2_000, bytesInPerSecond: 0 })
  })
})
