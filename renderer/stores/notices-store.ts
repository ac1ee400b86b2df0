import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ErrorInfo } from '../../shared/errors'
import type { DisconnectReason, SessionEvent } from '../../shared/model'

/** What happened last, as a sentence. */
export interface AppEvent {
  readonly id: number
  readonly at: number
  readonly text: string
  readonly tone: 'info' | 'warn' | 'bad'
}

/** An error of a command that has no better place. */
export interface Notice {
  readonly id: number
  readonly error: ErrorInfo
}

/** What a session that has closed came to. */
export interface ClosingSummary {
  readonly sessionId: string
  readonly at: number
  readonly name: string
  readonly reason: DisconnectReason
  readonly durationMs: number
  /** Null for a group, which has none of them. */
  readonly figures: { readonly executions: number; readonly failures: number; readonly bytesIn: number; readonly bytesOut: number } | null
}

export interface NoticesState {
  readonly lastEvent: AppEvent | null
  readonly notices: readonly Notice[]
  /** Latest last. They go by themselves. */
  readonly closed: readonly ClosingSummary[]
}

export type NoticesStore = StoreApi<NoticesState>

const NOTICES_SHOWN = 3
/** A fleet may close at once; what is shown of it is few, but counts all. */
const CLOSED_KEPT = 256

export function createNoticesStore(): NoticesStore {
  return createStore<NoticesState>(() => ({ lastEvent: null, notices: [], closed: [] }))
}

export function tellEvent(store: NoticesStore, event: Omit<AppEvent, 'id'>): void {
  store.setState(state => ({ lastEvent: { ...event, id: (state.lastEvent?.id ?? 0) + 1 } }))
}

/** For a session that has ended; a connection that was lost, and may come back, is none. */
export function tellClosed(store: NoticesStore, { snapshot, at, reason }: SessionEvent, name: string): void {
  if (reason === undefined || snapshot.state !== 'Disconnected') return
  const { sessionId, statistics, backend, openedAt } = snapshot
  const { operations: executions, errors: failures, bytesIn, bytesOut } = statistics
  const figures = backend === 'none' ? null : { executions, failures, bytesIn, bytesOut }
  const summary: ClosingSummary = { sessionId, at, name, reason, durationMs: Math.max(0, at - openedAt), figures }
  store.setState(state => ({
    closed: [...state.closed.filter(other => other.sessionId !== sessionId), summary].slice(-CLOSED_KEPT),
  }))
}

export function dismissClosed(store: NoticesStore): void {
  store.setState({ closed: [] })
}

/** The same message twice is one notice; more than a few push out the oldest. */
export function addNotice(store: NoticesStore, error: ErrorInfo): void {
  store.setState(state => {
    const others = state.notices.filter(notice => notice.error.message !== error.message)
    const id = Math.max(0, ...state.notices.map(notice => notice.id)) + 1
    return { notices: [...others, { id, error }].slice(-NOTICES_SHOWN) }
  })
}

export function dismissNotice(store: NoticesStore, id: number): void {
  store.setState(state => ({ notices: state.notices.filter(notice => notice.id !== id) }))
}
