import { useMemo } from 'react'
import type { BoardEntry, LocalEntry, LocalPlace } from '../../../shared/model'
import type { BoardFilesState } from '../../stores/files-store'
import type { TransferList } from '../../stores/transfer-list'
import type { FileRow } from './file-rows'
import { marksOf, statusOf, withArriving } from './file-status'
import { isSamePlace, joinPath } from './paths'
import { usePane } from './use-pane'

export interface LocalPaneView {
  readonly pane: ReturnType<typeof usePane<LocalEntry>>
  readonly rows: readonly FileRow[]
  readonly startAt: (place: LocalPlace, current: string | null) => void
}

export interface BoardPaneView {
  readonly pane: ReturnType<typeof usePane<BoardEntry>>
  readonly rows: readonly FileRow[]
  readonly total: number
}

const NO_ENTRIES: readonly never[] = []

/** Both sides as they are shown; what the board has is compared with what lies beside it. */
export function usePanes({ local, board, compared, proved, changedAt }: BoardFilesState, transfers: TransferList) {
  const localListing = local.listing
  const boardListing = board.listing
  const marks = useMemo(() => marksOf(transfers, proved), [transfers, proved])
  // A folder that could not be listed has no rows: those of another one would be taken for its own.
  const isBoardElsewhere = board.error !== null && boardListing?.path !== board.place
  const isLocalElsewhere = local.error !== null && !isSamePlace(localListing?.place ?? null, local.place)
  const boardEntries = isBoardElsewhere ? NO_ENTRIES : (boardListing?.entries ?? NO_ENTRIES)
  const localEntries = isLocalElsewhere ? NO_ENTRIES : (localListing?.entries ?? NO_ENTRIES)
  const boardFolder = boardListing?.path ?? board.place
  const withComing = useMemo(() => withArriving(boardFolder, boardEntries, marks), [boardFolder, boardEntries, marks])
  const localPane = usePane<LocalEntry>(keyOf(localListing?.place ?? local.place), localEntries)
  const boardPane = usePane<BoardEntry>(boardFolder, withComing)

  const localRows = useMemo(() => localPane.shown.map(entry => ({ ...entry, status: null })), [localPane.shown])
  const localByName = useMemo(() => new Map(localEntries.map(entry => [entry.name, entry])), [localEntries])
  const boardRows = useMemo(
    () =>
      boardPane.shown.map((entry): FileRow => {
        const path = joinPath(boardFolder, entry.name)
        const beside = localByName.get(entry.name)
        return {
          ...entry,
          status: statusOf({
            entry,
            local: beside === undefined || localListing === null ? null : { place: localListing.place, entry: beside },
            mark: marks.get(path),
            compared: compared.get(path),
            changedAt: changedAt.get(path),
          }),
        }
      }),
    [boardPane.shown, boardFolder, localByName, localListing, marks, compared, changedAt],
  )
  const localView: LocalPaneView = {
    pane: localPane,
    rows: localRows,
    startAt: (place, current) => localPane.startAt(keyOf(place), current),
  }
  const boardView: BoardPaneView = { pane: boardPane, rows: boardRows, total: withComing.length }
  return { local: localView, board: boardView }
}

function keyOf(place: LocalPlace | null): string {
  return place === null ? '' : `${place.folderId}\n${place.path}`
}
