import { MusterError } from '../../../../shared/errors'
import { LEAVE_TIMEOUT_MS } from '../../../../shared/limits'
import type { SessionSnapshot } from '../../../../shared/model'
import { ProtocolError } from '../../micropython/board-protocol'
import { NOT_BEGUN_BY_WATCHING } from '../connection/wire'
import { notTakenOver, sentence } from '../session-errors'
import type { SessionLife } from '../session-life'
import type { SessionParts } from '../session-parts'

/** Who has the board: Muster its prompt, or the board's own program the board. Both ways take their turn like an execution. */
export class Attachments {
  constructor(
    private readonly parts: SessionParts,
    private readonly life: SessionLife,
  ) {}

  /** Rejects with `OperationFailed` when the prompt could not be had; then the session goes on watching. */
  async takeOver(): Promise<SessionSnapshot> {
    const { record, runner, request } = this.parts
    if (record.attachment === 'prompt') return record.snapshot
    const { result } = runner.submitTask(
      'Taking the board over',
      async (_board, signal) => {
        if (record.attachment === 'prompt') return
        await this.reachPrompt(request.options.connectionTimeoutMs, signal)
        this.becomePrompt()
      },
      { endsItself: true },
    )
    this.parts.touch()
    await result
    return record.snapshot
  }

  /** What waits behind it is told that it is not begun. */
  async watch(): Promise<SessionSnapshot> {
    const { record, runner, line } = this.parts
    if (record.attachment === 'watching') return record.snapshot
    const { result } = runner.submitTask(
      'Leaving the prompt',
      async () => {
        if (record.attachment === 'watching') return
        await line.board.leaveToWatch(LEAVE_TIMEOUT_MS)
        this.parts.notices.wasLeft()
        this.becomeWatching()
      },
      { endsItself: true },
    )
    this.parts.touch()
    await result
    return record.snapshot
  }

  /**
   * The prompt of a board that is watched, and the proof that it is the board it was; nothing else is told. Rejects with a
   * `MusterError` when there is no prompt, and as a loss when it is another board.
   */
  async reachPrompt(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const { line, notices, record, subject } = this.parts
    notices.hush()
    try {
      await line.board.enter({ timeoutMs, signal })
    } catch (error) {
      const isLost = !(error instanceof ProtocolError) || error.reason === 'disconnected' || error.reason === 'cancelled'
      if (isLost) throw error
      line.board.watch()
      throw notTakenOver(subject, error)
    } finally {
      notices.quiet()
    }
    try {
      this.parts.setBoard(await line.identify(), { isFresh: true })
    } catch (error) {
      if (!(error instanceof MusterError)) throw error
      // Looked at as at any other reconnect from here on: it is refused again as long as it is there.
      record.attachment = 'prompt'
      const { message, hint } = error.info
      this.life.lose({ code: 'OperationFailed', reason: 'another-board', message, hint, cause: error }, 'unexpected')
      throw error
    }
  }

  becomePrompt(): void {
    const { record, health, subject } = this.parts
    record.attachment = 'prompt'
    health.arm()
    this.say(`${sentence(subject.name)} was taken over: Muster has its prompt.`)
  }

  /** The board is its program's already. `said`: whoever made it so tells of it. */
  becomeWatching({ said = false }: { readonly said?: boolean } = {}): void {
    const { record, runner, health, subject } = this.parts
    record.attachment = 'watching'
    health.disarm()
    runner.abortWaiting(NOT_BEGUN_BY_WATCHING)
    if (!said) this.say(`${sentence(subject.name)} is left to its own program; what that prints is shown.`)
  }

  private say(text: string): void {
    const { record, output, needs } = this.parts
    output.mark({ type: 'note', at: needs.clock.now(), tone: 'info', text })
    record.tell({ type: 'infoUpdated', message: text })
  }
}
