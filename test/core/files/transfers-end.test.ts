import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TRANSFER_PROGRESS_MS, TRANSFERS_KEPT } from '../../../shared/limits'
import { diskError } from '../../fakes/fake-board-files'
import { FilesBench, Hold } from './files-bench'

let bench: FilesBench
beforeEach(async () => {
  bench = await FilesBench.start()
})
afterEach(async () => {
  await bench.end()
  expect(bench.local.openHandles).toBe(0)
})

const BIG = 'x'.repeat(10_000)

/** Stops the file in the middle, every time until the test lets go. */
function holdAt(operation: 'read' | 'write', path: string, bytes: number): Hold {
  const hold = new Hold()
  bench.disk.before = async (what, where, done) => {
    if (what === operation && where === path && done === bytes + 1) await hold.wait()
  }
  return hold
}

describe('cancelling', () => {
  it('a file in the middle leaves the old one on the board, and nothing of the new one', async () => {
    await bench.put('a.bin', BIG)
    await bench.put('b.bin', 'b')
    bench.disk.put('/a.bin', 'old')
    const hold = holdAt('write', '/a.bin', 4_000)
    const id = bench.copy({ names: ['a.bin', 'b.bin'] })
    await bench.until(() => hold.isReached)
    const cancelled = bench.transfers.cancel(id, 0)
    await bench.until(() => bench.of(id).state === 'done')
    hold.release()
    expect(await cancelled).toEqual({ cancelled: true })
    expect(bench.statesOf(id)).toEqual({ 'a.bin': 'cancelled', 'b.bin': 'done' })
    expect(bench.disk.contents).toEqual({ '/a.bin': 'old', '/b.bin': 'b' })
    expect([...bench.disk.parts.keys()]).toEqual([])
  })

  it('all of it ends what runs and what waits, and clears up on the board', async () => {
    await bench.put('a.bin', BIG)
    await bench.put('b.bin', 'b')
    const hold = holdAt('write', '/a.bin', 4_000)
    const id = bench.copy({ names: ['a.bin', 'b.bin'] })
    await bench.until(() => hold.isReached)
    const cancelled = bench.transfers.cancel(id, undefined)
    await bench.ended(id)
    hold.release()
    expect(await cancelled).toEqual({ cancelled: true })
    expect(bench.of(id)).toMatchObject({ state: 'cancelled', error: null })
    expect(bench.statesOf(id)).toEqual({ 'a.bin': 'cancelled', 'b.bin': 'cancelled' })
    expect(bench.disk.contents).toEqual({})
    expect([...bench.disk.parts.keys()]).toEqual([])
    expect(await bench.transfers.cancel(id, undefined)).toEqual({ cancelled: false })
  })

  it('(fault 5) a download leaves the earlier copy, and no part', async () => {
    bench.disk.put('/a.bin', BIG)
    await bench.put('a.bin', 'earlier')
    const hold = holdAt('read', '/a.bin', 4_000)
    const id = bench.copy({ direction: 'fromBoard', names: ['a.bin'] })
    await bench.until(() => hold.isReached)
    expect(Object.keys(await bench.contents())).toContain('a.bin.muster.part')
    await Promise.all([bench.transfers.cancel(id, undefined), bench.ended(id).then(() => hold.release())])
    expect(await bench.contents()).toEqual({ 'a.bin': 'earlier' })
  })

  it('while it is planned, or before its turn, leaves nothing behind', async () => {
    await bench.put('a.bin', BIG)
    const hold = new Hold()
    bench.disk.before = async operation => {
      if (operation === 'list') await hold.wait()
    }
    const id = bench.copy({ names: ['a.bin'] })
    await bench.until(() => hold.isReached)
    const cancelled = bench.transfers.cancel(id, undefined)
    expect(await bench.ended(id)).toMatchObject({ state: 'cancelled', fileCount: 0 })
    hold.release()
    expect(await cancelled).toEqual({ cancelled: true })
  })

  it('what was cancelled is taken up again by a retry, and ends well', async () => {
    await bench.put('a.bin', BIG)
    await bench.put('b.bin', 'b')
    const hold = holdAt('write', '/b.bin', 0)
    const id = bench.copy({ names: ['a.bin', 'b.bin'] })
    await bench.until(() => hold.isReached)
    expect(() => bench.transfers.retry(id)).toThrow(/not ended yet/)
    const cancelled = bench.transfers.cancel(id, undefined)
    await bench.ended(id)
    hold.release()
    await cancelled
    bench.transfers.retry(id)
    expect(await bench.ended(id)).toMatchObject({ state: 'done', doneBytes: 10_001 })
    expect(bench.disk.operations.filter(line => line === 'write /a.bin')).toHaveLength(1)
    expect(() => bench.transfers.retry(id)).toThrow(/is done/)
  })

  it('by the stop of the running task, from wherever, is a cancel', async () => {
    await bench.put('a.bin', BIG)
    const hold = holdAt('write', '/a.bin', 4_000)
    const id = bench.copy({ names: ['a.bin'] })
    await bench.until(() => hold.isReached)
    expect(await bench.sessions.manager.cancel(bench.sessionId)).toEqual({ cancelled: true })
    expect(await bench.ended(id)).toMatchObject({ state: 'cancelled' })
    hold.release()
  })
})

describe('a board that is lost', () => {
  it('(fault 4, fault 5) is waited for; both ways go on from where they stopped, and nothing done is done again', async () => {
    for (const direction of ['toBoard', 'fromBoard'] as const) {
      const operation = direction === 'toBoard' ? 'write' : 'read'
      await bench.put('w/a.bin', 'first')
      await bench.put('w/b.bin', BIG)
      for (const name of ['a.bin', 'b.bin']) bench.disk.put(`/r/${name}`, name === 'a.bin' ? 'first' : BIG)
      const [local, boardFolder] = direction === 'toBoard' ? [bench.place('w'), '/w'] : [bench.place('r'), '/r']
      const hold = holdAt(operation, `${boardFolder}/b.bin`, 4_000)
      const id = bench.sync({ direction, local, boardFolder })
      await bench.until(() => hold.isReached)
      bench.sessions.unplug()
      await bench.inState(id, 'waiting')
      hold.release()
      expect(bench.statesOf(id)).toEqual({ 'a.bin': 'done', 'b.bin': 'waiting' })
      expect(bench.of(id)).toMatchObject({ doneBytes: 4_005, secondsLeft: null })
      await bench.until(() => bench.local.openHandles === 0)
      await bench.sessions.plug()
      await bench.sessions.clock.advance(5_000)
      expect(await bench.ended(id)).toMatchObject({ state: 'done', doneBytes: 10_005 })
      expect(bench.filesOf(id)[1]).toMatchObject({ resumedAtBytes: 4_000, state: 'done' })
      expect(bench.disk.operations.filter(line => line === `${operation} ${boardFolder}/a.bin`)).toHaveLength(1)
    }
    expect(bench.disk.text('/w/b.bin')).toBe(BIG)
    expect(await bench.text('r/b.bin')).toBe(BIG)
  })

  it('after the file had its name, but before it could say so: the file is done, not written again and not “there already”', async () => {
    await bench.put('a.py', 'print(1)')
    let losses = 0
    bench.disk.afterRename = async () => {
      losses += 1
      bench.sessions.unplug()
      await new Promise(() => {})
    }
    const id = bench.copy({ names: ['a.py'], conflict: 'skip' })
    await bench.inState(id, 'waiting')
    await bench.until(() => losses === 1)
    await bench.sessions.plug()
    await bench.sessions.clock.advance(5_000)
    expect(await bench.ended(id)).toMatchObject({ state: 'done' })
    expect(losses).toBe(1)
    expect(bench.filesOf(id)).toMatchObject([{ state: 'done', proof: 'sha256' }])
  })

  it('can be cancelled while it is waited for; then nothing is asked of it', async () => {
    bench.disk.put('/a.bin', BIG)
    const hold = holdAt('read', '/a.bin', 4_000)
    const id = bench.copy({ direction: 'fromBoard', names: ['a.bin'] })
    await bench.until(() => hold.isReached)
    bench.sessions.unplug()
    await bench.inState(id, 'waiting')
    hold.release()
    expect(await bench.transfers.cancel(id, undefined)).toEqual({ cancelled: true })
    expect(await bench.contents()).toEqual({})
  })

  it('again and again without coming on is given up, and the file has failed', async () => {
    await bench.put('a.bin', BIG)
    bench.disk.before = operation => {
      if (operation === 'write') bench.sessions.unplug()
    }
    const id = bench.copy({ names: ['a.bin'] })
    for (let time = 0; time < 8 && bench.heard.get(id)?.transfer.state !== 'failed'; time++) {
      await bench.until(() => ['waiting', 'failed'].includes(bench.of(id).state))
      await bench.sessions.plug()
      // So often, it does not come back by itself.
      bench.sessions.manager.reconnect(bench.sessionId).catch(() => {})
      await bench.sessions.clock.advance(10_000)
    }
    expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
    expect(bench.filesOf(id)).toMatchObject([{ state: 'failed', error: { code: 'OperationFailed', reason: 'disconnected' } }])
  })
})

describe('a session that ends', () => {
  it.each(['close', 'hasty close', 'kill', 'shut down'] as const)(
    'by a %s ends its transfers, and what was kept of them goes',
    async how => {
      bench.disk.put('/a.bin', BIG)
      bench.disk.put('/b.bin', 'b')
      const done = bench.copy({ direction: 'fromBoard', names: ['b.bin'] })
      await bench.ended(done)
      const hold = holdAt('read', '/a.bin', 4_000)
      const id = bench.copy({ direction: 'fromBoard', names: ['a.bin'] })
      const waiting = bench.copy({ direction: 'fromBoard', names: ['a.bin'] })
      await bench.until(() => hold.isReached)
      const { manager } = bench.sessions
      const closing =
        how === 'kill'
          ? manager.kill(bench.sessionId)
          : how === 'shut down'
            ? manager.shutdown()
            : manager.close(bench.sessionId, { mode: how === 'close' ? 'flush' : 'now' })
      await bench.until(() => bench.heard.size === 0)
      hold.release()
      await closing
      const told = bench.updates.flatMap(({ transfers }) => transfers)
      for (const transferId of [id, waiting]) {
        expect(told.filter(transfer => transfer.transferId === transferId).at(-1)).toMatchObject({ state: 'cancelled' })
      }
      expect(bench.transfers.readAll(bench.sessionId)).toEqual({ kind: 'all', transfers: [], files: [], gone: [] })
      expect(await bench.contents()).toEqual({ 'b.bin': 'b' })
      expect(() => bench.copy({ names: ['a.bin'] })).toThrow()
    },
  )

  it('leaves no timer and no listener', async () => {
    await bench.put('a.bin', BIG)
    await bench.ended(bench.copy({ names: ['a.bin'] }))
    await bench.sessions.manager.close(bench.sessionId, { mode: 'now' })
    await bench.sessions.clock.advance(1_000)
    bench.transfers.dispose()
    expect(bench.sessions.leftovers).toEqual({ listeners: 0, timers: 0 })
  })
})

describe('what is told', () => {
  it('progress comes at most every so often, changes of state at once, and only what has changed', async () => {
    await bench.put('a.bin', 'x'.repeat(100_000))
    let isWaiting = false
    bench.disk.before = async (operation, _path, done) => {
      if (operation !== 'write' || done === 0) return
      isWaiting = true
      await new Promise<void>(resolve => bench.sessions.clock.after(10, resolve))
      isWaiting = false
    }
    const id = bench.copy({ names: ['a.bin'] })
    await bench.inState(id, 'running')
    const before = bench.updates.length
    const startedMs = bench.sessions.clock.monotonicMs()
    while (bench.of(id).state !== 'done') {
      await bench.until(() => isWaiting || bench.of(id).state === 'done')
      await bench.sessions.clock.advance(10)
    }
    const tookMs = bench.sessions.clock.monotonicMs() - startedMs
    const told = bench.updates.slice(before)
    expect(told.length).toBeLessThanOrEqual(tookMs / TRANSFER_PROGRESS_MS + 6)
    expect(told.length).toBeGreaterThanOrEqual(9)
    expect(told.every(({ kind, transfers }) => kind === 'more' && transfers.length === 1)).toBe(true)
    const rates = told.flatMap(({ transfers }) => transfers.flatMap(transfer => transfer.bytesPerSecond ?? []))
    expect(rates.at(-1)).toBeGreaterThan(80_000)
    expect(rates.at(-1)).toBeLessThan(130_000)
    const left = told.flatMap(({ transfers }) => transfers.flatMap(transfer => transfer.secondsLeft ?? []))
    expect(Math.max(...left)).toBeLessThanOrEqual(2)
    expect(bench.of(id)).toMatchObject({ bytesPerSecond: null, secondsLeft: null })
  })

  it('is the same for one who comes late', async () => {
    await bench.put('a.py', 'a')
    await bench.put('b.py', 'b')
    const id = bench.sync()
    await bench.ended(id)
    expect(bench.transfers.readAll(bench.sessionId)).toEqual({
      kind: 'all',
      transfers: [bench.of(id)],
      files: [{ transferId: id, files: bench.filesOf(id) }],
      gone: [],
    })
  })

  it('goes on request, and the oldest by themselves', async () => {
    await bench.put('a.py', 'a')
    const first = bench.sync()
    await bench.ended(first)
    bench.transfers.dismiss(first)
    expect(bench.heard.has(first)).toBe(false)
    expect(() => bench.transfers.dismiss(first)).toThrow(/no transfer/)
    const ids: string[] = []
    for (let count = 0; count < TRANSFERS_KEPT + 3; count++) {
      ids.push(bench.sync())
      await bench.ended(ids.at(-1) ?? '')
    }
    expect([...bench.heard.keys()]).toEqual(ids.slice(3))
  })

  it.each(['dismissed', 'over', 'quit'] as const)('of a failed transfer that is %s, nothing is left to be taken up', async how => {
    bench.disk.put('/a.bin', BIG)
    bench.local.room = 4_000
    const down = bench.copy({ direction: 'fromBoard', names: ['a.bin'] })
    await bench.ended(down)
    bench.local.room = null
    await bench.put('b.bin', BIG)
    bench.disk.before = (operation, path, done) => {
      if (operation === 'write' && done > 4_000) throw diskError('disk-full', path)
    }
    const up = bench.copy({ names: ['b.bin'] })
    await bench.ended(up)
    expect(Object.keys(await bench.contents())).toContain('a.bin.muster.part')
    expect([...bench.disk.parts.keys()]).toEqual(['/b.bin'])
    if (how === 'dismissed') for (const id of [down, up]) bench.transfers.dismiss(id)
    if (how === 'over') await bench.sessions.manager.close(bench.sessionId, { mode: 'now' })
    if (how === 'quit') bench.transfers.dispose()
    await bench.transfers.settled()
    expect(Object.keys(await bench.contents())).toEqual(['b.bin'])
    // A board whose session ends is left alone: another attempt takes up what lies there.
    expect([...bench.disk.parts.keys()]).toEqual(how === 'dismissed' ? [] : ['/b.bin'])
  })

  it('nothing begins with a session that is not there, a folder that is not open, or a path that is none', async () => {
    expect(() => bench.copy({ sessionId: 'session-none', names: ['a'] })).toThrow(expect.objectContaining({ code: 'SessionNotFound' }))
    expect(() => bench.copy({ names: ['a'], local: { folderId: 'folder-none', path: '' } })).toThrow(
      expect.objectContaining({ code: 'FileFailed' }),
    )
    for (const boardFolder of ['lib', '', '/../x', '/a\0b', `/${'x'.repeat(600)}`]) {
      expect(() => bench.copy({ names: ['a'], boardFolder })).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
    }
    for (const names of [[], [''], ['..'], ['a/b'], ['a\0']]) {
      expect(() => bench.copy({ names })).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
    }
    expect(bench.updates).toEqual([])
  })
})
