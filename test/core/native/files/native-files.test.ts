import { afterEach, describe, expect, it } from 'vitest'
import type { BoardFiles } from '../../../../electron/core/micropython/files/board-files'
import type { BoardFeature } from '../../../../shared/model'
import { type NativeBoard, type NativeBoardOptions, startNativeBoard } from '../../../boards/native-board'
import { Conversation } from '../conversation'
import { FEATURES, filesOf, MemorySink, never, noise, programText, sha256, sourceOf, without } from './bench-files'

let board: NativeBoard
let bench: Conversation
let files: BoardFiles
async function start(
  options: NativeBoardOptions = {},
  features: readonly BoardFeature[] = FEATURES,
  heap: number | null = 200_000,
): Promise<void> {
  board = await startNativeBoard(options)
  bench = await Conversation.start(board.path)
  files = filesOf(bench.protocol.talk, features, heap)
}
afterEach(async () => {
  await bench.end()
  await board.unplug()
})

const write = (path: string, bytes: Uint8Array) => files.write(path, sourceOf(bytes), { signal: never() })
async function read(path: string): Promise<Buffer> {
  const sink = new MemorySink()
  const result = await files.read(path, sink, { signal: never() })
  expect(result).toMatchObject({ bytes: sink.bytes.length, sha256: sha256(sink.bytes) })
  return sink.bytes
}
const names = async (path = '/') => (await files.list(path)).entries.map(({ name }) => name)

const ODD_NAMES = [
  "it's",
  'say "hi"',
  'back\\slash',
  'line\nend',
  'tab\tand\x01\x03\x04\x1b',
  'Grüße 世界 👋',
  ' ',
  '{}',
  '%s',
  '..a',
  '-rf',
  '...',
  'trailing ',
  '\u2028\u202e',
]
/** Also as long as one can be with what is added to it while it is on its way; and one more. */
const LONG_NAMES = ['x'.repeat(255), 'é'.repeat(127), 'y'.repeat(243), 'z'.repeat(244)]

describe('files of a native board', () => {
  it('have any name, and folders have, too', async () => {
    await start()
    for (const name of ODD_NAMES) {
      await files.mkdir(`/f/${name}`, { parents: true })
      await write(`/f/${name}/${name}`, Buffer.from(name))
      expect(await files.stat(`/f/${name}/${name}`)).toMatchObject({ name, kind: 'file', size: Buffer.byteLength(name) })
    }
    expect((await names('/f')).sort()).toEqual([...ODD_NAMES].sort())
    const tree = await files.tree('/f')
    expect(tree.isTruncated).toBe(false)
    expect(tree.entries.map(entry => entry.path).sort()).toEqual(ODD_NAMES.flatMap(name => [name, `${name}/${name}`]).sort())
    const paths = ODD_NAMES.map(name => `/f/${name}/${name}`)
    const hashes = await files.hashMany([...paths, '/f', '/none'], never())
    for (const name of ODD_NAMES) expect(hashes.get(`/f/${name}/${name}`)?.sha256).toBe(sha256(Buffer.from(name)))
    expect(hashes.get('/f')).toBe(null)
    expect(hashes.get('/none')).toBe(null)
    for (const name of ODD_NAMES) expect((await read(`/f/${name}/${name}`)).toString()).toBe(name)
    expect(await files.remove(['/f'], { recursive: true })).toBe(2 * ODD_NAMES.length + 1)
    expect(await names()).toEqual([])
  })

  it('have names as long as can be', async () => {
    await start()
    for (const name of LONG_NAMES) {
      await write(`/${name}`, Buffer.from(name))
      expect((await read(`/${name}`)).toString()).toBe(name)
    }
    expect((await names()).sort()).toEqual([...LONG_NAMES].sort())
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.of(3)],
    ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ['only bytes that are escaped', Buffer.alloc(5_000, Buffer.of(1, 2, 3, 4, 0x10, 0x50, 0x41))],
    ['noise', noise(700_001)],
    ['program text', programText(700_001)],
  ])('carry %s there and back', async (_, content) => {
    await start()
    expect(await write('/deep/er/file.bin', content)).toMatchObject({
      path: '/deep/er/file.bin',
      bytes: content.length,
      sha256: sha256(content),
      proof: 'sha256',
      replaced: false,
      atomic: true,
    })
    expect((await read('/deep/er/file.bin')).equals(content)).toBe(true)
    expect(await names('/deep/er')).toEqual(['file.bin'])
    expect(await files.hash('/deep/er/file.bin', never())).toMatchObject({ sha256: sha256(content), proof: 'sha256' })
  })

  it('are listed with size and time, folders first', async () => {
    await start()
    await write('/a', Buffer.from('12345'))
    await files.mkdir('/b', { parents: false })
    const { entries } = await files.list('/')
    expect(entries).toEqual([
      { name: 'b', kind: 'folder', size: null, modifiedAt: null },
      { name: 'a', kind: 'file', size: 5, modifiedAt: expect.any(Number) },
    ])
    expect(Math.abs((entries[1]?.modifiedAt ?? 0) - Date.now())).toBeLessThan(3_600_000)
    expect(await files.stat('/')).toMatchObject({ kind: 'folder' })
    expect(await files.stat('/none')).toBe(null)
    expect(await files.stat('/a/b')).toBe(null)
    const { totalBytes, freeBytes } = await files.df('/')
    expect(totalBytes).toBe(2 * 1024 * 1024)
    expect(freeBytes).toBeLessThan(totalBytes)
  })

  it('fail with what is wrong, in words and as a reason', async () => {
    await start()
    await write('/file', Buffer.from('x'))
    await files.mkdir('/folder/inner', { parents: true })
    const failures: [() => Promise<unknown>, string][] = [
      [() => files.list('/none'), 'file-not-found'],
      [() => files.list('/file'), 'not-a-folder'],
      [() => read('/none'), 'file-not-found'],
      [() => read('/folder'), 'is-a-folder'],
      [() => files.hash('/none', never()), 'file-not-found'],
      [() => write('/folder', Buffer.of(1)), 'is-a-folder'],
      [() => write('/file/below', Buffer.of(1)), 'not-a-folder'],
      [() => files.mkdir('/folder', { parents: false }), 'file-exists'],
      [() => files.mkdir('/none/deeper', { parents: false }), 'file-not-found'],
      [() => files.mkdir('/file', { parents: true }), 'file-exists'],
      [() => files.remove(['/none'], { recursive: true }), 'file-not-found'],
      [() => files.remove(['/folder'], { recursive: false }), 'folder-not-empty'],
      [() => files.rename('/none', '/other', { replace: true }), 'file-not-found'],
      [() => files.rename('/file', '/folder', { replace: true }), 'is-a-folder'],
      [() => files.rename('/folder', '/folder/inner/x', { replace: true }), 'bad-file-name'],
    ]
    for (const [fail, reason] of failures) {
      const error = await fail().then(
        () => null,
        thrown => thrown,
      )
      expect.soft(error, reason).toMatchObject({ code: 'FileFailed', reason })
      expect.soft(error?.message).toContain(board.path)
    }
  })

  it('are renamed, over another one only when that is wanted', async () => {
    await start()
    await write('/a', Buffer.from('a'))
    await write('/b', Buffer.from('b'))
    await expect(files.rename('/a', '/b', { replace: false })).rejects.toMatchObject({ reason: 'file-exists' })
    await files.rename('/a', '/b', { replace: true })
    expect(await names()).toEqual(['b'])
    expect((await read('/b')).toString()).toBe('a')
  })

  it('are written only over what was there before', async () => {
    await start()
    const old = Buffer.from('old')
    const writeIf = (bytes: Buffer, ifSha256: string | null) => files.write('/x', sourceOf(bytes), { signal: never(), ifSha256 })
    await expect(writeIf(old, sha256(old))).rejects.toMatchObject({ reason: 'file-changed' })
    expect(await writeIf(old, null)).toMatchObject({ replaced: false })
    await expect(writeIf(old, null)).rejects.toMatchObject({ reason: 'file-exists' })
    expect(await writeIf(Buffer.from('new'), sha256(old))).toMatchObject({ replaced: true })
    await expect(writeIf(old, sha256(old))).rejects.toMatchObject({ reason: 'file-changed' })
    expect((await read('/x')).toString()).toBe('new')
  })

  it('leave the old one whole and nothing else when the flash is full (fault 29)', async () => {
    await start({ flashKb: 128 })
    const old = noise(40_000, 7)
    await write('/kept', old)
    const error = await write('/kept', noise(200_000)).catch(thrown => thrown)
    expect(error).toMatchObject({ code: 'FileFailed', reason: 'disk-full' })
    expect(error.message).toContain('/kept')
    expect(await names()).toEqual(['kept'])
    expect((await read('/kept')).equals(old)).toBe(true)
    await write('/small', Buffer.from('fits'))
  })

  it.each([
    ['no sha256', without('sha256'), 'crc32'],
    ['no hash at all', without('sha256', 'crc32'), 'readBack'],
    ['neither hash nor deflate nor binary input', without('sha256', 'crc32', 'deflate', 'binaryInput', 'binaryOutput'), 'readBack'],
    ['no binary input', without('binaryInput', 'binaryOutput'), 'sha256'],
    ['text in hexadecimal digits only', without('binaryInput', 'binaryOutput', 'base64', 'deflate', 'sha256', 'crc32'), 'readBack'],
  ] as const)('are proved as well as can be with %s (fault 29)', async (_, features, proof) => {
    await start({}, features)
    for (const content of [noise(20_000), programText(20_000), Buffer.alloc(0)]) {
      expect(await write('/d/x', content)).toMatchObject({ proof, atomic: true })
      expect((await read('/d/x')).equals(content)).toBe(true)
    }
    expect(await names('/d')).toEqual(['x'])
    expect((await bench.run('print(dir())')).stdout).toBe("['__name__']\r\n")
  })

  it('are replaced by copying where there is no renaming', async () => {
    await start({}, without('rename'))
    expect(await write('/x', noise(9_000))).toMatchObject({ atomic: false, replaced: false })
    expect(await write('/x', noise(8_000, 2))).toMatchObject({ atomic: false, replaced: true })
    expect((await read('/x')).equals(noise(8_000, 2))).toBe(true)
    expect(await names()).toEqual(['x'])
  })

  it.each([32, 64])('fit through a heap of %i kB', async heapKb => {
    await start({ heapKb }, FEATURES, heapKb * 1_024 - 4_096)
    for (const content of [noise(100_000), programText(100_000)]) {
      await write('/x', content)
      expect((await read('/x')).equals(content)).toBe(true)
    }
  })

  it('do not mind what a snippet has made of the names they need', async () => {
    await start()
    await bench.run('open = print = len = bytes = str = exec = globals = type = OSError = 5\nimport sys\nos = sys')
    await write('/x', noise(5_000))
    expect((await read('/x')).equals(noise(5_000))).toBe(true)
    expect(await names()).toEqual(['x'])
  })

  it('have the watchdog fed between two chunks', async () => {
    await start()
    await bench.run('fed = 0')
    const feedCode = 'fed += 1'
    await files.write('/x', sourceOf(noise(100_000)), { signal: never(), feedCode })
    const sink = new MemorySink()
    await files.read('/x', sink, { signal: never(), feedCode })
    expect(Number((await bench.run('print(fed)')).stdout)).toBeGreaterThan(20)
  })

  it('that change while they are read are noticed', async () => {
    await start()
    await write('/x', noise(50_000))
    let seen = 0
    const sink = new MemorySink()
    const changing = {
      resumeAt: 0,
      prefixSha256: (bytes: number) => sink.prefixSha256(bytes),
      restart: () => sink.restart(),
      write: async (bytes: Uint8Array) => {
        seen += bytes.length
        await sink.write(bytes)
      },
    }
    // A watchdog's code is the only thing that runs on the board in between.
    const feedCode = 'f = open("/x", "r+b"); f.write(b"changed"); f.close()'
    await expect(files.read('/x', changing, { signal: never(), feedCode })).rejects.toMatchObject({ reason: 'file-changed' })
    expect(seen).toBe(50_000)
  })

  it('are taken up where an earlier attempt was cancelled, both ways', async () => {
    await start()
    const content = noise(600_000)
    const cancelling = new AbortController()
    const onProgress = ({ doneBytes }: { readonly doneBytes: number }): void => {
      if (doneBytes > 200_000) cancelling.abort()
    }
    const first = files.write('/x', sourceOf(content), { signal: cancelling.signal, onProgress })
    await expect(first).rejects.toMatchObject({ code: 'OperationCancelled' })
    expect(await names()).toEqual(['x.muster.part'])
    const resumed: number[] = []
    await files.write('/x', sourceOf(content), {
      signal: never(),
      resume: true,
      onProgress: ({ resumedAtBytes }) => resumed.push(resumedAtBytes),
    })
    expect(resumed.at(-1)).toBeGreaterThan(200_000)
    expect(await names()).toEqual(['x'])

    const sink = new MemorySink(content.subarray(0, 123_456))
    const result = await files.read('/x', sink, { signal: never(), resume: true })
    expect(result).toMatchObject({ bytes: 600_000, sha256: sha256(content) })
    expect([sink.restarts, sink.bytes.equals(content)]).toEqual([0, true])
  })

  it('do not stay open on a board when a write to one without binary input was cancelled', async () => {
    await start({}, without('binaryInput', 'binaryOutput'))
    const cancelling = new AbortController()
    const onProgress = ({ doneBytes }: { readonly doneBytes: number }): void => {
      if (doneBytes > 10_000) cancelling.abort()
    }
    const writing = files.write('/x', sourceOf(noise(40_000)), { signal: cancelling.signal, onProgress })
    await expect(writing).rejects.toMatchObject({ code: 'OperationCancelled' })
    await files.discardPart('/x')
    expect(await names()).toEqual([])
    expect((await bench.run('print(dir())')).stdout).toBe("['__name__']\r\n")
  })

  it('arrive also where the code that feeds the watchdog prints', async () => {
    await start()
    const feedCode = 'print("fed {")'
    for (const content of [noise(60_000), programText(60_000)]) {
      await files.write('/x', sourceOf(content), { signal: never(), feedCode })
      const sink = new MemorySink()
      await files.read('/x', sink, { signal: never(), feedCode })
      expect(sink.bytes.equals(content)).toBe(true)
    }
  })

  it('are begun anew when what is there of them is something else', async () => {
    await start()
    const content = noise(50_000)
    await bench.run('f = open("/x.muster.part", "wb"); f.write(b"something else"); f.close(); del f')
    await files.write('/x', sourceOf(content), { signal: never(), resume: true })
    const sink = new MemorySink(Buffer.from('something else'))
    await files.read('/x', sink, { signal: never(), resume: true })
    expect([sink.restarts, sink.bytes.equals(content)]).toEqual([1, true])
    await bench.run('f = open("/y.muster.part", "wb"); f.close(); del f')
    await files.discardPart('/y')
    await files.discardPart('/y')
    expect(await names()).toEqual(['x'])
  })

  it.each([
    ['the first chunks', 4],
    ['the middle', 22],
    ['the proof at the end', 80],
  ])('are old or new after a reset during %s of a write (fault 4)', async (_, feedings) => {
    await start()
    const [old, fresh] = [noise(5_000, 1), noise(500_000, 2)]
    await write('/x', old)
    await bench.run(`import machine\nfed = 0\ndef feed():\n global fed\n fed += 1\n if fed == ${feedings}: machine.reset()`)
    // All that was in its memory is gone, the flash is not. Afterwards nobody knows of a watchdog any more.
    const error = await files.write('/x', sourceOf(fresh), { signal: never(), feedCode: 'feed()' }).catch(thrown => thrown)
    expect(error).toBeInstanceOf(Error)
    expect((await bench.run('print("fed" in globals())')).stdout).toBe('False\r\n')
    expect((await read('/x')).equals(old)).toBe(true)
    await files.write('/x', sourceOf(fresh), { signal: never(), resume: true })
    expect((await read('/x')).equals(fresh)).toBe(true)
    expect(await names()).toEqual(['x'])
  })

  it.each([0.1, 0.5, 0.99])('fail, and nothing hangs, when the board is unplugged at %f of a transfer (faults 4 and 5)', async share => {
    await start()
    const content = noise(500_000)
    const onProgress = ({ doneBytes }: { readonly doneBytes: number }): void => {
      if (doneBytes >= share * content.length) void board.unplug()
    }
    if (share === 0.5) {
      await write('/x', content)
      await expect(files.read('/x', new MemorySink(), { signal: never(), onProgress })).rejects.toMatchObject({ reason: 'disconnected' })
    } else {
      await expect(files.write('/x', sourceOf(content), { signal: never(), onProgress })).rejects.toMatchObject({ reason: 'disconnected' })
    }
  })
})
