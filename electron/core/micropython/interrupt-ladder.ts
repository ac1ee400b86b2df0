import {
  INTERRUPT_ONCE_MS,
  INTERRUPT_SOFT_RESET_MS,
  INTERRUPT_TIMEOUT_MS,
  PROMPT_PROBE_TIMEOUT_MS,
  RAW_REPL_RETRY_MS,
} from '../../../shared/limits'
import type { InterruptStatus } from '../../../shared/model'
import type { Clock } from '../base/clock'

/** What is sent to a board that is to stop: 03; 01, which asks for the raw prompt; 02, which leaves it; 04. */
export type InterruptSignal = 'interrupt' | 'ask' | 'leave' | 'end'

interface Rung {
  readonly name: InterruptStatus['rung']
  /** One after the other, `RAW_REPL_RETRY_MS` apart. */
  readonly sends: readonly (readonly InterruptSignal[])[]
  /** The last of `sends` again and again, until the rung is over. */
  readonly repeats: boolean
  readonly lastsMs: number
}

const INTERRUPT: Rung = { name: 'interrupt', sends: [['interrupt']], repeats: false, lastsMs: INTERRUPT_ONCE_MS }

const INTERRUPT_AGAIN: Rung = {
  name: 'interrupt-again',
  sends: [['interrupt', 'interrupt', 'ask']],
  repeats: true,
  lastsMs: INTERRUPT_TIMEOUT_MS - INTERRUPT_ONCE_MS,
}

/**
 * 04 resets at an empty friendly prompt, and at the raw prompt too: so it only ever follows a 02 that leaves the raw prompt, and
 * only when the board has shown neither prompt after the 02 and 03 before (MicroPython pyexec.c). Then its program is
 * interrupted while it starts.
 */
const SOFT_RESET: Rung = {
  name: 'soft-reset',
  sends: [
    ['leave', 'interrupt'],
    ['leave', 'end'],
    ['interrupt', 'ask'],
  ],
  repeats: true,
  lastsMs: INTERRUPT_SOFT_RESET_MS,
}

/** What ends an execution at its limit, or with its session: no more than `INTERRUPT_TIMEOUT_MS`. */
export const GENTLE_RUNGS: readonly Rung[] = [INTERRUPT, INTERRUPT_AGAIN]
/** What a person's cancel may go as far as. */
export const ALL_RUNGS: readonly Rung[] = [...GENTLE_RUNGS, SOFT_RESET]

/** One climb, from the first rung to the proof that the work has ended, or to the end of the last rung. */
export class InterruptLadder {
  private index = -1
  private isHeld = false
  private isOver = false
  private begunMs = 0
  private sinceMs = 0
  private sinceAt = 0
  private sent = 0
  private wake: () => void = () => {}

  constructor(
    private readonly clock: Clock,
    private readonly rungs: readonly Rung[] = GENTLE_RUNGS,
    /** The rung, or what is known of its end, is another one. */
    private readonly onChanged: () => void = () => {},
  ) {}

  /** The gentle rungs within another time. */
  static within(clock: Clock, timeoutMs: number): InterruptLadder {
    const onceMs = Math.min(INTERRUPT_ONCE_MS, timeoutMs)
    const rungs = [
      { ...INTERRUPT, lastsMs: onceMs },
      { ...INTERRUPT_AGAIN, lastsMs: timeoutMs - onceMs },
    ]
    return new InterruptLadder(clock, rungs)
  }

  /** Null before the first rung. */
  get status(): InterruptStatus | null {
    const rung = this.rungs[Math.min(this.index, this.rungs.length - 1)]
    if (rung === undefined) return null
    const until = this.isHeld ? null : this.sinceAt + rung.lastsMs
    return Object.freeze({ rung: rung.name, since: this.sinceAt, until, isLast: this.index >= this.rungs.length - 1 })
  }

  /** By when the prompt is to be proved where nothing runs, or after what ran has ended. */
  get proofDeadlineMs(): number {
    const nowMs = this.clock.monotonicMs()
    const allMs = this.rungs.reduce((sum, { lastsMs }) => sum + lastsMs, 0)
    if (this.index === -1) return nowMs + allMs
    const regularMs = this.begunMs + allMs
    return this.isHeld || regularMs <= nowMs ? nowMs + PROMPT_PROBE_TIMEOUT_MS : regularMs
  }

  /** Steps on the first rung, for those who look before anything is sent. */
  begin(): void {
    if (this.index !== -1) return
    this.begunMs = this.clock.monotonicMs()
    this.enter(0)
  }

  /** Stays on this rung, and sends nothing more, until somebody says otherwise. False when that changes nothing. */
  hold(): boolean {
    if (this.index === -1 || this.index >= this.rungs.length || this.isHeld || this.isOver) return false
    this.isHeld = true
    this.changed()
    return true
  }

  /** Climbs at once; from the last rung: gives up. False when nothing is climbed any more. */
  next(): boolean {
    if (this.index === -1 || this.index >= this.rungs.length || this.isOver) return false
    this.isHeld = false
    this.enter(this.index + 1)
    return true
  }

  /** Nobody is there any more to say when a ladder that is held is to go on. */
  release(): void {
    if (this.isHeld) this.next()
  }

  /** Sends what is due, rung by rung, until the work has settled: true. False when the last rung is over before. */
  async climb(work: Promise<unknown>, send: (signals: readonly InterruptSignal[]) => void): Promise<boolean> {
    let isSettled = false
    const settled = (): void => {
      isSettled = true
      this.wake()
    }
    work.then(settled, settled)
    this.begin()
    // What has settled already says so in a microtask.
    await Promise.resolve()
    while (!isSettled) {
      const rung = this.rungs[this.index]
      if (rung === undefined) break
      const nowMs = this.clock.monotonicMs()
      if (!this.isHeld && nowMs >= this.sinceMs + rung.lastsMs) {
        this.enter(this.index + 1)
        continue
      }
      // What makes a rung one is sent also where it is held at once.
      const nextMs = this.isHeld && this.sent > 0 ? nowMs : this.sendDue(rung, nowMs, send)
      await this.sleep(this.isHeld ? null : nextMs - nowMs)
    }
    this.isOver = true
    return isSettled
  }

  /** Returns when there is something to do next. */
  private sendDue(rung: Rung, nowMs: number, send: (signals: readonly InterruptSignal[]) => void): number {
    const endMs = this.sinceMs + rung.lastsMs
    const isAnyLeft = (): boolean => rung.repeats || this.sent < rung.sends.length
    const dueMs = (): number => this.sinceMs + this.sent * RAW_REPL_RETRY_MS
    if (isAnyLeft() && dueMs() <= nowMs) {
      // What a late timer has missed is not made up for.
      const signals = rung.sends[Math.min(this.sent, rung.sends.length - 1)] ?? []
      this.sent = Math.max(this.sent + 1, Math.floor((nowMs - this.sinceMs) / RAW_REPL_RETRY_MS) + 1)
      send(signals)
    }
    return isAnyLeft() ? Math.min(endMs, dueMs()) : endMs
  }

  private enter(index: number): void {
    this.index = index
    this.sinceMs = this.clock.monotonicMs()
    this.sinceAt = this.clock.now()
    this.sent = 0
    this.changed()
  }

  private changed(): void {
    this.wake()
    if (this.index < this.rungs.length) this.onChanged()
  }

  private sleep(durationMs: number | null): Promise<void> {
    return new Promise(resolve => {
      const finish = (): void => {
        timer?.dispose()
        this.wake = () => {}
        resolve()
      }
      const timer = durationMs === null ? null : this.clock.after(durationMs, finish)
      this.wake = finish
    })
  }
}
