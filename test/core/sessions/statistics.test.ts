import { describe, expect, it } from 'vitest'
import { StatisticsCounter } from '../../../electron/core/sessions/statistics'
import { METRIC_INTERVAL_MS } from '../../../shared/limits'
import { FakeClock } from '../../fakes/fake-clock'
import { bytesOf } from '../../fakes/fake-protocol'
import { OpenBench } from './open-bench'
import { SessionBench } from './session-bench'

const NO_IDLE = { count: 0, lastAt: null }
const NOTHING_PENDING = { operations: 0, writes: 0, writeBytes: 0, idle: { read: NO_IDLE, write: NO_IDLE, both: NO_IDLE } }

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

  it('M-12, M-13: the manager keeps the sums over all sessions, also over those that were closed', async () => {
    const bench = new SessionBench()
    bench.protocols.prepare = protocol => {
      protocol.answer = code => (code === 'bad' ? { outcome: 'exception' } : {})
    }
    const ids: string[] = []
    for (const port of ['/dev/ttyA', '/dev/ttyB']) {
      ids.push((await bench.open(port)).sessionId)
      bench.transports.latest.deliver(bytesOf('12345'))
      await bench.manager.execute(bench.latestId, port.endsWith('A') ? 'bad' : 'good')
    }
    const handshakes = 2 * 2
    const totals = { bytesIn: 10, bytesOut: handshakes, messagesIn: 2, messagesOut: 2, operations: 2, errors: 1 }
    expect(bench.manager.status.totals).toEqual(totals)
    await bench.manager.close(ids[0] ?? '', { mode: 'flush' })
    expect(bench.manager.status).toMatchObject({ open: 1, totals })
    await bench.manager.write(ids[1] ?? '', 'xyz')
    await bench.manager.kill(ids[1] ?? '')
    expect(bench.manager.status).toMatchObject({ open: 0, totals: { ...totals, bytesOut: handshakes + 3, messagesOut: 3 } })
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

  it('M-13: counts what comes out at the near end of the filters, and what goes in there', async () => {
    const bench = await OpenBench.create()
    expect(bench.info.statistics).toMatchObject({ messagesIn: 0, messagesOut: 0 })
    bench.transport.deliver(bytesOf('one'))
    bench.transport.deliver(bytesOf('two'))
    const running = bench.run()
    bench.board.finish()
    await running
    await bench.manager.write(bench.sessionId, 'x')
    expect(bench.info.statistics).toMatchObject({ messagesIn: 2, messagesOut: 2 })
    expect(bench.metrics.of('message')).toEqual([
      `message ${bench.sessionId} in`,
      `message ${bench.sessionId} in`,
      `message ${bench.sessionId} out`,
      `message ${bench.sessionId} out`,
    ])
  })

  it('M-15: rates are what totals grew by, over the time that really passed', async () => {
    const clock = new FakeClock()
    const counter = new StatisticsCounter(clock, 1_000)
    counter.startSampling()
    counter.received(300)
    counter.sent(30)
    counter.messageIn()
    counter.messageOut()
    await clock.advance(2_000)
    expect(counter.sample({ isFlowing: true })).toEqual({ elapsedMs: 2_000, bytesInPerSecond: 150, bytesOutPerSecond: 15 })
    expect(counter.summary(NOTHING_PENDING)).toMatchObject({
      bytesInPerSecond: 150,
      bytesOutPerSecond: 15,
      messagesInPerSecond: 0.5,
      messagesOutPerSecond: 0.5,
    })
    await clock.advance(500)
    expect(counter.sample({ isFlowing: true })).toEqual({ elapsedMs: 500, bytesInPerSecond: 0, bytesOutPerSecond: 0 })
  })

  it('M-15: throughput is measured over its own interval, the charts over theirs', async () => {
    const clock = new FakeClock()
    const counter = new StatisticsCounter(clock, 3_000)
    counter.startSampling()
    for (let second = 1; second <= 3; second++) {
      counter.received(300 * second)
      await clock.advance(1_000)
      expect(counter.sample({ isFlowing: true })?.bytesInPerSecond).toBe(300 * second)
      expect(counter.summary(NOTHING_PENDING).bytesInPerSecond).toBe(second < 3 ? 0 : 600)
    }
  })

  it('E-32: without elapsed time there is no sample, and a rate is 0, not NaN', async () => {
    const clock = new FakeClock()
    const counter = new StatisticsCounter(clock, 1_000)
    counter.startSampling()
    expect(counter.summary(NOTHING_PENDING)).toMatchObject({ bytesInPerSecond: 0, bytesOutPerSecond: 0, latencyMs: null })
    counter.received(10)
    expect(counter.sample({ isFlowing: true })).toBeNull()
    expect(counter.summary(NOTHING_PENDING).bytesInPerSecond).toBe(0)
    await clock.advance(1_000)
    expect(counter.sample({ isFlowing: true })?.bytesInPerSecond).toBe(10)
  })

  it('M-15: rates are zero once the board is lost or the session closed; totals stay', async () => {
    const bench = await OpenBench.onUsb({ throughputIntervalMs: 1_000 })
    bench.transport.deliver(new Uint8Array(1_000))
    await bench.clock.advance(METRIC_INTERVAL_MS)
    expect(bench.info.statistics.bytesInPerSecond).toBe(1_000)
    bench.transport.deliver(new Uint8Array(1_000))
    bench.unplug()
    expect(bench.info.statistics).toMatchObject({ bytesIn: 2_000, bytesInPerSecond: 0 })
    await bench.clock.advance(METRIC_INTERVAL_MS)
    expect(bench.info.statistics.bytesInPerSecond).toBe(0)
    await bench.manager.close(bench.sessionId, { mode: 'now' })
    expect(bench.info.statistics).toMatchObject({ bytesIn: 2_000, bytesInPerSecond: 0 })
  })

  it('M-12, T9: totals go on after a reconnect, which is counted', async () => {
    const bench = await OpenBench.onUsb()
    bench.transport.deliver(new Uint8Array(1_000))
    bench.unplug()
    await bench.clock.advance(2_000)
    await bench.plug('/dev/ttyACM7')
    expect(bench.info).toMatchObject({ state: 'Connected', statistics: { bytesIn: 1_000, bytesOut: 4, reconnects: 1 } })
  })
})
