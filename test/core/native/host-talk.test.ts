import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dialogue, DialogueReader } from '../../../electron/core/micropython/board-talk'
import { newToken } from '../../../electron/core/micropython/prompt-search'
import { type NativeBoard, startNativeBoard } from '../../boards/native-board'
import { Conversation } from './conversation'

const BLOCK_BYTES = 256

/** Gives back each block that it gets, whatever is in it, as often as it is told to. */
function echoes(mark: string, blocks: number, then = ''): string {
  return `def talk():
 import sys, micropython
 stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
 micropython.kbd_intr(-1)
 try:
  print('${mark.slice(0, 16)}' + '${mark.slice(16)}', end='')
  stdin.read(1)
  for _ in range(${blocks}):
   stdout.write(stdin.read(${BLOCK_BYTES}))
 finally:
  micropython.kbd_intr(3)
talk()
${then}`
}

/** Takes so many bytes. */
class Counted implements DialogueReader {
  readonly pieces: Uint8Array[] = []
  private left: number
  private heard: () => void = () => {}
  readonly done: Promise<void>

  constructor(byteCount: number) {
    this.left = byteCount
    this.done = new Promise(resolve => {
      this.heard = resolve
    })
  }

  feed(bytes: Uint8Array): number {
    const own = bytes.subarray(0, this.left)
    this.left -= own.length
    this.pieces.push(own)
    if (this.left === 0) this.heard()
    return own.length
  }
}

describe('a dialogue with a program on a native board', () => {
  let board: NativeBoard
  let bench: Conversation
  beforeAll(async () => {
    board = await startNativeBoard()
    bench = await Conversation.start(board.path)
  })
  afterAll(async () => {
    await bench.end()
    await board.unplug()
  })

  async function begin(code: (mark: string) => string, reader: DialogueReader): Promise<Dialogue> {
    const readyMark = newToken()
    const begun = await bench.protocol.talk.converse(code(readyMark), { readyMark, reader, timeoutMs: 5_000 })
    if (!('dialogue' in begun)) throw new Error(`It ended before it was ready: ${begun.answer.exception}`)
    return begun.dialogue
  }

  it('carries every byte both ways, and ends at the prompt', async () => {
    const blocks = 64
    const sent = Buffer.from(Array.from({ length: blocks * BLOCK_BYTES }, (_, index) => (index + (index >> 8)) % 256))
    const reader = new Counted(sent.length)
    const dialogue = await begin(mark => echoes(mark, blocks), reader)
    for (let block = 0; block < blocks; block++) await dialogue.write(sent.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES))
    expect(await dialogue.ended).toMatchObject({ outcome: 'ok', resynchronised: false })
    expect(Buffer.concat(reader.pieces).equals(sent)).toBe(true)
    expect(await bench.run('print(1)')).toMatchObject({ stdout: '1\r\n' })
  })

  it('ends with an exception that comes in the middle of it', async () => {
    const reader = new Counted(BLOCK_BYTES)
    const dialogue = await begin(mark => echoes(mark, 1, 'raise ValueError("after")'), reader)
    await dialogue.write(Buffer.alloc(BLOCK_BYTES, 4))
    const end = await dialogue.ended
    expect(end.outcome).toBe('exception')
    expect(Buffer.from(end.exception).toString()).toContain('ValueError: after')
  })

  it('is interrupted where it can be, whatever its reader makes of it', async () => {
    const code = (mark: string): string => `print('${mark}', end='')\nimport sys\nsys.stdin.read(1)\nwhile True: print('talk')`
    const dialogue = await begin(code, { feed: bytes => bytes.length })
    expect(await dialogue.interrupt(5_000)).toBe(true)
    expect(await dialogue.ended).toMatchObject({ outcome: 'exception' })
    expect(await bench.run('print(1)')).toMatchObject({ stdout: '1\r\n' })
  })

  it('does not begin with a program that fails first, or is never ready', async () => {
    const reader = new Counted(1)
    const failed = await bench.protocol.talk.converse('import nothing', { readyMark: newToken(), reader, timeoutMs: 5_000 })
    expect(failed).toMatchObject({ answer: { outcome: 'exception', exception: expect.stringContaining('ImportError') } })
    const never = bench.protocol.talk.converse('while True: pass', { readyMark: newToken(), reader, timeoutMs: 200 })
    await expect(never).rejects.toMatchObject({ reason: 'timeout' })
    expect(reader.pieces).toEqual([])
    expect(await bench.run('print(1)')).toMatchObject({ stdout: '1\r\n' })
  })

  it('is asked and answers, with any bytes but 04 in what it prints', async () => {
    const { stdout } = await bench.protocol.talk.ask('import sys\nsys.stdout.buffer.write(bytes(b for b in range(256) if b != 4))', {
      timeoutMs: 5_000,
    })
    expect([...stdout]).toEqual(Array.from({ length: 256 }, (_, byte) => byte).filter(byte => byte !== 4))
    await expect(bench.protocol.talk.ask('while True: print("x" * 99)', { timeoutMs: 5_000, maxBytes: 1_000 })).rejects.toMatchObject({
      reason: 'timeout',
    })
    expect(await bench.protocol.talk.ask('print(1)', { timeoutMs: 5_000 })).toMatchObject({ outcome: 'ok', exception: '' })
  })
})
