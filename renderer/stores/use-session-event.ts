import { useEffect, useRef } from 'react'
import type { SessionEvent, SessionEventType } from '../../shared/model'
import { useServices } from './context'

/** Calls `handler` for every event of one session that is of one of these types. */
export function useSessionEvent(sessionId: string, types: readonly SessionEventType[], handler: (event: SessionEvent) => void): void {
  const { sessionEvents } = useServices().stores
  const latest = useRef({ types, handler })
  latest.current = { types, handler }
  useEffect(
    () =>
      sessionEvents.onEvent(event => {
        if (event.sessionId === sessionId && latest.current.types.includes(event.type)) latest.current.handler(event)
      }),
    [sessionEvents, sessionId],
  )
}
