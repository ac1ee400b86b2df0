import { randomBytes } from 'node:crypto'
import { appendFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import fs from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Disposable } from '../../../../electron/core/base/disposable'
import type { TransferFileState } from '../../../../shared/model'
import { ProjectBench } from '../project/project-bench'

const LIMIT_MS = 120_000
/** A transfer of one small file is told of less often than this. */
const UPDATES_MAX = 60

let bench: ProjectBench
beforeEach(async () => {
  bench = await ProjectBench.start({ flashKb: 4_096 })
})
afterEach(() => bench.end())

const never = new AbortController().signal
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Written over what is there, as many programs do: the file is the same one, and never empty. */
async function overwrite(relative: string, content: Uint8Array): Promise<void> {
  await fs.writeFile(bench.at(relative), content, { flag: 'r+' })
}

/** Calls back once, when so much has been told of a transfer that begins now. */
function atUpdate(number: number, transferId: string, callBack: () => void): Disposable {
  let count = 0
  return bench.core.services.transfers.onUpdate(({ update }) => {
    if (update.kind !== 'more') return
    const isOfIt =
      update.transfers.some(each => each.transferId === transferId) || update.files.some(each => each.transferId === transferId)
    if (isOfIt && ++count === number) callBack()
  })
}

/** Calls back once, as soon as the first file of a transfer is in this state. */
function whenFileIs(state: TransferFileState, transferId: string, callBack: () => void): Disposable {
  const hearing = bench.core.services.transfers.onUpdate(() => {
    if (bench.filesOf(transferId)[0]?.state !== state) return
    hearing.dispose()
    callBack()
  })
  return hearing
}

/** Nothing but the file itself is left anywhere, and no name of ours. */
async function expectTidy(): Promise<void> {
  expect(await bench.onBoard('/')).toEqual(['app/x.bin'])
  expect([...(await bench.contents('down')).keys()]).toEqual(['x.bin'])
  const { stdout } = await bench.core.services.sessions.execute(bench.sessionId, 'print([n for n in dir() if "muster" in n])', {})
  expect(stdout).toBe('[]\n')
}

describe.each(['toBoard', 'fromBoard'] as const)('a transfer %s', direction => {
  const isUpload = direction === 'toBoard'
  const arrived = async (): Promise<string | null> =>
    isUpload ? await bench.read('/app/x.bin') : ((await bench.contents('down')).get('x.bin') ?? null)

  /** Both ends have a file, and the far one an older one. */
  async function prepare(old: Uint8Array, fresh: Uint8Array): Promise<void> {
    await bench.put('tree/x.bin', isUpload ? old : fresh)
    await bench.put('down/x.bin', old)
    expect(await bench.ended(bench.sync({}))).toMatchObject({ state: 'done' })
    if (isUpload) await bench.put('tree/x.bin', fresh)
  }

  /** Begins a transfer, and cancels it at a moment. False when that did not come. */
  async function cancelAt(arrange: (id: string, cancel: () => void) => Disposable): Promise<boolean> {
    const { transfers } = bench.core.services
    let cancelled: Promise<unknown> | null = null
    const id = bench.sync({ direction, local: bench.place(isUpload ? 'tree' : 'down') })
    const moment = arrange(id, () => {
      cancelled = transfers.cancel(id, undefined)
    })
    const { state } = await bench.ended(id)
    await cancelled
    moment.dispose()
    const there = await arrived()
    if (state === 'done') expect(there).toBe(text(fresh))
    else expect([text(old), text(fresh)]).toContain(there)
    await expectTidy()
    if (state === 'cancelled') {
      transfers.retry(id)
      expect(await bench.ended(id)).toMatchObject({ state: 'done' })
      expect(await arrived()).toBe(text(fresh))
    }
    return cancelled !== null
  }
  const [old, fresh] = [randomBytes(10_000), randomBytes(60_000)]

  it(
    'that is cancelled at any moment leaves the old file or the new one, and can be done after all',
    async () => {
      for (const state of ['waiting', 'copying', 'verifying'] as const) {
        await prepare(old, fresh)
        expect(await cancelAt((id, cancel) => whenFileIs(state, id, cancel))).toBe(true)
      }
      for (let number = 1; number < UPDATES_MAX; number++) {
        await prepare(old, fresh)
        if (!(await cancelAt((id, cancel) => atUpdate(number, id, cancel)))) break
      }
    },
    LIMIT_MS,
  )

  it(
    'whose connection is lost at any moment while its source is changed never ends as parts of two versions (fault 4, fault 5)',
    async () => {
      const one = Buffer.alloc(150_000, 'one!')
      const two = Buffer.concat([Buffer.alloc(75_000, 'one!'), Buffer.alloc(75_000, 'two!')])
      for (let number = 1; number < UPDATES_MAX; number++) {
        await prepare(Buffer.from('old'), one)
        const { sessions, files } = bench.core.services
        let changed: Promise<unknown> | null = null
        const change = async (): Promise<void> => {
          if (isUpload) await overwrite('tree/x.bin', two)
          await sessions.reconnect(bench.sessionId)
          if (!isUpload) await files.write(bench.sessionId, '/app/x.bin', two, { ifSha256: undefined }, never)
        }
        const id = bench.sync({ direction, local: bench.place(isUpload ? 'tree' : 'down') })
        const moment = atUpdate(number, id, () => {
          changed = change().catch(() => {})
        })
        const { state } = await bench.ended(id)
        await changed
        moment.dispose()
        const there = await arrived()
        expect(['old', text(one), text(two)]).toContain(there)
        if (state === 'done') expect(there).not.toBe('old')
        if (changed === null) break
      }
    },
    LIMIT_MS,
  )
})

describe('a file on the computer', () => {
  const one = Buffer.alloc(400_000, 'one!')
  it.each<[string, (file: string) => void]>([
    ['overwritten', file => writeFileSync(file, 'two!', { flag: 'r+' })],
    ['made longer', file => appendFileSync(file, 'more')],
    ['made shorter', file => truncateSync(file, 1_000)],
  ])(
    'that is %s while it is copied is not taken for a whole one',
    async (_, change) => {
      await bench.put('tree/x.bin', 'old')
      await bench.ended(bench.sync({}))
      await bench.put('tree/x.bin', one)
      await bench.put('down/x.bin', '')
      const id = bench.sync({})
      whenFileIs('verifying', id, () => change(bench.at('tree/x.bin')))
      expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
      expect(bench.filesOf(id)).toMatchObject([{ state: 'failed', error: { code: 'FileFailed', reason: 'file-changed' } }])
      expect(await bench.read('/app/x.bin')).toBe('old')
      bench.core.services.transfers.retry(id)
      expect(await bench.ended(id)).toMatchObject({ state: 'done' })
      expect(await bench.read('/app/x.bin')).toBe((await bench.contents('tree')).get('x.bin'))
      await expectTidy()
    },
    LIMIT_MS,
  )
})

it(
  'a file with the longest name there is comes down, and so does every other',
  async () => {
    const names = ['x'.repeat(255), 'y'.repeat(243), 'é'.repeat(127)]
    for (const name of names)
      await bench.core.services.files.write(bench.sessionId, `/app/${name}`, Buffer.from(name), { ifSha256: null }, never)
    const id = bench.sync({ direction: 'fromBoard', local: bench.place('down') })
    expect(await bench.ended(id)).toMatchObject({ state: 'done' })
    expect([...(await bench.contents('down')).keys()]).toEqual([...names].sort())
  },
  LIMIT_MS,
)

it(
  'a transfer waits for what a person runs, however long that waits for its input',
  async () => {
    await bench.put('tree/x.bin', randomBytes(50_000))
    const { sessions } = bench.core.services
    const running = sessions.execute(bench.sessionId, 'print(input("name? "))', {})
    const id = bench.sync({})
    await bench.until(() => bench.of(id).state === 'planning')
    expect(sessions.info(bench.sessionId).snapshot).toMatchObject({ running: { number: 1 }, task: null })
    await sessions.write(bench.sessionId, 'somebody\r')
    expect((await running).stdout).toContain('somebody\n')
    expect(await bench.ended(id)).toMatchObject({ state: 'done' })
  },
  LIMIT_MS,
)

it(
  'a folder of the computer that goes away while files come into it is told, and its board goes on',
  async () => {
    await bench.put('tree/x.bin', randomBytes(300_000))
    await bench.ended(bench.sync({}))
    const id = bench.sync({ direction: 'fromBoard', local: bench.place('down') })
    whenFileIs('copying', id, () => rmSync(bench.at('down'), { recursive: true }))
    expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
    expect(bench.filesOf(id)).toMatchObject([{ state: 'failed', error: { code: 'FileFailed', reason: 'file-not-found' } }])
    bench.core.services.transfers.retry(id)
    expect(await bench.ended(id)).toMatchObject({ state: 'done' })
    expect(await bench.contents('down')).toEqual(await bench.contents('tree'))
  },
  LIMIT_MS,
)

it(
  'links are neither followed nor copied, and a tree may be deep',
  async () => {
    const deep = `${Array.from({ length: 30 }, (_, index) => `d${index}`).join('/')}/f`
    await bench.put('tree/a/b/c.txt', 'c')
    await bench.put(`tree/${deep}`, 'deep')
    await fs.symlink('..', bench.at('tree/a/round'))
    await fs.symlink('/etc', bench.at('tree/out'))
    await fs.symlink('nowhere', bench.at('tree/broken'))
    expect(await bench.ended(bench.sync({}))).toMatchObject({ state: 'done', fileCount: 2 })
    expect(await bench.onBoard('/app')).toEqual(['a/b/c.txt', deep])
    expect(await bench.ended(bench.sync({ direction: 'fromBoard', local: bench.place('down') }))).toMatchObject({ state: 'done' })
    expect([...(await bench.contents('down')).keys()]).toEqual(['a/b/c.txt', deep])
    await expect(bench.core.services.files.remove(bench.sessionId, ['/app'], { recursive: true }, never)).resolves.toEqual({ removed: 35 })
  },
  LIMIT_MS,
)
