import type { InterruptStatus } from './executions'
import type { JsonValue } from './json'
import type { BoardNotice, DisconnectReason, SessionSnapshot, SessionState } from './sessions'
import type { IdleKind } from './statistics'

export type SessionEventType =
  | 'created'
  | 'connected'
  | 'disconnected'
  | 'error'
  | 'disposed'
  | 'stateChanged'
  | 'phaseChanged'
  | 'idle'
  /** Metadata, options or the reconnect status changed. */
  | 'infoUpdated'
  | 'filtersChanged'
  | 'leaseChanged'
  | 'attributesChanged'
  /** The board restarted by itself, or something else happened to it: see `notice`. */
  | 'boardNotice'
  /** Counters moved, at most every `SESSION_INFO_INTERVAL_MS`; what runs and waits changed, at once. Never logged, never in a history. */
  | 'statistics'

/** The session manager's event list, with the snapshot as it stands after the change. */
export interface SessionEvent {
  readonly seq: number
  readonly at: number
  readonly type: SessionEventType
  readonly sessionId: string
  readonly snapshot: SessionSnapshot
  readonly reason?: DisconnectReason
  readonly previous?: SessionState
  /** With `connected`: the session was lost before. */
  readonly reconnected?: boolean
  /** With `error`: the automatic attempts are used up. */
  readonly exhausted?: boolean
  readonly idle?: { readonly kind: IdleKind; readonly count: number }
  /** With `attributesChanged`: which one. */
  readonly attribute?: string
  /** With `boardNotice`. */
  readonly notice?: BoardNotice
  /** With `infoUpdated`: the execution that runs is to end, and this is how far the attempts have come. */
  readonly interrupt?: InterruptStatus
  /** What happened, as a full sentence: with `error` where it is not the session's fault itself; with `disconnected` and `infoUpdated` where there is more to say. */
  readonly message?: string
}

/** The first delivery holds all sessions; every later one the events since. */
export type SessionsChange =
  | { readonly kind: 'all'; readonly sessions: readonly SessionSnapshot[] }
  | { readonly kind: 'events'; readonly events: readonly SessionEvent[] }

/** One line of what happened, as it is logged, listed and exported. Holds no live figures. */
export interface HistoryEntry {
  /** Grows by one an entry, over all sessions. */
  readonly seq: number
  readonly at: number
  readonly type: Exclude<SessionEventType, 'statistics'> | 'managerStateChanged' | 'portsChanged'
  readonly tone: 'info' | 'warn' | 'bad'
  /** Null for what concerns no single session. */
  readonly sessionId: string | null
  readonly dataSource: string | null
  /** The board's name and port as a person knows them; empty where there is none. */
  readonly board: string
  readonly port: string
  /** A full sentence. */
  readonly text: string
  readonly data: Readonly<Record<string, JsonValue>>
}

export interface HistoryUpdate {
  /** `all` replaces what the reader has; `more` is appended. */
  readonly kind: 'all' | 'more'
  readonly entries: readonly HistoryEntry[]
}

/** One start or stop of a session, for one subscription. `seq` counts within it from 1. */
export interface Notice {
  readonly subscriptionId: string
  readonly kind: 'start' | 'stop'
  readonly dataSource: string
  readonly sessionKey: string
  readonly seq: number
  readonly at: number
}
