import type { Result } from '../../../shared/contract'
import type { ErrorInfo } from '../../../shared/errors'
import { FILE_READ_MAX_BYTES } from '../../../shared/limits'
import type { WrittenFile } from '../../../shared/model'
import type { Client } from '../../bridge/client'
import type { FilesStore } from '../../stores/files-store'
import { emptyDocument, type TextDocument } from '../../stores/open-document'
import { documentOf, textToSave } from './document-text'
import type { FilesActions } from './files-actions'

/** A file of the board in the editor, from its opening to its closing. */
export interface DocumentActions {
  /** `bytes` as listed: what is too large is not even asked for. */
  open(path: string, bytes: number | null): Promise<void>
  /** A file that is not on the board yet. */
  begin(path: string): void
  reload(): Promise<void>
  write(text: string): void
  /** Only if the file there is the one that was opened. */
  save(): Promise<boolean>
  /** Whatever is there now. */
  replace(): Promise<boolean>
  /** Under another name, which then is the one that is edited. `replace`: whatever is there. */
  saveAs(path: string, options: { readonly replace: boolean }): Promise<Result<WrittenFile>>
  dismissError(): void
  close(): void
}

export interface DocumentActionsOptions {
  readonly client: Client
  readonly files: FilesStore
  readonly board: string
  readonly sessionId: string
  readonly actions: Pick<FilesActions, 'listBoard' | 'noteWritten' | 'measure'>
  readonly now?: () => number
}

export function createDocumentActions({
  client,
  files,
  board,
  sessionId,
  actions,
  now = Date.now,
}: DocumentActionsOptions): DocumentActions {
  const document = () => files.of(board).document
  let asked = 0

  /** Only while the same file is open. */
  const change = (path: string, part: (before: TextDocument) => Partial<TextDocument>): void =>
    files.change(board, ({ document: before }) =>
      before?.phase === 'text' && before.path === path ? { document: { ...before, ...part(before) } } : {},
    )

  const read = async (path: string, revision: number): Promise<void> => {
    const request = ++asked
    const result = await client.call('files:read', { sessionId, path })
    if (request !== asked || document()?.path !== path) return
    files.change(board, () => ({
      document: result.ok ? documentOf(result.value, revision) : { path, phase: 'failed', error: result.error },
    }))
  }

  const put = async (path: string, before: TextDocument, ifSha256: string | null | undefined): Promise<Result<WrittenFile>> => {
    const data = textToSave(before)
    const result = await client.call('files:write', { sessionId, path, data, ...(ifSha256 === undefined ? {} : { ifSha256 }) })
    if (result.ok) actions.noteWritten(path, result.value.bytes)
    return result
  }

  /** Of a file that has gone, too, a write says that it has changed. */
  const explained = async (path: string, error: ErrorInfo): Promise<ErrorInfo> => {
    if (error.reason !== 'file-changed') return error
    const there = await client.call('files:stat', { sessionId, path })
    return there.ok && there.value === null ? { ...error, reason: 'file-not-found' } : error
  }

  const taken = (before: TextDocument, { sha256, proof, atomic }: WrittenFile): Partial<TextDocument> => ({
    // What was typed meanwhile is unsaved.
    savedText: before.text,
    sha256,
    isSaving: false,
    saved: { at: now(), proof, atomic },
    keptAt: null,
    error: null,
    lineEnd: before.lineEnd === 'mixed' ? 'lf' : before.lineEnd,
  })

  const saveWith = async (ifSha256: (document: TextDocument) => string | null | undefined): Promise<boolean> => {
    const before = document()
    if (before?.phase !== 'text' || before.isSaving) return false
    const { path } = before
    change(path, () => ({ isSaving: true, error: null }))
    const result = await put(path, before, ifSha256(before))
    if (!result.ok) {
      const error = await explained(path, result.error)
      change(path, () => ({ isSaving: false, error }))
      return false
    }
    change(path, () => taken(before, result.value))
    if (!result.value.replaced) await actions.listBoard()
    void actions.measure()
    return true
  }

  return {
    async open(path, bytes) {
      if (bytes !== null && bytes > FILE_READ_MAX_BYTES) {
        asked++
        files.change(board, () => ({ document: { path, phase: 'refused', cause: 'too-large', bytes } }))
        return
      }
      files.change(board, () => ({ document: { path, phase: 'loading' } }))
      await read(path, 0)
    },
    begin(path) {
      asked++
      files.change(board, () => ({ document: emptyDocument(path) }))
    },
    async reload() {
      const before = document()
      if (before === null) return
      if (before.phase !== 'text') files.change(board, () => ({ document: { path: before.path, phase: 'loading' } }))
      await read(before.path, before.phase === 'text' ? before.revision + 1 : 0)
    },
    write(text) {
      const before = document()
      if (before?.phase === 'text') change(before.path, () => ({ text }))
    },
    save: () => saveWith(({ sha256 }) => sha256),
    replace: () => saveWith(() => undefined),
    async saveAs(path, { replace }) {
      const before = document()
      if (before?.phase !== 'text') throw new Error('Nothing is open in the editor.')
      const result = await put(path, before, replace ? undefined : null)
      if (result.ok) {
        change(before.path, now => ({ ...taken(before, result.value), path, text: now.text }))
        await actions.listBoard()
      }
      return result
    },
    dismissError() {
      const before = document()
      if (before?.phase === 'text') change(before.path, () => ({ error: null }))
    },
    close() {
      asked++
      files.change(board, () => ({ document: null }))
    },
  }
}
