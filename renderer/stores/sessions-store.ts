import { createStore, type StoreApi } from 'zustand/vanilla'
import type { SessionEvent, SessionSnapshot, SessionsChange } from '../../shared/model'

export interface SessionsState {
  readonly loaded: boolean
  /** By session id; sessions that are disposed are gone. */
  readonly sessions: ReadonlyMap<string, SessionSnapshot>
  /** The same, but for the latest counters: the same object as long as nothing else moves. For lists. */
  readonly listed: ReadonlyMap<string, SessionSnapshot>
  /** Port → the session that was opened on it last. Groups have no port. */
  readonly byPort: ReadonlyMap<string, string>
  /** Device key → the session that was opened on it last. */
  readonly byDevice: ReadonlyMap<string, string>
  /** Session id → the port it was first seen on: its place in the list, which a replug does not change. */
  readonly homes: ReadonlyMap<string, string>
}

export type SessionsStore = StoreApi<SessionsState>

export function createSessionsStore(): SessionsStore {
  return createStore<SessionsState>(() => ({
    loaded: false,
    sessions: new Map(),
    listed: new Map(),
    byPort: new Map(),
    byDevice: new Map(),
    homes: new Map(),
  }))
}

export function applySessionsChange(store: SessionsStore, change: SessionsChange): void {
  const before = store.getState()
  const sessions = new Map(change.kind === 'all' ? [] : before.sessions)
  if (change.kind === 'all') {
    for (const snapshot of change.sessions) if (snapshot.state !== 'Disposed') sessions.set(snapshot.sessionId, snapshot)
  } else {
    for (const event of change.events) applyEvent(sessions, event)
  }
  if (isCountersOnly(change, before.sessions)) {
    store.setState({ sessions })
    return
  }
  const boards = [...sessions.values()].filter(session => session.backend !== 'none')
  store.setState({
    loaded: true,
    sessions,
    listed: sessions,
    byPort: kept(before.byPort, latestBy(boards, 'port')),
    byDevice: kept(before.byDevice, latestBy(boards, 'deviceKey')),
    homes: kept(before.homes, new Map(boards.map(({ sessionId, port }) => [sessionId, before.homes.get(sessionId) ?? port]))),
  })
}

function applyEvent(sessions: Map<string, SessionSnapshot>, { type, sessionId, snapshot }: SessionEvent): void {
  if (snapshot.state === 'Disposed') sessions.delete(sessionId)
  // Counters alone do not bring a session back whose end has been told.
  else if (type !== 'statistics' || sessions.has(sessionId)) sessions.set(sessionId, snapshot)
}

function isCountersOnly(change: SessionsChange, before: SessionsState['sessions']): boolean {
  return (
    change.kind === 'events' &&
    change.events.every(({ type, sessionId, snapshot }) => type === 'statistics' && doesTheSame(snapshot, before.get(sessionId)))
  )
}

/** What runs, or is being stopped, is told together with the counters. */
function doesTheSame(session: SessionSnapshot, before: SessionSnapshot | undefined): boolean {
  return (
    before !== undefined &&
    session.running?.executionId === before.running?.executionId &&
    session.running?.interrupting === before.running?.interrupting &&
    session.task?.taskId === before.task?.taskId
  )
}

function latestBy(sessions: readonly SessionSnapshot[], key: 'port' | 'deviceKey'): ReadonlyMap<string, string> {
  const latest = new Map<string, SessionSnapshot>()
  for (const session of sessions) {
    const other = latest.get(session[key])
    if (other === undefined || other.openedAt <= session.openedAt) latest.set(session[key], session)
  }
  return new Map([...latest].map(([value, { sessionId }]) => [value, sessionId]))
}

/** The map from before where the new one says the same, so that nothing is drawn again. */
function kept(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (before.size !== now.size) return now
  for (const [key, value] of now) if (before.get(key) !== value) return now
  return before
}
