import type { ExecutionResult } from '../../../../shared/model'
import type { BoardTalk } from '../../micropython/board-talk'

/** Work of Muster's own that has the board to itself while it runs: files, a reset. It takes its turn like an execution. */
export interface BoardTask {
  /** As in "Writing main.py": said where the session is shown, and, as the beginning of a sentence, in errors. */
  readonly title: string
  /**
   * Rejects with a `MusterError` for what concerns this work alone; a `ProtocolError` or `TransportError` says that the board
   * did not do as it should. When the signal aborts, somebody has cancelled the work or the session is over: the board is
   * interrupted then, whatever the work does.
   */
  run(board: BoardTalk, signal: AbortSignal): Promise<void>
  /** It deals with the board itself when it is called off, and settles soon: nobody interrupts the board then. */
  readonly endsItself: boolean
}

/** What a task has instead of a result. */
export const TASK_DONE: ExecutionResult = Object.freeze({
  executionId: '',
  number: 0,
  outcome: 'ok',
  stdout: '',
  stdoutBytes: 0,
  durationMs: 0,
})

/** The board of a task, for as long as it is the task's turn. */
export function guardedTalk(talk: BoardTalk, signal: AbortSignal): BoardTalk {
  const check = (): void => {
    if (signal.aborted) throw signal.reason
  }
  return {
    port: talk.port,
    hasBackPressure: talk.hasBackPressure,
    async ask(code, options) {
      check()
      return await talk.ask(code, options)
    },
    async converse(code, options) {
      check()
      return await talk.converse(code, options)
    },
  }
}
