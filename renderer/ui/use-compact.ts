import { useSyncExternalStore } from 'react'

/** Below this width rows have one line and the glance column is hidden. The style sheets say the same. */
const COMPACT_QUERY = '(max-width: 1149px)'

export function useCompact(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(COMPACT_QUERY).matches)
}

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(COMPACT_QUERY)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}
