import { describe, expect, test } from 'vitest'
import {
  formatAge,
  formatBytes,
  formatClock,
  formatDuration,
  formatFigure,
  formatPlural,
  formatRunning,
  formatUniqueId,
} from '../../renderer/ui/format'

describe('numbers and times as people read them', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [38_200, '38.2 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [4_194_304, '4.2 MB'],
    [1_536_000_000, '1.5 GB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  test.each([
    [0.04, '0.0 ms'],
    [12.4, '12.4 ms'],
    [184, '184 ms'],
    [2_190, '2.1 s'],
    [59_999, '59.9 s'],
    [185_000, '3 min 5 s'],
    [3_660_000, '1 h 1 min'],
  ])('%d ms last %s', (durationMs, text) => expect(formatDuration(durationMs)).toBe(text))

  test.each([
    [-5, '0 s'],
    [3_999, '3 s'],
    [60_000, '1 min'],
    [7_200_000, '2 h'],
    [4 * 86_400_000, '4 d'],
  ])('an age of %d ms is %s', (ageMs, text) => expect(formatAge(ageMs)).toBe(text))

  test.each([
    [0, '0'],
    [0.05, '0.05'],
    [0.8, '0.8'],
    [12.4, '12.4'],
    [12, '12'],
    [1_234.4, '1,234'],
    [Number.NaN, '–'],
  ])('the figure %d is %s', (value, text) => expect(formatFigure(value)).toBe(text))

  test('running times show tenths in the first minute only', () => {
    expect(formatRunning(210)).toBe('0.2 s')
    expect(formatRunning(61_000)).toBe('1 min 1 s')
  })

  test('counts agree with their noun', () => {
    expect(formatPlural(1, 'line')).toBe('1 line')
    expect(formatPlural(1_204, 'line')).toBe('1,204 lines')
  })

  test('clock times and ids have fixed forms', () => {
    expect(formatClock(new Date(2026, 0, 1, 4, 2, 1).getTime())).toBe('04:02:01')
    expect(formatUniqueId('7cdfa1')).toBe('7c:df:a1')
  })
})
