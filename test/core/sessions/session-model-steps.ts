import fc from 'fast-check'

const DEEDS = [
  ...(['open', 'open', 'open', 'run', 'run', 'execute', 'execute', 'execute', 'finish', 'print', 'receive'] as const),
  ...(['cancel', 'cancel waiting', 'abort', 'write', 'glitch', 'unplug', 'unplug', 'replug', 'replug', 'replug elsewhere'] as const),
  ...([
    'impostor',
    'reconnect',
    'close',
    'close now',
    'close all',
    'kill',
    'kill lost',
    'close lost',
    'wait',
    'wait long',
    'time out',
    'time out',
  ] as const),
  ...(['lease', 'lease', 'extend lease', 'no lease', 'acquire', 'acquire', 'acquire', 'stop waiting', 'release', 'release'] as const),
  ...(['open group', 'associate', 'details', 'attribute', 'add filter', 'remove filter', 'clear filters', 'configure'] as const),
  ...([
    'task',
    'task',
    'finish task',
    'fail task',
    'reset',
    'reset',
    'watch',
    'take over',
    'take over',
    'hold',
    'climb',
    'restart',
  ] as const),
  ...(['suspend', 'resume', 'change settings', 'sample', 'stop sampling', 'read', 'stop reading'] as const),
] as const

/** The first one in three of four cases. */
function mostly<T extends string>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })
}

/** One thing that a person, a program, a board or time does. `which` picks a port, a device or one of the sessions. */
export const step = fc.record({
  does: fc.oneof({ weight: 200, arbitrary: fc.constantFrom(...DEEDS) }, { weight: 1, arbitrary: fc.constant('shut down' as const) }),
  which: fc.nat({ max: 3 }),
  how: fc.nat({ max: 5 }),
  openAnswer: mostly('open', 'hang', 'hang-for-ever', 'fail'),
  enterAnswer: mostly('prompt', 'hang', 'fail'),
  interruptAnswer: mostly('prompt', 'no-prompt', 'climb'),
  resetAnswer: mostly('done', 'hang', 'fail'),
  departure: mostly('silent', 'answered', 'restarted', 'hang'),
  closeAnswer: mostly('close', 'hang', 'fail'),
  writeAnswer: mostly('take', 'hang', 'fail'),
  probeAnswer: mostly('ok', 'fail', 'hang'),
  releasesItself: fc.boolean(),
})

export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A life of some steps. */
export const steps = fc.array(step, { minLength: 5, maxLength: 25, size: 'max' })
