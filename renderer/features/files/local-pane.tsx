import { FolderOpen, FolderPlus, Laptop, X } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { type DragEvent, type KeyboardEvent, type Ref, useState } from 'react'
import type { Result } from '../../../shared/contract'
import type { ErrorInfo } from '../../../shared/errors'
import { LOCAL_LIST_MAX_ENTRIES } from '../../../shared/limits'
import type { LocalFolder, LocalListing, LocalPlace } from '../../../shared/model'
import type { PaneState } from '../../stores/files-store'
import { Button } from '../../ui/button'
import { ErrorNote } from '../../ui/error-note'
import { formatCount } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'
import type { FileGridHandle } from './file-grid'
import { FilePane } from './file-pane'
import type { FileRow } from './file-rows'
import type { FilesActions } from './files-actions'
import { NameField } from './name-field'
import { noneOf, oneOf, PaneContextMenu, PaneMenuButton, type PaneMenuItem } from './pane-menu'
import { ErrorStrip, PaneStrip } from './pane-strip'
import { crumbsOf, isSamePlace, joinPath, lastName, parentPath, problemOfName } from './paths'
import { selectedNames } from './selection'
import type { LocalFolders } from './use-local-folders'
import type { LocalPaneView } from './use-panes'

export interface LocalPaneProps {
  readonly state: PaneState<LocalPlace | null, LocalListing>
  readonly view: LocalPaneView
  readonly folders: LocalFolders
  readonly actions: FilesActions
  readonly isNarrow: boolean
  /** Why nothing can be copied to the board; null where it can. */
  readonly whyNoCopy: string | null
  readonly onCopy: (names: readonly string[]) => void
  readonly onTrash: (names: readonly string[]) => void
  readonly onDragStart: (event: DragEvent, names: readonly string[]) => void
  readonly accepts: (event: DragEvent) => boolean
  readonly onDrop: (event: DragEvent, folder: string | null) => void
  readonly ref?: Ref<FileGridHandle>
}

type Naming = { readonly what: 'folder' } | { readonly what: 'rename'; readonly name: string }

/** The folder of the computer. */
export function LocalPane({ state, view, folders, actions, isNarrow, ref, ...props }: LocalPaneProps) {
  const { place, listing, error } = state
  const [naming, setNaming] = useState<Naming | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<ErrorInfo | null>(null)
  const [hint, setHint] = useState<string | null>(null)
  const folder = folders.list?.find(({ folderId }) => folderId === place?.folderId)

  const go = (next: LocalPlace, from: string | null = null): void => {
    setNaming(null)
    setProblem(null)
    setHint(null)
    view.startAt(next, from)
    void actions.listLocal(next)
  }
  const openFolder = (chosen: LocalFolder): void => go({ folderId: chosen.folderId, path: '' })
  const choose = async (): Promise<void> => {
    const chosen = await folders.choose()
    if (chosen !== null) openFolder(chosen)
  }
  const finish = async (work: Promise<Result<unknown>>): Promise<void> => {
    setIsBusy(true)
    const result = await work
    setIsBusy(false)
    setNaming(null)
    setProblem(result.ok ? null : result.error)
  }
  const name = (what: Naming): void => {
    setProblem(null)
    setNaming(what)
  }

  if (place === null) {
    return (
      <section className="file-pane" aria-label="Computer">
        <header className="pane-head">
          <Laptop size={14} strokeWidth={1.75} aria-hidden />
          <span className="pane-nowhere">This computer</span>
        </header>
        <FolderChoice folders={folders} onOpen={openFolder} onChoose={() => void choose()} />
        <footer className="pane-foot" />
      </section>
    )
  }

  const taken = new Set(listing?.entries.map(({ name }) => name))
  const hasGone = error !== null && (listing === null || !isSamePlace(listing.place, place))
  const names = selectedNames(
    view.pane.selection,
    view.rows.map(row => row.name),
  )
  const open = (row: FileRow | undefined): void => {
    if (row?.kind === 'folder') go({ ...place, path: joinPath(listing?.place.path ?? place.path, row.name) })
    else if (row !== undefined) setHint('Files of the computer open in your own editor. Copy one to the board to edit it here.')
  }
  const whyNot = listing === null || hasGone ? 'Nothing has been listed yet' : null
  const whyNotOne = whyNot ?? oneOf(names)
  const items: readonly PaneMenuItem[] = [
    { label: 'Open', shortcut: 'Enter', whyNot: whyNotOne, run: () => open(view.rows.find(row => row.name === names[0])) },
    {
      label: 'Copy to the board',
      shortcut: 'Ctrl+Enter',
      whyNot: whyNot ?? props.whyNoCopy ?? noneOf(names),
      run: () => props.onCopy(names),
    },
    { label: 'Rename', shortcut: 'F2', whyNot: whyNotOne, run: () => name({ what: 'rename', name: names[0] ?? '' }) },
    { label: 'Move to the trash…', shortcut: 'Del', whyNot: whyNot ?? noneOf(names), isDanger: true, run: () => props.onTrash(names) },
    { label: 'New folder…', whyNot, isFirstOfGroup: true, run: () => name({ what: 'folder' }) },
  ]
  const onKey = (event: KeyboardEvent, marked: readonly string[]): boolean => {
    if (event.key === 'F2' && marked.length === 1 && whyNot === null) {
      name({ what: 'rename', name: marked[0] ?? '' })
      return true
    }
    if (event.key === 'Delete' && marked.length > 0 && whyNot === null) {
      props.onTrash(marked)
      return true
    }
    return false
  }
  const up = (): void => {
    const above = parentPath(place.path)
    if (above !== null) go({ ...place, path: above }, lastName(place.path))
  }
  return (
    <PaneContextMenu items={items}>
      <div className="file-side">
        <FilePane
          ref={ref}
          label="Computer"
          icon={<Laptop size={14} strokeWidth={1.75} className="pane-icon" aria-hidden />}
          crumbs={crumbsOf(place.path, { name: folder?.name ?? 'Folder', path: '' })}
          pane={view.pane}
          rows={view.rows}
          total={listing?.entries.length ?? 0}
          columns={{ changed: !isNarrow, status: false }}
          isBusy={state.isLoading}
          canRefresh
          draft={
            naming?.what === 'folder' ? (
              <NameField
                label="Name of the new folder"
                value=""
                disabled={isBusy}
                problemOf={text => problemOfName(text, taken, '')}
                onDone={text => void finish(actions.makeLocalFolder(text))}
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
                    problemOf: text => problemOfName(text, taken, ''),
                    onDone: text => void finish(actions.renameLocal(naming.name, text)),
                    onCancel: () => setNaming(null),
                  },
                }
              : null
          }
          empty={
            <div className="pane-empty">
              {hasGone ? (
                <ErrorNote error={error}>
                  <Button onClick={() => void actions.listLocal()}>Retry</Button>
                  <Button onClick={() => void choose()}>Open another folder…</Button>
                </ErrorNote>
              ) : (
                listing !== null && <p>This folder is empty. What is copied from the board arrives here.</p>
              )}
            </div>
          }
          buttons={
            <>
              <FolderMenu folders={folders} here={place.folderId} onOpen={openFolder} onChoose={() => void choose()} />
              <IconButton icon={FolderPlus} label="New folder" disabled={listing === null} onClick={() => name({ what: 'folder' })} />
              <PaneMenuButton items={items} />
            </>
          }
          strips={
            <>
              {listing?.isTruncated === true && (
                <PaneStrip tone="warn">Only the first {formatCount(LOCAL_LIST_MAX_ENTRIES)} entries of this folder are shown.</PaneStrip>
              )}
              {error !== null && !hasGone && <ErrorStrip error={error} onRetry={() => void actions.listLocal()} />}
              {problem !== null && <ErrorStrip error={problem} onDismiss={() => setProblem(null)} />}
              {hint !== null && <PaneStrip onDismiss={() => setHint(null)}>{hint}</PaneStrip>}
            </>
          }
          footer={null}
          onGo={path => go({ ...place, path })}
          onOpen={open}
          onUp={up}
          onCopy={props.onCopy}
          onRefresh={() => void actions.listLocal()}
          onKey={onKey}
          onDragStart={props.onDragStart}
          accepts={props.accepts}
          dropPlace={row => row ?? (place.path === '' ? (folder?.name ?? 'the folder') : lastName(place.path))}
          onDrop={props.onDrop}
        />
      </div>
    </PaneContextMenu>
  )
}

interface FolderChoiceProps {
  readonly folders: LocalFolders
  readonly onOpen: (folder: LocalFolder) => void
  readonly onChoose: () => void
}

/** Before a folder is open: a button to open one, and those that were open before. */
function FolderChoice({ folders, onOpen, onChoose }: FolderChoiceProps) {
  const { list, error } = folders
  return (
    <div className="pane-empty pane-choice">
      <FolderOpen size={22} strokeWidth={1.5} aria-hidden />
      <h3>Open a folder of this computer</h3>
      <p>Its files are copied to the board and back from here. Muster reads and writes in folders that you open, and in no others.</p>
      <Button icon={FolderOpen} tone="primary" onClick={onChoose}>
        Open folder…
      </Button>
      {error !== null && <ErrorNote error={error} />}
      {list !== null && list.length > 0 && (
        <div className="recent-folders">
          <h4>Opened before</h4>
          <ul>
            {list.map(folder => (
              <li key={folder.folderId}>
                <button type="button" className="recent-folder" onClick={() => onOpen(folder)}>
                  <b>{folder.name}</b>
                  <span title={folder.path}>{folder.path}</span>
                </button>
                <IconButton icon={X} label={`Forget ${folder.name}`} onClick={() => void folders.forget(folder.folderId)} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

function FolderMenu({ folders, here, onOpen, onChoose }: FolderChoiceProps & { readonly here: string }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="icon-button" aria-label="Open another folder" title="Open another folder">
          <FolderOpen size={14} strokeWidth={1.75} aria-hidden />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu folder-menu" align="end" sideOffset={2}>
          <DropdownMenu.Item className="menu-item" onSelect={onChoose}>
            Open folder…
          </DropdownMenu.Item>
          {(folders.list ?? []).length > 0 && <DropdownMenu.Separator className="menu-separator" />}
          {folders.list?.map(folder => (
            <DropdownMenu.Item
              key={folder.folderId}
              className="menu-item folder-item"
              data-state={folder.folderId === here ? 'checked' : undefined}
              title={folder.path}
              onSelect={() => onOpen(folder)}
            >
              <span className="folder-item-name">{folder.name}</span>
              <span className="folder-item-path">{folder.path}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
