import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ErrorInfo } from '../../shared/errors'
import type { BoardListing, DiskSpace, FileProof, LocalListing, LocalPlace } from '../../shared/model'
import type { Drafts } from './drafts'
import type { OpenDocument } from './open-document'
import type { KeyValueStorage } from './preferences-store'

/** A folder as one pane shows it. What was listed last stays until there is something newer. */
export interface PaneState<Place, Listing> {
  /** Where the pane is, or is on its way to. */
  readonly place: Place
  readonly listing: Listing | null
  /** Epoch milliseconds. */
  readonly listedAt: number | null
  readonly isLoading: boolean
  readonly error: ErrorInfo | null
}

/** What a comparison by hash has found, as long as neither side has changed since. */
export interface KnownComparison {
  readonly isSame: boolean
  readonly localKey: string
  readonly localSize: number
  readonly localModifiedAt: number
  readonly boardSize: number
  /** Epoch milliseconds. */
  readonly at: number
}

/** What a transfer has proved of one file, as long as neither side has changed since. */
export interface ProvedFile {
  readonly bytes: number
  readonly proof: FileProof
  /** Nothing was copied: it was the same already. */
  readonly isSkipped: boolean
  readonly localKey: string
  /** What has been changed on the computer after this is not what was copied. Epoch milliseconds. */
  readonly localUntil: number
  readonly at: number
}

export interface BoardFilesState {
  readonly local: PaneState<LocalPlace | null, LocalListing>
  readonly board: PaneState<string, BoardListing>
  readonly space: DiskSpace | null
  /** By absolute path on the board. */
  readonly compared: ReadonlyMap<string, KnownComparison>
  /** Of transfers that are no longer in the list, by absolute path on the board. */
  readonly proved: ReadonlyMap<string, ProvedFile>
  /** When Muster itself last changed a file of the board other than by a transfer, by path. */
  readonly changedAt: ReadonlyMap<string, number>
  readonly document: OpenDocument | null
  /** Ended files of small transfers that the user has put away: `transferId:index`. */
  readonly hidden: ReadonlySet<string>
}

/** By board key: what a person does with a board's files outlives the session, and the tab being left. */
export interface FilesState {
  readonly boards: ReadonlyMap<string, BoardFilesState>
  /** Boards whose text in the editor is too large to be kept for later. */
  readonly unkept: ReadonlySet<string>
}

export interface FilesStore extends StoreApi<FilesState> {
  of(board: string): BoardFilesState
  change(board: string, change: (state: BoardFilesState) => Partial<BoardFilesState>): void
}

export function createFilesStore(storage: KeyValueStorage, drafts: Drafts): FilesStore {
  const store = createStore<FilesState>(() => ({ boards: new Map(), unkept: drafts.unkept }))
  drafts.onUnkept = unkept => store.setState({ unkept })
  const fresh = new Map<string, BoardFilesState>()
  const of = (board: string): BoardFilesState => {
    const known = store.getState().boards.get(board) ?? fresh.get(board)
    if (known !== undefined) return known
    const created = begun(readPlaces(storage, board))
    fresh.set(board, created)
    return created
  }
  return {
    ...store,
    of,
    change(board, change) {
      const before = of(board)
      const after = { ...before, ...change(before) }
      store.setState(({ boards }) => ({ boards: new Map(boards).set(board, after) }))
      if (before.document !== after.document) drafts.note(board, after.document)
      if (before.local.place !== after.local.place || before.board.place !== after.board.place) writePlaces(storage, board, after)
    },
  }
}

interface Places {
  readonly local: LocalPlace | null
  readonly board: string
}

function begun({ local, board }: Places): BoardFilesState {
  const pane = { listing: null, listedAt: null, isLoading: false, error: null }
  return {
    local: { ...pane, place: local },
    board: { ...pane, place: board },
    space: null,
    compared: new Map(),
    proved: new Map(),
    changedAt: new Map(),
    document: null,
    hidden: new Set(),
  }
}

function readPlaces(storage: KeyValueStorage, board: string): Places {
  try {
    const stored: unknown = JSON.parse(storage.getItem(keyOf(board)) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return { local: null, board: '/' }
    const { folderId, localPath, boardFolder } = stored as Readonly<Record<string, unknown>>
    return {
      local: typeof folderId === 'string' && typeof localPath === 'string' ? { folderId, path: localPath } : null,
      board: typeof boardFolder === 'string' && boardFolder.startsWith('/') ? boardFolder : '/',
    }
  } catch {
    return { local: null, board: '/' }
  }
}

function writePlaces(storage: KeyValueStorage, board: string, { local, board: { place } }: BoardFilesState): void {
  try {
    const where = local.place === null ? {} : { folderId: local.place.folderId, localPath: local.place.path }
    storage.setItem(keyOf(board), JSON.stringify({ ...where, boardFolder: place }))
  } catch {
    // Without a storage each start begins without a folder.
  }
}

function keyOf(board: string): string {
  return `muster.files.${board}`
}
