import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diskError } from '../../fakes/fake-board-files'
import { FilesBench } from './files-bench'

let bench: FilesBench
beforeEach(async () => {
  bench = await FilesBench.start()
})
afterEach(() => bench.end())

describe('a board that does not tell case', () => {
  it('keeps what was just written to it, when strays are deleted', async () => {
    bench.disk.foldsCase = true
    bench.disk.put('/main.py', 'old')
    bench.disk.put('/lib/helper.py', 'same')
    bench.disk.put('/lib/gone.py', 'gone')
    await bench.put('Main.py', 'new')
    await bench.put('Lib/helper.py', 'same')
    const id = bench.sync({ deleteStrays: true })
    expect(await bench.ended(id)).toMatchObject({ state: 'done' })
    expect(bench.statesOf(id)).toEqual({ 'Lib/helper.py': 'skipped', 'Main.py': 'done', 'lib/gone.py': 'removed' })
    expect(bench.disk.contents).toEqual({ '/Main.py': 'new', '/lib/helper.py': 'same' })
  })

  it.each(['replace', 'ask', 'skip'] as const)('does not get two files under one name (%s)', async conflict => {
    bench.disk.foldsCase = true
    await bench.put('A.py', 'first')
    await bench.put('a.py', 'second')
    const id = bench.sync({ conflict })
    expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
    expect(bench.filesOf(id)).toMatchObject([
      { name: 'A.py', state: 'done' },
      { name: 'a.py', state: 'failed', error: { reason: 'file-exists' } },
    ])
    expect(bench.disk.contents).toEqual({ '/A.py': 'first' })
  })

  it('says so where one of the two is there already', async () => {
    bench.disk.foldsCase = true
    bench.disk.put('/A.py', 'old')
    await bench.put('A.py', 'first')
    await bench.put('a.py', 'second')
    const id = bench.sync({ deleteStrays: true })
    expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
    expect(bench.filesOf(id)).toMatchObject([
      { name: 'A.py', state: 'done' },
      { name: 'a.py', state: 'failed', error: { reason: 'bad-file-name' } },
    ])
    expect(bench.disk.contents).toEqual({ '/A.py': 'first' })
  })
})

it('a board that tells case gets and loses what differs in nothing else', async () => {
  bench.disk.put('/main.py', 'old')
  await bench.put('Main.py', 'new')
  await bench.put('A.py', 'first')
  await bench.put('a.py', 'second')
  const id = bench.sync({ deleteStrays: true })
  expect(await bench.ended(id)).toMatchObject({ state: 'done' })
  expect(bench.disk.contents).toEqual({ '/A.py': 'first', '/Main.py': 'new', '/a.py': 'second' })
})

it.each(['toBoard', 'fromBoard'] as const)(
  'what an interrupted transfer has left is not copied %s, and nobody is told that it was',
  async direction => {
    await bench.put('x.muster.part', 'half')
    bench.disk.put('/x.muster.part', 'half')
    const id = bench.copy({ direction, names: ['x.muster.part'] })
    expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
    expect(bench.filesOf(id)).toMatchObject([{ name: 'x.muster.part', state: 'failed', error: { reason: 'bad-file-name' } }])
  },
)

it('a source that has changed is no question about what it replaces, where everything is replaced', async () => {
  await bench.put('a.bin', 'new')
  bench.disk.put('/a.bin', 'old')
  let hasFailed = false
  bench.disk.before = (operation, path) => {
    if (operation !== 'write' || hasFailed) return
    hasFailed = true
    throw diskError('file-changed', path)
  }
  const id = bench.copy({ names: ['a.bin'] })
  expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
  bench.transfers.retry(id)
  expect(await bench.ended(id)).toMatchObject({ state: 'done' })
  expect(bench.disk.text('/a.bin')).toBe('new')
})
