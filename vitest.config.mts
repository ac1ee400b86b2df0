import { defineConfig } from 'vitest/config'

/** Over real pseudo-terminals, with real interpreters, or with programs of others. The rest of the core's tests is quick. */
const RIGS = [
  'test/core/{serial,simulated,native,fleet,suite}/**/*.test.ts',
  'test/core/metrics/prometheus-scrape.test.ts',
  'test/core/micropython/*-board.test.ts',
]

/** Thousands of random steps, millions of random bytes, every cut of a dialogue: worth their time, but not at every save. */
const RANDOM = [
  'test/core/sessions/session-model*.test.ts',
  'test/core/micropython/{fuzz,dialogues,hostile}.test.ts',
  'test/core/files/transfers-model.test.ts',
  'test/core/files-board/**/*.test.ts',
]

export default defineConfig({
  test: {
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
        },
      },
      { test: { name: 'random', environment: 'node', isolate: false, include: RANDOM, testTimeout: 60_000 } },
      { test: { name: 'rigs', environment: 'node', include: RIGS, testTimeout: 60_000 } },
      { test: { name: 'ipc', environment: 'node', isolate: false, include: ['test/ipc/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'renderer', environment: 'happy-dom', include: ['test/renderer/**/*.test.{ts,tsx}'], testTimeout: 30_000 } },
    ],
  },
})
