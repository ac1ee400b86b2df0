import { useCallback, useEffect, useRef, useState } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import type { JsonValue } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { useSessionEvent } from '../../stores/use-session-event'

export interface LoadedAttributes {
  /** Null until the first answer. */
  readonly values: ReadonlyMap<string, JsonValue> | null
  readonly error: ErrorInfo | null
  reload(): void
}

/** The attributes of a session. A change of one asks for that one; changes during the asking are asked for in one go. */
export function useAttributes(sessionId: string): LoadedAttributes {
  const { client } = useServices()
  const [values, setValues] = useState<ReadonlyMap<string, JsonValue> | null>(null)
  const [error, setError] = useState<ErrorInfo | null>(null)
  const asked = useRef({ keys: new Set<string>(), isAll: false, isBusy: false, isOver: false })

  const load = useCallback(async () => {
    const work = asked.current
    if (work.isBusy) return
    work.isBusy = true
    while (!work.isOver && (work.isAll || work.keys.size > 0)) {
      const keys = [...work.keys]
      const isAll = work.isAll
      work.keys.clear()
      work.isAll = false
      if (isAll) {
        const result = await client.call('attributes:list', { sessionId })
        if (work.isOver) break
        if (result.ok) setValues(new Map(result.value.map(({ key, value }) => [key, value])))
        setError(result.ok ? null : result.error)
        continue
      }
      const results = await Promise.all(keys.map(key => client.call('attributes:get', { sessionId, key })))
      if (work.isOver) break
      setValues(before => {
        const next = new Map(before)
        for (const [index, key] of keys.entries()) {
          const result = results[index]
          if (result?.ok !== true) continue
          if (result.value.found) next.set(key, result.value.value)
          else next.delete(key)
        }
        return next
      })
    }
    work.isBusy = false
  }, [client, sessionId])

  const reload = useCallback(() => {
    asked.current.isAll = true
    void load()
  }, [load])

  useEffect(() => {
    asked.current = { keys: new Set(), isAll: true, isBusy: false, isOver: false }
    const work = asked.current
    void load()
    return () => {
      work.isOver = true
    }
  }, [load])

  useSessionEvent(sessionId, ['attributesChanged'], ({ attribute }) => {
    if (attribute === undefined) asked.current.isAll = true
    else asked.current.keys.add(attribute)
    void load()
  })
  return { values, error, reload }
}
