import { useCallback, useEffect, useRef, useState } from 'react'
import type { Result } from '../../shared/contract'
import type { ErrorInfo } from '../../shared/errors'

export interface Attempt {
  readonly isBusy: boolean
  /** Of the last attempt; gone with the next one. */
  readonly error: ErrorInfo | null
  run<T>(action: () => Promise<Result<T>>): Promise<Result<T>>
  clear(): void
}

/** Something a view asks for, and the place for its error. */
export function useAttempt(): Attempt {
  const [state, setState] = useState<{ readonly isBusy: boolean; readonly error: ErrorInfo | null }>({ isBusy: false, error: null })
  const latest = useRef(0)
  const isThere = useRef(true)
  useEffect(() => {
    isThere.current = true
    return () => {
      isThere.current = false
    }
  }, [])
  const run = useCallback(async <T>(action: () => Promise<Result<T>>): Promise<Result<T>> => {
    const attempt = ++latest.current
    setState({ isBusy: true, error: null })
    const result = await action()
    // An answer that has been overtaken, or whose view has gone, changes nothing here.
    if (isThere.current && attempt === latest.current) setState({ isBusy: false, error: result.ok ? null : result.error })
    return result
  }, [])
  const clear = useCallback(() => setState(state => ({ ...state, error: null })), [])
  return { ...state, run, clear }
}
