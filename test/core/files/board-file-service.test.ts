import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FILE_READ_MAX_BYTES } from '../../../shared/limits'
import { diskError, sha256 } from '../../fakes/fake-board-files'
import { SOME_BOARD } from '../../fakes/fake-protocol'
import { failureOf } from '../sessions/session-bench'
import { FilesBench, Hold } from './files-bench'

let bench: FilesBench
beforeEach(async () => {
  bench = await FilesBench.start()
})
afterEach(() => bench.end())

const never = new AbortController().signal

describe('files of a board', () => {
  it('are listed, looked at, written, read, renamed and removed, each in one task of the session', async () => {
    const { files, sessionId } = bench
    const titles: string[] = []
    bench.sessions.manager.onEvent(({ snapshot }) => {
      if (snapshot.task !== null && titles.at(-1) !== snapshot.task.title) titles.push(snapshot.task.title)
    })
    await files.mkdir(sessionId, '/lib', { parents: false }, never)
    const written = await files.write(sessionId, '/lib//a.py', Buffer.from('print(1)'), { ifSha256: undefined }, never)
    expect(written).toMatchObject({ path: '/lib/a.py', bytes: 8, replaced: false, proof: 'sha256' })
    const read = await files.read(sessionId, '/lib/a.py', never)
    expect([Buffer.from(read.data).toString(), read.sha256]).toEqual(['print(1)', sha256('print(1)')])
    expect(await files.stat(sessionId, '/lib/a.py', never)).toMatchObject({ kind: 'file', size: 8 })
    expect(await files.hash(sessionId, '/lib/a.py', never)).toMatchObject({ sha256: sha256('print(1)') })
    expect((await files.list(sessionId, '/lib/', never)).entries).toHaveLength(1)
    expect((await files.tree(sessionId, '/', never)).entries.map(({ path }) => path)).toEqual(['lib', 'lib/a.py'])
    expect((await files.df(sessionId, '/', never)).totalBytes).toBe(1_000_000)
    await files.rename(sessionId, '/lib/a.py', '/b.py', { replace: false }, never)
    expect(await files.remove(sessionId, ['/lib', '/b.py'], { recursive: true }, never)).toEqual({ removed: 2 })
    expect(bench.disk.contents).toEqual({})
    expect(titles).toEqual([
      'Making the folder /lib',
      'Writing a.py',
      'Reading a.py',
      'Looking at /lib/a.py',
      'Hashing /lib/a.py',
      'Listing /lib',
      'Listing all below /',
      'Measuring the room on /',
      'Renaming /lib/a.py',
      'Removing 2 files and folders',
    ])
  })

  it('are replaced only where they are what they should be', async () => {
    const { files, sessionId } = bench
    bench.disk.put('/a.py', 'old')
    const write = (ifSha256: string | null): Promise<unknown> => files.write(sessionId, '/a.py', Buffer.from('new'), { ifSha256 }, never)
    expect(await failureOf(write(null))).toMatchObject({ code: 'FileFailed', reason: 'file-exists' })
    expect(await failureOf(write(sha256('other')))).toMatchObject({ reason: 'file-changed' })
    await write(sha256('old'))
    expect(bench.disk.text('/a.py')).toBe('new')
  })

  it('leave nothing beside them when writing them is called off, and are not touched when it had not begun', async () => {
    const { files, sessionId } = bench
    bench.disk.put('/a.py', 'old')
    const hold = new Hold()
    bench.disk.before = async (operation, _path, doneBytes) => {
      if (operation === 'write' && doneBytes > 2_000) await hold.wait()
    }
    const [first, second] = [new AbortController(), new AbortController()]
    const write = (signal: AbortSignal) => files.write(sessionId, '/a.py', Buffer.alloc(5_000), { ifSha256: undefined }, signal)
    const begun = failureOf(write(first.signal))
    const waiting = failureOf(write(second.signal))
    await bench.until(() => hold.isReached)
    second.abort()
    first.abort()
    expect([(await begun).code, (await waiting).code]).toEqual(['OperationCancelled', 'OperationCancelled'])
    hold.release()
    await bench.until(() => bench.sessions.info.state === 'Idle' && bench.disk.operations.includes('discard /a.py'))
    expect([...bench.disk.parts.keys()]).toEqual([])
    expect(bench.disk.contents).toEqual({ '/a.py': 'old' })
    expect(bench.disk.operations.filter(line => line.startsWith('discard'))).toEqual(['discard /a.py'])
  })

  it('too large to be shown are refused before a byte is read, or as soon as they have grown', async () => {
    const { files, sessionId } = bench
    bench.disk.chunkBytes = 1024 * 1024
    bench.disk.put('/big', new Uint8Array(FILE_READ_MAX_BYTES + 1))
    expect(await failureOf(files.read(sessionId, '/big', never))).toMatchObject({ code: 'FileFailed', reason: 'file-too-large' })
    expect(bench.disk.operations).toEqual(['stat /big'])
    bench.disk.put('/big', new Uint8Array(10))
    bench.disk.before = operation => {
      if (operation === 'read') bench.disk.files.set('/big', new Uint8Array(FILE_READ_MAX_BYTES + 1))
    }
    expect(await failureOf(files.read(sessionId, '/big', never))).toMatchObject({ reason: 'file-too-large' })
    bench.disk.before = () => {}
    bench.disk.put('/big', new Uint8Array(FILE_READ_MAX_BYTES))
    expect((await files.read(sessionId, '/big', never)).data).toHaveLength(FILE_READ_MAX_BYTES)
  })

  it('have paths, or the board is not asked', async () => {
    const { files, sessionId } = bench
    for (const path of ['', 'main.py', '/a/../b', '/./a', '/a\0', `/${'x'.repeat(600)}`]) {
      expect(await failureOf(files.stat(sessionId, path, never))).toMatchObject({ code: 'InvalidArgument', reason: 'bad-file-name' })
    }
    expect(await failureOf(files.remove(sessionId, ['//'], { recursive: true }, never))).toMatchObject({ code: 'InvalidArgument' })
    expect(bench.disk.operations).toEqual([])
  })

  it('a failure concerns the call alone; a cancel ends what waits and what runs', async () => {
    const { files, sessionId } = bench
    bench.disk.before = (_operation, path) => {
      if (path === '/bad') throw diskError('read-only-files', path)
    }
    expect(await failureOf(files.stat(sessionId, '/bad', never))).toMatchObject({ code: 'FileFailed', reason: 'read-only-files' })
    const hold = new Hold()
    bench.disk.before = () => hold.wait()
    const [first, second] = [new AbortController(), new AbortController()]
    const running = failureOf(files.stat(sessionId, '/a', first.signal))
    const waiting = failureOf(files.stat(sessionId, '/b', second.signal))
    await bench.until(() => hold.isReached)
    second.abort()
    expect(await waiting).toMatchObject({ code: 'OperationCancelled' })
    first.abort()
    expect(await running).toMatchObject({ code: 'OperationCancelled' })
    hold.release()
    bench.disk.before = () => {}
    expect(await files.stat(sessionId, '/a', never)).toBeNull()
    expect(bench.sessions.info.state).toBe('Idle')
  })
})

describe('packages', () => {
  it('are installed by an ordinary execution where the board can, with nothing in them read as code', async () => {
    await bench.end()
    bench = await FilesBench.start()
    const { manager, protocols } = bench.sessions
    protocols.prepare = protocol => {
      protocol.board = { ...SOME_BOARD, features: [...SOME_BOARD.features, 'mip'] }
      protocol.answer = () => ({})
    }
    const { sessionId } = await manager.open({ port: '/dev/ttyACM7' })
    const install = (request: { name: string; version?: string; target?: string }) => bench.files.installPackage(sessionId, request, never)
    expect(await install({ name: ' umqtt.simple ' })).toMatchObject({ outcome: 'ok', number: 1 })
    await install({ name: `x'); import os #\n\\`, version: '1.0', target: '/lib/' })
    expect(protocols.latest.codes.slice(-2)).toEqual([
      "import mip\nmip.install('umqtt.simple')",
      `import mip\nmip.install('x\\'); import os #\\n\\\\', version='1.0', target='/lib')`,
    ])
    expect(await failureOf(install({ name: '' }))).toMatchObject({ code: 'InvalidArgument' })
    expect(await failureOf(install({ name: 'x', target: 'lib' }))).toMatchObject({ code: 'InvalidArgument' })
  })

  it('are not where the board can’t', async () => {
    const failure = await failureOf(bench.files.installPackage(bench.sessionId, { name: 'umqtt.simple' }, never))
    expect(failure).toMatchObject({ code: 'FileFailed', reason: 'not-supported' })
    expect(bench.sessions.board.codes).toEqual([])
  })
})
