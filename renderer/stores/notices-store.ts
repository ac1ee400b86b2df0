import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ErrorInfo } from '../../shared/errors'

/** What happened last, as a sentence. */
export interface AppEvent {
  readonly id: number
  readonly at: number
  readonly text: string
  readonly tone: 'info' | 'bad'
}

/** An error of a command that has no better place. */
export interface Notice {
  readonly id: number
  readonly error: ErrorInfo
}

export interface NoticesState {
  readonly lastEvent: AppEvent | null
  readonly notices: readonly Notice[]
}

export type NoticesStore = StoreApi<NoticesState>

const NOTICES_SHOWN = 3

export function createNoticesStore(): NoticesStore {
  return createStore<NoticesState>(() => ({ lastEvent: null, notices: [] }))
}

export function tellEvent(store: NoticesStore, event: Omit<AppEvent, 'id'>): void {
  store.setState(state => ({ lastEvent: { ...event, id: (state.lastEvent?.id ?? 0) + 1 } }))
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
