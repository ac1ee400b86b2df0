import { useCallback, useEffect, useRef, useState } from 'react'
import type { ErrorInfo } from '../../shared/errors'
import type { SessionInfo } from '../../shared/model'
import { useServices } from './context'
import { useSessionEvent } from './use-session-event'

export interface LoadedInfo {
  /** Null until the first answer. */
  readonly info: SessionInfo | null
  readonly error: ErrorInfo | null
}

/** What the latest snapshot leaves out: options, history of states, filters. Asked for again when they may have changed. */
export function useSessionInfo(sessionId: string): LoadedInfo {
  const { client } = useServices()
  const [loaded, setLoaded] = useState<LoadedInfo>({ info: null, error: null })
  const latest = useRef(0)
  const load = useCallback(async () => {
    const request = ++latest.current
    const result = await client.call('sessions:info', { sessionId })
    if (request !== latest.current) return
    setLoaded(before => (result.ok ? { info: result.value, error: null } : { ...before, error: result.error }))
  }, [client, sessionId])
  useEffect(() => {
    void load()
    return () => {
      latest.current++
    }
  }, [load])
  useSessionEvent(sessionId, ['stateChanged', 'phaseChanged', 'infoUpdated', 'filtersChanged'], () => void load())
  return loaded
}
