import { type ExecutionEnd, ProtocolError } from '../../micropython/board-protocol'
import { wireFailureOf } from '../connection/wire'
import { replyOf } from './execution-reply'
import { Turn } from './turn'

/** The turn of a snippet: it is run, and what the board answers is its reply. */
export class SnippetTurn extends Turn {
  protected async converse(): Promise<void> {
    const { execution, needs } = this
    let end: ExecutionEnd
    try {
      end = await needs.wire().execute(execution.code)
    } catch (error) {
      this.wireFailed(error)
      return
    }
    if (!end.restarted && !end.resynchronised) needs.listener.onEndSeen()
    if (execution.outcome === null && execution.interruption === null) this.answered(end)
  }

  private answered(end: ExecutionEnd): void {
    if (end.restarted) {
      this.needs.listener.onRestartedOnPurpose()
      this.warn('The board was restarted by the snippet: its variables are gone.')
    }
    this.printRest()
    const reply = replyOf(this.execution, end, this.needs.maxMessageBytes)
    if ('failure' in reply) {
      this.failAlone(reply.failure)
      return
    }
    const { result, message } = reply
    this.finish(result.outcome, result, { durationMs: result.durationMs, message })
  }

  private wireFailed(error: unknown): void {
    const { outcome, interruption } = this.execution
    if (outcome !== null) return
    const reason = error instanceof ProtocolError ? error.reason : null
    // While it is interrupted, what is missing of the answer is the interrupt's to judge.
    if (interruption !== null && (reason === 'no-reply' || reason === 'restarted')) return
    if (error instanceof ProtocolError && (reason === 'control-character' || reason === 'restarted')) this.failAsTold(error)
    else this.needs.listener.onWireFailed(wireFailureOf(error))
  }
}
