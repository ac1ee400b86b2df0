/** The code that this window had run, by session and run, so that a traceback's line can be found in it. Latest runs only. */
export interface RanCode {
  /** Undefined for what was run elsewhere, or too long ago. */
  read(sessionId: string, number: number): string | undefined
  add(sessionId: string, number: number, code: string): void
}

/** Over all sessions. */
const RUNS_KEPT = 200

export function createRanCode(): RanCode {
  const runs = new Map<string, string>()
  return {
    read: (sessionId, number) => runs.get(`${sessionId} ${number}`),
    add(sessionId, number, code) {
      runs.set(`${sessionId} ${number}`, code)
      const oldest = runs.size > RUNS_KEPT ? runs.keys().next().value : undefined
      if (oldest !== undefined) runs.delete(oldest)
    },
  }
}
