import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** After its main process has ended, the app's other processes may take this long to follow. */
const END_TIMEOUT_MS = 5_000

/**
 * Processes of a session of the system (what `setsid` makes). Playwright starts the app in one of its own, so these are
 * the app's processes also when their parent is gone. Dead ones that nobody has collected yet don't count.
 */
function processesOfSession(session: number): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        // The name in parentheses may hold anything; after it: state, parent, group, session (proc(5)).
        const [state, , , sessionId] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        if (Number(sessionId) !== session || state === 'Z' || state === 'X') return []
        return [`${pid}: ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200)}`]
      } catch {
        return []
      }
    })
}

/** Waits until none of the app's processes is left. Resolves with those that stayed. */
export async function waitForEndOfSession(session: number): Promise<readonly string[]> {
  const deadline = Date.now() + END_TIMEOUT_MS
  for (;;) {
    const left = processesOfSession(session)
    if (left.length === 0 || Date.now() > deadline) return left
    await sleep(50)
  }
}
