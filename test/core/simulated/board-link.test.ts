import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BoardLink } from '../../../electron/core/transport/simulated/board-link'
import { LinkWriter } from '../../../electron/core/transport/simulated/link-writer'
import { withSharedMemory } from '../../../electron/core/transport/simulated/shared-memory-section'
import { SIMULATED_INPUT_RING_BYTES } from '../../../shared/limits'

describe('a ring', () => {
  it('gives back what it was given, in order, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 40_000 })), { maxLength: 30 }),
        steps => {
          const { input } = BoardLink.create()
          let written = 0
          let read = 0
          for (const [writeBytes, readBytes] of steps) {
            const bytes = Uint8Array.from({ length: writeBytes }, (_, index) => (written + index) % 251)
            written += input.write(bytes, 0, bytes.length)
            const bytesRead = input.read(readBytes)
            expect(bytesRead.every((byte, index) => byte === (read + index) % 251)).toBe(true)
            read += bytesRead.length
            expect(input.used).toBe(written - read)
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('takes no more than it holds', () => {
    const { input } = BoardLink.create()
    expect(input.write(new Uint8Array(100_000), 0, 100_000)).toBe(SIMULATED_INPUT_RING_BYTES)
    expect(input.free).toBe(0)
  })
})

describe('writing to a board that does not read', () => {
  it('waits, counts what waits, and goes on in order when there is room', async () => {
    const link = BoardLink.create()
    const writer = new LinkWriter(link)
    const ends: string[] = []
    const first = writer.write(new Uint8Array(SIMULATED_INPUT_RING_BYTES).fill(1)).then(() => ends.push('first'))
    const second = writer.write(new Uint8Array(10).fill(2)).then(() => ends.push('second'))
    await first
    expect(writer.pendingBytes).toBe(10)
    expect(ends).toEqual(['first'])
    expect(link.input.read(5)).toHaveLength(5)
    expect(link.takeRoomWanted()).toBe(true)
    writer.pump()
    expect(writer.pendingBytes).toBe(5)
    expect(link.input.read(100_000)).toHaveLength(SIMULATED_INPUT_RING_BYTES)
    writer.pump()
    await second
    expect([...link.input.read(100)]).toEqual([2, 2, 2, 2, 2])
    expect(writer.pendingBytes).toBe(0)
  })

  it('rejects what waits when it is abandoned', async () => {
    const writer = new LinkWriter(BoardLink.create())
    const write = writer.write(new Uint8Array(SIMULATED_INPUT_RING_BYTES + 1))
    writer.abandon(new Error('gone'))
    await expect(write).rejects.toThrow('gone')
    expect(writer.pendingBytes).toBe(0)
  })
})

it('a listener does not get what was said before it came', () => {
  const link = BoardLink.create()
  link.output.write(Buffer.from('old'), 0, 3)
  link.setListening(true)
  expect(link.output.used).toBe(0)
})

describe('sharing the memory of a WebAssembly binary', () => {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

  it('changes the memory section and nothing else', () => {
    // A type section, one memory of 259 pages at least, an empty custom section.
    const binary = Uint8Array.from([...header, 1, 4, 1, 0x60, 0, 0, 5, 4, 1, 0, 0x83, 0x02, 0, 2, 1, 0x61])
    const shared = withSharedMemory(binary, 1024)
    expect([...shared]).toEqual([...header, 1, 4, 1, 0x60, 0, 0, 5, 6, 1, 3, 0x83, 0x02, 0x80, 0x08, 0, 2, 1, 0x61])
    expect(() => new WebAssembly.Module(shared)).not.toThrow()
  })

  it.each([
    ['without a memory', header],
    ['with two memories', [...header, 5, 5, 2, 0, 1, 0, 1]],
    ['that is cut off', [...header, 5, 0x80]],
  ])('refuses a binary %s', (_, bytes) => {
    expect(() => withSharedMemory(Uint8Array.from(bytes), 16)).toThrow('The interpreter')
  })
})
