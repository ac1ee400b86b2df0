import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { live } from './session-model-life'
import { type Step, steps } from './session-model-steps'

/** Others each time; as many fixed ones are in `session-model-reach.test.ts`, so that two processes share the work. */
const SEQUENCES = 1_000

const USUAL: Step = {
  does: 'wait',
  which: 0,
  how: 0,
  openAnswer: 'open',
  enterAnswer: 'prompt',
  interruptAnswer: 'prompt',
  resetAnswer: 'done',
  departure: 'silent',
  closeAnswer: 'close',
  writeAnswer: 'take',
  probeAnswer: 'ok',
  releasesItself: true,
}

describe('whatever people, programs, boards and time do', () => {
  it('only legal transitions, one stop a start, every call ends, counters are true, tokens are exclusive, nothing is left (E-12, E-34)', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async sequence => void (await live(sequence))),
      { numRuns: SEQUENCES },
    )
  }, 240_000)

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
  ])('%s', async (_, sequence, told) => {
    const story = (await live(sequence.map(next => ({ ...USUAL, ...next })))).filter(line => !/^(lease|filters|attributes|idle)/.test(line))
    expect(story.join(', ')).toContain(told)
  })
})
