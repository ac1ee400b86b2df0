import { ArrowLeft, Save, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import { FILE_READ_MAX_BYTES } from '../../../shared/limits'
import { CodeEditor, type CodeEditorHandle } from '../../islands/editor/code-editor'
import { isUnsaved, type OpenDocument, type TextDocument } from '../../stores/open-document'
import { Button } from '../../ui/button'
import { ErrorNote } from '../../ui/error-note'
import { formatClock } from '../../ui/format'
import { IconButton } from '../../ui/icon-button'
import { useShortcut } from '../../ui/use-shortcut'
import type { DocumentActions } from './document-actions'
import { textToSave } from './document-text'
import { SaveAsDialog, UnsavedDialog } from './editor-dialogs'
import { PaneStrip } from './pane-strip'
import { lastName } from './paths'
import { proofText } from './transfer-texts'
import './file-editor.css'
import { formatChanged, formatSize } from './file-rows'

export interface FileEditorProps {
  readonly document: OpenDocument
  readonly actions: DocumentActions
  readonly boardName: string
  /** Why nothing can be saved now; null where it can. */
  readonly whyNot: string | null
  /** The text is too large to be kept when Muster ends. */
  readonly isUnkept: boolean
  /** Copies the file to the folder of the computer; null where none is open. */
  readonly onCopy: (() => void) | null
  readonly onClosed: () => void
}

/** A file of the board, over the panes, until it is closed. */
export function FileEditor({ document, actions, boardName, whyNot, isUnkept, onCopy, onClosed }: FileEditorProps) {
  const [isAsking, setIsAsking] = useState(false)
  const [isNaming, setIsNaming] = useState(false)
  const unsaved = isUnsaved(document)
  const name = lastName(document.path)
  const canSave = document.phase === 'text' && !document.isSaving && unsaved && whyNot === null
  const leave = (): void => {
    actions.close()
    onClosed()
  }
  const close = (): void => {
    if (unsaved) setIsAsking(true)
    else leave()
  }
  const save = (): void => {
    if (canSave) void actions.save()
  }
  useShortcut('Ctrl+S', save)
  return (
    <section className="editor" aria-label={`Editor: ${name}`}>
      <header className="pane-head editor-head">
        <IconButton icon={ArrowLeft} label="Back to the folders" onClick={close} />
        <h3 className="editor-name" title={document.path}>
          {unsaved && <span className="editor-dot" aria-hidden />}
          {document.path}
        </h3>
        <span className="editor-state">{stateText(document, unsaved)}</span>
        <span className="spacer" />
        {document.phase === 'text' && (
          <>
            <Button disabled={document.isSaving || whyNot !== null} title={whyNot ?? undefined} onClick={() => setIsNaming(true)}>
              Save as…
            </Button>
            <Button icon={Save} tone="primary" disabled={!canSave} title={whyNot ?? undefined} onClick={save}>
              {document.isSaving ? 'Saving…' : 'Save'} <kbd>Ctrl S</kbd>
            </Button>
          </>
        )}
        <IconButton icon={X} label={`Close ${name}`} onClick={close} />
      </header>
      {document.phase === 'text' && (
        <Problem document={document} actions={actions} boardName={boardName} onSaveAs={() => setIsNaming(true)} />
      )}
      {isUnkept && unsaved && (
        <PaneStrip tone="warn">This text is too large to be kept when the window is closed: save it before.</PaneStrip>
      )}
      {document.phase === 'text' && document.lineEnd === 'mixed' && (
        <PaneStrip tone="warn">Its lines end in different ways. Saving makes all of them end with a line feed.</PaneStrip>
      )}
      {document.phase === 'text' ? (
        <TextArea key={`${document.path} ${document.revision}`} document={document} onChange={actions.write} />
      ) : (
        <NoText document={document} boardName={boardName} onRetry={() => void actions.reload()} onCopy={onCopy} />
      )}
      {isAsking && document.phase === 'text' && (
        <UnsavedDialog
          name={name}
          boardName={boardName}
          whyNot={whyNot}
          onClose={() => setIsAsking(false)}
          onDrop={leave}
          onSave={async () => {
            setIsAsking(false)
            if (await actions.save()) leave()
          }}
        />
      )}
      {isNaming && document.phase === 'text' && <SaveAsDialog path={document.path} actions={actions} onClose={() => setIsNaming(false)} />}
    </section>
  )
}

function stateText(document: OpenDocument, unsaved: boolean): string {
  if (document.phase === 'loading') return 'reading'
  if (document.phase !== 'text') return ''
  if (document.isSaving) return 'saving'
  if (unsaved) {
    const kept = document.keptAt === null ? '' : ` · as it was left ${formatChanged(document.keptAt)}`
    return `${document.sha256 === null ? 'new, not saved' : 'not saved'}${kept}`
  }
  const { saved } = document
  if (saved === null) return formatSize(bytesOf(document))
  return `saved ${formatClock(saved.at)} · ${proofText(saved.proof)}${saved.atomic ? '' : ' · this board can’t rename: not in one step'}`
}

function bytesOf(document: TextDocument): number {
  return new TextEncoder().encode(textToSave(document)).length
}

function TextArea({ document, onChange }: { readonly document: TextDocument; readonly onChange: (text: string) => void }) {
  const editor = useRef<CodeEditorHandle>(null)
  useEffect(() => editor.current?.focus(), [])
  return (
    <CodeEditor
      ref={editor}
      label={`Text of ${document.path}`}
      isPlain={!/\.pyi?$/i.test(document.path)}
      initialCode={document.text}
      onChange={onChange}
      onRun={() => undefined}
    />
  )
}

interface ProblemProps {
  readonly document: TextDocument
  readonly actions: DocumentActions
  readonly boardName: string
  readonly onSaveAs: () => void
}

/** A save that was refused: what can be done about it, and nothing is lost meanwhile. */
function Problem({ document, actions, boardName, onSaveAs }: ProblemProps) {
  const { error, path } = document
  if (error === null) return null
  if (error.reason !== 'file-changed' && error.reason !== 'file-exists' && error.reason !== 'file-not-found') {
    return (
      <div className="editor-problem">
        <ErrorNote error={error}>
          <Button onClick={() => void actions.save()}>Retry</Button>
          <Button onClick={() => actions.dismissError()}>Dismiss</Button>
        </ErrorNote>
      </div>
    )
  }
  return (
    <div className="editor-problem">
      <div className="error-note" role="alert">
        <p className="error-title">{changeText(error, path, boardName)}</p>
        <p>Nothing has been written. Your text is as you left it.</p>
        <div className="error-actions">
          <Button tone="danger" onClick={() => void actions.replace()}>
            {error.reason === 'file-not-found' ? 'Write it anew' : 'Replace it with mine'}
          </Button>
          {error.reason !== 'file-not-found' && <Button onClick={() => void actions.reload()}>Reload, drop mine</Button>}
          <Button onClick={onSaveAs}>Save as…</Button>
          <Button onClick={() => actions.dismissError()}>Go on editing</Button>
        </div>
      </div>
    </div>
  )
}

function changeText({ reason }: ErrorInfo, path: string, boardName: string): string {
  if (reason === 'file-exists') return `There is a ${path} on ${boardName} already`
  if (reason === 'file-not-found') return `${path} has gone from ${boardName} since you opened it`
  return `${path} has changed on ${boardName} since you opened it`
}

interface NoTextProps {
  readonly document: Exclude<OpenDocument, TextDocument>
  readonly boardName: string
  readonly onRetry: () => void
  readonly onCopy: (() => void) | null
}

/** A file that has no text to show, or none yet. */
function NoText({ document, boardName, onRetry, onCopy }: NoTextProps): ReactNode {
  const name = lastName(document.path)
  switch (document.phase) {
    case 'loading':
      return (
        <div className="pane-empty" role="status">
          <p>
            Reading {name} from {boardName}…
          </p>
        </div>
      )
    case 'failed':
      return (
        <div className="pane-empty">
          <ErrorNote error={document.error}>
            <Button onClick={onRetry}>Retry</Button>
          </ErrorNote>
        </div>
      )
    case 'refused':
      return (
        <div className="pane-empty">
          <h3>{name} can’t be edited here</h3>
          <p>{refusalText(document)}</p>
          <Button
            disabled={onCopy === null}
            title={onCopy === null ? 'No folder of this computer is open' : undefined}
            onClick={onCopy ?? undefined}
          >
            Copy it to the computer
          </Button>
        </div>
      )
  }
}

function refusalText({ cause, bytes }: Extract<OpenDocument, { phase: 'refused' }>): string {
  switch (cause) {
    case 'too-large':
      return `It has ${formatSize(bytes)}; the editor opens files of up to ${formatSize(FILE_READ_MAX_BYTES)}.`
    case 'binary':
      return `Its ${formatSize(bytes)} are no text.`
    case 'not-utf8':
      return 'Its text is not UTF-8: saving it from here would change bytes that you have not touched.'
  }
}
