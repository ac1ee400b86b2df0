import type { SessionsStore } from './sessions-store'

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

/** Runs of one session that are remembered while one of them is waited for. */
const RUNS_FOLLOWED = 16

/** Which numbers the runs of a session have: the answer of one that was stopped does not say it. */
export function followRuns(sessions: SessionsStore, sessionId: string) {
  const numbers = new Map<string, number>()
  const end = sessions.subscribe(({ sessions: now }) => {
    const running = now.get(sessionId)?.running ?? null
    if (running === null || numbers.has(running.executionId)) return
    numbers.set(running.executionId, running.number)
    const oldest = numbers.size > RUNS_FOLLOWED ? numbers.keys().next().value : undefined
    if (oldest !== undefined) numbers.delete(oldest)
  })
  return { end, numberOf: (executionId: string | undefined) => numbers.get(executionId ?? '') }
}
