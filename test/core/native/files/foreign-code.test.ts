import { afterEach, describe, expect, it } from 'vitest'
import type { BoardFiles } from '../../../../electron/core/micropython/files/board-files'
import type { BoardFeature } from '../../../../shared/model'
import { type NativeBoard, startNativeBoard } from '../../../boards/native-board'
import { Conversation } from '../conversation'
import { FEATURES, filesOf, MemorySink, never, noise, programText, sourceOf, without } from './bench-files'

let board: NativeBoard
let bench: Conversation
let files: BoardFiles
afterEach(async () => {
  await bench.end()
  await board.unplug()
})

/** Programs are handed over in another form on each. */
const BOARDS: readonly (readonly [string, readonly BoardFeature[], number])[] = [
  ['much memory', FEATURES, 200_000],
  ['less memory', FEATURES, 30_000],
  ['little memory', FEATURES, 20_000],
  ['no binary input', without('binaryInput', 'binaryOutput'), 200_000],
]

async function startWith(code: string, features: readonly BoardFeature[], freeMemoryBytes: number): Promise<void> {
  board = await startNativeBoard()
  bench = await Conversation.start(board.path)
  files = filesOf(bench.protocol.talk, features, freeMemoryBytes)
  expect(await bench.run(code)).toMatchObject({ outcome: 'ok' })
}

/** Everything that can be done with files, once. */
async function useAll(): Promise<void> {
  for (const content of [noise(20_000), programText(20_000), Buffer.alloc(0)]) {
    await files.write('/d/x', sourceOf(content), { signal: never() })
    const sink = new MemorySink()
    await files.read('/d/x', sink, { signal: never() })
    expect(sink.bytes.equals(content)).toBe(true)
  }
  expect((await files.list('/d')).entries.map(({ name }) => name)).toEqual(['x'])
  expect((await files.tree('/d')).entries).toHaveLength(1)
  expect(await files.stat('/d/x')).toMatchObject({ size: 0 })
  expect((await files.df('/')).totalBytes).toBeGreaterThan(0)
  expect((await files.hash('/d/x', never())).bytes).toBe(0)
  await files.rename('/d/x', '/d/y', { replace: true })
  expect(await files.remove(['/d'], { recursive: true })).toBe(2)
}

describe.each(BOARDS)('files of a board with %s', (_, features, freeMemoryBytes) => {
  it('do not mind builtins of its own', async () => {
    const names = 'open print len bytes str exec type OSError Exception range max min int list sum bytearray memoryview globals getattr'
    await startWith(`import builtins\nfor n in '${names}'.split(): setattr(builtins, n, 5)`, features, freeMemoryBytes)
    await useAll()
  })

  it('do not mind modules that it has put before those of the firmware, and leave them there', async () => {
    const names = 'os io hashlib binascii deflate time gc'
    await startWith(`import sys\nsys.path.append('/own')\nfor n in '${names}'.split(): sys.modules[n] = sys`, features, freeMemoryBytes)
    await useAll()
    expect((await bench.run("import os\nprint(os is sys, sys.path, 'sha256' in dir())")).stdout).toBe("True ['', '/own'] False\r\n")
  })

  it('do not run what lies there under the name of a module, and can remove it', async () => {
    const names = ['os', 'io', 'hashlib', 'binascii', 'deflate', 'time', 'gc']
    const code = `for n in '${names.join(' ')}'.split():\n f = open('/' + n + '.py', 'w')\n f.write('while 1: pass')\n f.close()\ndel n, f`
    await startWith(code, features, freeMemoryBytes)
    await useAll()
    expect(
      await files.remove(
        names.map(name => `/${name}.py`),
        { recursive: false },
      ),
    ).toBe(names.length)
  })

  it('let the code that feeds its watchdog import what it needs', async () => {
    await startWith('f = open("/feeder.py", "w")\nf.write("count = 0")\nf.close()\ndel f', features, freeMemoryBytes)
    const feedCode = 'import feeder\nfeeder.count += 1'
    await files.write('/x', sourceOf(noise(20_000)), { signal: never(), feedCode })
    await files.read('/x', new MemorySink(), { signal: never(), feedCode })
    expect(Number((await bench.run('print(feeder.count)')).stdout)).toBeGreaterThan(5)
  })
})
