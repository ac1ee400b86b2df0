import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LEGAL } from './session-model-checks'
import { live } from './session-model-life'
import { steps } from './session-model-steps'

const SEQUENCES = 1_000

it('random steps get everywhere: every transition of a session comes about, and all holds that is to hold', async () => {
  const reached = new Set<string>()
  const others = new Set<string>()
  await fc.assert(
    fc.asyncProperty(steps, async sequence => {
      for (const line of await live(sequence)) (line.includes('>') ? reached : others).add(line)
    }),
    { numRuns: SEQUENCES, seed: 1 },
  )
  expect([...reached].sort()).toEqual([...LEGAL].sort())
  expect([...others].filter(line => /^(did|rung) /.test(line)).sort()).toEqual([
    ...['bootloader', 'hard', 'leave', 'restart', 'soft', 'watch'].map(control => `did ${control}`),
    ...['interrupt', 'interrupt-again', 'soft-reset'].map(rung => `rung ${rung}`),
  ])
  expect(others).toContain('notice restarted')
}, 240_000)
