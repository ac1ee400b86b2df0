import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../../electron/core/base/clock'
import { silentLogger } from '../../../../electron/core/base/logger'
import type { BoardFiles } from '../../../../electron/core/micropython/files/board-files'
import { createMicroPythonProtocol } from '../../../../electron/core/micropython/micropython-protocol'
import type { SimulatedBoards } from '../../../../electron/core/transport/simulated/simulated-boards'
import { createBoards } from '../../simulated/rig'
import { filesOf, MemorySink, never, noise, programText, sha256, sourceOf, without } from './bench-files'

describe('files of a simulated board', () => {
  let boards: SimulatedBoards
  let files: BoardFiles
  let textFiles: BoardFiles
  const ends: (() => Promise<void> | void)[] = []
  beforeAll(async () => {
    boards = await createBoards()
    const [board] = await boards.start(1)
    const transport = boards.create({ port: board?.path ?? '' })
    await transport.open(new AbortController().signal)
    const protocol = createMicroPythonProtocol(transport, { clock: systemClock, logger: silentLogger })
    await protocol.enter({ timeoutMs: 20_000, signal: new AbortController().signal })
    files = filesOf(protocol.talk, without('statvfs'), null)
    textFiles = filesOf(protocol.talk, without('statvfs', 'binaryInput', 'binaryOutput'), null)
    ends.push(
      () => boards.dispose(),
      () => transport.close(),
      () => protocol.dispose(),
    )
  }, 60_000)
  afterAll(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  const write = (path: string, bytes: Uint8Array) => files.write(path, sourceOf(bytes), { signal: never() })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['noise', noise(200_000)],
    ['program text', programText(200_000)],
  ])('carry %s there and back', async (_, content) => {
    expect(await write('/lib/Grüße/x\n', content)).toMatchObject({ proof: 'sha256', atomic: true, sha256: sha256(content) })
    const sink = new MemorySink()
    expect(await files.read('/lib/Grüße/x\n', sink, { signal: never() })).toMatchObject({ proof: 'sha256' })
    expect(sink.bytes.equals(content)).toBe(true)
    expect((await files.tree('/')).entries.map(({ path }) => path)).toEqual(['lib', 'lib/Grüße', 'lib/Grüße/x\n'])
    await files.rename('/lib/Grüße/x\n', '/lib/y', { replace: false })
    expect((await files.list('/lib')).entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['Grüße', 'folder'],
      ['y', 'file'],
    ])
    expect(await files.remove(['/lib'], { recursive: true })).toBe(3)
  })

  it('carry the same as text', async () => {
    for (const content of [noise(20_000), programText(20_000)]) {
      await textFiles.write('/text', sourceOf(content), { signal: never() })
      const sink = new MemorySink()
      await textFiles.read('/text', sink, { signal: never() })
      expect(sink.bytes.equals(content)).toBe(true)
    }
    expect(await files.remove(['/text'], { recursive: false })).toBe(1)
  })

  it('fail with what is wrong', async () => {
    await write('/file', Buffer.of(1))
    const sink = new MemorySink()
    await expect(files.read('/none', sink, { signal: never() })).rejects.toMatchObject({ reason: 'file-not-found' })
    await expect(files.read('/', sink, { signal: never() })).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(write('/file/below', Buffer.of(1))).rejects.toMatchObject({ reason: 'not-a-folder' })
    await expect(files.mkdir('/file', { parents: true })).rejects.toMatchObject({ reason: 'file-exists' })
    await files.mkdir('/folder/inner', { parents: true })
    await expect(files.remove(['/folder'], { recursive: false })).rejects.toMatchObject({ reason: 'folder-not-empty' })
    expect(await files.remove(['/folder', '/file'], { recursive: true })).toBe(3)
  })

  it('leave the old one whole when the flash is full (fault 29)', async () => {
    await write('/kept', Buffer.from('old'))
    await expect(write('/kept', noise(9_000_000))).rejects.toMatchObject({ reason: 'disk-full' })
    expect((await files.list('/')).entries.map(({ name, size }) => [name, size])).toEqual([['kept', 3]])
    expect(await files.remove(['/kept'], { recursive: false })).toBe(1)
  })
})
