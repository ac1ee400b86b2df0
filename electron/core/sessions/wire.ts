import type { CloseResult } from '../../../shared/model'
import { type ExecutionEnd, ProtocolError } from '../micropython/board-protocol'
import { TransportError } from '../transport/transport'

/** What of the board an execution needs. */
export interface Wire {
  execute(code: string): Promise<ExecutionEnd>
  interrupt(timeoutMs: number): Promise<boolean>
}

/** Why the board can't be talked to any more. */
export interface WireFailure {
  readonly code: 'OperationFailed' | 'OperationTimeout' | 'WriteFailed'
  readonly reason: 'disconnected' | 'no-reply'
  /** A full sentence. */
  readonly message: string
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** Why everything that runs or waits ends without having been asked to by its caller. */
export interface Abort {
  readonly code: 'OperationFailed' | 'OperationCancelled'
  readonly reason: 'disconnected' | 'no-reply' | 'session-closed' | 'shutdown' | 'killed'
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

/** What executions are told when their session ends. */
export function endOfSession(reason: CloseResult['reason'] | null, isKilled: boolean): Abort {
  const code = 'OperationCancelled'
  if (isKilled) return { code, reason: 'killed', happened: 'was cut off: its session was ended by force.' }
  if (reason === 'gateway-shutdown') return { code, reason: 'shutdown', happened: 'was cut off: Muster is about to quit.' }
  return { code, reason: 'session-closed', happened: 'was cut off: its session was closed.' }
}
