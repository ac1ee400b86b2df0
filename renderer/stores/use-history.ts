import { useEffect, useState } from 'react'
import { HISTORY_LIMIT } from '../../shared/limits'
import type { HistoryEntry } from '../../shared/model'
import { useServices } from './context'

const NONE: readonly HistoryEntry[] = []

/** What happened to one session, or to all of them for null: oldest first, kept current, at most `HISTORY_LIMIT`. */
export function useHistory(sessionId: string | null): readonly HistoryEntry[] {
  const { client } = useServices()
  const [history, setHistory] = useState<{ readonly of: string | null; readonly entries: readonly HistoryEntry[] }>()
  useEffect(
    () =>
      client.subscribe('history:entries', { sessionId }, ({ kind, entries }) =>
        setHistory(before => ({
          of: sessionId,
          entries: kind === 'all' || before === undefined ? entries : [...before.entries, ...entries].slice(-HISTORY_LIMIT),
        })),
      ),
    [client, sessionId],
  )
  return history?.of === sessionId ? history.entries : NONE
}
