import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Client } from '../../bridge/client'
import { SamplerFeed, type SamplerState } from './sampler-feed'

const NOTHING: SamplerState = { sampler: null, charts: [] }
const never = (): (() => void) => () => {}

/** What a session repeats while a view looks at it; the feed is null until it has begun. */
export function useSamplerFeed(client: Client, sessionId: string): SamplerState & { readonly feed: SamplerFeed | null } {
  const [feed, setFeed] = useState<SamplerFeed | null>(null)
  useEffect(() => {
    const created = new SamplerFeed(client, sessionId)
    setFeed(created)
    return () => {
      created.dispose()
      setFeed(null)
    }
  }, [client, sessionId])
  const state = useSyncExternalStore(feed?.onState ?? never, () => feed?.state ?? NOTHING)
  return { ...state, feed }
}
