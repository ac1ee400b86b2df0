import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MetricRing, type MetricRow } from '../../../electron/core/metrics/metric-ring'

function row(at: number): MetricRow {
  return { at, latencyP50Ms: -at, latencyP95Ms: 0, bytesInPerSecond: 0, bytesOutPerSecond: 0, executionsPerSecond: 0, failuresPerSecond: 0 }
}

it('a ring keeps the latest rows in order, however large it is and whatever it has grown by', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat({ max: 600 }), fc.nat({ max: 250 }), (limit, count, wanted) => {
      const ring = new MetricRing(limit)
      const all = Array.from({ length: count }, (_, index) => index + 1)
      for (const at of all) ring.push(row(at))
      const kept = all.slice(-limit)
      expect(ring.length).toBe(kept.length)
      expect(ring.oldestAt).toBe(kept[0])
      const { at, latencyP50Ms } = ring.latest(wanted)
      expect([...at]).toEqual(wanted === 0 ? [] : kept.slice(-wanted))
      expect([...latencyP50Ms]).toEqual([...at].map(value => -value))
    }),
  )
})
