import type { BoardIdentity, ExecutionResult, SessionEvent, SessionInfo } from '../../../shared/model'
import type { Event } from '../base/emitter'
import type { BoardTalk } from '../micropython/board-talk'
import type { BoardAbilities, BoardFiles } from '../micropython/files/board-files'

/** What is needed of the sessions. */
export interface FileSessions {
  info(sessionId: string): SessionInfo
  runTask<T>(
    sessionId: string,
    title: string,
    work: (board: BoardTalk, signal: AbortSignal) => Promise<T>,
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<T>
  execute(
    sessionId: string,
    code: string,
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<ExecutionResult>
  readonly onEvent: Event<SessionEvent>
}

export type BoardFilesFactory = (talk: BoardTalk, abilities: BoardAbilities) => BoardFiles

/** A board's files, for one task of its session at a time. */
export class BoardAccess {
  constructor(
    private readonly sessions: FileSessions,
    private readonly createFiles: BoardFilesFactory,
  ) {}

  /** Rejects as `Session.runTask`. The work's signal aborts when the task has ended, whatever ended it. */
  run<T>(sessionId: string, title: string, work: (files: BoardFiles, signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.sessions.runTask(
      sessionId,
      title,
      // What a board can do is asked for when its turn has come: it may be another one than when the task was asked for.
      (talk, taskSignal) => work(this.createFiles(talk, abilitiesOf(this.sessions.info(sessionId).snapshot.board)), taskSignal),
      { signal },
    )
  }
}

function abilitiesOf(board: BoardIdentity | null): BoardAbilities {
  return { features: board?.features ?? [], freeMemoryBytes: board?.freeMemoryBytes ?? null }
}
