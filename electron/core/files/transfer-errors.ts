import { type ErrorInfo, MusterError } from '../../../shared/errors'
import { fileFailed } from './file-errors'

/** What an error of work on a board means for the transfer. */
export type Meaning =
  /** The board was lost, or has restarted: it may come back. */
  | 'lost'
  /** Too much waits for the board. */
  | 'busy'
  /** Somebody has stopped the work, or the session has ended. */
  | 'over'
  /** The work itself could not be done. */
  | 'failed'

export function meaningOf(error: unknown): Meaning {
  if (!(error instanceof MusterError)) return 'failed'
  switch (error.code) {
    case 'QueueFull':
      return 'busy'
    case 'OperationCancelled':
    case 'SessionNotFound':
    case 'ManagerNotActive':
    case 'ManagerDisposed':
      return 'over'
    case 'SessionNotReady':
      if (error.reason === 'session-closed' || error.reason === 'lease-expired') return 'over'
      return error.reason === 'watching' || error.reason === 'group-session' ? 'failed' : 'lost'
    case 'OperationFailed':
    case 'WriteFailed':
      return error.reason === 'disconnected' || error.reason === 'no-reply' || error.reason === 'restarted' ? 'lost' : 'failed'
    default:
      return 'failed'
  }
}

/** An error as it stands with a file or a transfer. What is no `MusterError` is a defect, and told as one. */
export function infoOf(error: unknown): ErrorInfo {
  if (error instanceof MusterError) return error.info
  return fileFailed('local-file', 'Muster met an error of its own; its log has the details.').info
}

export function noSuchTransfer(transferId: string): MusterError {
  return new MusterError({
    code: 'InvalidArgument',
    reason: 'not-found',
    message: `There is no transfer ${transferId}. It has ended and is no longer remembered, or never began.`,
  })
}

export function notInThisState(message: string): MusterError {
  return new MusterError({ code: 'InvalidArgument', message })
}
