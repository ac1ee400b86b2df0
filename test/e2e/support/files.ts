import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ElectronApplication, Locator, Page } from '@playwright/test'
import { expect } from '../harness/test'
import { callMuster } from './windows'

/** The files of a session as a user sees them. */
export class FilesPage {
  constructor(readonly page: Page) {}

  get computer(): Locator {
    return this.page.getByRole('region', { name: 'Computer', exact: true })
  }

  get board(): Locator {
    return this.page.getByRole('region', { name: 'Board', exact: true })
  }

  get toBoard(): Locator {
    return this.page.getByRole('button', { name: /^Copy .* to the board/ })
  }

  get toComputer(): Locator {
    return this.page.getByRole('button', { name: /^Copy .* to the computer/ })
  }

  row(side: Locator, name: string): Locator {
    return side.locator(`[role=row][data-name="${name}"]`)
  }

  /** The line of a file, or of a transfer of many. */
  line(name: string): Locator {
    return this.page.getByRole('region', { name: 'Transfers' }).getByRole('listitem').filter({ hasText: name })
  }

  async open(app: ElectronApplication, folder: string): Promise<void> {
    await chooseFolder(app, folder)
    await this.page.getByRole('button', { name: 'Open folder…' }).click()
    await expect(this.computer.getByRole('grid')).toBeVisible()
  }

  /** Marks these, and nothing else. */
  async mark(side: Locator, ...names: readonly string[]): Promise<void> {
    for (const [index, name] of names.entries()) {
      await this.row(side, name).click(index === 0 ? {} : { modifiers: ['ControlOrMeta'] })
    }
  }
}

export async function chooseFolder(app: ElectronApplication, folder: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] })
  }, folder)
}

export async function makeFolder(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [name, data] of Object.entries(files)) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, data)
  }
  return folder
}

/** Says when so much of a transfer has arrived: the moment to pull the cable. */
export async function whenMoving(page: Page, sessionId: string, bytes: number): Promise<void> {
  await page.evaluate(
    ([id, least]) =>
      new Promise<void>(resolve => {
        const end = window.muster.subscribe('files:transfers', { sessionId: id }, ({ transfers }) => {
          if (!transfers.some(transfer => transfer.state === 'running' && transfer.doneBytes >= least)) return
          end()
          resolve()
        })
      }),
    [sessionId, bytes] as const,
  )
}

/** As much of a drop from outside as a page sees. For a number, so many bytes of noise. */
export async function dropFromDesktop(pane: Locator, files: Readonly<Record<string, string | number>>): Promise<void> {
  const data = await pane.page().evaluateHandle(given => {
    /** The same each time, and nothing that could be compressed. */
    const noise = (length: number): Uint8Array<ArrayBuffer> => {
      let state = 1
      return new Uint8Array(length).map(() => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
        return state >>> 24
      })
    }
    const transfer = new DataTransfer()
    for (const [name, content] of Object.entries(given)) {
      transfer.items.add(new File([typeof content === 'number' ? noise(content) : content], name))
    }
    return transfer
  }, files)
  const grid = pane.getByRole('grid')
  await grid.dispatchEvent('dragover', { dataTransfer: data })
  await grid.dispatchEvent('drop', { dataTransfer: data })
}

export async function hashOnBoard(page: Page, sessionId: string, file: string): Promise<string> {
  return (await callMuster(page, 'files:hash', { sessionId, path: file })).sha256
}
