import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatMoment, formatMomentFull, formatMomentShort, formatUtcOffset } from '../../renderer/ui/moments'
import { formatPeriod, parsePeriod } from '../../renderer/ui/periods'

describe('lengths of time', () => {
  test.each([
    [500, '500 ms'],
    [1_500, '1.5 s'],
    [90_000, '1 min 30 s'],
    [300_000, '5 min'],
    [5_400_000, '1 h 30 min'],
    [90_061_000, '1 d 1 h 1 min 1 s'],
  ])('%i ms is written as %s', (durationMs, text) => {
    expect(formatPeriod(durationMs)).toBe(text)
  })

  test.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['1m 30 sec', 90_000],
    ['0:01:30', 90_000],
    ['00:00:01.5', 1_500],
    [' 1.5 H ', 5_400_000],
    ['250ms', 250],
  ])('%s is read', (text, durationMs) => {
    expect(parsePeriod(text)).toBe(durationMs)
  })

  test.each(['', 'soon', '5 parsecs', '5 min x', '-5 s', '1:90:00', 'min 5', '5 constructor'])('“%s” is none', text => {
    expect(parsePeriod(text)).toBeNull()
  })

  test('what is written is read as the same', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10 * 86_400_000 }), durationMs => parsePeriod(formatPeriod(durationMs)) === durationMs))
  })
})

describe('moments', () => {
  const now = new Date(2026, 10, 21, 15, 0, 0).getTime()
  const today = new Date(2026, 10, 21, 14, 2, 11, 42).getTime()
  const yesterday = new Date(2026, 10, 20, 14, 2, 11, 42).getTime()

  test('of another day say the day', () => {
    expect(formatMoment(today, now)).toBe('14:02:11')
    expect(formatMoment(yesterday, now)).toBe('20 Nov 14:02:11')
    expect(formatMomentShort(today, now)).toBe('14:02:11.042')
    expect(formatMomentShort(yesterday, now)).toBe('20 Nov 14:02')
    expect(formatMomentFull(yesterday)).toBe('20 Nov 2026, 14:02:11.042')
  })

  test('offsets have a sign, hours and minutes', () => {
    expect([0, 7_200, -12_600, 20_700].map(formatUtcOffset)).toEqual(['+00:00', '+02:00', '−03:30', '+05:45'])
  })
})
