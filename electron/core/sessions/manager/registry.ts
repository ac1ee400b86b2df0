import type { CloseResult, SessionInfo, SessionState } from '../../../../shared/model'
import { isClosedState } from '../session-states'

interface Entry {
  readonly sessionId: string
  readonly state: SessionState
}

/** What is remembered of a closed session, so that a late `close` or `info` still gets its answer. */
export interface Tombstone {
  readonly info: SessionInfo
  readonly result: CloseResult
}

/** All sessions by their id, and the latest of the closed ones. Ids match exactly. */
export class SessionRegistry<T extends Entry> {
  private readonly sessions = new Map<string, T>()
  /** Sessions without a board: the limit is not about them. */
  private readonly groups = new Set<string>()
  private readonly tombstones = new Map<string, Tombstone>()

  constructor(private readonly tombstoneLimit: () => number) {}

  get count(): number {
    return this.sessions.size
  }

  /** Everything not closed. Always counted anew, so that it can't drift. */
  get activeCount(): number {
    return this.countActive(() => true)
  }

  /** What counts against the limit: everything not closed that has a board. */
  get boardCount(): number {
    return this.countActive(session => !this.groups.has(session.sessionId))
  }

  tryAdd(session: T, { isGroup }: { readonly isGroup: boolean } = { isGroup: false }): boolean {
    if (this.sessions.has(session.sessionId)) return false
    this.sessions.set(session.sessionId, session)
    if (isGroup) this.groups.add(session.sessionId)
    return true
  }

  tryGet(sessionId: string): T | undefined {
    return this.sessions.get(sessionId)
  }

  tryRemove(sessionId: string): boolean {
    this.groups.delete(sessionId)
    return this.sessions.delete(sessionId)
  }

  /** A copy, in the order of opening. */
  snapshot(): readonly T[] {
    return [...this.sessions.values()]
  }

  bury(tombstone: Tombstone): void {
    this.tombstones.set(tombstone.result.sessionId, tombstone)
    const limit = this.tombstoneLimit()
    for (const oldest of this.tombstones.keys()) {
      if (this.tombstones.size <= limit) break
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

  private countActive(counts: (session: T) => boolean): number {
    let active = 0
    for (const session of this.sessions.values()) if (!isClosedState(session.state) && counts(session)) active += 1
    return active
  }
}
