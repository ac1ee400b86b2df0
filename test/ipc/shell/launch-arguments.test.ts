import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLaunchArguments } from '../../../electron/shell/launch-arguments'

const nothing = { demo: false, screenshot: null, exit: false }

describe('arguments of a launch (security row 24)', () => {
  it.each([
    [[], nothing],
    [['electron', '.', '--inspect=0', '--user-data-dir=/tmp/x'], nothing],
    [['--demo'], { ...nothing, demo: true }],
    [['.', '--demo', '--screenshot', '/tmp/a b.png', '--exit'], { demo: true, screenshot: '/tmp/a b.png', exit: true }],
    [['--exit', '--screenshot=picture.PNG', '--demo'], { demo: true, screenshot: 'picture.PNG', exit: true }],
  ])('%j are understood', (argumentList, launch) => {
    expect(parseLaunchArguments(argumentList)).toEqual({ ok: true, launch })
  })

  it.each([
    [['--exit']],
    [['--screenshot', 'a.png']],
    [['--demo', '--screenshot']],
    [['--demo', '--screenshot', '--exit']],
    [['--demo', '--screenshot', 'a.sh']],
    [['--demo', '--screenshot', '.png']],
    [['--demo', '--screenshot', '/tmp/.png']],
    [['--demo', '--screenshot=']],
    [['--demo', '--screenshot', 'a\0.png']],
    [['--demo', '--screenshot', `${'x'.repeat(5_000)}.png`]],
    [['x'.repeat(5_000)]],
    [[7]],
    [[null]],
    [[{ toString: () => '--demo' }]],
    [Array.from({ length: 1_000 }, () => '--demo')],
  ])('%j are refused', argumentList => {
    expect(parseLaunchArguments(argumentList)).toMatchObject({ ok: false, problem: expect.stringMatching(/\.$/) })
  })

  it('never throw, whatever a second launch hands over', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom('--demo', '--exit', '--screenshot'), fc.string(), fc.anything())), argumentList => {
        expect(typeof parseLaunchArguments(argumentList).ok).toBe('boolean')
      }),
    )
  })
})
