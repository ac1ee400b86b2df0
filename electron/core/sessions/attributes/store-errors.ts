import { MusterError } from '../../../../shared/errors'

/** The disk did not take a change; what was stored before is stored still. */
export function storeFailed(sessionId: string, folder: string, cause: unknown): MusterError {
  const { code, message } = cause as NodeJS.ErrnoException
  return new MusterError(
    {
      code: 'OperationFailed',
      reason: 'store-failed',
      message: `The attributes of ${sessionId} could not be written to ${folder}: ${CAUSES[code ?? '']?.why ?? message}. They are as they were.`,
      hint: CAUSES[code ?? '']?.hint ?? 'Check the disk and the folder, then try again.',
      retry: true,
      sessionId,
    },
    { cause },
  )
}

export function storeEnded(sessionId: string): MusterError {
  return new MusterError({
    code: 'SessionNotReady',
    reason: 'session-closed',
    message: `The session ${sessionId} is closed, and its attributes with it.`,
    hint: 'Open the port again.',
    sessionId,
  })
}

const FREE_SPACE = 'Free some space on the disk, then try again.'
const MAY_WRITE = 'Make the folder writable for you, then try again.'

const CAUSES: Readonly<Record<string, { readonly why: string; readonly hint: string }>> = {
  ENOSPC: { why: 'there is no space left on the disk', hint: FREE_SPACE },
  EDQUOT: { why: 'your share of the disk is used up', hint: FREE_SPACE },
  EFBIG: { why: 'the system does not allow a file of that size', hint: 'Remove some attributes, then try again.' },
  EACCES: { why: 'you are not allowed to write there', hint: MAY_WRITE },
  EPERM: { why: 'you are not allowed to write there', hint: MAY_WRITE },
  EROFS: { why: 'the disk is read-only', hint: MAY_WRITE },
}
