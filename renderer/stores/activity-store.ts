import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ErrorInfo } from '../../shared/errors'
import type { Notice, SessionSnapshot } from '../../shared/model'
import type { KeyValueStorage } from './preferences-store'

export type NoticeKind = Notice['kind']

/** What is asked for: the starts, or the stops, of one data source. */
export interface Stream {
  readonly kind: NoticeKind
  readonly dataSource: string
}

export interface StreamState extends Stream {
  /** Null until main has answered. */
  readonly subscriptionId: string | null
  readonly since: number
  readonly received: number
}

/** A session of a followed data source, from the list or from its notices. */
export interface FollowedSession {
  readonly sessionKey: string
  readonly dataSource: string
  /** Null for one that was open before it was followed. */
  readonly startedAt: number | null
  /** Null while it is open. */
  readonly stoppedAt: number | null
}

export interface ActivityState {
  /** By `streamKey`. */
  readonly streams: ReadonlyMap<string, StreamState>
  /** Newest last. */
  readonly notices: readonly Notice[]
  readonly sessions: ReadonlyMap<string, FollowedSession>
  readonly error: ErrorInfo | null
}

export type ActivityStore = StoreApi<ActivityState>

/** Notices that are kept for the view; a feed is no archive. */
const NOTICES_KEPT = 1_000
const SESSIONS_KEPT = 1_000
const KEY = 'muster.streams'

export function createActivityStore(): ActivityStore {
  return createStore<ActivityState>(() => ({ streams: new Map(), notices: [], sessions: new Map(), error: null }))
}

export function streamKey({ kind, dataSource }: Stream): string {
  return `${kind} ${dataSource}`
}

export function setStream(store: ActivityStore, stream: StreamState | null, key: string): void {
  store.setState(state => {
    const streams = new Map(state.streams)
    if (stream === null) streams.delete(key)
    else streams.set(key, stream)
    return { streams }
  })
}

/** A notice that nobody here asked for, or no longer, is left out. */
export function takeNotice(store: ActivityStore, notice: Notice): void {
  store.setState(state => {
    const known = [...state.streams].find(([, stream]) => stream.subscriptionId === notice.subscriptionId)
    if (known === undefined) return {}
    const [key, stream] = known
    const before = state.sessions.get(notice.sessionKey)
    const session: FollowedSession = {
      sessionKey: notice.sessionKey,
      dataSource: notice.dataSource,
      startedAt: notice.kind === 'start' ? notice.at : (before?.startedAt ?? null),
      stoppedAt: notice.kind === 'stop' ? notice.at : (before?.stoppedAt ?? null),
    }
    return {
      streams: new Map(state.streams).set(key, { ...stream, received: stream.received + 1 }),
      notices: [...state.notices, notice].slice(-NOTICES_KEPT),
      sessions: bounded(new Map(state.sessions).set(notice.sessionKey, session)),
    }
  })
}

/** What a list says, merged by id: what a notice has said of a session's end stays said. */
export function mergeSessions(store: ActivityStore, listed: readonly SessionSnapshot[]): void {
  store.setState(state => {
    const sessions = new Map(state.sessions)
    for (const { sessionId, metadata } of listed) {
      if (sessions.has(sessionId)) continue
      sessions.set(sessionId, { sessionKey: sessionId, dataSource: metadata.dataSource, startedAt: null, stoppedAt: null })
    }
    return { sessions: bounded(sessions) }
  })
}

function bounded(sessions: Map<string, FollowedSession>): ReadonlyMap<string, FollowedSession> {
  for (const [key, { stoppedAt }] of sessions) {
    if (sessions.size <= SESSIONS_KEPT) break
    if (stoppedAt !== null) sessions.delete(key)
  }
  return sessions
}

/** Which streams this window follows, for when its page is loaded again. */
export function readStreams(storage: KeyValueStorage): readonly Stream[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isStream) : []
  } catch {
    return []
  }
}

export function writeStreams(storage: KeyValueStorage, streams: Iterable<Stream>): void {
  try {
    storage.setItem(KEY, JSON.stringify([...streams].map(({ kind, dataSource }) => ({ kind, dataSource }))))
  } catch {
    // Without a storage the streams end with the page.
  }
}

function isStream(value: unknown): value is Stream {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('dataSource' in value)) return false
  return (value.kind === 'start' || value.kind === 'stop') && typeof value.dataSource === 'string' && value.dataSource !== ''
}
