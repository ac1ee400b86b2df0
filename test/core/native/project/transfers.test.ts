import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Conversation } from '../conversation'
import { openTerminals, ProjectBench } from './project-bench'

const LIMIT_MS = 120_000
const BIG_BYTES = 600_000

let bench: ProjectBench
let isEnded = false
beforeEach(async () => {
  isEnded = false
  bench = await ProjectBench.start({ flashKb: 4_096 })
})
afterEach(async () => {
  if (!isEnded) await bench.end()
})

/** Names that would break what does not take care, and contents of every kind. */
async function makeTree(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const folder = ['', 'lib/', 'lib/deep er/', "lib/it's/", 'ünï/'][index % 5]
    const content = index % 3 === 0 ? randomBytes(index * 7) : `# file ${index}\nprint("${'x'.repeat(index % 60)}")\n`.repeat(index % 9)
    await bench.put(`tree/${folder}file "${index}".py`, content)
  }
}

describe('a project on a board', () => {
  it(
    'goes up, is changed and synced, and comes down again the same',
    async () => {
      await makeTree(200)
      const first = await bench.ended(bench.sync({}))
      expect(first).toMatchObject({ state: 'done', fileCount: 200 })
      expect(first.doneBytes).toBe(first.totalBytes)
      expect(bench.filesOf(first.transferId).every(({ state, proof }) => state === 'done' && proof === 'sha256')).toBe(true)

      await bench.put('tree/lib/file "1".py', 'changed')
      await bench.put('tree/new/er.py', 'new')
      await fs.rm(bench.at('tree/ünï'), { recursive: true })
      const plan = await bench.compare({})
      expect([plan.add.length, plan.replace.length, plan.same.length, plan.strays.length]).toEqual([1, 1, 159, 40])
      const second = bench.sync({ deleteStrays: true })
      expect(await bench.ended(second)).toMatchObject({ state: 'done' })
      const states = bench.filesOf(second).map(({ state }) => state)
      expect(states.filter(state => state === 'done')).toHaveLength(2)
      expect(states.filter(state => state === 'skipped')).toHaveLength(159)
      expect(states.filter(state => state === 'removed')).toHaveLength(40)
      expect(await bench.onBoard('/app')).toHaveLength(161)

      expect(await bench.ended(bench.sync({ direction: 'fromBoard', local: bench.place('down') }))).toMatchObject({ state: 'done' })
      expect(await bench.contents('down')).toEqual(await bench.contents('tree'))
      const same = await bench.compare({ direction: 'fromBoard', local: bench.place('down') })
      expect([same.add, same.replace, same.strays]).toEqual([[], [], []])
      expect(same.same).toHaveLength(161)
    },
    LIMIT_MS,
  )

  it(
    'lets what a person runs have its turn while it goes up',
    async () => {
      for (let index = 0; index < 20; index++) await bench.put(`tree/${index}.bin`, randomBytes(30_000))
      const id = bench.sync({})
      await bench.until(() => bench.of(id).doneBytes > 0)
      const { sessions } = bench.core.services
      expect(await sessions.execute(bench.sessionId, 'print(6 * 7)', {})).toMatchObject({ stdout: '42\n' })
      expect(bench.of(id).state).not.toBe('done')
      expect(await bench.ended(id)).toMatchObject({ state: 'done' })
    },
    LIMIT_MS,
  )

  it(
    'cancelled in the middle of a file leaves the old one, and nothing else',
    async () => {
      await bench.put('tree/big.bin', 'the old one')
      await bench.ended(bench.sync({}))
      await bench.put('tree/big.bin', randomBytes(BIG_BYTES))
      const id = bench.sync({})
      await bench.until(() => bench.of(id).doneBytes > BIG_BYTES / 10)
      expect(await bench.core.services.transfers.cancel(id, undefined)).toEqual({ cancelled: true })
      expect(bench.of(id)).toMatchObject({ state: 'cancelled' })
      expect(await bench.onBoard('/')).toEqual(['app/big.bin'])
      expect(await bench.read('/app/big.bin')).toBe('the old one')
      bench.core.services.transfers.retry(id)
      expect(await bench.ended(id)).toMatchObject({ state: 'done', doneBytes: BIG_BYTES })
    },
    LIMIT_MS,
  )

  it(
    '(fault 4) goes on by itself when a lost board is there again, and ends proven',
    async () => {
      const content = randomBytes(BIG_BYTES)
      await bench.put('tree/big.bin', content)
      const id = bench.sync({})
      await bench.until(() => bench.of(id).doneBytes > BIG_BYTES / 3)
      await bench.unplug()
      await bench.until(() => bench.of(id).state === 'waiting')
      await bench.plug({ flashKb: 4_096 })
      expect(await bench.ended(id)).toMatchObject({ state: 'done', doneBytes: BIG_BYTES })
      expect(bench.filesOf(id)).toMatchObject([{ state: 'done', proof: 'sha256' }])
      expect(await bench.read('/app/big.bin')).toBe(content.toString('latin1'))
    },
    LIMIT_MS,
  )

  it.each(['toBoard', 'fromBoard'] as const)(
    '(fault 4, fault 5) %s, takes up a file where it stopped when the connection was cut and made anew',
    async direction => {
      const content = randomBytes(BIG_BYTES)
      await bench.put('tree/big.bin', content)
      const isUpload = direction === 'toBoard'
      if (!isUpload) await bench.ended(bench.sync({}))
      const id = bench.sync({ direction, local: bench.place(isUpload ? 'tree' : 'down') })
      await bench.until(() => bench.of(id).doneBytes > BIG_BYTES / 3)
      await bench.core.services.sessions.reconnect(bench.sessionId)
      expect(await bench.ended(id)).toMatchObject({ state: 'done', doneBytes: BIG_BYTES })
      const [file] = bench.filesOf(id)
      expect(file).toMatchObject({ state: 'done', proof: 'sha256' })
      expect(file?.resumedAtBytes).toBeGreaterThan(BIG_BYTES / 4)
      const arrived = isUpload ? await bench.read('/app/big.bin') : (await bench.contents('down')).get('big.bin')
      expect(arrived).toBe(content.toString('latin1'))
    },
    LIMIT_MS,
  )

  it(
    '(fault 5) a download whose board is lost keeps the earlier copy, and a session that is closed then leaves no part',
    async () => {
      await bench.put('tree/big.bin', randomBytes(BIG_BYTES))
      await bench.ended(bench.sync({}))
      await bench.put('down/big.bin', 'the earlier copy')
      const id = bench.sync({ direction: 'fromBoard', local: bench.place('down') })
      await bench.until(() => bench.of(id).doneBytes > BIG_BYTES / 10)
      await bench.unplug()
      await bench.until(() => bench.of(id).state === 'waiting')
      expect([...(await bench.contents('down')).keys()]).toEqual(['big.bin', 'big.bin.muster.part'])
      expect((await bench.contents('down')).get('big.bin')).toBe('the earlier copy')
      const { sessions, transfers } = bench.core.services
      await sessions.close(bench.sessionId, { mode: 'now' })
      await bench.until(() => transfers.readAll(bench.sessionId).transfers.length === 0)
      expect([...(await bench.contents('down'))]).toEqual([['big.bin', 'the earlier copy']])
    },
    LIMIT_MS,
  )

  it(
    'quitting in the middle leaves the old file or the new one at both ends, and holds no port',
    async () => {
      const before = (await openTerminals()).length
      await bench.put('tree/big.bin', 'the old one')
      await bench.ended(bench.sync({}))
      await bench.put('tree/big.bin', randomBytes(BIG_BYTES))
      const id = bench.sync({})
      await bench.until(() => bench.of(id).doneBytes > BIG_BYTES / 10)
      const { board } = bench
      isEnded = true
      await bench.core.shutDown()
      // One handle less: the session's.
      expect(await openTerminals()).toHaveLength(before - 1)
      const conversation = await Conversation.start(board.path)
      const { stdout } = await conversation.run('import os\nprint(open("/app/big.bin").read())')
      expect(stdout).toBe('the old one\r\n')
      await conversation.end()
      await bench.end()
    },
    LIMIT_MS,
  )
})
