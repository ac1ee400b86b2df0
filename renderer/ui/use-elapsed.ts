import { useEffect, useState } from 'react'

/** Whether so much time has gone by since a moment; false when there is none. */
export function useElapsed(since: number | null, durationMs: number): boolean {
  const [elapsedFor, setElapsedFor] = useState<number | null>(null)
  useEffect(() => {
    if (since === null) return
    const timer = setTimeout(() => setElapsedFor(since), Math.max(0, since + durationMs - Date.now()))
    return () => clearTimeout(timer)
  }, [since, durationMs])
  return since !== null && elapsedFor === since
}
