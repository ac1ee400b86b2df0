import { createStore, type StoreApi } from 'zustand/vanilla'
import type { SessionSnapshot, SessionsChange } from '../../shared/model'

export interface SessionsState {
  readonly loaded: boolean
  /** By session id; sessions that are disposed are gone. */
  readonly sessions: ReadonlyMap<string, SessionSnapshot>
  /** Port → the session that was opened on it last. */
  readonly byPort: ReadonlyMap<string, string>
}

export type SessionsStore = StoreApi<SessionsState>

export function createSessionsStore(): SessionsStore {
  return createStore<SessionsState>(() => ({ loaded: false, sessions: new Map(), byPort: new Map() }))
}

export function applySessionsChange(store: SessionsStore, change: SessionsChange): void {
  const sessions = new Map(change.kind === 'all' ? [] : store.getState().sessions)
  const snapshots = change.kind === 'all' ? change.sessions : change.events.map(event => event.snapshot)
  for (const snapshot of snapshots) {
    if (snapshot.state === 'Disposed') sessions.delete(snapshot.sessionId)
    else sessions.set(snapshot.sessionId, snapshot)
  }
  const before = store.getState().byPort
  const byPort = indexByPort(sessions)
  store.setState({ loaded: true, sessions, byPort: sameEntries(before, byPort) ? before : byPort })
}

export function sessionOfPort(state: SessionsState, port: string): SessionSnapshot | undefined {
  const id = state.byPort.get(port)
  return id === undefined ? undefined : state.sessions.get(id)
}

function indexByPort(sessions: ReadonlyMap<string, SessionSnapshot>): ReadonlyMap<string, string> {
  const byPort = new Map<string, string>()
  for (const session of sessions.values()) {
    const other = byPort.get(session.port)
    const otherOpenedAt = other === undefined ? undefined : sessions.get(other)?.openedAt
    if (otherOpenedAt === undefined || otherOpenedAt <= session.openedAt) byPort.set(session.port, session.sessionId)
  }
  return byPort
}

function sameEntries(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  if (one.size !== other.size) return false
  for (const [key, value] of one) if (other.get(key) !== value) return false
  return true
}
