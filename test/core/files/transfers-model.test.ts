import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TransferFileState, TransferState } from '../../../shared/model'
import { diskError } from '../../fakes/fake-board-files'
import { FilesBench } from './files-bench'

const RUNS = Number(process.env.MUSTER_PROPERTY_RUNS ?? 20)
const ENDED: ReadonlySet<TransferState> = new Set(['done', 'failed', 'cancelled'])
const ENDED_FILES: ReadonlySet<TransferFileState> = new Set(['done', 'skipped', 'removed', 'failed', 'cancelled'])

const name = fc.constantFrom('a', 'b', 'c', 'd/e', 'd/f')
const side = fc.dictionary(name, fc.constantFrom('one', 'two', 'x'.repeat(3_500)), { maxKeys: 5 })
const step = fc.oneof(
  fc.record({ do: fc.constant('cancel' as const), which: fc.nat(2) }),
  fc.record({ do: fc.constant('cancelFile' as const), which: fc.nat(2), index: fc.nat(5) }),
  fc.record({ do: fc.constant('answer' as const), which: fc.nat(2), decision: fc.constantFrom('replace' as const, 'skip' as const) }),
  fc.record({ do: fc.constant('retry' as const), which: fc.nat(2) }),
  fc.record({ do: fc.constant('unplug' as const) }),
  fc.record({ do: fc.constant('plug' as const) }),
  fc.record({ do: fc.constant('execute' as const) }),
  fc.record({ do: fc.constant('wait' as const), turns: fc.nat(6) }),
)
const story = fc.record({
  here: side,
  there: side,
  transfers: fc.array(
    fc.record({
      direction: fc.constantFrom('toBoard' as const, 'fromBoard' as const),
      conflict: fc.constantFrom('ask' as const, 'replace' as const, 'skip' as const),
      deleteStrays: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  failing: fc.option(name),
  steps: fc.array(step, { maxLength: 14 }),
})

it('whatever happens, every transfer and every file comes to one end, sums are right, and every file is whole', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ here, there, transfers, failing, steps }) => {
      const bench = await FilesBench.start()
      try {
        const whole = new Set([...Object.values(here), ...Object.values(there)])
        for (const [file, text] of Object.entries(here)) await bench.put(file, text)
        for (const [file, text] of Object.entries(there)) bench.disk.put(`/${file}`, text)
        bench.sessions.board.answer = () => ({})
        bench.sessions.protocols.prepare = protocol => {
          protocol.answer = () => ({})
        }
        bench.disk.before = (operation, path) => {
          if ((operation === 'read' || operation === 'write') && path === `/${failing}`) throw diskError('disk-full', path)
        }
        const ids = transfers.map(over => bench.sync({ ...over }))
        const states = watchStates(bench)
        for (const each of steps) await take(bench, ids, each)
        await bringToEnd(bench, ids)
        for (const id of ids) expectEnd(bench, id, states)
        for (const text of bench.disk.files.values()) expect(whole).toContain(Buffer.from(text).toString())
        for (const [file, text] of Object.entries(await bench.contents())) {
          if (!file.endsWith('.part')) expect(whole).toContain(text)
        }
      } finally {
        await bench.end()
      }
      expect(bench.local.openHandles).toBe(0)
    }),
    { numRuns: RUNS },
  )
}, 120_000)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

async function take(bench: FilesBench, ids: readonly string[], each: Step): Promise<void> {
  const id = 'which' in each ? ids[each.which] : undefined
  const tried = async (work: () => unknown): Promise<void> => {
    try {
      await work()
    } catch {
      // Not in this state: it says so, and nothing happens.
    }
  }
  switch (each.do) {
    case 'cancel':
      if (id !== undefined) void tried(() => bench.transfers.cancel(id, undefined))
      break
    case 'cancelFile':
      if (id !== undefined) void tried(() => bench.transfers.cancel(id, each.index))
      break
    case 'answer':
      if (id !== undefined) await tried(() => bench.transfers.resolve(id, each.decision, undefined))
      break
    case 'retry':
      if (id !== undefined) await tried(() => bench.transfers.retry(id))
      break
    case 'unplug':
      if (bench.sessions.info.state !== 'Error') bench.sessions.unplug()
      break
    case 'plug':
      await bench.sessions.plug()
      break
    case 'execute':
      bench.sessions.run().catch(() => {})
      break
    case 'wait':
      for (let turn = 0; turn < each.turns; turn++) await bench.sessions.clock.advance(turn === 0 ? 200 : 0)
  }
}

async function bringToEnd(bench: FilesBench, ids: readonly string[]): Promise<void> {
  const { manager, clock } = bench.sessions
  const isEnded = (id: string): boolean => ENDED.has(bench.of(id).state)
  const giveUpAt = Date.now() + 30_000
  while (!ids.every(isEnded)) {
    if (Date.now() > giveUpAt) throw new Error(`It never ended: ${ids.map(id => bench.of(id).state).join(', ')}`)
    if (bench.sessions.info.state === 'Error') {
      await bench.sessions.plug()
      manager.reconnect(bench.sessionId).catch(() => {})
    }
    for (const id of ids) if (bench.of(id).state === 'asking') bench.transfers.resolve(id, 'replace', undefined)
    await clock.advance(50)
  }
  bench.transfers.dispose()
  await bench.transfers.settled()
}

/** No transfer leaves a final state but by a retry, which begins with `waiting`. */
function watchStates(bench: FilesBench): Map<string, TransferState[]> {
  const states = new Map<string, TransferState[]>()
  bench.transfers.onUpdate(({ update }) => {
    for (const { transferId, state } of update.transfers) {
      const known = states.get(transferId) ?? []
      states.set(transferId, known)
      if (known.at(-1) !== state) known.push(state)
    }
  })
  return states
}

function expectEnd(bench: FilesBench, id: string, states: ReadonlyMap<string, readonly TransferState[]>): void {
  const transfer = bench.of(id)
  const files = bench.filesOf(id)
  expect(files).toHaveLength(transfer.fileCount)
  for (const file of files) expect(ENDED_FILES).toContain(file.state)
  const changes = states.get(id) ?? []
  for (const [index, state] of changes.entries()) {
    if (index > 0 && ENDED.has(changes[index - 1] ?? 'waiting')) expect(state).toBe('waiting')
  }
  const has = (state: TransferFileState): boolean => files.some(file => file.state === state)
  if (transfer.state === 'done') expect(has('failed')).toBe(false)
  if (transfer.state === 'failed') expect(has('failed') || transfer.error !== null).toBe(true)
  // By their states alone: of what is skipped, and of strays, no bytes move. A cancelled or failed stray is told by its plan alone.
  expect(transfer.doneBytes).toBeLessThanOrEqual(transfer.totalBytes)
  if (transfer.state !== 'done') return
  const moved = files.filter(({ state }) => state === 'done').reduce((sum, { bytes }) => sum + bytes, 0)
  const called = files.filter(({ state }) => state === 'cancelled').reduce((sum, { doneBytes }) => sum + doneBytes, 0)
  expect(transfer.doneBytes).toBe(moved + called)
  for (const file of files) if (file.state === 'done') expect(file).toMatchObject({ doneBytes: file.bytes, proof: 'sha256', error: null })
}
