import type { Clock } from '../../base/clock'

export interface Totals {
  readonly bytesIn: number
  readonly bytesOut: number
  readonly messagesIn: number
  readonly messagesOut: number
}

const NO_FLOW: Totals = Object.freeze({ bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 })

/** How fast totals grow: what they grew by, over the time that really passed. */
export class TotalsRate {
  private startedMs: number
  private atStart = NO_FLOW
  private measured = NO_FLOW

  constructor(private readonly clock: Clock) {
    this.startedMs = clock.monotonicMs()
  }

  get elapsedMs(): number {
    return this.clock.monotonicMs() - this.startedMs
  }

  get perSecond(): Totals {
    return this.measured
  }

  start(totals: Totals): void {
    this.startedMs = this.clock.monotonicMs()
    this.atStart = { ...totals }
  }

  /** Since the start, or the last time; null where nothing flows. Does nothing when no time has passed. */
  measure(totals: Totals | null): void {
    const { elapsedMs, atStart } = this
    if (elapsedMs <= 0) return
    if (totals === null) {
      this.measured = NO_FLOW
      return
    }
    const perSecond = (total: number, start: number): number => ((total - start) * 1_000) / elapsedMs
    this.measured = Object.freeze({
      bytesIn: perSecond(totals.bytesIn, atStart.bytesIn),
      bytesOut: perSecond(totals.bytesOut, atStart.bytesOut),
      messagesIn: perSecond(totals.messagesIn, atStart.messagesIn),
      messagesOut: perSecond(totals.messagesOut, atStart.messagesOut),
    })
    this.start(totals)
  }

  zero(): void {
    this.measured = NO_FLOW
  }
}
