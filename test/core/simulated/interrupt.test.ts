import { describe, expect, it } from 'vitest'
import { type Terminal, useBoard } from './rig'

/** On a quiet machine it takes a few milliseconds. */
const BOUND_MS = 1_000

async function interrupt(terminal: Terminal, source: string): Promise<{ readonly durationMs: number; readonly rest: string }> {
  await terminal.begin(source)
  const started = performance.now()
  await terminal.type('\x03')
  const rest = await terminal.read('KeyboardInterrupt: \r\n\x04>')
  return { durationMs: performance.now() - started, rest }
}

describe('Ctrl-C ends', () => {
  const board = useBoard()

  it.each([
    ['an endless loop', 'while True: pass'],
    ['a sleep', 'import time\ntime.sleep(100)'],
    ['a sleep in milliseconds', 'import time\ntime.sleep_ms(100_000)'],
    [
      'a loop that watches the clock',
      'import time\nt = time.ticks_add(time.ticks_ms(), 100_000)\nwhile time.ticks_diff(t, time.ticks_ms()) > 0: pass',
    ],
    ['a flood', 'while True: print("x" * 60)'],
    ['a read', 'import sys\nsys.stdin.read(1)'],
    ['input()', 'input("? ")'],
    ['asyncio', 'import asyncio\nasync def main():\n    await asyncio.sleep(100)\nasyncio.run(main())'],
    ['a poll', 'import select, sys\np = select.poll()\np.register(sys.stdin, select.POLLIN)\np.poll()'],
  ])('%s', async (_, source) => {
    expect((await interrupt(board.terminal, source)).durationMs).toBeLessThan(BOUND_MS)
    expect(await board.terminal.output('print(1)')).toBe('1\r\n')
  })

  it('a sleep so that the next line is not run, and without a line of its own in the traceback', async () => {
    const { terminal } = board
    // It says that it is ready on the very line that is named, as Ctrl-C may come before that line has begun to sleep.
    await terminal.exchange('import time\nprint("ready"); time.sleep(100)\nprint("next")\x04', 'OKready\r\n')
    const rest = await terminal.exchange('\x03', 'KeyboardInterrupt: \r\n\x04>')
    expect(rest).toBe('\x04Traceback (most recent call last):\r\n  File "<stdin>", line 2, in <module>\r\nKeyboardInterrupt: \r\n\x04>')
  })

  it('a sleep that the program then handles itself', async () => {
    const { terminal } = board
    const source =
      'import time\ndef wait():\n    time.sleep(100)\ntry:\n    print("ready"); wait()\nexcept KeyboardInterrupt:\n    print("handled")\nprint("on")'
    await terminal.exchange(`${source}\x04`, 'OKready\r\n')
    expect(await terminal.exchange('\x03', '>')).toBe('handled\r\non\r\n\x04\x04>')
  })

  it('twice in a row, each with a traceback of its own', async () => {
    const { terminal } = board
    for (let round = 0; round < 3; round++) {
      const { rest } = await interrupt(terminal, 'while True:\n    pass')
      expect(rest.match(/File/g)).toHaveLength(1)
    }
  })
})

describe('Ctrl-C', () => {
  const board = useBoard()

  it('at the prompt does not hit the next execution', async () => {
    await board.terminal.type('\x03\x03\x03')
    expect(await board.terminal.output('for i in range(1000): pass\nprint(i)')).toBe('999\r\n')
  })

  it('is data once the program says so', async () => {
    const { terminal } = board
    await terminal.begin('import micropython, sys\nmicropython.kbd_intr(-1)\nprint("set")\nprint(sys.stdin.buffer.read(3))')
    await terminal.read('set\r\n')
    expect(await terminal.exchange('a\x03b', '>')).toBe("b'a\\x03b'\r\n\x04\x04>")
  })

  it('between other input lets the rest through', async () => {
    const { terminal } = board
    const source = 'import sys\ntry:\n    print("ready")\n    while True: pass\nexcept KeyboardInterrupt:\n    print(sys.stdin.read(4))'
    await terminal.exchange(`${source}\x04`, 'OKready\r\n')
    expect(await terminal.exchange('ab\x03cd', '>')).toBe('abcd\r\n\x04\x04>')
  })
})
