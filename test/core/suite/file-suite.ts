import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import type { BoardFiles, FileSink, FileSource, WriteOptions } from '../../../electron/core/micropython/files/board-files'
import { createBoardFiles } from '../../../electron/core/micropython/files/create-board-files'
import { MusterError } from '../../../shared/errors'
import type { WrittenFile } from '../../../shared/model'
import { itNeeding, type Suite } from './needs'

/** The suite's own, on boards that have folders; on others its files have this at the beginning of their names. */
const OWN = 'muster-test'
const signal = new AbortController().signal
const LARGE_HEAP_BYTES = 16_384

/** Files in a folder of the suite's own, which is gone when it has ended. */
export function describeFiles({ board, bench }: Suite): void {
  const hasFolders = board.features.includes('folders')
  const isLarge = (board.freeMemoryBytes ?? 0) >= LARGE_HEAP_BYTES
  const folder = hasFolders ? `/${OWN}` : '/'
  const pathOf = (name: string): string => (hasFolders ? `${folder}/${name}` : `/${OWN}-${name}`)
  const nameOf = (name: string): string => (hasFolders ? name : `${OWN}-${name}`)

  describe('its files', () => {
    let files: BoardFiles
    beforeAll(async () => {
      // A small board has room for this when what was done before is forgotten.
      await bench().softReset()
      files = createBoardFiles(bench().protocol.talk, board, { clock: systemClock, logger: silentLogger })
      await removeOwn()
      if (hasFolders) await files.mkdir(folder, { parents: false })
    })
    afterAll(async () => {
      await removeOwn()
      expect((await files.list('/')).entries.filter(({ name }) => name.includes(OWN))).toEqual([])
    })

    /** What an earlier run may have left, or this one is to leave behind. */
    async function removeOwn(): Promise<void> {
      const names = (await files.list('/')).entries.map(({ name }) => name).filter(name => name === OWN || name.startsWith(`${OWN}-`))
      if (names.length > 0)
        await files.remove(
          names.map(name => `/${name}`),
          { recursive: hasFolders },
        )
    }

    const write = (name: string, content: Uint8Array, options: Partial<WriteOptions> = {}): Promise<WrittenFile> =>
      files.write(pathOf(name), sourceOf(content), { signal, ...options })
    const read = async (name: string): Promise<Buffer> => {
      const sink = new MemorySink()
      const { bytes, sha256 } = await files.read(pathOf(name), sink, { signal })
      expect({ bytes, sha256 }).toEqual({ bytes: sink.content.length, sha256: sha256Of(sink.content) })
      return sink.content
    }
    const names = async (): Promise<string[]> => (await files.list(folder)).entries.map(({ name }) => name)

    it.each([
      ['no byte', Buffer.alloc(0)],
      ['text with all kinds of line ends', Buffer.from('one\ntwo\r\nthree\rfour "quoted" \\ \u00fc\n')],
      ['every byte there is', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ])('take and give back %s, with a proof', async (_, content) => {
      const written = await write('content', content)
      expect(written).toMatchObject({ bytes: content.length, sha256: sha256Of(content) })
      expect(written.proof).not.toBe('size')
      expect((await read('content')).equals(content)).toBe(true)
      expect(await files.stat(pathOf('content'))).toMatchObject({ name: nameOf('content'), kind: 'file', size: content.length })
      expect(await files.hash(pathOf('content'), signal)).toMatchObject({ bytes: content.length, sha256: sha256Of(content) })
      await files.remove([pathOf('content')], { recursive: false })
    })

    it('take and give back what is longer than one chunk', async () => {
      const content = pattern(isLarge ? 50_000 : 1_500)
      expect(await write('long', content)).toMatchObject({ bytes: content.length, sha256: sha256Of(content), replaced: false })
      expect((await read('long')).equals(content)).toBe(true)
      await files.remove([pathOf('long')], { recursive: false })
    })

    it('are listed, replaced and removed, and nothing else is left', async () => {
      await write('a.txt', Buffer.from('first'))
      await write('b.txt', Buffer.from('other'))
      expect(await names()).toEqual(expect.arrayContaining([nameOf('a.txt'), nameOf('b.txt')]))
      expect(await write('a.txt', Buffer.from('second'))).toMatchObject({ replaced: true })
      expect((await read('a.txt')).toString()).toBe('second')
      expect(await files.remove([pathOf('a.txt')], { recursive: false })).toBe(1)
      expect(await files.stat(pathOf('a.txt'))).toBeNull()
      expect((await read('b.txt')).toString()).toBe('other')
      await files.remove([pathOf('b.txt')], { recursive: false })
      expect((await names()).filter(name => name.includes('.txt'))).toEqual([])
    })

    it('stay as they were where they have changed meanwhile, or are not to be there', async () => {
      await write('kept', Buffer.from('mine'))
      const stale = write('kept', Buffer.from('theirs'), { ifSha256: sha256Of(Buffer.from('an older one')) })
      await expect(stale).rejects.toMatchObject({ code: 'FileFailed', reason: 'file-changed' })
      await expect(write('kept', Buffer.from('theirs'), { ifSha256: null })).rejects.toMatchObject({ reason: 'file-exists' })
      expect((await read('kept')).toString()).toBe('mine')
      expect(await write('kept', Buffer.from('new'), { ifSha256: sha256Of(Buffer.from('mine')) })).toMatchObject({ replaced: true })
      await files.remove([pathOf('kept')], { recursive: false })
    })

    it('that are not there are said not to be', async () => {
      expect(await files.stat(pathOf('missing'))).toBeNull()
      await expect(read('missing')).rejects.toMatchObject({ code: 'FileFailed', reason: 'file-not-found' })
      await expect(files.hash(pathOf('missing'), signal)).rejects.toMatchObject({ reason: 'file-not-found' })
      await expect(files.remove([pathOf('missing')], { recursive: false })).rejects.toMatchObject({ reason: 'file-not-found' })
    })

    it.each([
      'with space.txt',
      "it's",
      'say "hi"',
      'back\\slash',
      'semi;colon,comma',
      '{0}%s',
      'ümläut-日本-👋',
      'new\nline',
      '-dash',
      '.dot',
    ])('may be called %j, or the board says that they may not', async name => {
      try {
        await write(name, Buffer.from(name))
      } catch (error) {
        expect(error).toBeInstanceOf(MusterError)
        expect(error).toMatchObject({ code: 'FileFailed' })
        expect((await names()).filter(other => other === nameOf(name))).toEqual([])
        return
      }
      expect((await read(name)).toString()).toBe(name)
      expect(await names()).toContain(nameOf(name))
      await files.remove([pathOf(name)], { recursive: false })
      expect(await names()).not.toContain(nameOf(name))
    })

    it('survive a soft reset', async () => {
      await write('survivor', Buffer.from('here'))
      await bench().softReset()
      expect((await read('survivor')).toString()).toBe('here')
      await files.remove([pathOf('survivor')], { recursive: false })
    })

    itNeeding(board, { features: ['rename'] }, 'get another name', async () => {
      await write('old', Buffer.from('content'))
      await write('taken', Buffer.from('other'))
      await expect(files.rename(pathOf('old'), pathOf('taken'), { replace: false })).rejects.toMatchObject({ reason: 'file-exists' })
      await files.rename(pathOf('old'), pathOf('new'), { replace: false })
      expect(await files.stat(pathOf('old'))).toBeNull()
      expect((await read('new')).toString()).toBe('content')
      await files.rename(pathOf('new'), pathOf('taken'), { replace: true })
      expect((await read('taken')).toString()).toBe('content')
      await files.remove([pathOf('taken')], { recursive: false })
    })

    itNeeding(board, { features: ['folders', 'stat'] }, 'lie in folders, which are made, walked and removed whole', async () => {
      await files.mkdir(pathOf('deep/er'), { parents: true })
      await write('deep/er/file', Buffer.from('down here'))
      const { entries, isTruncated } = await files.tree(pathOf('deep'))
      expect(entries.map(({ path, kind }) => [path, kind])).toEqual([
        ['er', 'folder'],
        ['er/file', 'file'],
      ])
      expect(isTruncated).toBe(false)
      await expect(files.remove([pathOf('deep')], { recursive: false })).rejects.toMatchObject({ reason: 'folder-not-empty' })
      await files.remove([pathOf('deep')], { recursive: true })
      expect(await files.stat(pathOf('deep'))).toBeNull()
    })

    itNeeding(board, { features: ['statvfs'] }, 'take room, of which the board knows how much there is', async () => {
      const { totalBytes, freeBytes } = await files.df('/')
      expect(totalBytes).toBe(board.flashTotalBytes)
      expect(freeBytes).toBeGreaterThan(0)
      expect(freeBytes).toBeLessThanOrEqual(totalBytes)
    })
  })
}

function sourceOf(content: Uint8Array): FileSource {
  return { bytes: content.length, read: async (offset, length) => content.slice(offset, offset + length) }
}

class MemorySink implements FileSink {
  readonly resumeAt = 0
  content = Buffer.alloc(0)

  async prefixSha256(bytes: number): Promise<string> {
    return sha256Of(this.content.subarray(0, bytes))
  }

  async restart(): Promise<void> {
    this.content = Buffer.alloc(0)
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.content = Buffer.concat([this.content, bytes])
  }
}

function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** The same bytes each time, of which no stretch is like another. */
function pattern(bytes: number): Buffer {
  let state = 1
  return Buffer.from(
    Array.from({ length: bytes }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state >>> 24
    }),
  )
}
