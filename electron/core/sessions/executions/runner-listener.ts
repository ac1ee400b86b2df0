import type { ExecutionOutcome } from '../../../../shared/model'
import type { WireFailure } from '../connection/wire'

/** What is told of a session's executions and tasks. */
export interface RunnerListener {
  /** An execution went on the wire. */
  onStarted(): void
  /** The running execution is being interrupted, and how far that has come has changed. */
  onInterrupting(): void
  /** More or fewer wait. */
  onQueueChanged(): void
  /** An execution that had been on the wire ended. */
  onEnded(outcome: ExecutionOutcome, durationMs: number): void
  /** The same of a task. */
  onTaskEnded(): void
  /** Anything that was on the wire has ended, seen or unseen, and the board is there for what comes next. */
  onSettled(): void
  /** A snippet came to its end on the board, interrupted or not, and not by a restart: that much is sure. */
  onEndSeen(): void
  /** What was on the wire came to its end by a restart: a snippet's own doing, or the last rung of its interrupt. */
  onRestartedOnPurpose(): void
  /** The board restarted by itself in the middle of an execution or a task. `title`: of which, as the beginning of a sentence. */
  onRestarted(title: string): void
  /** A task failed in a way that it should not have known. */
  onDefect(title: string, error: unknown): void
  /** An execution has ended, and no other waits. */
  onDrained(): void
  /** The board does not answer as it should. The listener is to call `abort`. */
  onWireFailed(failure: WireFailure): void
}
