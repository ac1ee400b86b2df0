import { type ErrorReason, MusterError } from '../../../shared/errors'

/** Something is wrong with a file or a folder. The message is a full sentence. */
export function fileFailed(
  reason: ErrorReason,
  message: string,
  options: { readonly hint?: string; readonly cause?: unknown } = {},
): MusterError {
  const { hint, cause } = options
  return new MusterError({ code: 'FileFailed', reason, message, ...(hint !== undefined && { hint }) }, { cause })
}

/** What Node says of a local file, in the words of the contract. `what` begins the sentence: “oven/main.py” could not be read. */
export function localFailure(what: string, error: unknown): MusterError {
  if (error instanceof MusterError) return error
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  const [reason, because, hint] = LOCAL_REASONS.get(code) ?? ['local-file', `the system said ${code === '' ? 'no' : code}.`]
  return fileFailed(reason, `${what}: ${because}`, { ...(hint !== undefined && { hint }), cause: error })
}

type Explained = readonly [reason: ErrorReason, because: string, hint?: string]

const FULL: Explained = ['disk-full', 'the disk of this computer is full.', 'Make room on the disk, and try again.']
const NO_ACCESS: Explained = ['local-file', 'access was denied.', 'Look at who may use the file, and whether another program has it open.']

const LOCAL_REASONS: ReadonlyMap<string, Explained> = new Map<string, Explained>([
  ['ENOSPC', FULL],
  ['EDQUOT', FULL],
  ['EFBIG', FULL],
  ['EROFS', ['read-only-files', 'this part of the computer can only be read.']],
  ['EACCES', NO_ACCESS],
  ['EPERM', NO_ACCESS],
  ['EBUSY', NO_ACCESS],
  ['ENOENT', ['file-not-found', 'it is not on this computer any more.']],
  ['EEXIST', ['file-exists', 'there is one of this name already.']],
  ['ENOTDIR', ['not-a-folder', 'a file stands where a folder should be.']],
  ['EISDIR', ['is-a-folder', 'a folder of this name is there.']],
  ['ENOTEMPTY', ['folder-not-empty', 'the folder is not empty.']],
  ['ELOOP', ['local-file', 'it is a link.']],
  ['ENAMETOOLONG', ['bad-file-name', 'its name is too long for this computer.']],
  ['EINVAL', ['bad-file-name', 'this computer has no such names.']],
  ['EILSEQ', ['bad-file-name', 'this computer has no such names.']],
])

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ENOENT'
}

/** A name inside of a sentence. */
export function quoted(name: string): string {
  return `“${shown(name)}”`
}

/** A name for people: what could not be read is shown as its number, and a long one is cut. */
export function shown(name: string): string {
  const readable = name.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, character => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return readable.length > SHOWN_CHARS ? `${readable.slice(0, SHOWN_CHARS)}…` : readable
}

const SHOWN_CHARS = 120
