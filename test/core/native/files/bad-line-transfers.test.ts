import { afterEach, describe, expect, it } from 'vitest'
import { MusterError } from '../../../../shared/errors'
import { BadLine } from '../../../boards/bad-line'
import { startNativeBoard } from '../../../boards/native-board'
import { Conversation } from '../conversation'
import { FEATURES, filesOf, MemorySink, never, noise, programText, sha256, sourceOf, without } from './bench-files'

/** Of all boards together. */
const TRANSFERS = Number(process.env.MUSTER_BAD_LINE_TRANSFERS ?? 1_000)
const BOARDS = 40
const DAMAGE_RATE = 1e-4
/** Of those that talk in longer programs, and take longer. */
const WEAK_BOARDS = 8
const WEAK_TRANSFERS = 12

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

interface Tally {
  identical: number
  refused: number
  damaged: number
  retries: number
  readonly others: string[]
}

/** Writes and reads small files in turn: what was written is what must come back. */
async function transferAll(seed: number, count: number, tally: Tally, features = FEATURES, maxBytes = 4_096): Promise<void> {
  const board = await startNativeBoard()
  const faults = { dropRate: DAMAGE_RATE, flipRate: DAMAGE_RATE }
  const line = await BadLine.open({ board: board.path, seed: seed * 100, toBoard: faults, fromBoard: faults })
  const bench = await Conversation.start(line.path)
  ends.push(
    () => board.unplug(),
    () => line.close(),
    () => bench.end(),
  )
  const files = filesOf(bench.protocol.talk, features)
  const random = noise(4 * count, seed)
  let onBoard: Buffer | null = null
  for (let index = 0; index < count; index++) {
    const size = random.readUInt16LE(4 * index) % (maxBytes + 1)
    const onProgress = ({ retries }: { readonly retries: number }): void => {
      tally.retries = Math.max(tally.retries, retries)
    }
    try {
      if (onBoard === null || index % 2 === 0) {
        const content = index % 4 === 0 ? programText(size) : noise(size, seed * 1_000 + index)
        onBoard = null
        const { sha256: said, bytes } = await files.write('/file', sourceOf(content), { signal: never(), onProgress })
        expect([said, bytes]).toEqual([sha256(content), content.length])
        onBoard = content
      } else {
        const sink = new MemorySink()
        await files.read('/file', sink, { signal: never(), onProgress })
        if (!sink.bytes.equals(onBoard)) tally.damaged++
      }
      tally.identical++
    } catch (error) {
      if (error instanceof MusterError) tally.refused++
      else tally.others.push(String(error))
      if (!(error instanceof MusterError)) await bench.enter()
    }
  }
}

describe('over a line that loses and changes bytes', () => {
  it(`${TRANSFERS} transfers end with the same bytes at both ends, or with an error (fault 31)`, async () => {
    const tally: Tally = { identical: 0, refused: 0, damaged: 0, retries: 0, others: [] }
    await Promise.all(Array.from({ length: BOARDS }, (_, index) => transferAll(index + 1, TRANSFERS / BOARDS, tally)))
    expect(tally.damaged).toBe(0)
    expect(tally.identical + tally.refused + tally.others.length).toBe(TRANSFERS)
    expect(tally.retries).toBeGreaterThan(0)
    expect(tally.identical).toBeGreaterThan(TRANSFERS * 0.95)
  }, 300_000)

  it.each([
    ['no binary input', without('binaryInput', 'binaryOutput')],
    ['nothing but hexadecimal digits', without('binaryInput', 'binaryOutput', 'base64', 'deflate', 'sha256', 'crc32')],
  ])(
    'so do most of those of boards with %s, whose chunks become smaller (fault 31)',
    async (_, features) => {
      const tally: Tally = { identical: 0, refused: 0, damaged: 0, retries: 0, others: [] }
      await Promise.all(
        Array.from({ length: WEAK_BOARDS }, (_each, index) => transferAll(index + 1, WEAK_TRANSFERS, tally, features, 5_000)),
      )
      expect(tally.damaged).toBe(0)
      expect(tally.identical + tally.refused + tally.others.length).toBe(WEAK_BOARDS * WEAK_TRANSFERS)
      expect(tally.identical).toBeGreaterThan(WEAK_BOARDS * WEAK_TRANSFERS * 0.75)
    },
    300_000,
  )
})
