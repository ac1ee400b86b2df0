import { FILE_READ_MAX_BYTES } from '../../../shared/limits'
import type { BoardFileContent } from '../../../shared/model'
import { emptyDocument, type OpenDocument, type TextDocument } from '../../stores/open-document'

/** What the editor makes of a file: text with `\n`, or why it can't be edited without damage. */
export function documentOf({ path, data, sha256 }: BoardFileContent, revision: number): OpenDocument {
  if (data.length > FILE_READ_MAX_BYTES) return { path, phase: 'refused', cause: 'too-large', bytes: data.length }
  if (data.includes(0)) return { path, phase: 'refused', cause: 'binary', bytes: data.length }
  const raw = decode(data)
  if (raw === null) return { path, phase: 'refused', cause: 'not-utf8', bytes: data.length }
  const text = raw.replace(/\r\n?/g, '\n')
  return { ...emptyDocument(path), savedText: text, text, lineEnd: lineEndOf(raw), sha256, revision }
}

/** As it goes to the board: with the line ends it came with. */
export function textToSave({ text, lineEnd }: Pick<TextDocument, 'text' | 'lineEnd'>): string {
  return lineEnd === 'crlf' ? text.replaceAll('\n', '\r\n') : text
}

function decode(data: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data)
  } catch {
    return null
  }
}

function lineEndOf(raw: string): TextDocument['lineEnd'] {
  const pairs = raw.match(/\r\n/g)?.length ?? 0
  const returns = raw.match(/\r/g)?.length ?? 0
  const feeds = raw.match(/\n/g)?.length ?? 0
  if (returns === 0) return 'lf'
  return pairs === returns && pairs === feeds ? 'crlf' : 'mixed'
}
