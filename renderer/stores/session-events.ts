import type { SessionEvent } from '../../shared/model'

/** Passes the session manager's events on to views that need more than the latest snapshot. */
export interface SessionEvents {
  tell(event: SessionEvent): void
  /** Returns the function that ends it. */
  onEvent(listener: (event: SessionEvent) => void): () => void
}

export function createSessionEvents(): SessionEvents {
  const listeners = new Set<(event: SessionEvent) => void>()
  return {
    tell(event) {
      for (const listener of [...listeners]) listener(event)
    },
    onEvent(listener) {
      const entry = (event: SessionEvent): void => listener(event)
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
  }
}
