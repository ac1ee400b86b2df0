import type { ErrorInfo } from '../../shared/errors'
import type { FileProof } from '../../shared/model'

/** A file of the board in the editor. */
export type OpenDocument =
  | { readonly path: string; readonly phase: 'loading' }
  | { readonly path: string; readonly phase: 'failed'; readonly error: ErrorInfo }
  | { readonly path: string; readonly phase: 'refused'; readonly cause: 'too-large' | 'binary' | 'not-utf8'; readonly bytes: number }
  | TextDocument

export interface TextDocument {
  readonly path: string
  readonly phase: 'text'
  /** As it is on the board, with `\n` at the end of each line. */
  readonly savedText: string
  readonly text: string
  readonly lineEnd: 'lf' | 'crlf' | 'mixed'
  /** Of the file on the board; null while there is none. */
  readonly sha256: string | null
  /** Counts up when the text is replaced from outside the editor. */
  readonly revision: number
  readonly isSaving: boolean
  readonly saved: { readonly at: number; readonly proof: FileProof; readonly atomic: boolean } | null
  /** When the text was written that an earlier page has left; null for a text of this page. */
  readonly keptAt: number | null
  /** Of the last attempt to save. `file-changed` and `file-exists` ask for a choice. */
  readonly error: ErrorInfo | null
}

export function emptyDocument(path: string): TextDocument {
  return {
    path,
    phase: 'text',
    savedText: '',
    text: '',
    lineEnd: 'lf',
    sha256: null,
    revision: 0,
    isSaving: false,
    saved: null,
    keptAt: null,
    error: null,
  }
}

/** A file that does not exist yet is unsaved however empty. */
export function isUnsaved(document: OpenDocument | null): document is TextDocument {
  return document?.phase === 'text' && (document.text !== document.savedText || document.sha256 === null)
}
