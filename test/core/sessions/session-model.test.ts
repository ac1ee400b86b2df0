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

  it.each<[string, readonly Partial<Step>[], string]>([
    [
      'a lease that has expired under a command whose board is lost (E-09)',
      [
        { does: 'close now', which: 1 },
        { does: 'wait long' },
        { does: 'open', interruptAnswer: 'no-prompt' },
        { does: 'execute', how: 1 },
        { does: 'lease' },
        { does: 'time out', how: 1 },
      ],
      'Active > Error, disconnected unexpected, error, Error > Disconnecting, Disconnecting > Disconnected, disconnected lease-expired',
    ],
    [
      'an open that waits for the port of a warm session to be let go of (E-05)',
      [
        { does: 'close now', which: 1 },
        { does: 'wait long' },
        { does: 'acquire', releasesItself: false },
        { does: 'release', which: 2 },
        { does: 'open' },
      ],
      'Connected > Disconnecting, Disconnecting > Disconnected, disconnected pool-evicted',
    ],
  ])('%s', async (_, steps, told) => {
    const story = (await live(steps.map(next => ({ ...USUAL, ...next })))).filter(line => !/^(lease|filters|attributes|idle)/.test(line))
    expect(story.join(', ')).toContain(told)
  })
})
