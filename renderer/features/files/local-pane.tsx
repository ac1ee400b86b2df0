import { FolderOpen, FolderPlus, Laptop, X } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { type DragEvent, type Ref, useState } from 'react'
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
import { ErrorStrip, PaneStrip } from './pane-strip'
import { crumbsOf, isSamePlace, joinPath, lastName, parentPath, problemOfName } from './paths'
import type { LocalFolders } from './use-local-folders'
import type { LocalPaneView } from './use-panes'

export interface LocalPaneProps {
  readonly state: PaneState<LocalPlace | null, LocalListing>
  readonly view: LocalPaneView
  readonly folders: LocalFolders
  readonly actions: FilesActions
  readonly isNarrow: boolean
  readonly onCopy: (names: readonly string[]) => void
  readonly onDragStart: (event: DragEvent, names: readonly string[]) => void
  readonly accepts: (event: DragEvent) => boolean
  readonly onDrop: (event: DragEvent, folder: string | null) => void
  readonly ref?: Ref<FileGridHandle>
}

/** The folder of the computer. */
export function LocalPane({ state, view, folders, actions, isNarrow, ref, ...props }: LocalPaneProps) {
  const { place, listing, error } = state
  const [isNaming, setIsNaming] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<ErrorInfo | null>(null)
  const [hint, setHint] = useState<string | null>(null)
  const folder = folders.list?.find(({ folderId }) => folderId === place?.folderId)

  const go = (next: LocalPlace, from: string | null = null): void => {
    setIsNaming(false)
    setProblem(null)
    setHint(null)
    view.startAt(next, from)
    void actions.listLocal(next)
  }
  const open = (chosen: LocalFolder): void => go({ folderId: chosen.folderId, path: '' })
  const choose = async (): Promise<void> => {
    const chosen = await folders.choose()
    if (chosen !== null) open(chosen)
  }
  const makeFolder = async (name: string): Promise<void> => {
    setIsBusy(true)
    const result = await actions.makeLocalFolder(name)
    setIsBusy(false)
    setIsNaming(false)
    setProblem(result.ok ? null : result.error)
  }

  if (place === null) {
    return (
      <section className="file-pane" aria-label="Computer">
        <header className="pane-head">
          <Laptop size={14} strokeWidth={1.75} aria-hidden />
          <span className="pane-nowhere">This computer</span>
        </header>
        <FolderChoice folders={folders} onOpen={open} onChoose={() => void choose()} />
        <footer className="pane-foot" />
      </section>
    )
  }

  const taken = new Set(listing?.entries.map(({ name }) => name))
  const hasGone = error !== null && (listing === null || !isSamePlace(listing.place, place))
  const up = (): void => {
    const above = parentPath(place.path)
    if (above !== null) go({ ...place, path: above }, lastName(place.path))
  }
  return (
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
        isNaming ? (
          <NameField
            label="Name of the new folder"
            value=""
            disabled={isBusy}
            problemOf={name => problemOfName(name, taken, '')}
            onDone={name => void makeFolder(name)}
            onCancel={() => setIsNaming(false)}
          />
        ) : null
      }
      renamed={null}
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
          <FolderMenu folders={folders} here={place.folderId} onOpen={open} onChoose={() => void choose()} />
          <IconButton
            icon={FolderPlus}
            label="New folder"
            disabled={listing === null}
            onClick={() => {
              setProblem(null)
              setIsNaming(true)
            }}
          />
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
      onOpen={(row: FileRow) => {
        if (row.kind === 'folder') go({ ...place, path: joinPath(listing?.place.path ?? place.path, row.name) })
        else setHint('Files of the computer open in your own editor. Copy one to the board to edit it here.')
      }}
      onUp={up}
      onCopy={props.onCopy}
      onRefresh={() => void actions.listLocal()}
      onKey={() => false}
      onDragStart={props.onDragStart}
      accepts={props.accepts}
      onDrop={props.onDrop}
    />
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
