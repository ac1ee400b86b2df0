import { describe, expect, it } from 'vitest'
import { MetricHistory } from '../../../electron/core/metrics/metric-history'
import { METRIC_HISTORY_SAMPLES, METRIC_INTERVAL_MS } from '../../../shared/limits'
import type { MetricUpdate } from '../../../shared/model'
import { bytesOf } from '../../fakes/fake-protocol'
import { failureOf, SessionBench } from '../sessions/session-bench'

const rethrow = (error: unknown): never => {
  throw error
}

function sampleAt(history: MetricHistory, seconds: number): void {
  history.sample({ at: seconds * 1_000, elapsedMs: 1_000, bytesInPerSecond: seconds, bytesOutPerSecond: 0 })
}

describe('the metric history', () => {
  it('has one row a sample, with gaps where nothing ran', () => {
    const history = new MetricHistory('session-1', rethrow)
    history.recordExecution(true, 10)
    history.recordExecution(true, 10)
    history.recordExecution(false, null)
    history.sample({ at: 5_000, elapsedMs: 500, bytesInPerSecond: 7, bytesOutPerSecond: 8 })
    history.sample({ at: 6_000, elapsedMs: 1_000, bytesInPerSecond: 0, bytesOutPerSecond: 0 })
    const { sessionId, kind, columns, markers } = history.readAll()
    expect({ sessionId, kind, markers }).toEqual({ sessionId: 'session-1', kind: 'all', markers: [] })
    expect([...columns.at]).toEqual([5, 6])
    expect([...columns.latencyP50Ms]).toEqual([10, Number.NaN])
    expect([...columns.latencyP95Ms]).toEqual([10, Number.NaN])
    expect([...columns.bytesInPerSecond]).toEqual([7, 0])
    expect([...columns.bytesOutPerSecond]).toEqual([8, 0])
    expect([...columns.executionsPerSecond]).toEqual([6, 0])
    expect([...columns.failuresPerSecond]).toEqual([2, 0])
  })

  it('keeps the latest samples, in order, and the markers among them', () => {
    const history = new MetricHistory('session-1', rethrow)
    history.mark(1_000, 'connected', 'Connected')
    history.mark(20_000, 'lost', 'Lost')
    for (let second = 1; second <= METRIC_HISTORY_SAMPLES + 10; second++) sampleAt(history, second)
    const { columns, markers } = history.readAll()
    expect(columns.at).toHaveLength(METRIC_HISTORY_SAMPLES)
    expect(columns.at[0]).toBe(11)
    expect([...columns.at]).toEqual([...columns.at].sort((left, right) => left - right))
    expect([...columns.bytesInPerSecond]).toEqual([...columns.at])
    expect(markers.map(marker => marker.kind)).toEqual(['lost'])
  })

  it('tells each new sample and marker once, as copies', () => {
    const history = new MetricHistory('session-1', rethrow)
    sampleAt(history, 1)
    const told: MetricUpdate[] = []
    const listening = history.onSamples(update => told.push(update))
    sampleAt(history, 2)
    history.mark(2_500, 'closed', 'Closed')
    expect(told.map(update => [update.kind, [...update.columns.at], update.markers.map(marker => marker.kind)])).toEqual([
      ['more', [2], []],
      ['more', [], ['closed']],
    ])
    told[0]?.columns.at.fill(0)
    expect([...history.readAll().columns.at]).toEqual([1, 2])
    listening.dispose()
    expect(history.listenerCount).toBe(0)
  })
})

describe('sampling by the manager', () => {
  it('samples every session once an interval, from its connect to its close', async () => {
    const bench = new SessionBench()
    const [first, second] = await Promise.all([bench.open('/dev/ttyACM0'), bench.open('/dev/ttyACM1')])
    const [source, other] = [first, second].map(({ sessionId }) => bench.manager.metrics(sessionId))
    const closedMarkers: string[] = []
    source?.onSamples(update => closedMarkers.push(...update.markers.map(marker => marker.kind)))

    const running = bench.manager.execute(first.sessionId, 'x', {})
    bench.transports.made[0]?.deliver(bytesOf('hello'))
    bench.protocols.made[0]?.finish({ durationMs: 40 })
    await running
    await bench.clock.advance(METRIC_INTERVAL_MS)
    await bench.clock.advance(METRIC_INTERVAL_MS)

    const { columns, markers } = source?.readAll() ?? rethrow(new Error('no source'))
    expect([...columns.latencyP50Ms]).toEqual([40, Number.NaN])
    expect([...columns.bytesInPerSecond]).toEqual([5, 0])
    expect([...columns.executionsPerSecond]).toEqual([1, 0])
    expect(markers).toEqual([{ at: expect.any(Number), kind: 'connected', label: 'Connected' }])
    expect(other?.readAll().columns.at).toHaveLength(2)

    await bench.manager.close(first.sessionId, { mode: 'now' })
    expect(closedMarkers).toEqual(['closed'])
    expect(source?.listenerCount).toBe(0)
    await bench.clock.advance(METRIC_INTERVAL_MS)
    expect(source?.readAll().columns.at).toHaveLength(2)
    expect((await failureOf((async () => bench.manager.metrics(first.sessionId))())).code).toBe('SessionNotReady')
  })

  it('a time-out counts into latency, a cancel and a loss into failures alone', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open('/dev/ttyACM0', { options: { autoReconnect: false } })
    const timedOut = failureOf(bench.manager.execute(sessionId, 'x', { timeoutMs: 300 }))
    await bench.clock.advance(300)
    await timedOut
    const cancelled = failureOf(bench.manager.execute(sessionId, 'x', {}))
    await bench.manager.cancel(sessionId)
    await cancelled
    const lost = failureOf(bench.manager.execute(sessionId, 'x', {}))
    bench.transports.latest.unplug()
    await lost
    await bench.clock.advance(METRIC_INTERVAL_MS)
    const { columns, markers } = bench.manager.metrics(sessionId).readAll()
    expect(columns.latencyP95Ms[0]).toBeCloseTo(300)
    expect(columns.failuresPerSecond[0]).toBeCloseTo(3)
    expect(markers.map(marker => marker.kind)).toEqual(['connected', 'lost'])
    expect(bench.manager.statistics(sessionId).latencyMs).toMatchObject({ count: 1, last: 300 })
  })
})
