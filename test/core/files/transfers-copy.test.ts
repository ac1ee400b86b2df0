import fs from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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

describe('copying to a board', () => {
  it('takes files and folders with all that is in them, empty folders too', async () => {
    await bench.put('main.py', 'print(1)')
    await bench.put('lib/umqtt/simple.py', 'x'.repeat(2_500))
    await fs.mkdir(bench.at('lib/empty'))
    await bench.put('secret.txt', 'not chosen')
    const id = bench.copy({ names: ['main.py', 'lib'] })
    expect(await bench.ended(id)).toMatchObject({ state: 'done', fileCount: 2, totalBytes: 2_508, doneBytes: 2_508, error: null })
    expect(bench.disk.contents).toEqual({ '/main.py': 'print(1)', '/lib/umqtt/simple.py': 'x'.repeat(2_500) })
    expect(bench.disk.folders).toContain('/lib/empty')
    expect(bench.filesOf(id).map(({ name, boardPath, proof }) => [name, boardPath, proof])).toEqual([
      ['lib/umqtt/simple.py', '/lib/umqtt/simple.py', 'sha256'],
      ['main.py', '/main.py', 'sha256'],
    ])
  })

  it('makes the folder on the board that it goes to', async () => {
    await bench.put('main.py', 'print(1)')
    await bench.ended(bench.copy({ names: ['main.py'], boardFolder: '/app/new/' }))
    expect(bench.disk.contents).toEqual({ '/app/new/main.py': 'print(1)' })
  })

  it('skips what is equal by its hash, all hashes in one go, and copies it only when asked to', async () => {
    for (const name of ['a.py', 'b.py', 'c.py']) {
      await bench.put(name, name)
      bench.disk.put(`/${name}`, name)
    }
    bench.disk.put('/b.py', 'B.py')
    const id = bench.copy({ names: ['a.py', 'b.py', 'c.py'] })
    expect(await bench.ended(id)).toMatchObject({ state: 'done', totalBytes: 4, doneBytes: 4 })
    expect(bench.statesOf(id)).toEqual({ 'a.py': 'skipped', 'b.py': 'done', 'c.py': 'skipped' })
    expect(bench.filesOf(id)[0]).toMatchObject({ proof: 'sha256', replacesBytes: null })
    expect(bench.disk.operations.filter(line => line.startsWith('hash'))).toEqual(['hash /a.py /b.py /c.py'])
    await bench.ended(bench.copy({ names: ['a.py'], always: true }))
    expect(bench.disk.operations.filter(line => line.startsWith('write'))).toEqual(['write /b.py', 'write /a.py'])
  })

  it('where the board can’t hash, copies rather than believe that the same size is the same file', async () => {
    bench.disk.canHash = false
    await bench.put('a.py', 'new!')
    bench.disk.put('/a.py', 'old!')
    const id = bench.copy({ names: ['a.py'] })
    await bench.ended(id)
    expect(bench.disk.text('/a.py')).toBe('new!')
    expect(bench.filesOf(id)).toMatchObject([{ state: 'done', proof: 'size', replacesBytes: 4 }])
  })

  it('goes on after a file that failed, says which, and has failed in the end', async () => {
    for (const name of ['a.py', 'b.py', 'c.py']) await bench.put(name, name)
    bench.disk.before = (operation, path) => {
      if (operation === 'write' && path === '/b.py') throw diskError('disk-full', path)
    }
    const id = bench.copy({ names: ['a.py', 'b.py', 'c.py', 'gone.py'] })
    expect(await bench.ended(id)).toMatchObject({ state: 'failed', error: null })
    expect(bench.statesOf(id)).toEqual({ 'a.py': 'done', 'b.py': 'failed', 'c.py': 'done', 'gone.py': 'failed' })
    expect(bench.filesOf(id)[1]?.error).toMatchObject({ code: 'FileFailed', reason: 'disk-full' })
    expect(bench.filesOf(id)[3]?.error).toMatchObject({ reason: 'file-not-found' })
  })

  it('does not put a file where a folder is, nor a folder where a file is', async () => {
    await bench.put('lib', 'a file')
    await bench.put('app/main.py', 'x')
    bench.disk.put('/lib/x.py', 'x')
    bench.disk.put('/app', 'a file')
    const id = bench.copy({ names: ['lib', 'app'] })
    expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
    expect(bench.filesOf(id).map(({ name, error }) => [name, error?.reason])).toEqual([
      ['app/main.py', 'not-a-folder'],
      ['lib', 'is-a-folder'],
    ])
    expect(bench.disk.contents).toEqual({ '/lib/x.py': 'x', '/app': 'a file' })
  })

  it('tells a name that is too long for a board, and copies the rest', async () => {
    const long = 'x'.repeat(250)
    await bench.put(`${long}/${long}/${long}`, 'deep')
    await bench.put('main.py', 'x')
    const id = bench.copy({ names: [long, 'main.py'] })
    expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
    expect(bench.filesOf(id).map(({ state, error }) => [state, error?.reason])).toEqual([
      ['done', undefined],
      ['failed', 'bad-file-name'],
    ])
  })

  it('fails as a whole when the folder of the computer can’t be read', async () => {
    const id = bench.copy({ names: ['main.py'], local: bench.place('gone') })
    expect(await bench.ended(id)).toMatchObject({ state: 'failed', fileCount: 0, error: { code: 'FileFailed', reason: 'file-not-found' } })
    await bench.put('gone/main.py', 'there by now')
    bench.transfers.retry(id)
    expect(await bench.ended(id)).toMatchObject({ state: 'done', error: null })
  })

  it('lets an execution have its turn between two files', async () => {
    for (const name of ['a.py', 'b.py', 'c.py']) await bench.put(name, name)
    const hold = new Hold()
    bench.disk.before = async (operation, path) => {
      if (operation === 'write' && path === '/a.py') await hold.wait()
    }
    const id = bench.copy({ names: ['a.py', 'b.py', 'c.py'] })
    await bench.until(() => hold.isReached)
    const running = bench.sessions.run('print(1)')
    hold.release()
    await bench.until(() => bench.sessions.board.isRunning)
    await bench.inState(id, 'waiting')
    expect(bench.statesOf(id)).toEqual({ 'a.py': 'done', 'b.py': 'waiting', 'c.py': 'waiting' })
    bench.sessions.board.finish()
    await running
    expect(await bench.ended(id)).toMatchObject({ state: 'done' })
  })

  it('reads a local file piece by piece', async () => {
    bench.disk.chunkBytes = 4_096
    await bench.put('big.bin', new Uint8Array(1_000_000).fill(7))
    await bench.ended(bench.copy({ names: ['big.bin'] }))
    expect(bench.disk.files.get('/big.bin')).toHaveLength(1_000_000)
    expect(bench.disk.inFlight.most).toBe(4_096)
  })
})

describe('copying from a board', () => {
  it('brings files and folders beside the target first, then under their names', async () => {
    bench.disk.put('/data/log.csv', 'x'.repeat(3_000))
    bench.disk.put('/main.py', 'print(1)')
    bench.disk.folders.add('/data/empty')
    await bench.put('backup/main.py', 'the earlier copy')
    const hold = new Hold()
    bench.disk.before = async (operation, path, done) => {
      if (operation === 'read' && path === '/main.py' && done > 0) await hold.wait()
    }
    const id = bench.copy({ direction: 'fromBoard', names: ['main.py', 'data'], local: bench.place('backup') })
    await bench.until(() => hold.isReached)
    expect(await bench.contents('backup')).toMatchObject({
      'backup/main.py': 'the earlier copy',
      'backup/main.py.muster.part': '',
      'backup/data/log.csv': 'x'.repeat(3_000),
    })
    hold.release()
    expect(await bench.ended(id)).toMatchObject({ state: 'done', totalBytes: 3_008, doneBytes: 3_008 })
    expect(await bench.contents('backup')).toEqual({ 'backup/data/log.csv': 'x'.repeat(3_000), 'backup/main.py': 'print(1)' })
    expect((await fs.stat(bench.at('backup/data/empty'))).isDirectory()).toBe(true)
  })

  it.each([
    ['linux' as const, ['a/b.py', 'con.py', 'What?.txt'], []],
    ['win32' as const, ['a/b.py'], ['con.py', 'What?.txt', 'end.']],
  ])('on %s, a file whose name the computer can’t have fails alone', async (platform, fine, refused) => {
    await bench.end()
    bench = await FilesBench.start({ platform })
    for (const name of [...fine, ...refused]) bench.disk.put(`/d/${name}`, name)
    const id = bench.copy({ direction: 'fromBoard', names: ['d'] })
    expect(await bench.ended(id)).toMatchObject({ state: refused.length > 0 ? 'failed' : 'done' })
    expect(Object.keys(await bench.contents()).sort()).toEqual(fine.map(name => `d/${name}`).sort())
    const failed = bench.filesOf(id).filter(({ state }) => state === 'failed')
    expect(failed.map(({ error }) => error?.reason)).toEqual(refused.map(() => 'bad-file-name'))
  })

  it('a board that names places outside of the folder reaches none of them', async () => {
    bench.disk.put('/d/ok.py', 'fine')
    const hostile = ['/d/../../escaped', '/d/..', '/d/a/../../../escaped', '/d/\0nul']
    for (const path of hostile) bench.disk.files.set(path, Buffer.from('hostile'))
    const id = bench.copy({ direction: 'fromBoard', names: ['d'] })
    expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
    expect(await bench.contents()).toEqual({ 'd/ok.py': 'fine' })
    expect((await fs.readdir(bench.base)).sort()).toEqual(['data', 'work'])
    expect(bench.filesOf(id).filter(({ error }) => error?.reason === 'bad-file-name')).toHaveLength(hostile.length)
  })

  it('a link that leads out of the folder is not written through', async () => {
    await fs.mkdir(`${bench.base}/outside`)
    await fs.symlink(`${bench.base}/outside`, bench.at('d'))
    await fs.symlink(`${bench.base}/outside/target`, bench.at('main.py'))
    bench.disk.put('/d/x.py', 'x')
    bench.disk.put('/main.py', 'x')
    const id = bench.copy({ direction: 'fromBoard', names: ['d', 'main.py'] })
    expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
    expect(await fs.readdir(`${bench.base}/outside`)).toEqual([])
    expect(bench.filesOf(id).map(({ error }) => error?.reason)).toEqual(['local-file', 'local-file'])
  })

  it('(fault 29) a full disk fails the file, keeps the earlier copy, and the rest is taken up later', async () => {
    bench.disk.put('/a.bin', 'a'.repeat(5_000))
    bench.disk.put('/b.bin', 'b')
    await bench.put('a.bin', 'the earlier copy')
    bench.local.room = 2_500
    const id = bench.copy({ direction: 'fromBoard', names: ['a.bin', 'b.bin'] })
    expect(await bench.ended(id)).toMatchObject({ state: 'failed' })
    expect(bench.filesOf(id)[0]).toMatchObject({ state: 'failed', error: { code: 'FileFailed', reason: 'disk-full' }, doneBytes: 2_000 })
    expect(await bench.contents()).toMatchObject({ 'a.bin': 'the earlier copy', 'a.bin.muster.part': 'a'.repeat(2_000), 'b.bin': 'b' })
    bench.local.room = null
    bench.transfers.retry(id)
    expect(await bench.ended(id)).toMatchObject({ state: 'done', doneBytes: 5_001 })
    expect(bench.filesOf(id)[0]).toMatchObject({ resumedAtBytes: 2_000 })
    expect(await bench.contents()).toEqual({ 'a.bin': 'a'.repeat(5_000), 'b.bin': 'b' })
  })
})
