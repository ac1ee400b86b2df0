import { HISTORY_FOLD_MS, IDLE_TICK_MS, OUTPUT_DROP_MS } from '../../../../shared/limits'
import type { Clock } from '../../base/clock'

/**
 * Notices that a board printed while nobody read its port for longer than boards with native USB keep what they print. Whether it
 * did drop something nobody can tell: it leaves no mark (micropython#12037).
 */
export class OutputLoss {
  private readMs = Number.NEGATIVE_INFINITY
  private tickedMs: number | null = null
  /** When the port was paused in the middle of output. */
  private pausedMs: number | null = null
  /** A time in which nothing was read is over; if the board has more to say, it was printing then. */
  private suspicion: { readonly atMs: number; readonly gapMs: number } | null = null
  private toldMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly clock: Clock,
    /** For so long, in milliseconds, nothing was read. Told at most every `HISTORY_FOLD_MS`. */
    private readonly onLoss: (gapMs: number) => void,
  ) {}

  /** The port is read, or was read for the last time before a pause. */
  received(): void {
    const nowMs = this.clock.monotonicMs()
    const { suspicion } = this
    this.suspicion = null
    this.readMs = nowMs
    if (suspicion === null || nowMs - suspicion.atMs > OUTPUT_DROP_MS || nowMs - this.toldMs < HISTORY_FOLD_MS) return
    this.toldMs = nowMs
    this.onLoss(suspicion.gapMs)
  }

  paused(isPaused: boolean): void {
    const nowMs = this.clock.monotonicMs()
    if (isPaused) {
      if (this.pausedMs === null && nowMs - this.readMs <= OUTPUT_DROP_MS) this.pausedMs = nowMs
      return
    }
    if (this.pausedMs !== null) this.suspect(nowMs, nowMs - this.pausedMs)
    this.pausedMs = null
  }

  /** To be called every `IDLE_TICK_MS`: a call that comes late says that the process stood still. */
  tick(): void {
    const nowMs = this.clock.monotonicMs()
    const lateMs = this.tickedMs === null ? 0 : nowMs - this.tickedMs - IDLE_TICK_MS
    this.tickedMs = nowMs
    if (nowMs - this.readMs <= lateMs + OUTPUT_DROP_MS) this.suspect(nowMs, lateMs)
  }

  /** The time until now says nothing: the computer slept, or there was no board. */
  rebase(): void {
    this.tickedMs = null
    this.pausedMs = null
    this.suspicion = null
    this.readMs = Number.NEGATIVE_INFINITY
  }

  private suspect(atMs: number, gapMs: number): void {
    if (gapMs >= OUTPUT_DROP_MS) this.suspicion = { atMs, gapMs }
  }
}
