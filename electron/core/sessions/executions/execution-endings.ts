import { INTERRUPT_TIMEOUT_MS } from '../../../../shared/limits'
import type { InterruptStatus } from '../../../../shared/model'
import { ProtocolError } from '../../micropython/board-protocol'
import { TransportError } from '../../transport/transport'
import type { WireFailure } from '../connection/wire'
import { seconds } from '../session-errors'
import type { Interruption } from './execution'
import type { ExecutionFailure } from './execution-errors'

/** Shown where an execution was stopped on the last rung. */
export const SOFT_RESET_NOTE = 'Only a soft reset ended it: what was set up on the board is gone.'

/** What an execution that was stopped has instead of a result. */
export function calledOff(interruption: Interruption, timeoutMs: number | null): ExecutionFailure {
  switch (interruption) {
    case 'timeout':
      return timedOut(timeoutMs, ' and was interrupted.')
    case 'cancel':
      return { code: 'OperationCancelled', reason: 'cancelled', happened: 'was cancelled.' }
    case 'reset':
      return { code: 'OperationCancelled', reason: 'restarted', happened: 'was cut off: the board is being reset.' }
  }
}

/** `ending` ends the sentence. */
export function timedOut(timeoutMs: number | null, ending: string): ExecutionFailure {
  return {
    code: 'OperationTimeout',
    reason: 'timeout',
    happened: `ran longer than its limit of ${seconds(timeoutMs ?? 0)}${ending}`,
    hint: 'Give it more time, or look whether the snippet ends at all.',
  }
}

/** The interrupt was in vain up to this rung: the board is lost. */
export function stillRunning(interruption: Interruption | null, rung: InterruptStatus['rung']): WireFailure {
  const andMore = rung === 'soft-reset' ? ', nor after a soft reset' : ''
  return {
    code: interruption === 'timeout' ? 'OperationTimeout' : 'OperationFailed',
    reason: 'no-reply',
    message: `The board did not come back to its prompt within ${seconds(INTERRUPT_TIMEOUT_MS)} of being interrupted${andMore}.`,
    hint: 'Do a hard reset: press the reset button of the board, or unplug it and plug it in again. Or close the session.',
  }
}

/** The board itself is gone, or does not do as it should: nothing is to be asked of it. */
export function isLoss(error: unknown): boolean {
  if (error instanceof TransportError) return true
  return error instanceof ProtocolError && (error.reason === 'disconnected' || error.reason === 'no-reply')
}
