import { open } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { BadLine, type BadLineOptions } from '../../boards/bad-line'
import { startNativeBoard } from '../../boards/native-board'
import { Pty } from '../../boards/pty'
import { Conversation } from './conversation'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A line to a terminal whose far end the test holds. */
async function lineTo(options: Omit<BadLineOptions, 'board' | 'seed'>, seed = 1) {
  const far = Pty.open()
  const line = await BadLine.open({ ...options, board: far.path, seed })
  const near = await open(line.path, 'r+')
  ends.push(
    () => far.hangUp(),
    () => line.close(),
    () => near.close(),
  )
  const received: Buffer[] = []
  far.onData(bytes => received.push(Buffer.from(bytes)))
  return { line, near, far, received, bytes: () => Buffer.concat(received) }
}

const LETTERS = Buffer.from(Array.from({ length: 4_000 }, (_, index) => 65 + (index % 26)))

describe('a bad line', () => {
  it('without faults delivers every byte in order', async () => {
    const { near, bytes } = await lineTo({})
    await near.write(LETTERS)
    await expect.poll(() => bytes().length).toBe(LETTERS.length)
    expect(bytes().equals(LETTERS)).toBe(true)
  })

  it('keeps its pace', async () => {
    const { near, bytes } = await lineTo({ toBoard: { bytesPerSecond: 11_520 } })
    const startedAt = performance.now()
    await near.write(LETTERS)
    await expect.poll(() => bytes().length, { timeout: 10_000, interval: 5 }).toBe(LETTERS.length)
    const seconds = (performance.now() - startedAt) / 1_000
    expect(LETTERS.length / seconds).toBeLessThan(11_520 * 1.05)
    expect(bytes().equals(LETTERS)).toBe(true)
  })

  it('drops and flips as often as it is told, and the same ones for the same seed', async () => {
    const outcomes: string[] = []
    for (let round = 0; round < 2; round++) {
      const { line, near, bytes } = await lineTo({ toBoard: { dropRate: 0.01, flipRate: 0.01 } }, 7)
      await near.write(LETTERS)
      await expect.poll(() => bytes().length + line.dropped).toBe(LETTERS.length)
      expect(line.dropped).toBeGreaterThan(10)
      expect(line.flipped).toBeGreaterThan(10)
      outcomes.push(bytes().toString('latin1'))
    }
    expect(outcomes[1] === outcomes[0]).toBe(true)
  })

  it.each([
    ['single bytes', { singleBytes: true }],
    ['clumps', { clumpBytes: 4_096 }],
    ['a slow line with jitter', { bytesPerSecond: 11_520, delayMs: 5, jitterMs: 20 }],
  ])('gives the protocol the same results over %s (fault 30)', async (_, faults) => {
    const board = await startNativeBoard()
    const line = await BadLine.open({ board: board.path, seed: 3, toBoard: faults, fromBoard: faults })
    ends.push(
      () => board.unplug(),
      () => line.close(),
    )
    const conversation = await Conversation.start(line.path)
    ends.push(() => conversation.end())
    const result = await conversation.run('for i in range(100): print(i)\nraise ValueError("end")')
    expect(result.outcome).toBe('exception')
    expect(result.stdout).toBe(Array.from({ length: 100 }, (_unused, index) => `${index}\r\n`).join(''))
    // Long code, in raw-paste mode, and output of every byte but 04.
    const long = `${Array.from({ length: 600 }, (_unused, line) => `x = ${line}`).join('\n')}\n`
    const everyByte = 'import sys\nfor i in range(8): sys.stdout.buffer.write(bytes(b for b in range(256) if b != 4))\nprint(x)'
    const { stdout } = await conversation.run(long + everyByte)
    const expected = Buffer.from(Array.from({ length: 256 }, (_unused, byte) => byte).filter(byte => byte !== 4)).toString('latin1')
    expect(stdout === `${expected.repeat(8)}599\r\n`).toBe(true)
  })
})
