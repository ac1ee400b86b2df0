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

export type TaskWork<T> = (board: BoardTalk, signal: AbortSignal) => Promise<T>

export interface TaskOptions {
  /** See `BoardTask`. */
  readonly endsItself?: boolean
}

export interface SubmittedTask<T> {
  readonly taskId: string
  readonly result: Promise<T>
}

/** A task, and what it brought: `answer` throws before the task has ended well. */
export function newTask<T>(title: string, work: TaskWork<T>, endsItself: boolean): { readonly task: BoardTask; readonly answer: () => T } {
  let brought: { readonly value: T } | null = null
  return {
    task: {
      title,
      endsItself,
      async run(board, signal) {
        brought = { value: await work(board, signal) }
      },
    },
    answer: () => {
      if (brought === null) throw new Error('A task ended without an answer.')
      return brought.value
    },
  }
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
