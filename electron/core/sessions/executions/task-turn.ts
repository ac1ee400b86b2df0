import { MusterError } from '../../../../shared/errors'
import { ProtocolError } from '../../micropython/board-protocol'
import { wireFailureOf } from '../connection/wire'
import { type BoardTask, guardedTalk, TASK_DONE } from './board-task'
import type { Execution } from './execution'
import { isLoss, stillRunning } from './execution-endings'
import { Turn, type TurnNeeds } from './turn'

/** The turn of a task: it deals with the board itself, and what it has left undone there is cleared away. */
export class TaskTurn extends Turn {
  constructor(
    execution: Execution,
    private readonly task: BoardTask,
    needs: TurnNeeds,
  ) {
    super(execution, needs)
  }

  protected async converse(): Promise<void> {
    const { execution, needs } = this
    const { signal } = execution
    const failure = await this.task.run(guardedTalk(needs.wire().talk, signal), signal).then(
      () => null,
      (error: unknown) => ({ error }),
    )
    if (execution.outcome !== null) return
    if (failure !== null && isLoss(failure.error)) {
      this.lost(failure.error)
      return
    }
    if (this.isInterrupted) return
    // A program that it has left running would be in everyone's way.
    if (needs.wire().isBusy) {
      const { isAtPrompt } = await needs.interrupt.stop()
      // Whoever has called it off meanwhile has joined the interrupt, and judges it.
      if (execution.outcome !== null || this.isInterrupted) return
      if (!isAtPrompt) {
        needs.listener.onWireFailed(stillRunning(execution.interruption, 'interrupt-again'))
        return
      }
    }
    if (failure === null) this.finish('ok', TASK_DONE)
    else if (execution.interruption !== null) this.endCalledOff(execution.interruption)
    else this.failed(failure.error)
  }

  /** Somebody has called it off, and ends it. */
  private get isInterrupted(): boolean {
    return this.execution.interruption !== null && !this.task.endsItself
  }

  private lost(error: unknown): void {
    // What is missing of an answer is the interrupt's to judge while there is one; a board that has gone has gone.
    if (this.isInterrupted && error instanceof ProtocolError && error.reason === 'no-reply') return
    this.needs.listener.onWireFailed(wireFailureOf(error))
  }

  /** The board is there; what is wrong is the task's own affair. */
  private failed(error: unknown): void {
    if (error instanceof MusterError) this.finish('failed', error)
    else if (!(error instanceof ProtocolError)) {
      this.needs.listener.onDefect(this.execution.title, error)
      const happened = 'failed: Muster met an error of its own; its log has the details.'
      this.failAlone({ code: 'OperationFailed', reason: undefined, happened }, error)
    } else if (error.reason === 'control-character' || error.reason === 'restarted' || error.reason === 'timeout') this.failAsTold(error)
    else this.needs.listener.onWireFailed(wireFailureOf(error))
  }
}
