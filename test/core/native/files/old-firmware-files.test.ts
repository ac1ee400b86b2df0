import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BoardFiles } from '../../../../electron/core/micropython/files/board-files'
import { type Microbit, startMicrobit } from '../../../boards/microbit'
import { Conversation } from '../conversation'
import { filesOf, MemorySink, never, noise, programText, sha256, sourceOf } from './bench-files'

describe('files of a micro:bit with firmware of 2017', () => {
  let board: Microbit
  let bench: Conversation
  let files: BoardFiles
  beforeEach(async () => {
    board = await startMicrobit()
    bench = await Conversation.start(board.path, { withoutBackPressure: true })
    files = filesOf(bench.protocol.talk, [], 9_000)
  })
  afterEach(async () => {
    await bench.end()
    await board.unplug()
  })
  const write = (path: string, bytes: Uint8Array) => files.write(path, sourceOf(bytes), { signal: never() })
  async function read(path: string): Promise<Buffer> {
    const sink = new MemorySink()
    await files.read(path, sink, { signal: never() })
    return sink.bytes
  }

  it('go there and back, are proved by reading them, and are listed and removed', async () => {
    for (const content of [Buffer.alloc(0), Buffer.of(0, 1, 2, 3, 4, 5, 255), noise(400), programText(400)]) {
      const written = await write('/x.py', content)
      expect(written).toMatchObject({ bytes: content.length, proof: 'readBack', atomic: false })
      expect((await read('/x.py')).equals(content)).toBe(true)
    }
    expect(await write('/x.py', noise(300))).toMatchObject({ replaced: true })
    expect((await files.list('/')).entries).toEqual([{ name: 'x.py', kind: 'file', size: 300, modifiedAt: null }])
    expect(await files.stat('/x.py')).toMatchObject({ kind: 'file', size: 300 })
    expect(await files.stat('/none')).toBe(null)
    expect(await files.hash('/x.py', never())).toMatchObject({ sha256: sha256(noise(300)), proof: 'readBack' })
    expect((await files.hashMany(['/x.py', '/none'], never())).get('/x.py')).toEqual({ bytes: 300, sha256: null })
    expect(await files.remove(['/x.py'], { recursive: false })).toBe(1)
    expect((await files.tree('/')).entries).toEqual([])
    expect((await bench.run('print("_muster" in str(dir()))')).stdout).toBe('False\r\n')
  })

  it('go there and back also when the board was asked who it is, whose names it keeps in its little memory (fault 28)', async () => {
    await bench.protocol.identify({ timeoutMs: 20_000 })
    await write('/x.py', noise(400))
    expect((await read('/x.py')).equals(noise(400))).toBe(true)
  })

  it('fail with what is wrong (fault 29)', async () => {
    await expect(read('/none')).rejects.toMatchObject({ code: 'FileFailed', reason: 'file-not-found' })
    await expect(files.remove(['/none'], { recursive: false })).rejects.toMatchObject({ reason: 'file-not-found' })
    await expect(files.mkdir('/folder', { parents: true })).rejects.toMatchObject({ reason: 'not-supported' })
    await expect(files.rename('/a', '/b', { replace: true })).rejects.toMatchObject({ reason: 'not-supported' })
    await expect(write('/folder/x', Buffer.of(1))).rejects.toMatchObject({ reason: 'not-supported' })
    await expect(files.df('/')).rejects.toMatchObject({ reason: 'not-supported' })
  })

  it('say that the flash is full, and leave nothing behind (faults 28 and 29)', async () => {
    // All but a little is taken by one file, written on the board itself.
    await bench.run('f = open("big", "wb")\nfor i in range(200): x = f.write(bytes(64))\nf.close()')
    expect((await bench.run('del f, i, x')).outcome).toBe('ok')
    await expect(write('/x', noise(4_000))).rejects.toMatchObject({ code: 'FileFailed', reason: 'disk-full' })
    expect((await files.list('/')).entries.map(({ name }) => name)).toEqual(['big'])
  })
})
