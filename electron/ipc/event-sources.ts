import type { EventName, EventParams, EventPayload } from '../../shared/contract'
import type { HistoryUpdate, SessionEvent, SessionsChange } from '../../shared/model'
import type { Disposable } from '../core/base/disposable'
import { joinTransfers } from './join-transfers'
import type { Page } from './page'
import type { Services } from './services'

/** Output has a stream of its own, with acknowledgements. */
export type PlainEventName = Exclude<EventName, 'output:batch'>

export interface EventSource<N extends EventName> {
  /** Sent in the tick in which it happens, alone: nothing is joined, nothing waits. */
  readonly isImmediate?: true
  /**
   * Delivers the present state, if there is one, before it returns, and every change after. Throws a `MusterError`,
   * leaving nothing behind, when there is nothing to listen to.
   */
  start(params: EventParams<N>, deliver: (payload: EventPayload<N>) => void): Disposable
  /** One payload that says as much as two that have not been sent yet, or null when both are needed. */
  join(waiting: EventPayload<N>, next: EventPayload<N>): EventPayload<N> | null
}

export type EventSources = { readonly [N in PlainEventName]: EventSource<N> }

export function createEventSources(services: Services, page: Page): EventSources {
  const { ports, sessions, transfers, history, config, shell } = services
  return {
    'ports:changed': {
      start(_params, deliver) {
        deliver(ports.current)
        return ports.onChanged(deliver)
      },
      join: latest,
    },
    'sessions:changed': {
      start(_params, deliver) {
        deliver({ kind: 'all', sessions: sessions.list({ includeClosed: false }) })
        return sessions.onEvent(event => deliver({ kind: 'events', events: [event] }))
      },
      join: joinSessionEvents,
    },
    'manager:changed': {
      start(_params, deliver) {
        deliver(sessions.status)
        return sessions.onStatus(deliver)
      },
      join: latest,
    },
    'notify:notice': {
      isImmediate: true,
      start: (_params, deliver) => page.onNotice(deliver),
      join: both,
    },
    'history:entries': {
      start({ sessionId }, deliver) {
        deliver({ kind: 'all', entries: history.list(sessionId ?? undefined) })
        return history.onEntry(entry => {
          if (sessionId === null || entry.sessionId === sessionId) deliver({ kind: 'more', entries: [entry] })
        })
      },
      join: joinHistory,
    },
    'files:transfers': {
      start({ sessionId }, deliver) {
        deliver(transfers.readAll(sessionId))
        return transfers.onUpdate(({ sessionId: of, update }) => {
          if (of === sessionId) deliver(update)
        })
      },
      join: joinTransfers,
    },
    'sampler:samples': {
      start({ sessionId }, deliver) {
        deliver(sessions.samplers.readAll(sessionId))
        return sessions.samplers.onSamples(update => {
          if (update.sessionId === sessionId) deliver(update)
        })
      },
      join: replacedByAll,
    },
    'config:changed': {
      start(_params, deliver) {
        deliver(config.report)
        return config.onReport(deliver)
      },
      join: latest,
    },
    'metrics:samples': {
      start({ sessionId }, deliver) {
        const source = sessions.metrics(sessionId)
        deliver(source.readAll())
        return source.onSamples(deliver)
      },
      join: replacedByAll,
    },
    'menu:invoked': {
      start: (_params, deliver) => shell.onMenu(action => deliver({ action })),
      join: both,
    },
  }
}

const latest = <T>(_waiting: T, next: T): T => next
const both = (): null => null
const replacedByAll = <T extends { readonly kind: 'all' | 'more' }>(_waiting: T, next: T): T | null => (next.kind === 'all' ? next : null)

function joinSessionEvents(waiting: SessionsChange, next: SessionsChange): SessionsChange | null {
  if (next.kind === 'all') return next
  if (waiting.kind === 'all') return null
  return { kind: 'events', events: next.events.reduce(append, waiting.events) }
}

/** Of a session's figures only the latest are worth sending; everything else is, in order. */
function append(events: readonly SessionEvent[], next: SessionEvent): readonly SessionEvent[] {
  if (next.type !== 'statistics') return [...events, next]
  return [...events.filter(({ type, sessionId }) => type !== 'statistics' || sessionId !== next.sessionId), next]
}

function joinHistory(waiting: HistoryUpdate, next: HistoryUpdate): HistoryUpdate | null {
  if (next.kind === 'all') return next
  return waiting.kind === 'all' ? null : { kind: 'more', entries: [...waiting.entries, ...next.entries] }
}
