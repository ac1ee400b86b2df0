import { test as base, expect } from '@playwright/test'
import { type LaunchOptions, launchMuster, type Muster } from './launch'
import { launchPlainly, type PlainMuster } from './plain-launch'

interface Fixtures {
  readonly launch: (options?: LaunchOptions) => Promise<Muster>
  /** For tests of the app's end. */
  readonly launchPlainly: (options?: LaunchOptions) => Promise<PlainMuster>
}

/**
 * Playwright's test with a way to start the app. Every app started in a test is closed at its end, and then must have
 * reported no error and left no process behind. After a failure the window's picture lies with the results.
 */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are used.
  launch: async ({}, use, testInfo) => {
    const started: Muster[] = []
    await use(async options => {
      const muster = await launchMuster(options)
      started.push(muster)
      return muster
    })
    if (testInfo.status !== testInfo.expectedStatus) {
      for (const [index, { page }] of started.entries()) {
        await page.screenshot({ path: testInfo.outputPath(`failure-${index + 1}.png`) }).catch(() => undefined)
      }
    }
    // All of them, whatever comes of the first: one that is left would be in the way of the next test.
    const ends = await Promise.allSettled(started.reverse().map(muster => muster.close()))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    for (const muster of started) expect(muster.errors(), 'errors reported by main and page').toEqual([])
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are used.
  launchPlainly: async ({}, use) => {
    const started: PlainMuster[] = []
    await use(async options => {
      const muster = await launchPlainly(options)
      started.push(muster)
      return muster
    })
    for (const muster of started.reverse()) await muster.dispose()
  },
})

export { expect }
