import type { Result } from '../../../shared/contract'
import type { ErrorInfo } from '../../../shared/errors'
import type { BoardEntry, LocalPlace, SyncPlan, Transfer, TransferDirection, TransferFile } from '../../../shared/model'
import type { Client } from '../../bridge/client'
import type { BoardFilesState, FilesStore, KnownComparison, PaneState } from '../../stores/files-store'
import { isSamePlace, joinPath, localKeyOf } from './paths'

/** What a person can do with the folders of one session. Errors of listings stand in their pane; all others are the caller's. */
export interface FilesActions {
  /** Shows a folder of the board, or lists the one that is shown anew. */
  listBoard(folder?: string): Promise<void>
  listLocal(place?: LocalPlace | null): Promise<void>
  /** How much room is left. Silent where the board does not tell. */
  measure(): Promise<void>
  makeFolder(name: string): Promise<Result<unknown>>
  makeLocalFolder(name: string): Promise<Result<unknown>>
  renameLocal(from: string, to: string): Promise<Result<unknown>>
  /** Into the trash of the computer. */
  trashLocal(names: readonly string[]): Promise<Result<unknown>>
  rename(from: string, to: string): Promise<Result<unknown>>
  remove(names: readonly string[]): Promise<Result<unknown>>
  copy(direction: TransferDirection, names: readonly string[], to?: CopyTarget): Promise<Result<Transfer>>
  sync(direction: TransferDirection, deleteStrays: boolean): Promise<Result<Transfer>>
  compare(direction: TransferDirection): Promise<Result<SyncPlan>>
  /** What transfers have changed on the board, without asking it. */
  noteArrived(files: readonly TransferFile[]): void
  /** Muster has written this file otherwise than by a transfer. */
  noteWritten(path: string, bytes: number): void
}

/** Another folder than the shown one, below it: a row that something was dropped on. */
export interface CopyTarget {
  readonly folder: string
}

export interface FilesActionsOptions {
  readonly client: Client
  readonly files: FilesStore
  /** Board key. */
  readonly board: string
  readonly sessionId: string
  readonly now?: () => number
}

const NO_FOLDER: ErrorInfo = { code: 'InvalidArgument', reason: 'local-file', message: 'No folder of this computer is open.' }

export function createFilesActions({ client, files, board, sessionId, now = Date.now }: FilesActionsOptions): FilesActions {
  const state = (): BoardFilesState => files.of(board)
  const change = (part: (state: BoardFilesState) => Partial<BoardFilesState>): void => files.change(board, part)
  /** The last listing that was asked for on each side: an answer that was overtaken changes nothing. */
  const asked = { board: 0, local: 0 }

  const begin = <P, L>(pane: PaneState<P, L>, place: P): PaneState<P, L> => ({ ...pane, place, isLoading: true })
  const settle = <P, L>(pane: PaneState<P, L>, result: Result<L>): PaneState<P, L> =>
    result.ok
      ? { ...pane, listing: result.value, listedAt: now(), isLoading: false, error: null }
      : { ...pane, isLoading: false, error: result.error }

  const listBoard = async (folder = state().board.place): Promise<void> => {
    const request = ++asked.board
    change(({ board }) => ({ board: begin(board, folder) }))
    const result = await client.call('files:list', { sessionId, path: folder })
    // A view that has been left may have been come back to, and gone elsewhere.
    if (request === asked.board && state().board.place === folder) change(({ board }) => ({ board: settle(board, result) }))
  }

  const listLocal = async (place = state().local.place): Promise<void> => {
    const request = ++asked.local
    if (place === null) {
      change(({ local }) => ({ local: { ...local, place, listing: null, isLoading: false, error: null } }))
      return
    }
    change(({ local }) => ({ local: begin(local, place) }))
    const result = await client.call('local:list', { place })
    if (request === asked.local && isSamePlace(state().local.place, place)) change(({ local }) => ({ local: settle(local, result) }))
  }

  /** A folder is listed again after a change in it, if it is still the one that is shown. */
  const after = async <T>(result: Result<T>, folder: string): Promise<Result<T>> => {
    if (result.ok && state().board.place === folder) {
      await listBoard()
      await measure()
    }
    return result
  }

  /** A change in the folder of the computer that is shown, which then is listed again. */
  const onLocal = async (change: (place: LocalPlace) => Promise<Result<unknown>>): Promise<Result<unknown>> => {
    const place = state().local.listing?.place
    if (place === undefined) return { ok: false, error: NO_FOLDER }
    const result = await change(place)
    if (isSamePlace(state().local.place, place)) await listLocal()
    return result
  }

  const touched = (paths: readonly string[]): void => {
    const at = now()
    change(({ changedAt }) => {
      const next = new Map(changedAt)
      for (const path of paths) next.set(path, at)
      return { changedAt: next }
    })
  }

  const measure = async (): Promise<void> => {
    const result = await client.call('files:df', { sessionId, path: state().board.place })
    if (result.ok) change(() => ({ space: result.value }))
  }

  /** The rows' own folder, which may be another than the one that is on its way. */
  const shownFolder = (): string => state().board.listing?.path ?? state().board.place

  const places = (direction: TransferDirection, to?: CopyTarget): { readonly local: LocalPlace; readonly boardFolder: string } | null => {
    const { local, board } = state()
    const place = direction === 'toBoard' ? (local.listing?.place ?? local.place) : local.place
    if (place === null) return null
    if (to === undefined) return { local: place, boardFolder: direction === 'toBoard' ? board.place : shownFolder() }
    return direction === 'toBoard'
      ? { local: place, boardFolder: to.folder }
      : { local: { ...place, path: to.folder }, boardFolder: shownFolder() }
  }

  return {
    listBoard,
    listLocal,
    measure,
    async makeFolder(name) {
      const folder = shownFolder()
      return await after(await client.call('files:mkdir', { sessionId, path: joinPath(folder, name) }), folder)
    },
    makeLocalFolder: name => onLocal(place => client.call('local:mkdir', { place: { ...place, path: joinPath(place.path, name) } })),
    renameLocal: (from, to) =>
      onLocal(place => client.call('local:rename', { place: { ...place, path: joinPath(place.path, from) }, name: to })),
    // Some may be gone though others could not be moved: it is listed whatever came of it.
    trashLocal: names => onLocal(place => client.call('local:trash', { place, names })),
    async rename(from, to) {
      const folder = shownFolder()
      const paths = [joinPath(folder, from), joinPath(folder, to)] as const
      const result = await client.call('files:rename', { sessionId, from: paths[0], to: paths[1] })
      if (result.ok) touched(paths)
      return await after(result, folder)
    },
    async remove(names) {
      const folder = shownFolder()
      const paths = names.map(name => joinPath(folder, name))
      const hasFolders = state().board.listing?.entries.some(({ kind, name }) => kind === 'folder' && names.includes(name)) ?? false
      const result = await client.call('files:remove', { sessionId, paths, ...(hasFolders ? { recursive: true } : {}) })
      touched(paths)
      // Some may be gone though others could not be removed.
      if (!result.ok && state().board.place === folder) await listBoard()
      return await after(result, folder)
    },
    async copy(direction, names, to) {
      const where = places(direction, to)
      if (where === null) return { ok: false, error: NO_FOLDER }
      return await client.call('files:copy', { sessionId, direction, names, conflict: 'ask', ...where })
    },
    async sync(direction, deleteStrays) {
      const where = places(direction)
      if (where === null) return { ok: false, error: NO_FOLDER }
      // What is to be replaced and removed has been shown, and agreed to.
      return await client.call('files:sync', { sessionId, direction, deleteStrays, conflict: 'replace', ...where })
    },
    async compare(direction) {
      const where = places(direction)
      if (where === null) return { ok: false, error: NO_FOLDER }
      const result = await client.call('files:compare', { sessionId, direction, ...where })
      if (result.ok) change(before => ({ compared: comparedBy(before, result.value, where.local, where.boardFolder, now()) }))
      return result
    },
    noteArrived(arrived) {
      change(({ board }) => {
        if (board.listing === null) return {}
        const { path, entries } = board.listing
        const changed = arrived.filter(file => joinPath(path, nameIn(file)) === file.boardPath)
        if (changed.length === 0) return {}
        return { board: { ...board, listing: { path, entries: changed.reduce(withFile, entries) } } }
      })
    },
    noteWritten(path, bytes) {
      touched([path])
      change(({ board }) => {
        if (board.listing === null) return {}
        const entries = board.listing.entries.map(entry =>
          joinPath(board.listing?.path ?? '', entry.name) === path ? { ...entry, size: bytes } : entry,
        )
        return { board: { ...board, listing: { ...board.listing, entries } } }
      })
    },
  }
}

function nameIn({ boardPath }: TransferFile): string {
  return boardPath.slice(boardPath.lastIndexOf('/') + 1)
}

function withFile(entries: readonly BoardEntry[], file: TransferFile): readonly BoardEntry[] {
  const name = nameIn(file)
  const others = entries.filter(entry => entry.name !== name)
  if (file.state === 'removed') return others
  const before = entries.find(entry => entry.name === name)
  return [...others, { name, kind: 'file', size: file.bytes, modifiedAt: before?.modifiedAt ?? null }]
}

/** Keeps of a comparison what the panes can show: the files right in both folders. */
function comparedBy(
  { local, board, compared }: BoardFilesState,
  plan: SyncPlan,
  place: LocalPlace,
  boardFolder: string,
  at: number,
): ReadonlyMap<string, KnownComparison> {
  const next = new Map(compared)
  const take = (name: string, isSame: boolean): void => {
    const ours = local.listing?.entries.find(entry => entry.name === name && entry.kind === 'file')
    const theirs = board.listing?.entries.find(entry => entry.name === name && entry.kind === 'file')
    if (ours?.size == null || theirs?.size == null) return
    next.set(joinPath(boardFolder, name), {
      isSame,
      localKey: localKeyOf(place, name),
      localSize: ours.size,
      localModifiedAt: ours.modifiedAt,
      boardSize: theirs.size,
      at,
    })
  }
  for (const { name } of plan.same) take(name, true)
  for (const { name } of plan.replace) take(name, false)
  return next
}
