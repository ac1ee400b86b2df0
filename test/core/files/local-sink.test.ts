import { execFile } from 'node:child_process'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LocalFileSystem } from '../../../electron/core/files/local-file-system'
import { LocalRoot } from '../../../electron/core/files/local-root'
import { LocalSink } from '../../../electron/core/files/local-sink'
import { LocalSource } from '../../../electron/core/files/local-source'
import { sha256 } from '../../fakes/fake-board-files'
import { failureOf } from '../sessions/session-bench'
import { CountingFiles } from './counting-files'

let base: string
let counting: CountingFiles
let root: LocalRoot
beforeEach(async () => {
  base = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'muster-sink-')))
  counting = new CountingFiles()
  root = new LocalRoot({ files: counting.files, platform: 'linux', path: base, claims: new Set() })
})
afterEach(async () => {
  expect(counting.openHandles).toBe(0)
  await fs.rm(base, { recursive: true, force: true })
})

const bytes = (text: string): Uint8Array => Buffer.from(text)
const there = async (): Promise<readonly string[]> => (await fs.readdir(base)).sort()
const of = (text: string): { readonly bytes: number; readonly sha256: string } => ({ bytes: text.length, sha256: sha256(text) })

describe('a sink', () => {
  it('puts a file in its place only when it is whole', async () => {
    await fs.writeFile(path.join(base, 'a'), 'earlier')
    const sink = await LocalSink.open(root, 'a')
    await sink.write(bytes('ne'))
    await sink.write(bytes('w'))
    expect(await fs.readFile(path.join(base, 'a'), 'utf8')).toBe('earlier')
    await sink.commit(of('new'), { replaces: true })
    await sink.keep()
    expect(await fs.readFile(path.join(base, 'a'), 'utf8')).toBe('new')
    expect(await there()).toEqual(['a'])
  })

  it('refuses what did not arrive as it was sent, and leaves nothing of it for the next attempt', async () => {
    await fs.writeFile(path.join(base, 'a'), 'earlier')
    const sink = await LocalSink.open(root, 'a')
    await sink.write(bytes('nEw'))
    expect(await failureOf(sink.commit(of('new'), { replaces: true }))).toMatchObject({ code: 'FileFailed', reason: 'file-damaged' })
    await sink.keep()
    const next = await LocalSink.open(root, 'a')
    expect(next.resumeAt).toBe(0)
    await next.discard()
    expect(await fs.readFile(path.join(base, 'a'), 'utf8')).toBe('earlier')
    expect(await there()).toEqual(['a'])
  })

  it('takes up what was left, hashes it from the disk, and can begin anew', async () => {
    const first = await LocalSink.open(root, 'a')
    await first.write(bytes('begun '))
    await first.keep()
    const second = await LocalSink.open(root, 'a')
    expect(second.resumeAt).toBe(6)
    expect(await second.prefixSha256(6)).toBe(sha256('begun '))
    expect(await second.prefixSha256(3)).toBe(sha256('beg'))
    await second.write(bytes('and ended'))
    await second.commit(of('begun and ended'), { replaces: false })
    await second.keep()
    const third = await LocalSink.open(root, 'a')
    await third.write(bytes('wrong'))
    await third.restart()
    await third.write(bytes('x'))
    await third.commit(of('x'), { replaces: true })
    await third.keep()
    expect(await fs.readFile(path.join(base, 'a'), 'utf8')).toBe('x')
  })

  it('does not replace what nobody has decided on, nor a folder', async () => {
    const sink = await LocalSink.open(root, 'a')
    await sink.write(bytes('new'))
    await fs.writeFile(path.join(base, 'a'), 'came meanwhile')
    expect(await failureOf(sink.commit(of('new'), { replaces: false }))).toMatchObject({ reason: 'file-exists' })
    await sink.discard()
    await fs.mkdir(path.join(base, 'b'))
    const onFolder = await LocalSink.open(root, 'b')
    expect(await failureOf(onFolder.commit(of(''), { replaces: true }))).toMatchObject({ reason: 'is-a-folder' })
    await onFolder.discard()
    expect(await there()).toEqual(['a', 'b'])
  })

  it('is one for each file', async () => {
    const sink = await LocalSink.open(root, 'a')
    expect(await failureOf(LocalSink.open(root, 'a'))).toMatchObject({ code: 'FileFailed', reason: 'local-file' })
    await LocalSink.discardPart(root, 'a')
    expect(await there()).toEqual(['a.muster.part'])
    await sink.discard()
    await (await LocalSink.open(root, 'a')).discard()
    expect(await there()).toEqual([])
  })

  it('has a place beside every name there may be', async () => {
    for (const name of ['x'.repeat(255), 'ü'.repeat(127), 'y'.repeat(243)]) {
      const sink = await LocalSink.open(root, name)
      await sink.write(bytes('new'))
      await sink.keep()
      const again = await LocalSink.open(root, name)
      expect(again.resumeAt).toBe(3)
      await again.commit(of('new'), { replaces: false })
      await again.keep()
      expect(await there()).toEqual([name])
      await fs.unlink(path.join(base, name))
    }
    const cut = await LocalSink.open(root, 'z'.repeat(255))
    await cut.keep()
    await LocalSink.discardPart(root, 'z'.repeat(255))
    expect(await there()).toEqual([])
  })

  it('is one for names that are the same to the computer', async () => {
    const mac = new LocalRoot({ files: counting.files, platform: 'darwin', path: base, claims: new Set() })
    const sink = await LocalSink.open(mac, 'Main.py')
    expect(await failureOf(LocalSink.open(mac, 'main.py'))).toMatchObject({ code: 'FileFailed', reason: 'local-file' })
    await sink.discard()
    await (await LocalSink.open(mac, 'main.py')).discard()
  })

  it('has the new name on disk as well, where the computer can', async () => {
    const steps: string[] = []
    const files: LocalFileSystem = {
      ...counting.files,
      open: (async (...parameters: Parameters<LocalFileSystem['open']>) => {
        const handle = await counting.files.open(...parameters)
        const name = path.relative(base, String(parameters[0])) || 'the folder'
        const sync = handle.sync.bind(handle)
        handle.sync = async () => {
          steps.push(`sync ${name}`)
          await sync()
          if (name === 'the folder') throw new Error('EINVAL')
        }
        return handle
      }) as LocalFileSystem['open'],
      rename: async (from, to) => {
        steps.push('rename')
        await counting.files.rename(from, to)
      },
    }
    const sink = await LocalSink.open(new LocalRoot({ files, platform: 'linux', path: base, claims: new Set() }), 'a')
    await sink.write(bytes('new'))
    await sink.commit(of('new'), { replaces: false })
    await sink.keep()
    expect(steps).toEqual(['sync a.muster.part', 'rename', 'sync the folder'])
    const closed: LocalFileSystem = {
      ...counting.files,
      open: (async (...parameters: Parameters<LocalFileSystem['open']>) => {
        if (parameters[0] === base) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' })
        return await counting.files.open(...parameters)
      }) as LocalFileSystem['open'],
    }
    const onWindows = await LocalSink.open(new LocalRoot({ files: closed, platform: 'win32', path: base, claims: new Set() }), 'b')
    await onWindows.commit(of(''), { replaces: false })
    await onWindows.keep()
    expect(await there()).toEqual(['a', 'b'])
  })

  it('writes through no link, neither under the name nor beside it', async () => {
    await fs.mkdir(path.join(base, 'outside'))
    await fs.symlink(path.join(base, 'outside/x'), path.join(base, 'a.muster.part'))
    expect(await failureOf(LocalSink.open(root, 'a'))).toMatchObject({ code: 'FileFailed', reason: 'local-file' })
    expect(await fs.readdir(path.join(base, 'outside'))).toEqual([])
  })

  it('says that the disk is full, and keeps what is there', async () => {
    counting.room = 3
    const sink = await LocalSink.open(root, 'a')
    await sink.write(bytes('abc'))
    expect(await failureOf(sink.write(bytes('d')))).toMatchObject({ code: 'FileFailed', reason: 'disk-full' })
    await sink.keep()
    expect(await fs.readFile(path.join(base, 'a.muster.part'), 'utf8')).toBe('abc')
    await expect(sink.write(bytes('late'))).rejects.toThrow()
  })
})

describe('a source', () => {
  it('is read from anywhere, ends where it ended when it was opened, and says when it has become shorter', async () => {
    await fs.writeFile(path.join(base, 'a'), '0123456789')
    const source = await LocalSource.open(root, 'a')
    const read = async (offset: number, length: number): Promise<string> => Buffer.from(await source.read(offset, length)).toString()
    expect(await Promise.all([read(8, 5), read(0, 3), read(10, 1)])).toEqual(['89', '012', ''])
    expect(await source.hash(new AbortController().signal)).toBe(sha256('0123456789'))
    await fs.truncate(path.join(base, 'a'), 4)
    expect(await failureOf(source.read(2, 4))).toMatchObject({ code: 'FileFailed', reason: 'file-changed' })
    await Promise.all([source.close(), source.close()])
    await expect(source.read(0, 1)).rejects.toThrow()
  })

  it('knows whether it is still what was read', async () => {
    const never = new AbortController().signal
    await fs.writeFile(path.join(base, 'a'), '0123456789')
    const source = await LocalSource.open(root, 'a')
    expect(await source.isStill(sha256('0123456789'), never)).toBe(true)
    await fs.appendFile(path.join(base, 'a'), 'more')
    expect(await source.isStill(sha256('0123456789'), never)).toBe(false)
    await fs.truncate(path.join(base, 'a'), 4)
    expect(await source.isStill(sha256('0123456789'), never)).toBe(false)
    await fs.writeFile(path.join(base, 'a'), '0123x56789')
    expect(await source.isStill(sha256('0123456789'), never)).toBe(false)
    await source.close()
  })

  it.runIf(process.platform === 'linux')('is not a pipe, and does not wait for its other end', async () => {
    await promisify(execFile)('mkfifo', [path.join(base, 'pipe'), path.join(base, 'a.muster.part')])
    expect(await failureOf(LocalSource.open(root, 'pipe'))).toMatchObject({ code: 'FileFailed', reason: 'local-file' })
    expect(await failureOf(LocalSink.open(root, 'a'))).toMatchObject({ code: 'FileFailed', reason: 'local-file' })
  })

  it('is a file, and no link out of the folder', async () => {
    await fs.mkdir(path.join(base, 'folder'))
    await fs.symlink('/etc/hosts', path.join(base, 'link'))
    expect(await failureOf(LocalSource.open(root, 'folder'))).toMatchObject({ reason: 'is-a-folder' })
    expect(await failureOf(LocalSource.open(root, 'link'))).toMatchObject({ reason: 'local-file' })
    expect(await failureOf(LocalSource.open(root, 'gone'))).toMatchObject({ reason: 'file-not-found' })
  })
})
