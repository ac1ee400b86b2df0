import { type DragEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Result } from '../../../shared/contract'
import type { ErrorInfo } from '../../../shared/errors'
import type { SessionSnapshot, TransferDirection } from '../../../shared/model'
import { boardKey } from '../../stores/board-names'
import { useBoardFiles, useIsUnkept, usePortName, useServices } from '../../stores/context'
import { isTransferEnded } from '../../stores/transfer-list'
import { useTransfers } from '../../stores/use-transfers'
import { useCompact } from '../../ui/use-compact'
import { accessOf, WHY_NOT } from './board-access'
import { BoardPane } from './board-pane'
import { ConflictDialog } from './conflict-dialog'
import { CopyColumn, type CopyWay } from './copy-column'
import { createDocumentActions } from './document-actions'
import { DRAG_TYPE, type DraggedNames, holdsFiles, startDrag } from './drag'
import { copyDropped } from './drop-actions'
import { type DroppedThing, droppedThings } from './dropped-files'
import { FileEditor } from './file-editor'
import type { FileGridHandle } from './file-grid'
import { createFilesActions } from './files-actions'
import { LocalPane } from './local-pane'
import { PackageDialog } from './package-dialog'
import { ErrorStrip, PaneStrip } from './pane-strip'
import { joinPath, lastName, parentPath } from './paths'
import { RemoveDialog } from './remove-dialog'
import { selectedNames } from './selection'
import { SyncDialog } from './sync-dialog'
import { TransferAnnouncer } from './transfer-announcer'
import { newestFirst } from './transfer-rows'
import { TransfersPanel } from './transfers-panel'
import { TrashDialog } from './trash-dialog'
import { useLocalFolders } from './use-local-folders'
import { usePanes } from './use-panes'
import { useTransferCommands } from './use-transfer-commands'
import './files.css'
import './file-dialogs.css'

type Asking =
  | { readonly what: 'remove' | 'trash'; readonly names: readonly string[] }
  | { readonly what: 'sync' }
  | { readonly what: 'package' }

/** Files of the computer and of the board, side by side, and what is on its way between them. */
export function FilesView({ session }: { readonly session: SessionSnapshot }) {
  const { client, stores } = useServices()
  const { sessionId } = session
  const key = boardKey(session)
  const boardName = usePortName(sessionId)
  const isNarrow = useCompact()
  const state = useBoardFiles(key)
  const isUnkept = useIsUnkept(key)
  const folders = useLocalFolders()
  const { files } = stores
  const actions = useMemo(() => createFilesActions({ client, files, board: key, sessionId }), [client, files, key, sessionId])
  const documents = useMemo(
    () => createDocumentActions({ client, files, board: key, sessionId, actions }),
    [client, files, key, sessionId, actions],
  )
  const transfers = useTransfers(sessionId, (ended, list) => {
    actions.noteArrived(ended.flatMap(({ transferId, file }) => (list.transfers.get(transferId)?.direction === 'toBoard' ? [file] : [])))
    if (ended.some(({ transferId }) => list.transfers.get(transferId)?.direction === 'fromBoard')) void actions.listLocal()
    const isQuiet = [...list.transfers.values()].every(transfer => isTransferEnded(transfer.state))
    if (isQuiet && accessOf(session) === 'open') void actions.listBoard().then(() => actions.measure())
  })
  const { local, board } = usePanes(state, transfers)
  const access = accessOf(session)
  const place = state.local.place
  const [asking, setAsking] = useState<Asking | null>(null)
  const [problem, setProblem] = useState<ErrorInfo | null>(null)
  const [note, setNote] = useState<string | null>(null)
  /** Drops that are being read. */
  const [taking, setTaking] = useState<readonly number[]>([])
  /** Transfers whose questions the user has put off. */
  const [later, setLater] = useState<ReadonlySet<string>>(new Set())
  const dragged = useRef<DraggedNames | null>(null)
  const localGrid = useRef<FileGridHandle>(null)
  const boardGrid = useRef<FileGridHandle>(null)

  useEffect(() => {
    if (access === 'open') void actions.listBoard().then(() => actions.measure())
  }, [actions, access])
  useEffect(() => {
    if (folders.list === null) return
    const known = files.of(key).local.place
    // A folder that Muster may no longer read is as good as none.
    void actions.listLocal(folders.list.some(({ folderId }) => folderId === known?.folderId) ? known : null)
  }, [actions, files, key, folders.list])
  useEffect(() => {
    const onFocus = (): void => {
      if (files.of(key).local.place !== null) void actions.listLocal()
    }
    window.addEventListener('focus', onFocus)
    return () => window.removeEventListener('focus', onFocus)
  }, [actions, files, key])

  const attempt = async (work: Promise<Result<unknown>>): Promise<void> => {
    const result = await work
    setProblem(result.ok ? null : result.error)
  }
  const whyNot = access === 'open' ? null : WHY_NOT[access]
  const copyWay = (direction: TransferDirection): CopyWay => {
    const { pane, rows } = direction === 'toBoard' ? local : board
    const names = selectedNames(
      pane.selection,
      rows.map(({ name }) => name),
    )
    const noPlace = place === null ? 'No folder of this computer is open' : null
    const nothing = names.length === 0 ? 'Nothing is marked' : null
    return { count: names.length, whyNot: whyNot ?? noPlace ?? nothing, run: () => copy(direction, names) }
  }
  const copy = (direction: TransferDirection, names: readonly string[], folder: string | null = null): void => {
    if (names.length === 0 || place === null || whyNot !== null) return
    setNote(null)
    void attempt(actions.copy(direction, names, folder === null ? undefined : { folder }))
  }
  const compare = async (): Promise<void> => {
    setNote('Comparing both folders by their hashes…')
    const result = await actions.compare('toBoard')
    setProblem(result.ok ? null : result.error)
    if (!result.ok) return setNote(null)
    const { same, replace } = result.value
    setNote(`Compared by hash: ${same.length} the same, ${replace.length} ${replace.length === 1 ? 'differs' : 'differ'}.`)
  }

  const take = async (things: readonly DroppedThing[], folder: string): Promise<void> => {
    if (things.length === 0) return
    const since = Date.now()
    setTaking(others => [...others, since])
    await attempt(copyDropped(things, { client, sessionId, folder }))
    setTaking(others => others.filter((_, index) => index !== others.indexOf(since)))
  }
  const drop = (event: DragEvent, direction: TransferDirection, folder: string | null): void => {
    const held = dragged.current
    dragged.current = null
    if (held !== null) {
      if (held.direction === direction) copy(direction, held.names, folder)
    } else if (direction === 'toBoard') {
      void take(droppedThings(event.dataTransfer), folder ?? state.board.place)
    }
  }
  const drag = (event: DragEvent, direction: TransferDirection, names: readonly string[]): void => {
    const held = { direction, names }
    dragged.current = held
    startDrag(event, held)
    const forget = (): void => {
      if (dragged.current === held) dragged.current = null
    }
    event.currentTarget.addEventListener('dragend', forget, { once: true })
  }
  const holds = (event: DragEvent, direction: TransferDirection): boolean =>
    event.dataTransfer.types.includes(DRAG_TYPE) ? dragged.current?.direction === direction : direction === 'toBoard' && holdsFiles(event)

  const transferCommands = useTransferCommands({ board: key, list: transfers, attempt })
  const asked = newestFirst([...transfers.transfers.values()]).find(
    ({ state: is, transferId }) => is === 'asking' && !later.has(transferId),
  )

  const folderName = folders.list?.find(({ folderId }) => folderId === place?.folderId)?.name ?? 'the folder'
  const { document } = state
  const doomed = asking?.what === 'remove' ? (state.board.listing?.entries.filter(({ name }) => asking.names.includes(name)) ?? []) : []
  const unwanted = asking?.what === 'trash' ? (state.local.listing?.entries.filter(({ name }) => asking.names.includes(name)) ?? []) : []
  const boardMarked = board.pane.selection.names.size > 0 && local.pane.selection.names.size === 0
  return (
    <div className={isNarrow ? 'files files-narrow' : 'files'}>
      {document !== null ? (
        <FileEditor
          document={document}
          actions={documents}
          boardName={boardName}
          whyNot={whyNot}
          isUnkept={isUnkept}
          onCopy={place === null ? null : () => copyOne(document.path)}
          onClosed={() => requestAnimationFrame(() => boardGrid.current?.focus())}
        />
      ) : (
        <div className="panes">
          <LocalPane
            ref={localGrid}
            state={state.local}
            view={local}
            folders={folders}
            actions={actions}
            isNarrow={isNarrow}
            whyNoCopy={whyNot}
            onCopy={names => copy('toBoard', names)}
            onTrash={names => setAsking({ what: 'trash', names })}
            onDragStart={(event, names) => drag(event, 'toBoard', names)}
            accepts={event => holds(event, 'fromBoard')}
            onDrop={(event, row) => drop(event, 'fromBoard', row === null || place === null ? null : joinPath(place.path, row))}
          />
          <CopyColumn
            toBoard={copyWay('toBoard')}
            fromBoard={copyWay('fromBoard')}
            whyNoSync={whyNot ?? (place === null ? 'No folder of this computer is open' : null)}
            main={boardMarked ? 'fromBoard' : 'toBoard'}
            onSync={() => setAsking({ what: 'sync' })}
          />
          <BoardPane
            ref={boardGrid}
            session={session}
            state={state.board}
            space={state.space}
            view={board}
            actions={actions}
            takingSince={taking[0] ?? null}
            whyNoCompare={place === null ? 'No folder of this computer is open' : null}
            onEdit={(path, bytes) => void documents.open(path, bytes)}
            onNewFile={documents.begin}
            onRemove={names => setAsking({ what: 'remove', names })}
            onCompare={() => void compare()}
            onInstall={() => setAsking({ what: 'package' })}
            onCopy={names => copy('fromBoard', names)}
            onDragStart={(event, names) => drag(event, 'fromBoard', names)}
            accepts={event => holds(event, 'toBoard')}
            onDrop={(event, folder) => drop(event, 'toBoard', folder)}
          />
        </div>
      )}
      {problem !== null && <ErrorStrip error={problem} onDismiss={() => setProblem(null)} />}
      {note !== null && <PaneStrip onDismiss={() => setNote(null)}>{note}</PaneStrip>}
      <TransfersPanel
        list={transfers}
        hidden={state.hidden}
        isBoardAway={access === 'lost' || access === 'silent' || access === 'connecting'}
        isNarrow={isNarrow}
        onCancel={transferCommands.cancel}
        onRetry={transferCommands.retry}
        onDismiss={transferCommands.dismiss}
        onHide={transferCommands.hide}
        onAnswer={transferId => setLater(new Set([...later].filter(id => id !== transferId)))}
      />
      <TransferAnnouncer list={transfers} />
      {asked !== undefined && (
        <ConflictDialog
          key={asked.transferId}
          transfer={asked}
          files={transfers.files.get(asked.transferId) ?? []}
          boardName={boardName}
          onResolve={(decision, indices) => transferCommands.resolve(asked.transferId, decision, indices)}
          onCancel={() => transferCommands.cancel(asked.transferId)}
          onClose={() => setLater(new Set(later).add(asked.transferId))}
        />
      )}
      {asking?.what === 'remove' && doomed.length > 0 && (
        <RemoveDialog
          sessionId={sessionId}
          boardName={boardName}
          folder={state.board.listing?.path ?? state.board.place}
          entries={doomed}
          onRemove={() => actions.remove(asking.names)}
          onClose={() => {
            setAsking(null)
            boardGrid.current?.focus()
          }}
        />
      )}
      {unwanted.length > 0 && asking?.what === 'trash' && (
        <TrashDialog
          entries={unwanted}
          onTrash={() => actions.trashLocal(asking.names)}
          onClose={() => {
            setAsking(null)
            localGrid.current?.focus()
          }}
        />
      )}
      {asking?.what === 'sync' && place !== null && (
        <SyncDialog
          localName={place.path === '' ? folderName : lastName(place.path)}
          boardFolder={state.board.place}
          boardName={boardName}
          compare={actions.compare}
          onSync={actions.sync}
          onClose={() => setAsking(null)}
        />
      )}
      {asking?.what === 'package' && (
        <PackageDialog
          sessionId={sessionId}
          boardName={boardName}
          onInstalled={() => void actions.listBoard().then(() => actions.measure())}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  )

  /** The file in the editor may lie in another folder than the one that is shown. */
  function copyOne(path: string): void {
    if (place === null) return
    const boardFolder = parentPath(path) ?? '/'
    void attempt(
      client.call('files:copy', { sessionId, direction: 'fromBoard', names: [lastName(path)], local: place, boardFolder, conflict: 'ask' }),
    )
  }
}
