import type { InterruptStatus } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import { GENTLE_RUNGS, InterruptLadder } from '../../micropython/interrupt-ladder'
import type { Wire } from '../connection/wire'

type Rungs = typeof GENTLE_RUNGS

export interface Stopped {
  /** False when the prompt did not come back. */
  readonly isAtPrompt: boolean
  /** The last one that was climbed. */
  readonly rung: InterruptStatus['rung']
}

/** Brings a board to its prompt, once for all who want it at the same time. */
export class BoardInterrupt {
  /** The latest one. It stays after its end, which others hear of a moment later. */
  private ladder: InterruptLadder | null = null
  private underWay: Promise<Stopped> | null = null

  constructor(
    private readonly clock: Clock,
    private readonly wire: () => Wire,
    /** Another rung, or another end of it. */
    private readonly onChanged: () => void,
  ) {}

  /** Of the latest interrupt; null before the first one. */
  get status(): InterruptStatus | null {
    return this.ladder?.status ?? null
  }

  /** Joins an interrupt under way. Never rejects. */
  stop(rungs: Rungs = GENTLE_RUNGS): Promise<Stopped> {
    if (this.underWay !== null) return this.underWay
    const ladder = new InterruptLadder(this.clock, rungs, this.onChanged)
    this.ladder = ladder
    // Set before anyone hears of the first rung, so that whoever wants the same joins.
    this.underWay = Promise.resolve()
      .then(() => this.wire().interrupt(ladder))
      .catch(() => false)
      .then(isAtPrompt => {
        this.underWay = null
        return { isAtPrompt, rung: ladder.status?.rung ?? 'interrupt' }
      })
    ladder.begin()
    return this.underWay
  }

  /** False when it changes nothing. */
  step(step: 'hold' | 'next'): boolean {
    if (this.ladder === null) return false
    return step === 'hold' ? this.ladder.hold() : this.ladder.next()
  }

  /** Whoever held it is not heard any more. */
  release(): void {
    this.ladder?.release()
  }

  /** Something stronger is about to be done: no further rung is climbed. */
  giveUp(): void {
    const { ladder } = this
    while (ladder?.next()) {
      // Down to the end.
    }
  }
}
