import { TRANSFER_BUSY_RETRY_MS, TRANSFER_FRUITLESS_RETURNS_MAX } from '../../../shared/limits'
import { type Clock, delay } from '../base/clock'
import type { SessionGate } from './session-gate'
import { meaningOf } from './transfer-errors'

export interface ReturnsNeeds {
  readonly clock: Clock
  readonly gate: SessionGate
  readonly sessionId: string
  /** Grows as long as anything is achieved. */
  readonly progress: () => number
  /** The board was lost, and is waited for; it is there again. */
  readonly onWaiting: () => void
  readonly onBack: () => void
}

/**
 * Does something with a board, again and again when the board is lost and comes back: until it is done, fails for a reason of its own,
 * or has been lost too often without anything achieved in between.
 */
export async function persist<T>(work: () => Promise<T>, signal: AbortSignal, needs: ReturnsNeeds): Promise<T> {
  let fruitless = 0
  let before = needs.progress()
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const meaning = meaningOf(error)
      if (signal.aborted || meaning === 'over' || meaning === 'failed') throw error
      if (meaning === 'lost') {
        fruitless = needs.progress() > before ? 0 : fruitless + 1
        if (fruitless > TRANSFER_FRUITLESS_RETURNS_MAX) throw error
      }
      before = needs.progress()
      needs.onWaiting()
      if (meaning === 'busy') await delay(needs.clock, TRANSFER_BUSY_RETRY_MS, signal)
      await needs.gate.whenReady(needs.sessionId, signal)
      if (signal.aborted) throw error
      needs.onBack()
    }
  }
}
