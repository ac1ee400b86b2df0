import { waitFor, within } from '@testing-library/react'
import type { SessionSnapshot } from '../../../shared/model'
import { aBoard } from '../../fakes/fake-bridge'
import { A_FOLDER, FakeFiles, type FakeFilesOptions } from '../../fakes/fake-files'
import { openView, PORT, type ViewUnderTest } from './open-view'
import { memoryStorage } from './render-app'
// Loaded with the test instead of within its time; after the page itself, which says what stands in for the editor.
import '../../../renderer/features/files/files-view'

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
  await waitFor(() => region('Board'))
  await view.settle()
  await view.settle()
  if (fake === null) throw new Error('There are no files.')
  return { ...view, fake }
}

/** By its name alone: to look for roles takes long in a whole window. */
function region(name: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`section[aria-label="${name}"]`)
  if (found === null) throw new Error(`There is no region ${name}.`)
  return found
}

export const computer = () => within(region('Computer'))
export const board = () => within(region('Board'))
export const transfers = () => within(region('Transfers'))

type Side = ReturnType<typeof computer>
type SideName = 'Computer' | 'Board'

const sideOf = (side: Side): SideName => (side.queryByLabelText('Board: files') === null ? 'Computer' : 'Board')
const rowsOf = (side: Side): readonly HTMLElement[] => [
  ...region(sideOf(side)).querySelectorAll<HTMLElement>('[role=grid] [role=row][data-name]'),
]

export function grid(side: Side): HTMLElement {
  return side.getByLabelText(/: files$/)
}

/** Of each row, what its cells say. */
export function rowTexts(side: Side): readonly string[] {
  return rowsOf(side).map(row => [...row.querySelectorAll('[role=gridcell]')].map(cell => cell.textContent).join(' | '))
}

export function names(side: Side): readonly string[] {
  return rowsOf(side).map(row => row.dataset.name ?? '')
}

export function row(side: Side, name: string): HTMLElement {
  const found = rowsOf(side).find(other => other.dataset.name === name)
  if (found === undefined) throw new Error(`There is no row ${name}.`)
  return found
}

export function marked(side: Side): readonly string[] {
  return rowsOf(side)
    .filter(other => other.getAttribute('aria-selected') === 'true')
    .map(other => other.dataset.name ?? '')
}

/** What stands on the lines of the transfers, the newest first. */
export function lines(): readonly string[] {
  return [...region('Transfers').querySelectorAll('li')].map(
    item => `${item.querySelector('.transfer-name')?.textContent}: ${item.querySelector('.transfer-text')?.textContent}`,
  )
}
