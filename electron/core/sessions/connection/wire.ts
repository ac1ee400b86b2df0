import { MusterError } from '../../../../shared/errors'
import type { CloseResult } from '../../../../shared/model'
import { type ExecutionEnd, ProtocolError } from '../../micropython/board-protocol'
import type { BoardTalk } from '../../micropython/board-talk'
import type { InterruptLadder } from '../../micropython/interrupt-ladder'
import { TransportError } from '../../transport/transport'
import type { Subject } from '../session-errors'

/** What of the board an execution needs. */
export interface Wire {
  execute(code: string): Promise<ExecutionEnd>
  interrupt(ladder: InterruptLadder): Promise<boolean>
  /** For tasks. */
  readonly talk: BoardTalk
  /** Something of ours runs on the board, or is being done with it. */
  readonly isBusy: boolean
}

/** Why the board can't be talked to any more. */
export interface WireFailure {
  readonly code: 'OperationFailed' | 'OperationTimeout' | 'WriteFailed'
  readonly reason: 'disconnected' | 'no-reply' | 'restarted' | 'another-board'
  /** A full sentence. */
  readonly message: string
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** Why everything that runs or waits ends without having been asked to by its caller. */
export interface Abort {
  readonly code: 'OperationFailed' | 'OperationCancelled'
  readonly reason: WireFailure['reason'] | 'session-closed' | 'shutdown' | 'killed' | 'watching'
  /** The end of a sentence that begins with the execution. */
  readonly happened: string
}

export function outcomeOf(abort: Abort): 'lost' | 'cancelled' {
  return abort.code === 'OperationFailed' ? 'lost' : 'cancelled'
}

/** Whatever an execution was rejected with, as the loss it is. */
export function wireFailureOf(error: unknown): WireFailure {
  const known = error instanceof ProtocolError || error instanceof TransportError ? error : null
  return {
    code: error instanceof TransportError && error.reason !== 'disconnected' ? 'WriteFailed' : 'OperationFailed',
    reason: known?.reason === 'no-reply' ? 'no-reply' : 'disconnected',
    message: known?.message ?? 'Muster met an error of its own while it talked to the board; its log has the details.',
    hint: known?.hint,
    cause: error,
  }
}

/** What executions are told when the board is lost. */
export function lossOf(failure: WireFailure): Abort {
  return { code: 'OperationFailed', reason: failure.reason, happened: `failed: the board was lost. ${failure.message}` }
}

/** Somebody wants the connection made anew: nothing is wrong, but whatever runs ends with the connection. */
export function droppedByRequest({ sessionId, name }: Subject): { readonly fault: MusterError; readonly abort: Abort } {
  const message = `The connection to ${name} was ended on request, to be made anew.`
  return {
    fault: new MusterError({ code: 'OperationFailed', reason: 'disconnected', message, sessionId }),
    abort: {
      code: 'OperationFailed',
      reason: 'disconnected',
      happened: 'was cut off: the connection was ended on request, to be made anew.',
    },
  }
}

/** What waits is told when the board is about to be reset. */
export const NOT_BEGUN_BY_RESET: Abort = {
  code: 'OperationCancelled',
  reason: 'restarted',
  happened: 'was not begun: the board is being reset.',
}

/** What waits is told when the board's own program is about to have it. */
export const NOT_BEGUN_BY_WATCHING: Abort = {
  code: 'OperationCancelled',
  reason: 'watching',
  happened: 'was not begun: the board is left to its own program, and the session only watches it.',
}

/** What executions are told when their session ends. */
export function endOfSession(reason: CloseResult['reason'] | null, isKilled: boolean): Abort {
  const code = 'OperationCancelled'
  if (isKilled) return { code, reason: 'killed', happened: 'was cut off: its session was ended by force.' }
  if (reason === 'gateway-shutdown') return { code, reason: 'shutdown', happened: 'was cut off: Muster is about to quit.' }
  return { code, reason: 'session-closed', happened: 'was cut off: its session was closed.' }
}
