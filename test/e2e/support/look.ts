import AxeBuilder from '@axe-core/playwright'
import type { ElectronApplication, Page, TestInfo } from '@playwright/test'
import { expect } from '../harness/test'

/** Takes the window's picture for the eye, in both themes, and lets axe look for what the eye overlooks. */
export async function look(page: Page, testInfo: TestInfo, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // The charts and the terminal take their colours a moment later.
    await page.waitForTimeout(120)
    await page.screenshot({ path: testInfo.outputPath(`${name}-${colorScheme}.png`) })
    // All else is the same in the dark.
    const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
    const { violations } = await (colorScheme === 'dark' ? axe.withRules('color-contrast') : axe).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    const found = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
    expect.soft(found, `what axe finds in ${name}, ${colorScheme}`).toEqual([])
  }
}

/** The sizes of the pictures: a window on a desk, and the smallest that the layout is made for. */
export const DESK = { width: 1440, height: 900 } as const
export const SMALL = { width: 1024, height: 640 } as const

export async function setSize(app: ElectronApplication, { width, height }: typeof DESK | typeof SMALL): Promise<void> {
  await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size[0], size[1]), [
    width,
    height,
  ] as const)
}
