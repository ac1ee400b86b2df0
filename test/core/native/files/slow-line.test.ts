import { afterEach, describe, expect, it } from 'vitest'
import { BadLine, type LineFaults } from '../../../boards/bad-line'
import { startNativeBoard } from '../../../boards/native-board'
import { Conversation, type ConversationOptions } from '../conversation'
import { filesOf, MemorySink, never, noise, programText, sourceOf } from './bench-files'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function filesOver(faults: LineFaults, options: ConversationOptions = {}) {
  const board = await startNativeBoard()
  ends.push(() => board.unplug())
  const line = await BadLine.open({ board: board.path, seed: 5, toBoard: faults, fromBoard: faults })
  ends.push(() => line.close())
  const bench = await Conversation.start(line.path, options)
  ends.push(() => bench.end())
  return filesOf(bench.protocol.talk)
}

describe('files over a slow line', () => {
  it('of 960 bytes a second and 200 ms of jitter take their time and nothing else, whether it holds back or not (fault 32)', async () => {
    const sessions = [{}, { withoutBackPressure: true }].map(async options => {
      const files = await filesOver({ bytesPerSecond: 960, jitterMs: 200 }, options)
      let retries = 0
      const onProgress = (progress: { readonly retries: number }): void => {
        retries = Math.max(retries, progress.retries)
      }
      await files.write('/x', sourceOf(noise(1_000)), { signal: never(), onProgress })
      const sink = new MemorySink()
      await files.read('/x', sink, { signal: never(), onProgress })
      expect(sink.bytes.equals(noise(1_000))).toBe(true)
      expect(retries).toBe(0)
    })
    await Promise.all(sessions)
  })

  it('come whole out of single bytes and out of clumps (fault 30)', async () => {
    for (const faults of [{ singleBytes: true }, { clumpBytes: 4_096 }]) {
      const files = await filesOver(faults)
      await files.write('/x', sourceOf(noise(3_000)), { signal: never() })
      const sink = new MemorySink()
      await files.read('/x', sink, { signal: never() })
      expect(sink.bytes.equals(noise(3_000))).toBe(true)
    }
  })

  it('of source text are sent compressed: faster than the line carries them', async () => {
    const files = await filesOver({ bytesPerSecond: 11_520 })
    const text = programText(60_000)
    const { durationMs } = await files.write('/x', sourceOf(text), { signal: never() })
    expect((text.length / durationMs) * 1_000).toBeGreaterThan(2 * 11_520)
  })
})
