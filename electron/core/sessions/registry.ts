import { TOMBSTONE_LIMIT } from '../../../shared/limits'
import type { CloseResult, SessionSnapshot, SessionState } from '../../../shared/model'
import { isClosedState } from './session-states'

interface Entry {
  readonly sessionId: string
  readonly state: SessionState
}

/** What is remembered of a closed session, so that a late `close` or `info` still gets its answer. */
export interface Tombstone {
  readonly snapshot: SessionSnapshot
  readonly result: CloseResult
}

/** All sessions by their id, and the latest of the closed ones. Ids match exactly. */
export class SessionRegistry<T extends Entry> {
  private readonly sessions = new Map<string, T>()
  private readonly tombstones = new Map<string, Tombstone>()

  get count(): number {
    return this.sessions.size
  }

  /** Everything not closed: what counts against the limit. Always counted anew, so that it can't drift. */
  get activeCount(): number {
    let active = 0
    for (const session of this.sessions.values()) if (!isClosedState(session.state)) active += 1
    return active
  }

  tryAdd(session: T): boolean {
    if (this.sessions.has(session.sessionId)) return false
    this.sessions.set(session.sessionId, session)
    return true
  }

  tryGet(sessionId: string): T | undefined {
    return this.sessions.get(sessionId)
  }

  tryRemove(sessionId: string): boolean {
    return this.sessions.delete(sessionId)
  }

  /** A copy, in the order of opening. */
  snapshot(): readonly T[] {
    return [...this.sessions.values()]
  }

  bury(tombstone: Tombstone): void {
    this.tombstones.set(tombstone.snapshot.sessionId, tombstone)
    for (const oldest of this.tombstones.keys()) {
      if (this.tombstones.size <= TOMBSTONE_LIMIT) break
      this.tombstones.delete(oldest)
    }
  }

  tombstone(sessionId: string): Tombstone | undefined {
    return this.tombstones.get(sessionId)
  }

  /** A copy, in the order of closing. */
  closed(): readonly Tombstone[] {
    return [...this.tombstones.values()]
  }
}
