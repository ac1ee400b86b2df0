import { useEffect, useState } from 'react'
import type { Client } from '../../bridge/client'
import { MetricFeed } from './metric-feed'

/** The recording of a session while a view looks at it; null until it has begun. */
export function useMetricFeed(client: Client, sessionId: string): MetricFeed | null {
  const [feed, setFeed] = useState<MetricFeed | null>(null)
  useEffect(() => {
    const created = new MetricFeed(client, sessionId)
    setFeed(created)
    return () => {
      created.dispose()
      setFeed(null)
    }
  }, [client, sessionId])
  return feed
}
