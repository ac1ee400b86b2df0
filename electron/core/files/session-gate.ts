import { MusterError } from '../../../shared/errors'
import type { SessionEvent, SessionSnapshot } from '../../../shared/model'
import { isReadyState } from '../sessions/session-states'
import type { FileSessions } from './board-access'

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Waits for boards that were lost. `hear` is to be called with every event of the sessions. */
export class SessionGate {
  private readonly waiting = new Map<string, Set<Waiter>>()

  constructor(private readonly sessions: Pick<FileSessions, 'info'>) {}

  /** Something that a person runs has the board. */
  isExecuting(sessionId: string): boolean {
    return this.sessions.info(sessionId).snapshot.running !== null
  }

  /** Resolves when the session takes work; rejects when it is over, or when the signal aborts. */
  async whenReady(sessionId: string, signal: AbortSignal): Promise<void> {
    const { snapshot } = this.sessions.info(sessionId)
    if (isReadyState(snapshot.state)) return
    if (isOver(snapshot)) throw sessionOver(snapshot)
    if (signal.aborted) throw new Error('Nobody waits for this board any more.')
    await new Promise<void>((resolve, reject) => {
      const waiters = this.waiting.get(sessionId) ?? new Set<Waiter>()
      this.waiting.set(sessionId, waiters)
      const done = (): void => {
        signal.removeEventListener('abort', giveUp)
        waiters.delete(waiter)
        if (waiters.size === 0) this.waiting.delete(sessionId)
      }
      const waiter: Waiter = {
        resolve: () => {
          done()
          resolve()
        },
        reject: error => {
          done()
          reject(error)
        },
      }
      const giveUp = (): void => waiter.reject(new Error('Nobody waits for this board any more.'))
      signal.addEventListener('abort', giveUp, { once: true })
      waiters.add(waiter)
    })
  }

  hear({ sessionId, snapshot }: SessionEvent): void {
    const waiters = this.waiting.get(sessionId)
    if (waiters === undefined) return
    if (isReadyState(snapshot.state)) for (const waiter of [...waiters]) waiter.resolve()
    else if (isOver(snapshot)) for (const waiter of [...waiters]) waiter.reject(sessionOver(snapshot))
  }
}

/** It closes, is closed, or can only be closed: it takes no work any more. */
export function isOver({ state, fault }: SessionSnapshot): boolean {
  return state === 'Disconnecting' || state === 'Disconnected' || state === 'Disposed' || (state === 'Error' && fault?.final === true)
}

export function sessionOver({ sessionId }: Pick<SessionSnapshot, 'sessionId'>): MusterError {
  return new MusterError({
    code: 'OperationCancelled',
    reason: 'session-closed',
    message: 'The session with the board has ended.',
    hint: 'Open the port again.',
    sessionId,
  })
}
