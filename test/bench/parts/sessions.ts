import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchOptions } from '../bench'
import { FakeFleet } from '../fake-fleet'
import { judge, type Result } from '../figures'
import type { Sizes } from '../sizes'

const OPEN_MAX_MS = 1_000
const HEAP_MAX_KB = 40
const IDLE_MAX_PERCENT = 2

/** What sessions cost. Boards are fakes: measured is what the session manager itself takes. */
export async function measureSessions({ sizes }: BenchOptions): Promise<readonly Result[]> {
  return [await openAll(sizes), await heapOfEach(sizes), await idleProcessor(sizes)]
}

async function openAll({ sessions, sessionRuns }: Sizes): Promise<Result> {
  const rounds = await times(sessionRuns, async () => {
    const fleet = new FakeFleet(sessions)
    const startedMs = performance.now()
    await fleet.open(sessions)
    const tookMs = performance.now() - startedMs
    await fleet.close()
    return tookMs
  })
  return judge(`open ${sessions} sessions at once`, { unit: 'ms', rounds }, { atMost: OPEN_MAX_MS })
}

async function heapOfEach({ sessions, sessionRuns }: Sizes): Promise<Result> {
  const rounds = await times(sessionRuns, async () => {
    const fleet = new FakeFleet(sessions + 1)
    await fleet.open(1)
    const before = await heapBytes()
    await fleet.open(sessions)
    const after = await heapBytes()
    await fleet.close()
    return (after - before) / sessions / 1_000
  })
  return judge('heap of an idle session', { unit: 'kB', rounds }, { atMost: HEAP_MAX_KB })
}

async function idleProcessor({ sessions, sessionRuns, idleWindowMs }: Sizes): Promise<Result> {
  const fleet = new FakeFleet(sessions)
  await fleet.open(sessions)
  await heapBytes()
  const rounds = await times(sessionRuns, async () => {
    const startedMs = performance.now()
    const before = process.cpuUsage()
    await sleep(idleWindowMs)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000 / (performance.now() - startedMs) / 0.01
  })
  if (fleet.manager.status.open !== sessions) throw new Error('A session was lost while it was to be idle.')
  await fleet.close()
  return judge(`${sessions} idle sessions: share of a core`, { unit: '%', rounds }, { atMost: IDLE_MAX_PERCENT })
}

/** After everything that is garbage has gone. Typed arrays lie outside of the heap proper, and cost as much. */
async function heapBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await sleep(50)
    globalThis.gc?.()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

async function times(count: number, run: () => Promise<number>): Promise<readonly number[]> {
  const all: number[] = []
  for (let number = 0; number < count; number++) all.push(await run())
  return all
}
