import type { ExpectedValue, FilterInfo, FilterPlace, FilterSpec } from '../../../shared/model'
import type { Message } from './filters/filter'

export interface ExecuteOptions {
  /** 0 or less, or nothing: the session's default. */
  readonly timeoutMs?: number
  /** The value of the last top-level expression is wanted. */
  readonly expect?: ExpectedValue
  /** Aborting it is a cancel. */
  readonly signal?: AbortSignal
}

/** One session's filter chain, as callers see it. Every change ends in a `filtersChanged` event, and may reject with `FilterError`. */
export interface SessionFilters {
  list(): readonly FilterInfo[]
  add(filter: FilterSpec, place: FilterPlace): Promise<void>
  remove(name: string): Promise<void>
  replace(name: string, filter: FilterSpec): Promise<void>
  move(name: string, place: FilterPlace): Promise<void>
  clear(): Promise<void>
}

/** What a reader of a session's messages gets, in order. */
export type SessionIoEvent =
  /** What came out at the near end of the filter chain. */
  | { readonly type: 'message'; readonly at: number; readonly message: Message }
  /** The reader was too slow: so many messages were dropped here. */
  | { readonly type: 'missed'; readonly at: number; readonly count: number }
  /** The board was lost and is connected again: what it sent in between is unknown. */
  | { readonly type: 'gap'; readonly at: number }
