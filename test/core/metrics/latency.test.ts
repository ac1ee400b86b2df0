import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LatencyHistogram } from '../../../electron/core/metrics/latency'

describe('the latency histogram', () => {
  it('has nothing to say before the first', () => {
    const histogram = new LatencyHistogram()
    expect(histogram.summary()).toBeNull()
    expect(histogram.percentile(0.5)).toBeNaN()
  })

  it('percentiles are within 2 % of the exact ones; last, max and count are exact', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 3_600_000, noNaN: true }), { minLength: 1, maxLength: 300 }), durations => {
        const histogram = new LatencyHistogram()
        for (const duration of durations) histogram.record(duration)
        const sorted = [...durations].sort((left, right) => left - right)
        for (const part of [0.5, 0.95, 1]) {
          const exact = sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN
          expect(Math.abs(histogram.percentile(part) - exact)).toBeLessThanOrEqual(exact * 0.02 + 1e-12)
        }
        expect(histogram.summary()).toMatchObject({ last: durations.at(-1), max: sorted.at(-1), count: durations.length })
      }),
    )
  })

  it('takes durations out of its range without losing them', () => {
    const histogram = new LatencyHistogram()
    histogram.record(0)
    histogram.record(1e12)
    expect(histogram.summary()).toEqual({ last: 1e12, p50: expect.any(Number), p95: expect.any(Number), max: 1e12, count: 2 })
    expect(histogram.percentile(0.5)).toBeLessThan(0.002)
  })

  it('forgets on demand', () => {
    const histogram = new LatencyHistogram()
    histogram.record(7)
    histogram.clear()
    expect(histogram.summary()).toBeNull()
    histogram.record(3)
    expect(histogram.summary()).toEqual({ last: 3, p50: 3, p95: 3, max: 3, count: 1 })
  })
})
