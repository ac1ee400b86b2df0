import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Over real pseudo-terminals, with real interpreters, or with programs of others. The rest of the core's tests is quick. */
const RIGS = [
  'test/core/{serial,simulated,native,fleet,suite}/**/*.test.ts',
  'test/core/metrics/prometheus-scrape.test.ts',
  'test/core/micropython/*-board.test.ts',
]

/** On a micro:bit in an emulator, which takes its input no faster than a real one. The emulator is the same on every Node. */
const EMULATED = ['test/core/**/*microbit.test.ts', 'test/core/native/files/old-firmware-files.test.ts']

/** Thousands of random steps, millions of random bytes, every cut of a dialogue: worth their time, but not at every save. */
const RANDOM = [
  'test/core/sessions/session-model*.test.ts',
  'test/core/micropython/{fuzz,dialogues,hostile}.test.ts',
  'test/core/files/transfers-model.test.ts',
  'test/core/files-board/**/*.test.ts',
]

/** Roomy: a busy machine may do something else for a while, and what hangs fails all the same. */
const PATIENCE = {
  hookTimeout: 60_000,
  expect: { poll: { timeout: 20_000 } },
}

/** What is emulated waits most of its time: begun last, as its small files would be, it would be waited for alone. */
class EmulatedFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isEmulated = ({ project }: TestSpecification): boolean => project.name === 'emulated'
    const sorted = await super.sort(files)
    return [...sorted.filter(isEmulated), ...sorted.filter(file => !isEmulated(file))]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: EmulatedFirst },
    // Tests over real ports and workers wait more than they compute: more of them than cores run side by side.
    maxWorkers: 4,
    // Modules keep nothing of their own between tests, so most files can share them: loading them anew took longer than the tests.
    projects: [
      {
        test: {
          name: 'core',
          environment: 'node',
          isolate: false,
          include: ['test/core/**/*.test.ts'],
          exclude: [...RIGS, ...RANDOM],
          testTimeout: 30_000,
          ...PATIENCE,
        },
      },
      { test: { name: 'random', environment: 'node', isolate: false, include: RANDOM, testTimeout: 60_000, ...PATIENCE } },
      {
        test: {
          name: 'rigs',
          environment: 'node',
          include: RIGS,
          exclude: EMULATED,
          globalSetup: ['test/boards/build-worker.ts'],
          testTimeout: 60_000,
          ...PATIENCE,
        },
      },
      { test: { name: 'emulated', environment: 'node', include: EMULATED, testTimeout: 180_000, ...PATIENCE } },
      { test: { name: 'ipc', environment: 'node', isolate: false, include: ['test/ipc/**/*.test.ts'], testTimeout: 30_000, ...PATIENCE } },
      {
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          include: ['test/renderer/**/*.test.{ts,tsx}'],
          testTimeout: 30_000,
          ...PATIENCE,
        },
      },
    ],
  },
})
