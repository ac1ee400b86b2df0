import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Step, step } from './session-model-steps'
import { LEGAL, World } from './session-model-world'

const SEQUENCES = 2_000

/** Does the steps to a new world. Returns what happened in it. */
async function live(steps: readonly Step[]): Promise<readonly string[]> {
  const world = new World()
  await world.begin()
  for (const next of steps) {
    await world.do(next)
    world.check()
  }
  await world.checkEnd()
  return world.bench.story()
}

const USUAL: Step = {
  does: 'wait',
  which: 0,
  how: 0,
  openAnswer: 'open',
  enterAnswer: 'prompt',
  interruptAnswer: 'prompt',
  closeAnswer: 'close',
  writeAnswer: 'take',
  probeAnswer: 'ok',
  releasesItself: true,
}

describe('whatever people, programs, boards and time do', () => {
  it('only legal transitions, one stop a start, every call ends, counters are true, tokens are exclusive, nothing is left (E-12, E-34)', async () => {
    const reached = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }), async steps => {
        for (const line of await live(steps)) if (line.includes('>')) reached.add(line)
      }),
      { numRuns: SEQUENCES },
    )
    // The steps get everywhere: every transition comes about.
    expect([...reached].sort()).toEqual([...LEGAL].sort())
  }, 120_000)

  it.each<[string, readonly Partial<Step>[]]>([
    [
      'a lease that has expired under a command whose board is lost (E-09)',
      [
        { does: 'close now' },
        { does: 'open', interruptAnswer: 'no-prompt' },
        { does: 'execute', how: 1 },
        { does: 'lease' },
        { does: 'time out', how: 1 },
      ],
    ],
    ['an open that waits for a warm session’s port', [{ does: 'acquire', releasesItself: false }, { does: 'release' }, { does: 'open' }]],
    [
      'an open that fails while its port is let go of',
      [{ does: 'open', openAnswer: 'fail', releasesItself: false }, { does: 'time out', how: 1 }, { does: 'acquire' }],
    ],
  ])('%s', async (_, steps) => {
    await live(steps.map(next => ({ ...USUAL, ...next })))
  })
})
