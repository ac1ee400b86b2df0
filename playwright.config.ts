import path from 'node:path'
import { defineConfig } from '@playwright/test'

/** Written by the account that the tests run as; see scripts/lib/test-stages.mjs. */
const results = process.env.MUSTER_TEST_RESULTS ?? path.join(__dirname, 'test-results', 'playwright')

export default defineConfig({
  projects: [
    { name: 'e2e', testDir: 'test/e2e' },
    { name: 'package', testDir: 'test/package' },
  ],
  outputDir: path.join(results, 'artifacts'),
  reporter: [['list'], ['json', { outputFile: path.join(results, 'results.json') }]],
  // One app at a time: the tests measure time, and each app is some eight processes.
  workers: 1,
  retries: 0,
  // Roomy: on a busy machine a start alone takes a while, and what hangs fails all the same.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  use: { trace: 'off', video: 'off' },
})
