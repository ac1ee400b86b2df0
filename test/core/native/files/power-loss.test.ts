import { afterEach, expect, it } from 'vitest'
import type { FileProgress } from '../../../../electron/core/micropython/files/board-files'
import { FILE_FLUSH_BYTES } from '../../../../shared/limits'
import { type NativeBoard, startNativeBoard } from '../../../boards/native-board'
import { Conversation } from '../conversation'
import { filesOf, MemorySink, never, noise, sourceOf } from './bench-files'

let board: NativeBoard
let bench: Conversation
afterEach(async () => {
  await bench.end()
  await board.unplug()
})

it('a write that a board lost its power in is taken up again after what was on its flash by then (fault 4)', async () => {
  board = await startNativeBoard()
  bench = await Conversation.start(board.path)
  const files = filesOf(bench.protocol.talk)
  const content = noise(500_000)
  // What it had in its memory is gone, as after a loss of power.
  const feedCode = 'import os\nif os.stat("/x.muster.part")[6] >= 200_000:\n import machine\n machine.reset()'
  let reached = 0
  const onProgress = ({ doneBytes }: FileProgress): void => {
    reached = Math.max(reached, doneBytes)
  }
  await expect(files.write('/x', sourceOf(content), { signal: never(), feedCode, onProgress })).rejects.toThrow()
  expect(reached).toBeLessThan(content.length)
  const resumed: number[] = []
  const written = await files.write('/x', sourceOf(content), {
    signal: never(),
    resume: true,
    onProgress: ({ resumedAtBytes }) => resumed.push(resumedAtBytes),
  })
  expect(written.bytes).toBe(content.length)
  expect(resumed.at(-1)).toBeGreaterThan(reached - FILE_FLUSH_BYTES - 4 * 16_384)
  expect(resumed.at(-1)).toBeGreaterThan(0)
  const sink = new MemorySink()
  await files.read('/x', sink, { signal: never() })
  expect(sink.bytes.equals(content)).toBe(true)
})
