import { type ErrorReason, MusterError } from '../../../../shared/errors'
import type { BoardFailure } from './answer'

type FileReason = Extract<
  ErrorReason,
  | 'file-not-found'
  | 'file-exists'
  | 'not-a-folder'
  | 'is-a-folder'
  | 'folder-not-empty'
  | 'disk-full'
  | 'read-only-files'
  | 'bad-file-name'
  | 'file-changed'
  | 'file-damaged'
  | 'no-memory'
  | 'not-supported'
>

/** What was to be done, as the beginning of a sentence that goes on with "failed": "Writing /main.py". */
export interface FileDeed {
  readonly deed: string
  readonly port: string
}

/** Names as ports print them, and words of those that print none. Never numbers: they differ from port to port. */
const SIGNS: readonly (readonly [RegExp, FileReason])[] = [
  [/\bENOENT\b|not found|no such file/i, 'file-not-found'],
  [/\bEEXIST\b|file exists/i, 'file-exists'],
  [/\bENOTDIR\b|not a directory/i, 'not-a-folder'],
  [/\bEISDIR\b|is a directory/i, 'is-a-folder'],
  [/\bENOTEMPTY\b|not empty/i, 'folder-not-empty'],
  [/\b(?:ENOSPC|EFBIG|EDQUOT)\b|no space|no more storage/i, 'disk-full'],
  [/\b(?:EROFS|EACCES|EPERM)\b|read-only|permission/i, 'read-only-files'],
  [/\b(?:EINVAL|ENAMETOOLONG)\b|name too long|invalid name/i, 'bad-file-name'],
  [/\bENOMEM\b/, 'no-memory'],
  [/\b(?:EOPNOTSUPP|ENOTSUP|ENOSYS)\b/, 'not-supported'],
]

/** What the words of an exception say; null for one that says nothing clear. */
export function reasonOf({ type, text }: BoardFailure): FileReason | null {
  if (type === 'MemoryError') return 'no-memory'
  if (type === 'ImportError' || type === 'AttributeError' || type === 'NotImplementedError') return 'not-supported'
  for (const [sign, reason] of SIGNS) {
    if (sign.test(text)) return reason
  }
  return type === 'TypeError' || type === 'UnicodeError' ? 'bad-file-name' : null
}

const WORDS: Record<FileReason, { readonly what: string; readonly hint?: string; readonly retry?: boolean }> = {
  'file-not-found': { what: 'there is no such file or folder', hint: 'Refresh the list: somebody may have removed it.' },
  'file-exists': { what: 'there is something of this name already', hint: 'Choose another name, or remove what is there.' },
  'not-a-folder': { what: 'a part of the path is a file, not a folder', hint: 'Choose another folder.' },
  'is-a-folder': { what: 'it is a folder, not a file', hint: 'Choose another name.' },
  'folder-not-empty': { what: 'the folder is not empty', hint: 'Remove what is in it as well.' },
  'disk-full': { what: "the board's file system is full", hint: 'Remove files from the board, then try again.' },
  'read-only-files': { what: 'the board does not let its files be changed here', hint: 'Choose a folder that can be written to.' },
  'bad-file-name': { what: "the board's file system does not take this name", hint: 'Choose a shorter or plainer name.' },
  'file-changed': {
    what: 'the file was changed by somebody else in the meantime',
    hint: 'Look at the file as it is now, then try again.',
    retry: true,
  },
  'file-damaged': {
    what: 'bytes were lost or changed on the line again and again',
    hint: 'Check the cable, or choose a lower speed, then try again.',
    retry: true,
  },
  'no-memory': {
    what: 'the board has not enough free memory',
    hint: 'Reset the board, so that nothing else takes its memory, then try again.',
  },
  'not-supported': { what: "the board's firmware can't do this" },
}

/** `detail` goes into brackets after what is wrong. */
export function fileError({ deed, port }: FileDeed, reason: FileReason, detail?: string, hint?: string): MusterError {
  const { what, hint: usual, retry } = WORDS[reason]
  const advice = hint ?? usual
  return new MusterError({
    code: 'FileFailed',
    reason,
    message: `${deed} on the board on ${port} failed: ${what}${detail === undefined ? '' : ` (${detail})`}.`,
    ...(advice !== undefined && { hint: advice }),
    ...(retry === true && { retry }),
  })
}

/** An exception on the board that no sign fits is told in the board's own words. */
export function boardError(deed: FileDeed, failure: BoardFailure, otherwise: FileReason | null = null): MusterError {
  const reason = reasonOf(failure) ?? otherwise
  const said = wordsOf(failure)
  if (reason !== null) return fileError(deed, reason, reason === 'not-supported' || reasonOf(failure) === null ? said : undefined)
  return new MusterError({
    code: 'FileFailed',
    message: `${deed.deed} on the board on ${deed.port} failed: the board said ${said}.`,
    hint: 'Try again; if it goes on, check the file system of the board.',
    retry: true,
  })
}

/** What a board says may hold anything: nothing that could hide or reorder what stands next to it. */
function wordsOf({ type, text }: BoardFailure): string {
  const clean = `${type} ${text}`.replace(/[\p{C}\s]+/gu, ' ').trim()
  return clean.length > 120 ? `${clean.slice(0, 120)}…` : clean
}
