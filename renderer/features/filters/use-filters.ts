import { useCallback, useEffect, useRef, useState } from 'react'
import type { Result } from '../../../shared/contract'
import type { ErrorInfo } from '../../../shared/errors'
import type { FilterInfo } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { useSessionEvent } from '../../stores/use-session-event'

/** Reports move with every message; nobody reads them faster. */
const REPORT_INTERVAL_MS = 2_000

export interface LoadedFilters {
  /** Null until the first answer. */
  readonly filters: readonly FilterInfo[] | null
  readonly error: ErrorInfo | null
  /** Takes the chain that a change answered with. */
  take(result: Result<readonly FilterInfo[]>): void
}

export function useFilters(sessionId: string): LoadedFilters {
  const { client } = useServices()
  const [state, setState] = useState<{ readonly filters: readonly FilterInfo[] | null; readonly error: ErrorInfo | null }>({
    filters: null,
    error: null,
  })
  const latest = useRef(0)
  const load = useCallback(async () => {
    const request = ++latest.current
    const result = await client.call('filters:list', { sessionId })
    if (request !== latest.current) return
    setState(before => (result.ok ? { filters: result.value, error: null } : { ...before, error: result.error }))
  }, [client, sessionId])
  useEffect(() => {
    void load()
    const timer = setInterval(() => void load(), REPORT_INTERVAL_MS)
    return () => {
      clearInterval(timer)
      latest.current++
    }
  }, [load])
  useSessionEvent(sessionId, ['filtersChanged'], () => void load())
  const take = useCallback((result: Result<readonly FilterInfo[]>) => {
    if (!result.ok) return
    latest.current++
    setState({ filters: result.value, error: null })
  }, [])
  return { ...state, take }
}
