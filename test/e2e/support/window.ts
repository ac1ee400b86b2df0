import { expect, type Locator, type Page } from '@playwright/test'

/** The window as a user sees it: everything is found by its role and its name. */
export class MusterWindow {
  constructor(readonly page: Page) {}

  get fleet(): Locator {
    return this.page.getByRole('tree', { name: 'Fleet' })
  }

  get run(): Locator {
    return this.page.getByRole('button', { name: 'Run', exact: true })
  }

  get stop(): Locator {
    return this.page.getByRole('button', { name: 'Stop', exact: true })
  }

  get editor(): Locator {
    return this.page.getByRole('textbox', { name: /^Code for/ })
  }

  get output(): Locator {
    return this.page.getByRole('region', { name: 'Output' })
  }

  /** A port's row, by its name in the list. */
  row(name: string): Locator {
    return this.fleet.getByRole('treeitem', { name: new RegExp(`^${name},`) })
  }

  tab(name: string): Locator {
    return this.page.getByRole('tablist', { name: 'Sessions' }).getByRole('tab', { name: new RegExp(`^${name},`) })
  }

  view(name: 'Console' | 'Files' | 'Metrics' | 'Events' | 'Details' | 'Metadata' | 'Attributes' | 'Filters'): Locator {
    return this.page.getByRole('tablist', { name: 'Views' }).getByRole('tab', { name })
  }

  async simulate(count: 1 | 16): Promise<void> {
    await this.page.getByRole('button', { name: 'Simulate…' }).click()
    await this.page.getByRole('menuitem', { name: count === 1 ? /^Start 1 / : /^Start 16 / }).click()
  }

  /** A new simulated board, with its session open. */
  async openSimulated(name: string): Promise<void> {
    await this.simulate(1)
    await this.open(name)
  }

  async open(name: string): Promise<void> {
    await this.row(name).dblclick()
    await this.waitForState(name, 'ready')
  }

  async addPort(path: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Add port' }).click()
    await this.page.getByLabel('Path of the port').fill(path)
    await this.page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(this.page.getByRole('form', { name: 'Add port' })).toHaveCount(0)
  }

  async waitForState(name: string, state: string, timeoutMs = 30_000): Promise<void> {
    await expect(this.row(name)).toHaveAttribute('data-state', state, { timeout: timeoutMs })
  }

  async setCode(code: string): Promise<void> {
    await this.editor.click()
    await this.page.keyboard.press('ControlOrMeta+a')
    // Pasted whole: typed line by line, the editor would indent on its own.
    await this.page.evaluate(text => navigator.clipboard.writeText(text), code)
    await this.page.keyboard.press('ControlOrMeta+v')
  }

  /** For code that waits for the test, which may take its time. */
  async allowTenMinutes(): Promise<void> {
    await this.page.getByRole('button', { name: /^Time limit/ }).click()
    await this.page.getByRole('menuitemradio', { name: '10 min' }).click()
  }

  async runCode(code: string): Promise<void> {
    await this.setCode(code)
    await this.run.click()
  }
}
