import { screen, within } from '@testing-library/react'
import type { SessionSnapshot } from '../../../shared/model'
import { aBoard } from '../../fakes/fake-bridge'
import { A_FOLDER, FakeFiles, type FakeFilesOptions } from '../../fakes/fake-files'
import { openView, PORT, type ViewUnderTest } from './open-view'
import { memoryStorage } from './render-app'

export interface FilesUnderTest extends ViewUnderTest {
  readonly fake: FakeFiles
}

export interface FilesPageOptions extends Omit<FakeFilesOptions, 'sessionId'> {
  readonly session?: Partial<SessionSnapshot>
  /** The folder of the computer was open before. */
  readonly isFolderOpen?: boolean
  readonly prepare?: (fake: FakeFiles) => void
}

/** The window with one session, in its files. */
export async function openFiles({ session, isFolderOpen = true, prepare, ...options }: FilesPageOptions = {}): Promise<FilesUnderTest> {
  let fake: FakeFiles | null = null
  const storage = memoryStorage()
  if (isFolderOpen) {
    storage.setItem(`muster.files.${PORT}`, JSON.stringify({ folderId: A_FOLDER.folderId, localPath: '', boardFolder: '/' }))
  }
  const view = await openView(
    'Files',
    { board: aBoard(), ...session },
    (bridge, sessionId) => {
      fake = new FakeFiles(bridge, { sessionId, ...options })
      prepare?.(fake)
    },
    storage,
  )
  await screen.findByRole('region', { name: 'Board' })
  await view.settle()
  await view.settle()
  if (fake === null) throw new Error('There are no files.')
  return { ...view, fake }
}

export const computer = () => within(screen.getByRole('region', { name: 'Computer' }))
export const board = () => within(screen.getByRole('region', { name: 'Board' }))
export const transfers = () => within(screen.getByRole('region', { name: 'Transfers' }))

type Side = ReturnType<typeof computer>

export const grid = (side: Side): HTMLElement => side.getByRole('grid')
/** Of each row, what its cells say. */
export const rowTexts = (side: Side): readonly string[] =>
  side
    .getAllByRole('row')
    .slice(1)
    .map(row =>
      within(row)
        .getAllByRole('gridcell')
        .map(cell => cell.textContent)
        .join(' | '),
    )
export const names = (side: Side): readonly string[] =>
  side.queryAllByRole('row').flatMap(row => (row.dataset.name === undefined ? [] : [row.dataset.name]))
export const row = (side: Side, name: string): HTMLElement => {
  const found = side.getAllByRole('row').find(other => other.dataset.name === name)
  if (found === undefined) throw new Error(`There is no row ${name}.`)
  return found
}
export const marked = (side: Side): readonly string[] =>
  side
    .getAllByRole('row')
    .filter(other => other.getAttribute('aria-selected') === 'true')
    .map(other => other.dataset.name ?? '')
/** What stands on the lines of the transfers, the newest first. */
export const lines = (): readonly string[] =>
  transfers()
    .getAllByRole('listitem')
    .map(item => `${item.querySelector('.transfer-name')?.textContent}: ${item.querySelector('.transfer-text')?.textContent}`)
