import { afterEach, describe, expect, it } from 'vitest'
import { type NativeBoard, startNativeBoard } from '../../../boards/native-board'
import { Conversation } from '../conversation'
import { FEATURES, filesOf, MemorySink, never, noise, programText, sourceOf, without } from './bench-files'

let board: NativeBoard
let bench: Conversation
afterEach(async () => {
  await bench.end()
  await board.unplug()
})

const TEXT = without('binaryInput', 'binaryOutput')
const LIMIT_MS = 60_000

/** Takes the board's memory after it has said how much there is, as a program does. */
async function startWith(code: string): Promise<void> {
  board = await startNativeBoard()
  bench = await Conversation.start(board.path)
  expect(await bench.run(code)).toMatchObject({ outcome: 'ok' })
}

/** So much is left, in one piece. */
function leave(freeKb: number): string {
  return `import gc
kept = []
gc.collect()
while gc.mem_free() > ${freeKb} * 1024:
 kept.append(bytearray(1000))
 gc.collect()`
}

/** So much is left, in pieces of this size with something between them. */
function leavePieces(freeKb: number, pieceBytes: number): string {
  return `import gc
kept = [None] * 300
holes = [None] * 300
n = 0
try:
 while 1:
  kept[n] = bytearray(${pieceBytes})
  holes[n] = bytearray(${pieceBytes})
  n += 1
except MemoryError:
 pass
for n in range(300):
 if gc.mem_free() < ${freeKb} * 1024:
  holes[n] = None
  gc.collect()`
}

describe('files of a board whose program has taken its memory', () => {
  it.each([
    ['20 kB in one piece', leave(20), FEATURES],
    ['22 kB in one piece, and no binary input', leave(22), TEXT],
    ['80 kB in pieces of 6 kB', leavePieces(80, 6_000), FEATURES],
    ['80 kB in pieces of 3 kB', leavePieces(80, 3_000), FEATURES],
  ])(
    'go there and back through %s (fault 28)',
    async (_, code, features) => {
      await startWith(code)
      const files = filesOf(bench.protocol.talk, features, 200_000)
      for (const content of [noise(30_000), programText(30_000)]) {
        await files.write('/x', sourceOf(content), { signal: never() })
        const sink = new MemorySink()
        await files.read('/x', sink, { signal: never() })
        expect(sink.bytes.equals(content)).toBe(true)
      }
      expect((await files.list('/')).entries.map(({ name }) => name)).toEqual(['x'])
      expect((await bench.run('print(len(kept) > 0)')).stdout).toBe('True\r\n')
    },
    LIMIT_MS,
  )
})
