import { describe, expect, it } from 'vitest'
import { cascadedBounds, initialBounds } from '../../../electron/shell/window-bounds'

describe('the place of a window', () => {
  const screen = { x: 0, y: 0, width: 1_920, height: 1_080 }
  const second = { x: 1_920, y: 200, width: 1_280, height: 1_024 }

  it('is where it was, on whichever screen', () => {
    const bounds = { x: 100, y: 50, width: 1_000, height: 700 }
    expect(initialBounds(bounds, [screen])).toEqual(bounds)
    const onSecond = { x: 2_000, y: 300, width: 1_000, height: 700 }
    expect(initialBounds(onSecond, [screen, second])).toEqual(onSecond)
  })

  it.each([
    ['on a screen that is gone', { x: 2_000, y: 300, width: 1_000, height: 700 }],
    ['above the screen', { x: 100, y: -40, width: 1_000, height: 700 }],
    ['below the screen', { x: 100, y: 1_070, width: 1_000, height: 700 }],
    ['almost wholly to the left', { x: -950, y: 100, width: 1_000, height: 700 }],
    ['almost wholly to the right', { x: 1_880, y: 100, width: 1_000, height: 700 }],
  ])('is left to the system when it was %s', (_where, bounds) => {
    expect(initialBounds(bounds, [screen])).toEqual({ width: 1_440, height: 900 })
  })

  it('is never smaller than can be used, and fits the screen at first', () => {
    expect(initialBounds({ x: 0, y: 0, width: 10, height: 10 }, [screen])).toEqual({ x: 0, y: 0, width: 800, height: 560 })
    expect(initialBounds(null, [{ x: 0, y: 0, width: 1_024, height: 640 }])).toEqual({ width: 1_024, height: 640 })
    expect(initialBounds(null, [{ x: 0, y: 0, width: 640, height: 480 }])).toEqual({ width: 800, height: 560 })
    expect(initialBounds(null, [])).toEqual({ width: 1_440, height: 900 })
  })
})

describe('the place of a further window', () => {
  const screen = { x: 0, y: 0, width: 1_920, height: 1_080 }
  const second = { x: 1_920, y: 200, width: 1_280, height: 1_024 }

  it('is a little beside the one that was used last, on the same screen', () => {
    expect(cascadedBounds({ x: 100, y: 50, width: 1_000, height: 700 }, [screen])).toEqual({ x: 132, y: 82, width: 1_000, height: 700 })
    const onSecond = { x: 2_000, y: 300, width: 1_000, height: 700 }
    expect(cascadedBounds(onSecond, [screen, second])).toEqual({ x: 2_032, y: 332, width: 1_000, height: 700 })
  })

  it.each([
    ['to the right', { x: 900, y: 50, width: 1_000, height: 700 }, { x: 0, y: 0, width: 1_000, height: 700 }],
    ['below', { x: 50, y: 360, width: 1_000, height: 700 }, { x: 0, y: 0, width: 1_000, height: 700 }],
    ['at all', { x: 0, y: 0, width: 3_000, height: 2_000 }, screen],
  ])('is the corner of the screen when there is no room %s', (_where, beside, expected) => {
    expect(cascadedBounds(beside, [screen])).toEqual(expected)
  })

  it('is left to the system when the other one is on no screen', () => {
    expect(cascadedBounds({ x: 5_000, y: 50, width: 1_000, height: 700 }, [screen])).toEqual({ width: 1_440, height: 900 })
  })
})
