import { Cpu, FolderPlus } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, type Ref, useState } from 'react'
import type { Result } from '../../../shared/contract'
import type { ErrorInfo } from '../../../shared/errors'
import type { BoardListing, DiskSpace, SessionSnapshot } from '../../../shared/model'
import { useServices } from '../../stores/context'
import type { PaneState } from '../../stores/files-store'
import { Button } from '../../ui/button'
import { ErrorNote } from '../../ui/error-note'
import { formatClock } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'
import { useElapsed } from '../../ui/use-elapsed'
import { accessOf, type BoardAccess, can, WHY_NOT, waitsFor } from './board-access'
import type { FileGridHandle } from './file-grid'
import { FilePane } from './file-pane'
import type { FileRow } from './file-rows'
import type { FilesActions } from './files-actions'
import { FreeSpace } from './free-space'
import { NameField } from './name-field'
import { noneOf, oneOf, PaneContextMenu, PaneMenuButton, type PaneMenuItem } from './pane-menu'
import { ErrorStrip, PaneStrip } from './pane-strip'
import { crumbsOf, joinPath, lastName, parentPath, problemOfName } from './paths'
import { selectedNames } from './selection'
import type { BoardPaneView } from './use-panes'

/** A listing that takes longer than this says what it waits for. */
const PATIENCE_MS = 300

export interface BoardPaneProps {
  readonly session: SessionSnapshot
  readonly state: PaneState<string, BoardListing>
  readonly space: DiskSpace | null
  readonly view: BoardPaneView
  readonly actions: FilesActions
  /** What was dropped is still being read; epoch milliseconds. */
  readonly takingSince: number | null
  readonly whyNoCompare: string | null
  readonly onEdit: (path: string, bytes: number | null) => void
  readonly onNewFile: (path: string) => void
  readonly onRemove: (names: readonly string[]) => void
  readonly onCompare: () => void
  readonly onInstall: () => void
  readonly onCopy: (names: readonly string[]) => void
  readonly onDragStart: (event: DragEvent, names: readonly string[]) => void
  readonly accepts: (event: DragEvent) => boolean
  readonly onDrop: (event: DragEvent, folder: string | null) => void
  readonly ref?: Ref<FileGridHandle>
}

type Naming = { readonly what: 'folder' | 'file' } | { readonly what: 'rename'; readonly name: string }

/** The board's folder. */
export function BoardPane({ session, state, space, view, actions, ref, ...props }: BoardPaneProps) {
  const { place, listing, error, isLoading } = state
  const [naming, setNaming] = useState<Naming | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<ErrorInfo | null>(null)
  const isTakingLong = useElapsed(props.takingSince, PATIENCE_MS)
  const access = accessOf(session)
  const hasFolders = can(session, 'folders')
  const { pane, rows } = view
  const folder = listing?.path ?? place
  const names = selectedNames(
    pane.selection,
    rows.map(({ name }) => name),
  )
  const isElsewhere = listing === null || (error !== null && listing.path !== place)
  const taken = new Set(listing?.entries.map(({ name }) => name))
  const whyNot = access === 'open' ? (listing === null ? 'Nothing has been listed yet' : null) : WHY_NOT[access]

  const go = (next: string, from: string | null = null): void => {
    if (access !== 'open') return
    setNaming(null)
    setProblem(null)
    pane.startAt(next, from)
    void actions.listBoard(next).then(() => actions.measure())
  }
  const open = (row: FileRow | undefined): void => {
    if (row === undefined || row.status?.word === 'arriving') return
    if (row.kind === 'folder') go(joinPath(folder, row.name))
    else props.onEdit(joinPath(folder, row.name), row.size)
  }
  const up = (): void => {
    const above = parentPath(place)
    if (above !== null) go(above, lastName(place))
  }
  const name = (what: Naming): void => {
    setProblem(null)
    setNaming(what)
  }
  const finish = async (work: Promise<Result<unknown>>): Promise<void> => {
    setIsBusy(true)
    const result = await work
    setIsBusy(false)
    setNaming(null)
    setProblem(result.ok ? null : result.error)
  }
  const take = (text: string): void => {
    if (naming === null) return
    if (naming.what === 'folder') void finish(actions.makeFolder(text))
    if (naming.what === 'rename') void finish(actions.rename(naming.name, text))
    if (naming.what !== 'file') return
    setNaming(null)
    props.onNewFile(joinPath(folder, text))
  }

  const whyNotOne = whyNot ?? oneOf(names)
  const whyNoRename = can(session, 'rename') ? whyNotOne : 'This board can’t rename'
  const whyNoFolder = hasFolders ? whyNot : 'This board has no folders'
  const current = rows.find(row => row.name === names[0])
  const items: readonly PaneMenuItem[] = [
    { label: 'Open', shortcut: 'Enter', whyNot: whyNotOne, run: () => open(current) },
    { label: 'Copy to the computer', shortcut: 'Ctrl+Enter', whyNot: whyNot ?? noneOf(names), run: () => props.onCopy(names) },
    { label: 'Rename', shortcut: 'F2', whyNot: whyNoRename, run: () => name({ what: 'rename', name: names[0] ?? '' }) },
    { label: 'Remove…', shortcut: 'Del', whyNot: whyNot ?? noneOf(names), isDanger: true, run: () => props.onRemove(names) },
    { label: 'New file…', whyNot, isFirstOfGroup: true, run: () => name({ what: 'file' }) },
    { label: 'New folder…', whyNot: whyNoFolder, run: () => name({ what: 'folder' }) },
    { label: 'Compare by hash', whyNot: whyNot ?? props.whyNoCompare, isFirstOfGroup: true, run: props.onCompare },
    ...(session.board?.features.includes('mip') === true
      ? [{ label: 'Install package…', whyNot, isFirstOfGroup: true, run: props.onInstall }]
      : []),
  ]

  const onKey = (event: KeyboardEvent, marked: readonly string[]): boolean => {
    if (event.key === 'F2' && marked.length === 1 && whyNoRename === null) {
      name({ what: 'rename', name: marked[0] ?? '' })
      return true
    }
    if (event.key === 'Delete' && marked.length > 0 && whyNot === null) {
      props.onRemove(marked)
      return true
    }
    return false
  }

  return (
    <PaneContextMenu items={items}>
      <div className="file-side">
        <FilePane
          ref={ref}
          label="Board"
          icon={<Cpu size={14} strokeWidth={1.75} className="pane-icon" aria-hidden />}
          crumbs={crumbsOf(place, { name: '/', path: '/' })}
          pane={pane}
          rows={rows}
          total={view.total}
          columns={{ changed: false, status: true }}
          isBusy={isLoading}
          canRefresh={access === 'open'}
          draft={
            naming !== null && naming.what !== 'rename' ? (
              <NameField
                label={naming.what === 'folder' ? 'Name of the new folder' : 'Name of the new file'}
                value=""
                disabled={isBusy}
                problemOf={text => problemOfName(text, taken, folder)}
                onDone={take}
                onCancel={() => setNaming(null)}
              />
            ) : null
          }
          renamed={
            naming?.what === 'rename'
              ? {
                  name: naming.name,
                  naming: {
                    label: `New name of ${naming.name}`,
                    isBusy,
                    problemOf: text => problemOfName(text, taken, folder),
                    onDone: take,
                    onCancel: () => setNaming(null),
                  },
                }
              : null
          }
          empty={
            <BoardEmpty
              access={access}
              session={session}
              state={state}
              isElsewhere={isElsewhere}
              actions={actions}
              onRoot={() => go('/')}
            />
          }
          buttons={
            <>
              <IconButton
                icon={FolderPlus}
                label={whyNoFolder ?? 'New folder'}
                disabled={whyNoFolder !== null}
                onClick={() => name({ what: 'folder' })}
              />
              <PaneMenuButton items={items} />
            </>
          }
          footer={<FreeSpace space={space} session={session} />}
          strips={
            <>
              <Condition access={access} session={session} state={state} isElsewhere={isElsewhere} />
              {error !== null && !isElsewhere && <ErrorStrip error={error} onRetry={() => void actions.listBoard()} />}
              {problem !== null && <ErrorStrip error={problem} onDismiss={() => setProblem(null)} />}
              {isTakingLong && <PaneStrip>Reading what was dropped…</PaneStrip>}
            </>
          }
          onGo={path => go(path)}
          onOpen={open}
          onUp={up}
          onCopy={props.onCopy}
          onRefresh={() => {
            if (access === 'open') void actions.listBoard().then(() => actions.measure())
          }}
          onKey={onKey}
          onDragStart={props.onDragStart}
          accepts={event => access === 'open' && props.accepts(event)}
          dropPlace={row => (row === null ? folder : joinPath(folder, row))}
          onDrop={(event, row) => props.onDrop(event, row === null ? null : joinPath(folder, row))}
        />
      </div>
    </PaneContextMenu>
  )
}

interface ConditionProps {
  readonly access: BoardAccess
  readonly session: SessionSnapshot
  readonly state: PaneState<string, BoardListing>
  readonly isElsewhere: boolean
}

/** What stands between the rows and the truth: they are old, or others are on their way. */
function Condition({ access, session, state: { isLoading, listing, listedAt, place }, isElsewhere }: ConditionProps) {
  const [loadingSince, setLoadingSince] = useState<number | null>(null)
  if (isLoading !== (loadingSince !== null)) setLoadingSince(isLoading ? Date.now() : null)
  const isSlow = useElapsed(loadingSince, PATIENCE_MS)
  if (access !== 'open') {
    if (listing === null || isElsewhere || listedAt === null) return null
    return <PaneStrip tone="warn">{`${WHY_NOT[access]}. This is what was here at ${formatClock(listedAt)}.`}</PaneStrip>
  }
  if (!isLoading || !isSlow) return null
  const cause = waitsFor(session)
  return <PaneStrip>{cause === null ? `Listing ${place}…` : `Listing ${place} ${cause}.`}</PaneStrip>
}

interface BoardEmptyProps extends ConditionProps {
  readonly actions: FilesActions
  readonly onRoot: () => void
}

/** In place of rows: why there are none, and what can be done. */
function BoardEmpty({ access, session, state: { place, error, isLoading, listing }, isElsewhere, actions, onRoot }: BoardEmptyProps) {
  const { commands } = useServices()
  if (access === 'watching') {
    return (
      <div className="pane-empty">
        <h3>The session only watches its board</h3>
        <p>To list its files, Muster has to interrupt the program that runs there.</p>
        <Button onClick={() => void commands.takeOver(session.sessionId)}>Take over</Button>
      </div>
    )
  }
  if (access !== 'open') {
    return (
      <div className="pane-empty">
        <p>{WHY_NOT[access]}. Its files are listed as soon as it is back.</p>
      </div>
    )
  }
  if (error !== null && isElsewhere) {
    return (
      <div className="pane-empty">
        <ErrorNote error={error}>
          <Button onClick={() => void actions.listBoard()}>Retry</Button>
          {place !== '/' && <Button onClick={onRoot}>Go to /</Button>}
        </ErrorNote>
      </div>
    )
  }
  if (isLoading || listing === null) return null
  return (
    <div className="pane-empty">
      <p>This folder is empty. Copy files here from the left, or drop them from the desktop.</p>
    </div>
  )
}
