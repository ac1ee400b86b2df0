import { useCallback, useEffect, useState } from 'react'
import type { ErrorInfo } from '../../../shared/errors'
import type { LocalFolder } from '../../../shared/model'
import { useServices } from '../../stores/context'

/** The folders of the computer that the user has opened for Muster. */
export interface LocalFolders {
  /** The last used first; null until they are known. */
  readonly list: readonly LocalFolder[] | null
  readonly error: ErrorInfo | null
  /** Null when the user thought better of it. */
  choose(): Promise<LocalFolder | null>
  forget(folderId: string): Promise<void>
}

export function useLocalFolders(): LocalFolders {
  const { client } = useServices()
  const [list, setList] = useState<readonly LocalFolder[] | null>(null)
  const [error, setError] = useState<ErrorInfo | null>(null)
  const load = useCallback(async () => {
    const result = await client.call('local:folders', {})
    if (result.ok) setList(result.value)
    setError(result.ok ? null : result.error)
  }, [client])
  useEffect(() => void load(), [load])
  return {
    list,
    error,
    async choose() {
      const result = await client.call('local:choose', {})
      setError(result.ok ? null : result.error)
      await load()
      return result.ok ? result.value : null
    },
    async forget(folderId) {
      const result = await client.call('local:forget', { folderId })
      setError(result.ok ? null : result.error)
      await load()
    },
  }
}
