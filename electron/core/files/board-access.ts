import { IDENTIFY_TIMEOUT_MS } from '../../../shared/limits'
import type { BoardIdentity, ExecutionResult, SessionEvent, SessionInfo } from '../../../shared/model'
import type { Event } from '../base/emitter'
import type { BoardTalk } from '../micropython/board-talk'
import type { BoardAbilities, BoardFiles } from '../micropython/files/board-files'
import { identityCode, readIdentity } from '../micropython/identity'
import { newToken } from '../micropython/prompt-search'

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
      async (talk, taskSignal) => {
        // When its turn has come: it may be another board than when the task was asked for.
        const { snapshot, options } = this.sessions.info(sessionId)
        const board = await fullIdentity(talk, snapshot.board)
        return await work(this.createFiles(talk, abilitiesOf(board, options.watchdogFeed)), taskSignal)
      },
      { signal },
    )
  }
}

/** A board that did not say all of itself when it was connected is asked once more: what it can do decides how it is talked to. */
async function fullIdentity(talk: BoardTalk, board: BoardIdentity | null): Promise<BoardIdentity | null> {
  if (board !== null && board.platform !== null) return board
  const [token, nonce] = [newToken(), newToken()]
  const { stdout } = await talk.ask(identityCode(token, nonce), { timeoutMs: IDENTIFY_TIMEOUT_MS })
  const asked = readIdentity(stdout, token, nonce)
  return asked.platform === null ? board : asked
}

function abilitiesOf(board: BoardIdentity | null, watchdogFeed: string): BoardAbilities {
  return {
    features: board?.features ?? [],
    freeMemoryBytes: board?.freeMemoryBytes ?? null,
    ...(watchdogFeed.trim() !== '' && { feedCode: watchdogFeed }),
  }
}
