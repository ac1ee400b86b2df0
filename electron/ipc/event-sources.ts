import type { EventName, EventParams, EventPayload } from '../../shared/contract'
import type { SessionsChange } from '../../shared/model'
import type { Disposable } from '../core/base/disposable'
import type { Services } from './services'

/** Output has a stream of its own, with acknowledgements. */
export type PlainEventName = Exclude<EventName, 'output:batch'>

export interface EventSource<N extends EventName> {
  /**
   * Delivers the present state, if there is one, before it returns, and every change after. Throws a `MusterError`,
   * leaving nothing behind, when there is nothing to listen to.
   */
  start(params: EventParams<N>, deliver: (payload: EventPayload<N>) => void): Disposable
  /** One payload that says as much as two that have not been sent yet, or null when both are needed. */
  join(waiting: EventPayload<N>, next: EventPayload<N>): EventPayload<N> | null
}

export type EventSources = { readonly [N in PlainEventName]: EventSource<N> }

export function createEventSources(services: Services): EventSources {
  const { ports, sessions, shell } = services
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
    'metrics:samples': {
      start({ sessionId }, deliver) {
        const source = sessions.metrics(sessionId)
        deliver(source.readAll())
        return source.onSamples(deliver)
      },
      join: (_waiting, next) => (next.kind === 'all' ? next : null),
    },
    'menu:invoked': {
      start: (_params, deliver) => shell.onMenu(action => deliver({ action })),
      join: both,
    },
  }
}

const latest = <T>(_waiting: T, next: T): T => next
const both = (): null => null

function joinSessionEvents(waiting: SessionsChange, next: SessionsChange): SessionsChange | null {
  if (next.kind === 'all') return next
  return waiting.kind === 'all' ? null : { kind: 'events', events: [...waiting.events, ...next.events] }
}
