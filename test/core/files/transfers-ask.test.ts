import fs from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FilesBench, Hold } from './files-bench'

let bench: FilesBench
beforeEach(async () => {
  bench = await FilesBench.start()
})
afterEach(async () => {
  await bench.end()
  expect(bench.local.openHandles).toBe(0)
})

/** Three files on both sides: the same, one that differs, one that only the computer has; and a stray on the board. */
async function fill(): Promise<void> {
  await bench.put('same.py', 'same')
  await bench.put('differs.py', 'here')
  await bench.put('new.py', 'new')
  bench.disk.put('/app/same.py', 'same')
  bench.disk.put('/app/differs.py', 'there!')
  bench.disk.put('/app/old/stray.py', 'stray')
}

describe('a transfer that asks', () => {
  it('stops before the first byte, says what would be replaced, and goes on with the answers', async () => {
    await fill()
    const id = bench.copy({ names: ['same.py', 'differs.py', 'new.py'], boardFolder: '/app', conflict: 'ask' })
    const asking = await bench.inState(id, 'asking')
    expect(asking.questions.map(index => bench.filesOf(id)[index])).toMatchObject([{ name: 'differs.py', replacesBytes: 6 }])
    expect(bench.disk.operations.filter(line => /write|mkdir/.test(line))).toEqual([])
    expect(bench.transfers.resolve(id, 'replace', undefined).questions).toEqual([])
    expect(await bench.ended(id)).toMatchObject({ state: 'done', questions: [] })
    expect(bench.statesOf(id)).toEqual({ 'same.py': 'skipped', 'differs.py': 'done', 'new.py': 'done' })
    expect(bench.disk.text('/app/differs.py')).toBe('here')
  })

  it('takes answers one by one, and leaves alone what is to be left alone', async () => {
    for (const name of ['a.py', 'b.py', 'c.py']) {
      await bench.put(name, 'here')
      bench.disk.put(`/${name}`, 'there!')
    }
    const id = bench.copy({ names: ['a.py', 'b.py', 'c.py'], conflict: 'ask' })
    await bench.inState(id, 'asking')
    expect(() => bench.transfers.resolve(id, 'skip', [7])).toThrow(/not asked about file 7/)
    bench.transfers.resolve(id, 'skip', [0])
    expect(bench.of(id)).toMatchObject({ state: 'asking', questions: [1, 2] })
    bench.transfers.resolve(id, 'replace', [1])
    expect(await bench.transfers.cancel(id, 2)).toEqual({ cancelled: true })
    expect(await bench.ended(id)).toMatchObject({ state: 'done' })
    expect(bench.statesOf(id)).toEqual({ 'a.py': 'skipped', 'b.py': 'done', 'c.py': 'cancelled' })
    expect(bench.disk.contents).toEqual({ '/a.py': 'there!', '/b.py': 'here', '/c.py': 'there!' })
    expect(() => bench.transfers.resolve(id, 'skip', undefined)).toThrow(/asked nothing/)
  })

  it('does not keep the next transfer of its session waiting', async () => {
    await fill()
    const first = bench.copy({ names: ['differs.py'], boardFolder: '/app', conflict: 'ask' })
    await bench.inState(first, 'asking')
    const second = bench.copy({ names: ['new.py'] })
    await bench.ended(second)
    expect(bench.of(first).state).toBe('asking')
    await bench.transfers.cancel(first, undefined)
    expect(bench.of(first)).toMatchObject({ state: 'cancelled', questions: [], error: null })
  })

  it('does not replace what has changed on the board since a person was asked; a retry asks again', async () => {
    await fill()
    const id = bench.copy({ names: ['differs.py', 'new.py'], boardFolder: '/app', conflict: 'ask' })
    await bench.inState(id, 'asking')
    bench.disk.put('/app/differs.py', 'changed by its program')
    bench.disk.put('/app/new.py', 'came to be')
    bench.transfers.resolve(id, 'replace', undefined)
    expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
    expect(bench.filesOf(id).map(({ error }) => error?.reason)).toEqual(['file-changed', 'file-exists'])
    expect(bench.disk.text('/app/differs.py')).toBe('changed by its program')
    bench.transfers.retry(id)
    expect((await bench.inState(id, 'asking')).questions).toEqual([0, 1])
    bench.transfers.resolve(id, 'replace', undefined)
    expect(await bench.ended(id)).toMatchObject({ state: 'done' })
    expect(bench.disk.text('/app/new.py')).toBe('new')
  })

  it('that was cancelled before the answers asks again when it is retried', async () => {
    await fill()
    const id = bench.copy({ names: ['differs.py'], boardFolder: '/app', conflict: 'ask' })
    await bench.inState(id, 'asking')
    await bench.transfers.cancel(id, undefined)
    bench.transfers.retry(id)
    await bench.inState(id, 'asking')
    bench.transfers.resolve(id, 'skip', undefined)
    expect(await bench.ended(id)).toMatchObject({ state: 'done', totalBytes: 0 })
    expect(bench.disk.text('/app/differs.py')).toBe('there!')
  })

  it('leaves alone what differs where the rule says so, without a question', async () => {
    await fill()
    const id = bench.copy({ names: ['same.py', 'differs.py', 'new.py'], boardFolder: '/app', conflict: 'skip' })
    expect(await bench.ended(id)).toMatchObject({ state: 'done', totalBytes: 3 })
    expect(bench.disk.text('/app/differs.py')).toBe('there!')
    expect(bench.disk.text('/app/new.py')).toBe('new')
  })
})

describe('a sync', () => {
  it('makes the board like the folder, and leaves strays unless they are to go', async () => {
    await fill()
    await bench.ended(bench.sync({ boardFolder: '/app' }))
    expect(bench.disk.contents).toEqual({
      '/app/differs.py': 'here',
      '/app/new.py': 'new',
      '/app/old/stray.py': 'stray',
      '/app/same.py': 'same',
    })
    const id = bench.sync({ boardFolder: '/app', deleteStrays: true })
    expect(await bench.ended(id)).toMatchObject({ state: 'done', totalBytes: 0, doneBytes: 0 })
    expect(bench.statesOf(id)).toEqual({ 'differs.py': 'skipped', 'new.py': 'skipped', 'old/stray.py': 'removed', 'same.py': 'skipped' })
    expect(Object.keys(bench.disk.contents)).toEqual(['/app/differs.py', '/app/new.py', '/app/same.py'])
    expect(bench.disk.folders).not.toContain('/app/old')
  })

  it('asks before strays are removed, and keeps what a person wants to keep, with its folder', async () => {
    await fill()
    bench.disk.put('/app/old/other.py', 'other')
    const id = bench.sync({ boardFolder: '/app', deleteStrays: true, conflict: 'ask' })
    const { questions } = await bench.inState(id, 'asking')
    const asked = questions.map(index => bench.filesOf(id)[index]?.name)
    expect(asked).toEqual(['differs.py', 'old/other.py', 'old/stray.py'])
    // What is to be removed replaces nothing: by this a page tells them apart.
    expect(questions.map(index => bench.filesOf(id)[index]?.replacesBytes)).toEqual([6, null, null])
    bench.transfers.resolve(id, 'skip', questions.slice(2))
    bench.transfers.resolve(id, 'replace', undefined)
    expect(await bench.ended(id)).toMatchObject({ state: 'done' })
    expect(bench.statesOf(id)).toMatchObject({ 'old/other.py': 'removed', 'old/stray.py': 'skipped', 'differs.py': 'done' })
    expect(bench.disk.contents).toMatchObject({ '/app/old/stray.py': 'stray' })
  })

  it('makes the folder like the board, strays, empty folders and all', async () => {
    bench.disk.put('/a.py', 'a')
    bench.disk.put('/lib/b.py', 'b')
    await bench.put('back/lib/b.py', 'earlier')
    await bench.put('back/gone/stray.py', 'stray')
    await bench.put('back/gone/kept.muster.part', 'on its way')
    await fs.symlink('/etc/hosts', bench.at('back/link'))
    const id = bench.sync({ direction: 'fromBoard', local: bench.place('back'), deleteStrays: true })
    expect(await bench.ended(id)).toMatchObject({ state: 'done' })
    expect(bench.statesOf(id)).toEqual({ 'a.py': 'done', 'lib/b.py': 'done', 'gone/stray.py': 'removed' })
    expect(Object.keys(await bench.contents('back')).sort()).toEqual([
      'back/a.py',
      'back/gone/kept.muster.part',
      'back/lib/b.py',
      'back/link',
    ])
    expect((await fs.lstat(bench.at('back/link'))).isSymbolicLink()).toBe(true)
  })

  it('brings a board to a folder that is not there yet', async () => {
    bench.disk.put('/lib/b.py', 'b')
    await bench.ended(bench.sync({ direction: 'fromBoard', local: bench.place('new/er'), conflict: 'ask' }))
    expect(await bench.contents()).toEqual({ 'new/er/lib/b.py': 'b' })
  })

  it('removes nothing when a side could not be read as a whole', async () => {
    await bench.put('keep.py', 'here only')
    bench.disk.put('/x.py', 'x')
    bench.disk.isTreeTruncated = true
    const id = bench.sync({ direction: 'fromBoard', deleteStrays: true })
    expect(await bench.ended(id)).toMatchObject({ state: 'failed', error: { reason: 'file-too-large' } })
    expect(await bench.contents()).toEqual({ 'keep.py': 'here only' })
  })

  it('does not take for a stray what is a link at the near end', async () => {
    await fs.symlink('/etc/hosts', bench.at('config.py'))
    await fs.symlink('/etc', bench.at('lib'))
    bench.disk.put('/config.py', 'of the board')
    bench.disk.put('/lib/x.py', 'of the board')
    const id = bench.sync({ deleteStrays: true })
    expect(await bench.ended(id)).toMatchObject({ state: 'done', fileCount: 0 })
    expect(Object.keys(bench.disk.contents)).toEqual(['/config.py', '/lib/x.py'])
  })

  it('says beforehand what it would do, and does nothing', async () => {
    await fill()
    const input = { sessionId: bench.sessionId, direction: 'toBoard', local: bench.place(), boardFolder: '/app' } as const
    let plan: unknown = null
    void bench.transfers.compare(input, new AbortController().signal).then(result => {
      plan = result
    })
    await bench.until(() => plan !== null)
    expect(plan).toEqual({
      add: [{ name: 'new.py', bytes: 3 }],
      replace: [{ name: 'differs.py', bytes: 4, replacesBytes: 6 }],
      same: [{ name: 'same.py', bytes: 4 }],
      strays: [{ name: 'old/stray.py', bytes: 5 }],
    })
    expect(bench.disk.contents).toMatchObject({ '/app/differs.py': 'there!' })
    expect(bench.updates).toEqual([])
  })

  it('is one at a time for a session, in the order of asking', async () => {
    await fill()
    const hold = new Hold()
    bench.disk.before = async operation => {
      if (operation === 'tree') await hold.wait()
    }
    const first = bench.sync({ boardFolder: '/one' })
    const second = bench.sync({ boardFolder: '/two' })
    await bench.until(() => hold.isReached)
    expect([bench.of(first).state, bench.of(second).state]).toEqual(['planning', 'waiting'])
    await bench.transfers.cancel(second, undefined)
    expect(bench.of(second)).toMatchObject({ state: 'cancelled', fileCount: 0 })
    hold.release()
    expect(await bench.ended(first)).toMatchObject({ state: 'done' })
    expect(bench.disk.folders).not.toContain('/two')
  })
})
