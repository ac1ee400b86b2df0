import { INTERRUPT_TIMEOUT_MS, LEAVE_TIMEOUT_MS, RAW_REPL_RETRY_MS } from '../../../shared/limits'
import { type Clock, delay } from '../base/clock'
import { DisposableStore } from '../base/disposable'
import type { Activity, OutputSink } from './activity'
import { ProtocolError } from './board-protocol'
import { ascii } from './control-bytes'
import { reachPrompt } from './prompt-search'
import type { RawReplLink } from './raw-repl-link'
import { RestartScanner } from './restart-scanner'

export interface ControlOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** The raw prompt's answer to a 04 without code, before the interpreter ends. */
const ACCEPTED = ascii('OK\r\n')

/** What can be done with a board besides running code: restarting it, and leaving it to its own program. */
export class BoardControl {
  constructor(
    private readonly link: RawReplLink,
    private readonly clock: Clock,
    /** For what the board prints meanwhile: all of it is from outside of any execution. */
    private readonly passOn: OutputSink,
  ) {}

  /**
   * 04 at the raw prompt with nothing before it: a new interpreter, boot.py runs, main.py does not (MicroPython
   * shared/runtime/pyexec.c). The words of the soft reset and the banner are waited for one after the other, because boot.py comes
   * in between; then the prompt is proved, also where the banner does not come by itself, as on CircuitPython, which runs its
   * program first. Rejects with `timeout` when the board is at its prompt, but did not say that it restarted.
   */
  async softReset({ timeoutMs, signal }: ControlOptions): Promise<void> {
    const { link, clock } = this
    const deadlineMs = clock.monotonicMs() + timeoutMs
    const lastMomentMs = deadlineMs - INTERRUPT_TIMEOUT_MS
    await this.during(signal, async activity => {
      await this.needPrompt(activity, deadlineMs)
      const restarted = this.lookForRestart(activity)
      this.passOnWithout(activity, ACCEPTED)
      link.expectBanner()
      link.sendEnd()
      const hasRestarted = await this.happensBy(activity, restarted, lastMomentMs)
      if (hasRestarted) await activity.nextOf('banner', lastMomentMs - clock.monotonicMs())
      activity.sink = this.passOn
      await this.needPrompt(activity, deadlineMs)
      if (!hasRestarted) throw this.notRestarted()
    })
  }

  /**
   * 02, then 04 at the empty friendly prompt: boot.py and main.py run. Resolves when the board has said that it restarts: from then
   * on it is its program's. Rejects as `softReset` does.
   */
  async restart({ timeoutMs, signal }: ControlOptions): Promise<void> {
    const deadlineMs = this.clock.monotonicMs() + timeoutMs
    await this.during(signal, async activity => {
      await this.needPrompt(activity, deadlineMs)
      if (!(await this.leaveRaw(activity, LEAVE_TIMEOUT_MS))) throw this.noPrompt()
      const restarted = this.lookForRestart(activity)
      activity.sink = this.passOn
      this.link.sendEnd()
      if (await this.happensBy(activity, restarted, deadlineMs - INTERRUPT_TIMEOUT_MS)) return
      await this.needPrompt(activity, deadlineMs)
      throw this.notRestarted()
    })
  }

  /** 02, and what the board answers to it is shown to nobody. False when its friendly prompt did not come in time. */
  async leave(timeoutMs: number): Promise<boolean> {
    const activity = this.link.begin(() => {})
    try {
      return await this.leaveRaw(activity, timeoutMs)
    } finally {
      this.link.end(activity)
    }
  }

  /** A prompt that a program has made its own (`sys.ps1`) is not known as one: it follows the greeting, like any other. */
  private async leaveRaw(activity: Activity, timeoutMs: number): Promise<boolean> {
    activity.forgetEvents()
    activity.sink = () => {}
    const greeted = new DisposableStore()
    const scanner = new RestartScanner(sign => {
      if (sign !== 'banner') return
      greeted.add(this.clock.after(RAW_REPL_RETRY_MS, () => activity.push({ type: 'friendly-prompt', started: false })))
    })
    activity.onBytes = bytes => scanner.add(bytes)
    this.link.leaveRaw()
    try {
      return (await activity.nextOf('friendly-prompt', timeoutMs)) !== null
    } finally {
      greeted.dispose()
    }
  }

  private async needPrompt(activity: Activity, deadlineMs: number): Promise<void> {
    if (!this.link.promptKnown && !(await reachPrompt(this.link, activity, deadlineMs))) throw this.noPrompt()
  }

  /** Resolves when the board says that it restarts. */
  private lookForRestart(activity: Activity): Promise<void> {
    return new Promise(resolve => {
      const scanner = new RestartScanner(sign => {
        if (sign === 'soft-reboot') resolve()
      })
      activity.onBytes = bytes => scanner.add(bytes)
    })
  }

  private passOnWithout(activity: Activity, prefix: Uint8Array): void {
    let matched = 0
    activity.sink = ({ type, bytes }) => {
      let from = 0
      while (matched < prefix.length && from < bytes.length && bytes[from] === prefix[matched]) {
        from++
        matched++
      }
      if (from === bytes.length) return
      matched = prefix.length
      this.passOn({ type, bytes: bytes.subarray(from) })
    }
  }

  private async happensBy(activity: Activity, event: Promise<void>, deadlineMs: number): Promise<boolean> {
    const waiting = new AbortController()
    let hasHappened = false
    void event.then(() => {
      hasHappened = true
      waiting.abort()
    })
    try {
      await activity.waitFor(delay(this.clock, deadlineMs - this.clock.monotonicMs(), waiting.signal))
    } finally {
      waiting.abort()
    }
    return hasHappened
  }

  private async during(signal: AbortSignal, work: (activity: Activity) => Promise<void>): Promise<void> {
    const { link } = this
    const activity = link.begin(this.passOn)
    const cancel = (): void =>
      activity.stop(new ProtocolError('cancelled', `What was being done with the board on ${link.port} was called off.`))
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    try {
      await work(activity)
    } finally {
      signal.removeEventListener('abort', cancel)
      link.end(activity)
    }
  }

  private noPrompt(): ProtocolError {
    return new ProtocolError(
      'no-reply',
      `The board on ${this.link.port} did not show its prompt.`,
      'Press the reset button of the board, or unplug it and plug it in again.',
    )
  }

  private notRestarted(): ProtocolError {
    return new ProtocolError(
      'timeout',
      `The board on ${this.link.port} is at its prompt, but did not say that it restarted.`,
      'Try a hard reset.',
    )
  }
}
