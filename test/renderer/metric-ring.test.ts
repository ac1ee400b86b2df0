import { describe, expect, test } from 'vitest'
import { createClient } from '../../renderer/bridge/client'
import {
  chartData,
  findOutliers,
  hasValues,
  isolatedSamples,
  roundAxis,
  timeMarks,
  timeStep,
} from '../../renderer/islands/chart/chart-data'
import { spacedOut } from '../../renderer/islands/chart/chart-markers'
import { MetricFeed } from '../../renderer/islands/chart/metric-feed'
import { MetricRing } from '../../renderer/islands/chart/metric-ring'
import type { MetricUpdate } from '../../shared/model'
import { FakeBridge, type MetricRow, someColumns } from '../fakes/fake-bridge'

function row(at: number, over: Partial<MetricRow> = {}): MetricRow {
  const zero = { latencyP50Ms: 1, latencyP95Ms: 2, bytesInPerSecond: 0, bytesOutPerSecond: 0, executionsPerSecond: 0, failuresPerSecond: 0 }
  return { at, ...zero, ...over }
}

function update(kind: 'all' | 'more', rows: readonly MetricRow[], markers: MetricUpdate['markers'] = []): MetricUpdate {
  return { sessionId: 's', kind, columns: someColumns(rows), markers }
}

const P50 = [{ column: 'latencyP50Ms' }] as const

describe('recording of a session', () => {
  test('keeps the newest samples, oldest first', () => {
    const ring = new MetricRing(3)
    ring.apply(update('more', [row(1), row(2)]))
    ring.apply(update('more', [row(3), row(4)]))
    expect(chartData(ring, P50, 0, 10).x).toEqual([2, 3, 4])
  })

  test('`all` replaces, also when it is longer than the ring', () => {
    const ring = new MetricRing(3)
    ring.apply(update('more', [row(1)]))
    ring.apply(update('all', [row(5), row(6), row(7), row(8)]))
    expect(chartData(ring, P50, 0, 10).x).toEqual([6, 7, 8])
  })

  test('a paused copy stands still while the recording goes on', () => {
    const ring = new MetricRing(3)
    ring.apply(update('more', [row(1), row(2)]))
    const paused = ring.copy()
    ring.apply(update('more', [row(3), row(4)]))
    expect(chartData(paused, P50, 0, 10).x).toEqual([1, 2])
    expect(chartData(ring, P50, 0, 10).x).toEqual([2, 3, 4])
  })

  test('a marker from before the first sample stays; one that its samples have left goes', () => {
    const ring = new MetricRing(2)
    ring.apply(update('all', [], [{ at: 0.5, kind: 'connected', label: 'Connected' }]))
    ring.apply(update('more', [row(1)]))
    expect(ring.markers).toHaveLength(1)
    ring.apply(update('more', [row(2), row(3)]))
    expect(ring.markers).toHaveLength(0)
  })

  test('a feed ends its subscription and tells nobody any more', async () => {
    const bridge = new FakeBridge()
    const feed = new MetricFeed(createClient(bridge), 's')
    let told = 0
    feed.onSamples(() => told++)
    bridge.emit('metrics:samples', update('more', [row(1)]))
    expect(told).toBe(1)
    feed.dispose()
    bridge.emit('metrics:samples', update('more', [row(2)]))
    expect(told).toBe(1)
    expect(bridge.subscriptionCount).toBe(0)
  })
})

describe('what a chart draws', () => {
  test('no value is a gap, not a zero', () => {
    const ring = new MetricRing()
    ring.apply(update('all', [row(1), row(2, { latencyP50Ms: Number.NaN }), row(3)]))
    expect(chartData(ring, P50, 0, 10).series).toEqual([[1, null, 1]])
  })

  test('samples that were not taken in a row have a gap between them', () => {
    const ring = new MetricRing()
    ring.apply(update('all', [row(1), row(2), row(60)]))
    expect(chartData(ring, P50, 0, 100).series[0]).toEqual([1, 1, null, 1])
  })

  test('only the span, and one sample before it so that the line comes in from the edge', () => {
    const ring = new MetricRing()
    ring.apply(
      update(
        'all',
        [1, 2, 3, 4, 5].map(at => row(at)),
      ),
    )
    expect(chartData(ring, P50, 3, 4).x).toEqual([2, 3, 4])
  })

  test('what ended well is all without the failures', () => {
    const ring = new MetricRing()
    ring.apply(update('all', [row(1, { executionsPerSecond: 5, failuresPerSecond: 2 })]))
    expect(chartData(ring, [{ column: 'executionsPerSecond', minus: 'failuresPerSecond' }], 0, 2).series).toEqual([[3]])
  })

  test('nothing but zeros and gaps is nothing to show', () => {
    const ring = new MetricRing()
    ring.apply(update('all', [row(1, { latencyP50Ms: Number.NaN, executionsPerSecond: 0 })]))
    expect(hasValues(ring, 'latencyP50Ms')).toBe(false)
    expect(hasValues(ring, 'executionsPerSecond')).toBe(false)
    ring.apply(update('more', [row(2, { executionsPerSecond: 1 })]))
    expect(hasValues(ring, 'executionsPerSecond')).toBe(true)
  })

  test('a sample alone is drawn as a point', () => {
    expect(isolatedSamples([null, 3, null, 1, 2, null, 4])).toEqual([1, 6])
  })

  test.each([
    [0, 4, 1, { max: 1, step: 0.5 }],
    [3.1, 4, 1, { max: 4, step: 1 }],
    [1_480, 4, 100, { max: 1_500, step: 500 }],
    [20, 4, 2, { max: 20, step: 5 }],
  ])('an axis for values up to %d ends at a round value', (max, ticks, smallest, expected) => {
    const axis = roundAxis(max, ticks, smallest)
    expect(axis.max).toBeCloseTo(expected.max)
    expect(axis.step).toBeCloseTo(expected.step)
  })

  test('time marks are round and few', () => {
    expect(timeStep(60)).toBe(10)
    expect(timeStep(300)).toBe(60)
    expect(timeStep(900)).toBe(180)
  })

  test('a mark whose text would be cut off at the right is left out', () => {
    // 10 px a second: the text of 60 would reach 26 px beyond its mark.
    expect(timeMarks(0, 60, 600, 30)).toEqual([10, 20, 30, 40, 50, 60])
    expect(timeMarks(0, 60, 600, 8)).toEqual([10, 20, 30, 40, 50])
    expect(timeMarks(2, 62, 600, 8)).toEqual([10, 20, 30, 40, 50, 60])
  })
})

describe('values far above all others', () => {
  const usual = Array.from({ length: 30 }, (_, index) => 1 + (index % 5) / 10)

  test('are left out of the axis, and told with their place', () => {
    const values = [...usual]
    values[12] = 9_000
    const outliers = findOutliers([values.map(value => value / 2), values])
    expect(outliers?.above).toEqual([{ index: 12, value: 9_000 }])
    expect(outliers?.ceiling).toBeCloseTo(2.8)
  })

  test('are none where the values only grow, vary, or where many are as large', () => {
    expect(findOutliers([usual])).toBeNull()
    expect(findOutliers([usual.map((value, index) => value + index)])).toBeNull()
    expect(findOutliers([usual.map((value, index) => (index % 4 === 0 ? 9_000 : value))])).toBeNull()
  })

  test('can not be told among few values, or among gaps and zeros', () => {
    expect(findOutliers([[1, 1, 1, 9_000]])).toBeNull()
    expect(findOutliers([usual.map(() => null)])).toBeNull()
    expect(findOutliers([usual.map((_value, index) => (index === 3 ? 9_000 : 0))])).toBeNull()
    const gaps = usual.map((value, index) => (index % 2 === 0 ? null : index === 3 ? 9_000 : value))
    expect(findOutliers([gaps])?.above).toEqual([{ index: 3, value: 9_000 }])
  })

  test('of marks that stand close together the largest value is said', () => {
    const marks = [
      { x: 10, value: 5 },
      { x: 20, value: 9 },
      { x: 100, value: 1 },
    ]
    expect(spacedOut(marks, 48).map(({ value }) => value)).toEqual([9, 1])
  })
})
