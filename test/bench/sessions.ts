/**
 * What sessions cost. Started by `npm run bench`, with `--expose-gc`; prints one JSON object. Boards are fakes: measured
 * is what the session manager itself takes.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { MAX_SESSIONS_MAX } from '../../shared/limits'
import { FakeFleet } from './fake-fleet'
import { measure, type Result } from './measure'

const SESSIONS = MAX_SESSIONS_MAX
const RUNS = 5
const OPEN_TARGET_MS = 1_000
const HEAP_TARGET_KB = 40
const IDLE_TARGET_PERCENT = 2
/** Longer than every interval that idle sessions have, but for the minutes between two health checks. */
const IDLE_WINDOW_MS = Number(process.env.MUSTER_BENCH_IDLE_MS ?? 20_000)

function openAll(): Promise<Result> {
  return measure(`open ${SESSIONS} sessions at once`, { unit: 'ms', target: OPEN_TARGET_MS, runs: RUNS }, async () => {
    const fleet = new FakeFleet(SESSIONS)
    const startedMs = performance.now()
    await fleet.open(SESSIONS)
    const tookMs = performance.now() - startedMs
    await fleet.close()
    return tookMs
  })
}

function heapOfEach(): Promise<Result> {
  return measure('heap of an idle session', { unit: 'kB', target: HEAP_TARGET_KB, runs: RUNS }, async () => {
    const fleet = new FakeFleet(SESSIONS + 1)
    await fleet.open(1)
    const before = await heapBytes()
    await fleet.open(SESSIONS)
    const after = await heapBytes()
    await fleet.close()
    return (after - before) / SESSIONS / 1_000
  })
}

async function idleProcessor(): Promise<Result> {
  const fleet = new FakeFleet(SESSIONS)
  await fleet.open(SESSIONS)
  await heapBytes()
  const result = await measure(
    `${SESSIONS} idle sessions: share of a core`,
    { unit: '%', target: IDLE_TARGET_PERCENT, runs: RUNS },
    async () => {
      const startedMs = performance.now()
      const before = process.cpuUsage()
      await sleep(IDLE_WINDOW_MS)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1_000 / (performance.now() - startedMs) / 0.01
    },
  )
  if (fleet.manager.status.open !== SESSIONS) throw new Error('A session was lost while it was to be idle.')
  await fleet.close()
  return result
}

/** After everything that is garbage has gone. Typed arrays lie outside of the heap proper, and cost as much. */
async function heapBytes(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('Start it with --expose-gc.')
  for (let round = 0; round < 3; round++) {
    await sleep(50)
    globalThis.gc()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

async function main(): Promise<void> {
  const results = [await openAll(), await heapOfEach(), await idleProcessor()]
  process.stdout.write(`${JSON.stringify({ results })}\n`)
}

void main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
)
