import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Tests over real ports and workers wait more than they compute: more of them than cores run side by side.
    maxWorkers: 4,
    projects: [
      { test: { name: 'core', environment: 'node', include: ['test/core/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'ipc', environment: 'node', include: ['test/ipc/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'renderer', environment: 'happy-dom', include: ['test/renderer/**/*.test.{ts,tsx}'], testTimeout: 30_000 } },
    ],
  },
})
