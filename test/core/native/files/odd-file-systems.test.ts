import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BoardFiles } from '../../../../electron/core/micropython/files/board-files'
import { type NativeBoard, startNativeBoard } from '../../../boards/native-board'
import { Conversation } from '../conversation'
import { filesOf, MemorySink, never, noise, sourceOf, without } from './bench-files'

/** A file system of Python that keeps its files in a folder of the flash. It empties a file as soon as it is opened to be written. */
const ODD_FILES = `
import os, vfs
class OddFiles:
 def mount(self, readonly, mkfs): pass
 def umount(self): pass
 def at(self, path): return ('/real/' + path.strip('/')).rstrip('/')
 def chdir(self, path): pass
 def getcwd(self): return '/'
 def ilistdir(self, path): return os.ilistdir(self.at(path))
 def stat(self, path): return os.stat(self.at(path))
 def statvfs(self, path): return os.statvfs('/')
 def open(self, path, mode):
  if mode == 'wb': open(self.at(path), mode).close()
  return open(self.at(path), mode)
 def remove(self, path): return os.remove(self.at(path))
 def mkdir(self, path): return os.mkdir(self.at(path))
 def rmdir(self, path): return os.rmdir(self.at(path))
 def rename(self, old, new):
  try:
   self.stat(new)
  except OSError:
   if broken: raise OSError(5)
   return os.rename(self.at(old), self.at(new))
  raise OSError(5 if broken else 17)
broken = False
os.mkdir('/real')
vfs.mount(OddFiles(), '/odd')
`

let board: NativeBoard
let bench: Conversation
let files: BoardFiles
beforeEach(async () => {
  board = await startNativeBoard()
  bench = await Conversation.start(board.path)
  files = filesOf(bench.protocol.talk)
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
const names = async () => (await files.list('/odd')).entries.map(({ name }) => name)

describe('a file system that does not rename over a file', () => {
  beforeEach(async () => {
    expect(await bench.run(ODD_FILES)).toMatchObject({ outcome: 'ok' })
    expect(await write('/odd/x', noise(5_000))).toMatchObject({ replaced: false, atomic: true })
  })

  it('has the old file replaced all the same, and nothing left over', async () => {
    expect(await write('/odd/x', noise(6_000))).toMatchObject({ replaced: true, atomic: false })
    expect((await read('/odd/x')).equals(noise(6_000))).toBe(true)
    await write('/odd/y', noise(100))
    await files.rename('/odd/y', '/odd/x', { replace: true })
    expect((await read('/odd/x')).equals(noise(100))).toBe(true)
    expect(await names()).toEqual(['x'])
  })

  it('keeps the old file where the new one can’t have its name', async () => {
    await write('/odd/y', noise(100))
    await bench.run('broken = True')
    await expect(write('/odd/x', noise(6_000))).rejects.toMatchObject({ code: 'FileFailed' })
    await expect(files.rename('/odd/y', '/odd/x', { replace: true })).rejects.toMatchObject({ code: 'FileFailed' })
    expect((await read('/odd/x')).equals(noise(5_000))).toBe(true)
    expect((await read('/odd/y')).equals(noise(100))).toBe(true)
    expect(await names()).toEqual(['x', 'y'])
  })
})

it('a board that can’t rename keeps the old file where there is no room for two of the new one (fault 29)', async () => {
  await bench.end()
  await board.unplug()
  board = await startNativeBoard({ flashKb: 128 })
  bench = await Conversation.start(board.path)
  files = filesOf(bench.protocol.talk, without('rename'))
  await bench.run(ODD_FILES)
  await write('/odd/x', noise(5_000))
  await expect(write('/odd/x', noise(70_000))).rejects.toMatchObject({ code: 'FileFailed', reason: 'disk-full' })
  expect((await read('/odd/x')).equals(noise(5_000))).toBe(true)
  expect(await names()).toEqual(['x'])
})

it('what is removed on the board while it is written is told as that', async () => {
  const feedCode = "import os\ntry:\n os.remove('/d/x.muster.part')\nexcept OSError: pass"
  const writing = files.write('/d/x', sourceOf(noise(50_000)), { signal: never(), feedCode })
  await expect(writing).rejects.toMatchObject({ code: 'FileFailed', reason: 'file-changed' })
})
