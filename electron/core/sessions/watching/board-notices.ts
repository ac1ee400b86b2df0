import { BOOT_LOOP_RESTARTS, BOOT_LOOP_WINDOW_MS, OWN_RESET_QUIET_MS } from '../../../../shared/limits'
import type { BoardIdentity, BoardNotice } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import { RestartScanner, type StartSign } from '../../micropython/restart-scanner'
import { seconds, sentence } from '../session-errors'

interface NoticeOptions {
  readonly clock: Clock
  /** The board as a person calls it. */
  readonly name: () => string
  /** Whether the board is left to its own program, which greets by itself when it has ended. */
  readonly isWatched: () => boolean
  /** Whether something of ours is on the wire: only its end tells whose doing a restart was. */
  readonly isBusy: () => boolean
  readonly tell: (notice: BoardNotice) => void
}

/**
 * Finds out that a board has started anew without having been asked to, from what it prints outside of executions, and from how
 * they end. A board that does so again and again is told of once.
 */
export class BoardNotices {
  private readonly scanner: RestartScanner
  /** For what comes as output of something that is being interrupted: its own words, or those of a board that has started since. */
  private readonly runScanner: RestartScanner
  /** Until then a start is our own doing, or nobody's to tell. */
  private quietUntilMs = Number.POSITIVE_INFINITY
  /** The start that was seen last greets once its program has ended: that is no other start. */
  private isGreetingDue = false
  /** Of a watched board: it has greeted, so it has no program left that could end. */
  private hasGreeted = false
  /** Seen while something of ours was on the wire. */
  private isUndecided = false
  /** Seen as output of what is on the wire. */
  private isDoubtful = false
  /** A person has typed something for what is on the wire. */
  private wasTyped = false
  /** The latest ones, at most as many as make a loop. */
  private readonly restartsMs: number[] = []
  private isLooping = false

  constructor(private readonly options: NoticeOptions) {
    this.scanner = new RestartScanner(sign => this.sawSign(sign))
    this.runScanner = new RestartScanner(() => {
      this.isDoubtful ||= !this.isOurs
    })
  }

  /** Nothing is told until `quiet` or `connected`: the board is about to be reset, or is away. */
  hush(): void {
    this.quietUntilMs = Number.POSITIVE_INFINITY
    this.forgetSeen()
  }

  /** Something was done that may have the board start: what it says of that in the next moments is no news. */
  quiet(): void {
    this.quietUntilMs = this.options.clock.monotonicMs() + OWN_RESET_QUIET_MS
    this.forgetSeen()
  }

  /** A person has sent something to the board. What a program leaves of it is read by the prompt after it: a 04 resets. */
  typed(): void {
    if (this.options.isBusy()) this.wasTyped = true
    else this.quiet()
  }

  /** A connection begins. Opening a port may reset its board. */
  connected(): void {
    this.scanner.forget()
    this.runScanner.forget()
    this.isGreetingDue = false
    this.hasGreeted = false
    this.quiet()
  }

  /** The board was brought to its friendly prompt by us. */
  wasLeft(): void {
    this.isGreetingDue = false
    this.hasGreeted = true
  }

  /** What the board printed outside of any execution. */
  printed(bytes: Uint8Array): void {
    this.scanner.add(bytes)
  }

  /** What is on the wire, and is being interrupted, has printed. */
  printedByRun(bytes: Uint8Array): void {
    this.runScanner.add(bytes)
  }

  /** What is on the wire came to an end of its own, as the raw prompt tells one: it has printed those words itself. */
  cameToItsEnd(): void {
    this.isDoubtful = false
  }

  /** The board said what it is, after a start that nobody of ours has brought about. */
  identified({ resetCause, platform }: BoardIdentity): void {
    if (resetCause !== 'watchdog') return
    // The rp2 port resets by the watchdog in any case (ports/rp2/modmachine.c), and can't tell the two apart.
    const why = platform === 'rp2' ? 'not fed in time, or reset by machine.reset()' : 'its program had not fed it in time'
    this.tell('watchdog', `${this.Name} says that its watchdog started it last: ${why}.`)
  }

  /** What was on the wire failed because the board started anew. `title`: as the beginning of a sentence. */
  restartedDuring(title: string): void {
    this.forgetSeen()
    this.isGreetingDue = false
    this.restarted(`${this.Name} restarted in the middle of something: ${title} was cut off by it.`)
  }

  /** What was on the wire has restarted the board itself. */
  restartedOnPurpose(): void {
    this.forgetSeen()
  }

  /** What was on the wire has ended, one way or another. */
  settled(): void {
    const hasRestarted = this.isUndecided || this.isDoubtful
    this.forgetSeen()
    if (hasRestarted) this.restartedByItself()
    if (this.wasTyped) this.quiet()
    this.wasTyped = false
  }

  private forgetSeen(): void {
    this.isUndecided = false
    this.isDoubtful = false
    this.runScanner.forget()
  }

  private get isOurs(): boolean {
    return this.options.clock.monotonicMs() < this.quietUntilMs
  }

  private sawSign(sign: StartSign): void {
    let isStart: boolean
    if (sign === 'soft-reboot') {
      isStart = true
      this.isGreetingDue = true
      this.hasGreeted = false
    } else {
      // At the raw prompt nothing greets; a watched board greets when its program has ended, and then not again.
      isStart = !this.isGreetingDue && (!this.options.isWatched() || this.hasGreeted)
      this.isGreetingDue = false
      this.hasGreeted = true
    }
    if (!isStart || this.isOurs) return
    if (this.options.isBusy()) this.isUndecided = true
    else this.restartedByItself()
  }

  private restartedByItself(): void {
    this.restarted(`${this.Name} restarted by itself: what was set up on it is gone.`)
  }

  private restarted(text: string): void {
    const nowMs = this.options.clock.monotonicMs()
    this.restartsMs.push(nowMs)
    if (this.restartsMs.length > BOOT_LOOP_RESTARTS) this.restartsMs.shift()
    const firstMs = this.restartsMs.length === BOOT_LOOP_RESTARTS ? this.restartsMs[0] : undefined
    const wasLooping = this.isLooping
    this.isLooping = firstMs !== undefined && nowMs - firstMs <= BOOT_LOOP_WINDOW_MS
    if (!this.isLooping) this.tell('restarted', text)
    else if (!wasLooping) {
      const often = `${BOOT_LOOP_RESTARTS} times within ${seconds(BOOT_LOOP_WINDOW_MS)}`
      this.tell('boot-loop', `${this.Name} restarts again and again: ${often}. Further restarts are not told one by one.`)
    }
  }

  private tell(kind: BoardNotice['kind'], text: string): void {
    this.options.tell(Object.freeze({ kind, text }))
  }

  private get Name(): string {
    return sentence(this.options.name())
  }
}
