import { afterEach, beforeEach, expect, it } from 'vitest'
import { TRANSFER_PROGRESS_MS } from '../../../shared/limits'
import { FilesBench } from './files-bench'

const BOARDS = 64
const BYTES = 100_000
const CHUNK_BYTES = 5_000
const CHUNK_MS = 20

let bench: FilesBench
beforeEach(async () => {
  bench = await FilesBench.start()
})
afterEach(async () => {
  await bench.end()
  expect(bench.local.openHandles).toBe(0)
})

it('64 boards take 100 kB each at once: none waits for another, and memory holds no more than a chunk of each', async () => {
  await bench.put('payload.bin', new Uint8Array(BYTES).fill(7))
  const { clock } = bench.sessions
  const ids = new Map<string, string>()
  const endedMs = new Map<string, number>()
  let waiting = 0
  for (let index = 0; index < BOARDS; index++) {
    const port = `/dev/ttyACM${index}`
    const disk = bench.diskOf(port)
    disk.chunkBytes = CHUNK_BYTES
    disk.before = async (operation, _path, done) => {
      if (operation !== 'write' || done === 0) return
      waiting += 1
      await new Promise<void>(resolve => clock.after(CHUNK_MS, resolve))
      waiting -= 1
    }
    const sessionId = index === 0 ? bench.sessionId : (await bench.sessions.open(port)).sessionId
    ids.set(port, bench.copy({ sessionId, names: ['payload.bin'] }))
  }
  const updatesBefore = bench.updates.length
  const startedMs = clock.monotonicMs()
  const isEnded = (id: string): boolean => bench.heard.get(id)?.transfer.state === 'done'
  while (endedMs.size < BOARDS) {
    await bench.until(() => waiting >= BOARDS - endedMs.size || [...ids].some(([port, id]) => isEnded(id) && !endedMs.has(port)))
    for (const [port, id] of ids) if (isEnded(id) && !endedMs.has(port)) endedMs.set(port, clock.monotonicMs() - startedMs)
    if (endedMs.size < BOARDS) await clock.advance(CHUNK_MS)
  }
  const times = [...endedMs.values()]
  expect(Math.max(...times) / Math.min(...times)).toBeLessThanOrEqual(2)
  for (const [port] of ids) {
    expect(bench.diskOf(port).files.get('/payload.bin')).toHaveLength(BYTES)
    expect(bench.diskOf(port).inFlight.most).toBe(CHUNK_BYTES)
  }
  // Progress of each session by itself, and the few changes of state.
  expect(bench.updates.length - updatesBefore).toBeLessThanOrEqual(BOARDS * (Math.max(...times) / TRANSFER_PROGRESS_MS + 10))
})

it('a board that hangs holds up nobody else', async () => {
  await bench.put('main.py', 'print(1)')
  bench.disk.before = () => new Promise(() => {})
  const hung = bench.copy({ names: ['main.py'] })
  const { sessionId } = await bench.sessions.open('/dev/ttyACM1')
  const other = bench.copy({ sessionId, names: ['main.py'] })
  expect(await bench.ended(other)).toMatchObject({ state: 'done' })
  expect(bench.of(hung).state).toBe('planning')
})

it('two boards that bring the same file to the same place do not write into each other', async () => {
  const { sessionId } = await bench.sessions.open('/dev/ttyACM1')
  bench.disk.put('/log.csv', 'a'.repeat(9_000))
  bench.diskOf('/dev/ttyACM1').put('/log.csv', 'b'.repeat(9_000))
  const ids = [bench.sessionId, sessionId].map(of => bench.copy({ sessionId: of, direction: 'fromBoard', names: ['log.csv'] }))
  const states = []
  for (const id of ids) states.push((await bench.ended(id)).state)
  const content = (await bench.text('log.csv')) ?? ''
  expect(['a'.repeat(9_000), 'b'.repeat(9_000)]).toContain(content)
  expect(states).toContain('done')
  expect(Object.keys(await bench.contents())).toEqual(['log.csv'])
})
