import type { BoardFeature, SessionSnapshot } from '../../../shared/model'
import { describeSession } from '../../stores/port-state'

/** Whether the board's files can be reached now, and if not, why. */
export type BoardAccess = 'open' | 'watching' | 'connecting' | 'lost' | 'silent' | 'closing'

export function accessOf(session: SessionSnapshot): BoardAccess {
  switch (describeSession(session).kind) {
    case 'running':
    case 'ready':
      return session.attachment === 'watching' ? 'watching' : 'open'
    case 'lost':
      return 'lost'
    case 'silent':
      return 'silent'
    case 'opening':
      return 'connecting'
    default:
      return session.attachment === 'watching' && session.state !== 'Error' ? 'watching' : 'closing'
  }
}

export const WHY_NOT: Readonly<Record<Exclude<BoardAccess, 'open'>, string>> = {
  watching: 'The session only watches its board',
  connecting: 'The board is being connected',
  lost: 'The board is lost',
  silent: 'The board does not answer',
  closing: 'The session is closing',
}

/** A board that was never asked is not held to be unable. */
export function can({ board }: Pick<SessionSnapshot, 'board'>, feature: BoardFeature): boolean {
  return board === null || board.features.includes(feature)
}

/** What the board is doing while something of ours waits for its turn; null where nothing is known. */
export function waitsFor({
  running,
  task,
  queuedExecutions,
}: Pick<SessionSnapshot, 'running' | 'task' | 'queuedExecutions'>): string | null {
  if (running !== null) return `waits for execution ${running.number}`
  if (task !== null && !/^(Listing|Measuring) /.test(task.title)) return `waits for: ${task.title}`
  return queuedExecutions > 0 ? 'waits for its turn' : null
}
