import { afterEach, describe, expect, it } from 'vitest'
import { startNativeBoard } from '../../boards/native-board'
import { Conversation } from './conversation'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function enter(heapKb = 256): Promise<Conversation> {
  const board = await startNativeBoard({ heapKb })
  ends.push(() => board.unplug())
  const conversation = await Conversation.start(board.path)
  ends.push(() => conversation.end())
  return conversation
}

const LINES = Array.from({ length: 3_000 }, (_, line) => `x = ${line}`)

describe('raw-paste mode of a real interpreter', () => {
  it('takes a long source whole, and the lines of its traceback are those of the source', async () => {
    const board = await enter()
    const { stdout, exception } = await board.run([...LINES, 'print(x)', 'raise ValueError("end")'].join('\n'))
    expect(stdout).toBe('2999\r\n')
    expect(exception).toContain('line 3002, in <module>')
    expect(exception).toContain('ValueError: end')
    expect(board.written).toContain('\x05A\x01x = 0')
    expect((await board.run('print(1)')).stdout).toBe('1\r\n')
  })

  it('ends early at a syntax error, and the board is there for the next run', async () => {
    const board = await enter()
    for (const place of [0, 1_000, 2_999]) {
      const { outcome, exception } = await board.run([...LINES.slice(0, place), 'if', ...LINES.slice(place)].join('\n'))
      expect(outcome).toBe('exception')
      expect(exception).toContain(`line ${place + 1}`)
      expect(exception).toContain('SyntaxError')
      expect(await board.run('print("x" in globals())')).toMatchObject({ stdout: expect.stringMatching(/^(True|False)\r\n$/) })
    }
  })

  it('ends early where the board has no memory for the source (fault 28)', async () => {
    const board = await enter(64)
    const { exception } = await board.run(Array.from({ length: 20_000 }, (_, line) => `variable_${line} = "${line}"`).join('\n'))
    expect(exception).toContain('MemoryError')
    expect((await board.run('print(1)')).stdout).toBe('1\r\n')
  })

  it('is left by an interrupt in the middle of the source, which is not run', async () => {
    const board = await enter()
    await board.run('ran = False')
    const source = `ran = True\n${'#'.repeat(200_000)}\n`
    const running = board.protocol.execute(source)
    expect(await board.protocol.interrupt(10_000)).toBe(true)
    expect((await running).outcome).toBe('exception')
    expect((await board.run('print(ran)')).stdout).toBe('False\r\n')
  })
})
