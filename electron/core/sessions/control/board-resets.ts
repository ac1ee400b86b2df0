import { MusterError } from '../../../../shared/errors'
import {
  BOOTLOADER_WAIT_MS,
  HARD_RESET_WAIT_MS,
  INTERRUPT_TIMEOUT_MS,
  LEAVE_TIMEOUT_MS,
  PROMPT_PROBE_TIMEOUT_MS,
  RESET_TIMEOUT_MS,
} from '../../../../shared/limits'
import type { ResetKind, SessionSnapshot } from '../../../../shared/model'
import { type Departure, ProtocolError } from '../../micropython/board-protocol'
import { noPulse, resetFailed, resetMissing, sentence } from '../session-errors'
import type { SessionLife } from '../session-life'
import type { SessionParts } from '../session-parts'
import type { Attachments } from './attachments'
import { BOOTLOADER_CODE, HAS_NOT_RESET_CODE, RESET_CODE, saysNotThere } from './reset-code'

/** One reset on its way: what is left of its time, and how it is called off. */
interface Attempt {
  readonly leftMs: () => number
  readonly signal: AbortSignal
}

const SAID: Readonly<Record<Exclude<ResetKind, 'bootloader'>, string>> = {
  soft: 'was reset softly, as asked: it is at its prompt, and main.py does not run',
  restart: 'was restarted, as asked: main.py runs, if there is one, and what it prints is shown',
  hard: 'was reset, as asked',
}

/** The four ways in which a board is reset on request. Each ends within `RESET_TIMEOUT_MS`, besides the interrupt before it. */
export class BoardResets {
  private refusal: MusterError | null = null

  constructor(
    private readonly parts: SessionParts,
    private readonly life: SessionLife,
    private readonly attachments: Attachments,
  ) {}

  /**
   * What runs is interrupted, what waits is not begun. Resolves with the session in error where the board has gone by this.
   * Rejects with `OperationFailed`, reason `not-supported` where the board or its port can't; with `OperationCancelled`.
   */
  async reset(kind: ResetKind): Promise<SessionSnapshot> {
    const { runner, record } = this.parts
    const departure = { kind, hasGone: false }
    const { result } = runner.submitReset('Resetting', (_board, signal) => this.run(kind, departure, signal), {
      needsNoPrompt: kind === 'hard',
    })
    this.parts.touch()
    try {
      await result
    } catch (error) {
      if (!departure.hasGone) throw this.refusal ?? error
    } finally {
      this.refusal = null
    }
    return record.snapshot
  }

  /** A board that was lost because it does not answer may still be there, and have a reset line. */
  get canReachLost(): boolean {
    const { stored, snapshot } = this.parts.record
    const isSilent = snapshot.fault?.reason === 'no-reply' || snapshot.fault?.reason === 'timeout'
    return isSilent && (stored === 'Error(lost)' || stored === 'Connecting(again)')
  }

  /**
   * Connects again, with a pulse on the reset line as soon as the port is open. A board that is back without one is reset the usual
   * way. Rejects as `reconnect`, or with `OperationFailed`, reason `not-supported`, where the port has no reset line.
   */
  async resetLost(): Promise<SessionSnapshot> {
    const { line, subject } = this.parts
    const pulsed = line.pulseWhenOpen()
    const connecting = this.life.reconnect()
    const hasWorked = await Promise.race([pulsed, connecting.then(() => null)]).finally(() => line.forgetPulse())
    if (hasWorked === false) {
      // The attempt goes on, and says itself how it ends.
      connecting.catch(() => {})
      throw noPulse(subject)
    }
    const snapshot = await connecting
    return hasWorked === true ? snapshot : await this.reset('hard')
  }

  private async run(kind: ResetKind, departure: { readonly kind: ResetKind; hasGone: boolean }, signal: AbortSignal): Promise<void> {
    const { clock } = this.parts.needs
    const deadlineMs = clock.monotonicMs() + RESET_TIMEOUT_MS
    const attempt: Attempt = { leftMs: () => Math.max(1, deadlineMs - clock.monotonicMs()), signal }
    const { notices, record, charts, output, subject } = this.parts
    notices.hush()
    this.parts.departure = departure
    try {
      await this.doReset(kind, attempt)
    } finally {
      this.parts.departure = null
      notices.quiet()
    }
    if (kind === 'bootloader') return
    const at = clock.now()
    const text = `${sentence(subject.name)} ${SAID[kind]}.`
    charts.mark(at, 'reset', 'Reset')
    output.mark({ type: 'note', at, tone: 'info', text })
    record.tell({ type: 'infoUpdated', message: text })
  }

  private doReset(kind: ResetKind, attempt: Attempt): Promise<void> {
    switch (kind) {
      case 'soft':
        return this.soft(attempt)
      case 'restart':
        return this.restart(attempt)
      case 'hard':
        return this.hard(attempt)
      case 'bootloader':
        return this.bootloader(attempt)
    }
  }

  private async soft(attempt: Attempt): Promise<void> {
    const { line, record } = this.parts
    await this.needPrompt(attempt)
    await line.board.softReset({ timeoutMs: attempt.leftMs(), signal: attempt.signal })
    this.parts.setBoard(await line.identify(attempt.leftMs()), { isFresh: false })
    if (record.attachment === 'watching') this.attachments.becomePrompt()
  }

  private async restart(attempt: Attempt): Promise<void> {
    const { line, record } = this.parts
    await this.needPrompt(attempt)
    await line.board.restart({ timeoutMs: attempt.leftMs(), signal: attempt.signal })
    if (record.attachment === 'prompt') this.attachments.becomeWatching({ said: true })
  }

  private async hard(attempt: Attempt): Promise<void> {
    const { line, subject } = this.parts
    if (!(await this.hasPrompt(attempt))) {
      if (await line.pulseReset()) return await this.goOn(attempt)
      this.refusal = noPulse(subject)
      throw new ProtocolError('no-reply', this.refusal.info.message, this.refusal.info.hint)
    }
    const { became, exception } = await this.runAway(RESET_CODE, HARD_RESET_WAIT_MS, attempt)
    if (became === 'answered') {
      if (await line.pulseReset()) return await this.goOn(attempt)
      await this.leaveAgain()
      throw saysNotThere(exception) ? resetMissing(subject, 'reset') : resetFailed(subject, exception)
    }
    if (this.parts.record.attachment === 'watching' && became === 'restarted') return await this.leaveAgain()
    await this.goOn(attempt)
    if (this.parts.record.attachment === 'watching') return
    const answer = await line.board.talk.ask(HAS_NOT_RESET_CODE, { timeoutMs: PROMPT_PROBE_TIMEOUT_MS })
    if (Buffer.from(answer.stdout).toString('latin1').trim() === 'True') throw resetFailed(subject, '')
  }

  /** A port that has stayed: the board is brought where it was, to its prompt or to its program. */
  private async goOn(attempt: Attempt): Promise<void> {
    const { line, record } = this.parts
    if (record.attachment === 'watching') return line.board.watch()
    await line.board.enter({ timeoutMs: attempt.leftMs(), signal: attempt.signal })
    this.parts.setBoard(await line.identify(attempt.leftMs()), { isFresh: false })
  }

  private async bootloader(attempt: Attempt): Promise<void> {
    const { subject } = this.parts
    await this.needPrompt(attempt)
    const { became, exception } = await this.runAway(BOOTLOADER_CODE, BOOTLOADER_WAIT_MS, attempt)
    if (became === 'silent') {
      // Behind a bridge the port stays, but nobody is there to talk to.
      this.life.lose({ code: 'OperationFailed', reason: 'disconnected', message: 'Nothing answers on its port any more.' }, 'unexpected')
      return
    }
    await this.leaveAgain()
    if (became === 'answered' && saysNotThere(exception)) throw resetMissing(subject, 'bootloader')
    throw resetFailed(subject, exception)
  }

  private async runAway(code: string, timeoutMs: number, { signal }: Attempt): Promise<{ became: Departure['became']; exception: string }> {
    const departure = await this.parts.line.board.runAway(code, { timeoutMs, signal })
    return { became: departure.became, exception: departure.became === 'answered' ? departure.exception : '' }
  }

  /** Rejects as a loss where there is none, or with a `MusterError` where the board was only watched. */
  private async needPrompt(attempt: Attempt): Promise<void> {
    const { record } = this.parts
    if (record.attachment === 'watching') await this.attachments.reachPrompt(attempt.leftMs(), attempt.signal)
    this.parts.notices.hush()
  }

  private async hasPrompt({ signal }: Attempt): Promise<boolean> {
    const { line, record, notices } = this.parts
    try {
      if (record.attachment === 'watching') await this.attachments.reachPrompt(INTERRUPT_TIMEOUT_MS, signal)
      else await line.board.enter({ timeoutMs: INTERRUPT_TIMEOUT_MS, signal })
      return true
    } catch (error) {
      const reason = error instanceof ProtocolError || error instanceof MusterError ? error.reason : undefined
      if (reason === 'no-reply' || reason === 'not-micropython') return false
      throw error
    } finally {
      notices.hush()
    }
  }

  /** Of a session that watched: the board is at its prompt now, and nobody has use for that. */
  private async leaveAgain(): Promise<void> {
    const { line, record, notices } = this.parts
    if (record.attachment !== 'watching') return
    await line.board.leaveToWatch(LEAVE_TIMEOUT_MS)
    notices.wasLeft()
  }
}
