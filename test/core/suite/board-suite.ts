import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BoardIdentity } from '../../../shared/model'
import { BoardBench } from './board-bench'
import { describeFiles } from './file-suite'
import { itNeeding, type Suite } from './needs'
import type { Target } from './targets'

/** How often the same short code is run in a row. */
const RUNS_IN_A_ROW = 200
const BOARD_INTERRUPT_MS = 10_000
/** Old boards have the module under another name. */
const IMPORT_TIME = 'try:\n import time\nexcept ImportError:\n import utime as time\n'
const IMPORT_SYS = 'import sys\n'

/**
 * What every board has to do, whatever carries its bytes. On a board of somebody's only the interpreter's globals are lost: it is
 * soft-reset, its main.py is not run, and files are written into a folder of their own, which is removed again.
 */
export function describeBoard(target: Target, board: BoardIdentity): void {
  describe(target.name, () => {
    let current: BoardBench | null = null
    const bench = (): BoardBench => {
      if (current === null) throw new Error('The board was not started.')
      return current
    }
    beforeAll(async () => {
      current = await BoardBench.start(target)
    })
    afterAll(() => current?.end())

    describeEntering({ board, bench })
    describeRunning({ board, bench })
    describeTalking({ board, bench })
    describeFiles({ board, bench })
  })
}

function describeEntering({ board, bench }: Suite): void {
  it('says who it is, the same each time, and keeps nothing of the question', async () => {
    const first = await bench().identify()
    const names = await bench().output('print(sorted(globals()))')
    const second = await bench().identify()
    expect(first.name).toBe('micropython')
    expect(first.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(first.platform).toBeTruthy()
    expect(first.freeMemoryBytes).toBeGreaterThan(1_000)
    expect(first.features).toEqual(board.features)
    expect({ ...second, freeMemoryBytes: 0, flashFreeBytes: 0 }).toEqual({ ...first, freeMemoryBytes: 0, flashFreeBytes: 0 })
    expect(await bench().output('print(sorted(globals()))')).toBe(names)
    expect(names).not.toContain('muster')
  })

  it.each([
    ['its raw prompt', async () => {}],
    ['its friendly prompt', () => bench().leave()],
    ['half a line', async () => void (await left('x = (1 +'))],
    ['an open triple quote', async () => void (await left('x = """open\r\n'))],
    ['its paste mode', async () => void (await left('\x05print(1)\r\n'))],
    ['a program that runs for ever', async () => void (await left('while True: pass\r\n\r\n'))],
  ])('is entered from %s', async (_, prepare) => {
    await prepare()
    await bench().enter()
    expect(await bench().output('print(6 * 7)')).toBe('42\n')
  })

  async function left(typed: string): Promise<void> {
    await bench().leave()
    await bench().transport.write(Buffer.from(typed, 'latin1'))
  }

  it('forgets its globals in a soft reset, and is at its prompt again', async () => {
    await bench().output('kept = 1')
    await bench().softReset()
    expect(await bench().output('print("kept" in globals())')).toBe('False\n')
  })

  it('says whether it has started anew where a program ends by SystemExit: old firmware goes on', async () => {
    await bench().output('kept = 1')
    const { restarted } = await bench().protocol.execute('print("bye")\nraise SystemExit')
    expect(await bench().output('print("kept" in globals())')).toBe(restarted ? 'False\n' : 'True\n')
  })

  it('is left at its friendly prompt', async () => {
    await bench().leave()
    let heard = ''
    const listening = bench().transport.onData(bytes => {
      heard += Buffer.from(bytes).toString('latin1')
    })
    await bench().transport.write(Buffer.from('print(6 * 7)\r'))
    await expect.poll(() => heard).toMatch(/\n42\r?\n>>> $/)
    listening.dispose()
    await bench().enter()
  })
}

function describeRunning({ bench }: Suite): void {
  it('runs code, and keeps what it has set', async () => {
    expect(await bench().run('x = 20\nprint(1 + 1)')).toEqual({ outcome: 'ok', stdout: '2\n', exception: '' })
    expect(await bench().run('print(x + 1)')).toEqual({ outcome: 'ok', stdout: '21\n', exception: '' })
    expect(await bench().run('pass')).toEqual({ outcome: 'ok', stdout: '', exception: '' })
  })

  it('tells an exception from output, with its line', async () => {
    const { outcome, stdout, exception } = await bench().run('print("before")\ndef f():\n    raise ValueError("no")\nf()')
    expect({ outcome, stdout }).toEqual({ outcome: 'exception', stdout: 'before\n' })
    expect(exception).toContain('ValueError: no')
    expect(exception).toContain('line 3, in f')
  })

  it('names the line of a syntax error, and has run nothing before it', async () => {
    await bench().output('x = 0')
    const { outcome, stdout, exception } = await bench().run('x = 1\n\nx = = 2\nx = 3\n')
    expect({ outcome, stdout }).toEqual({ outcome: 'exception', stdout: '' })
    expect(exception).toContain('SyntaxError')
    expect(exception).toContain('line 3')
    expect(await bench().output('print(x)')).toBe('0\n')
  })

  it('hands over what it prints while it runs', async () => {
    const running = bench().run('print("begun")\nn = input()\nprint("ended")')
    await expect.poll(() => bench().stdout, { timeout: 10_000, interval: 5 }).toContain('begun')
    expect(bench().stdout).not.toContain('ended')
    await bench().type('\r')
    // The empty line is what was typed.
    expect((await running).stdout).toBe('begun\n\nended\n')
  })

  it.each([
    ['a loop', 'while True: pass'],
    ['a sleep', `${IMPORT_TIME}time.sleep(100)`],
    ['a flood', 'while True: print("x" * 60)'],
  ])('is interrupted in %s', async (_, code) => {
    const running = bench().run(`print("begun")\n${code}`)
    await expect.poll(() => bench().stdout, { timeout: 10_000, interval: 5 }).toContain('begun')
    expect(await bench().protocol.interrupt(BOARD_INTERRUPT_MS)).toBe(true)
    expect((await running).exception).toContain('KeyboardInterrupt')
    expect(await bench().output('print(1)')).toBe('1\n')
  })

  it(`runs ${RUNS_IN_A_ROW} times in a row, and mixes nothing up`, async () => {
    for (let count = 0; count < RUNS_IN_A_ROW; count++) {
      const { outcome, stdout } = await bench().run(count % 10 === 9 ? `1 / 0` : `print(${count})`)
      expect({ outcome, stdout }).toEqual(count % 10 === 9 ? { outcome: 'exception', stdout: '' } : { outcome: 'ok', stdout: `${count}\n` })
    }
  })

  it('takes code that is longer than its input buffer, whole', async () => {
    const lines = Array.from({ length: 60 }, (_, line) => `x${line % 4} = ${line}`)
    expect(await bench().run([...lines, 'print(x3)'].join('\n'))).toEqual({ outcome: 'ok', stdout: '59\n', exception: '' })
  })

  it('is out of memory alone, and goes on', async () => {
    expect((await bench().run('x = bytearray(1 << 28)')).exception).toContain('MemoryError')
    expect(await bench().output('print(1)')).toBe('1\n')
  })
}

function describeTalking({ board, bench }: Suite): void {
  it('gives values back as they are, beside what it prints', async () => {
    // What the tests before have left is more than a small board has room for.
    await bench().softReset()
    expect(await bench().value('print("hello")\n[1, -2, "a\\"b", None, True]')).toEqual({
      value: [1, -2, 'a"b', null, true],
      printed: 'hello\n',
    })
    await bench().softReset()
    expect(await bench().value('x = 1')).toEqual({ value: null, printed: '' })
  })

  itNeeding(board, { memoryBytes: 16_384 }, 'gives nested values back, one after the other', async () => {
    for (let count = 0; count < 5; count++) {
      expect(await bench().value('{"k": [1.5, "\\x04\\u00fc"]}')).toEqual({ value: { k: [1.5, '\x04ü'] }, printed: '' })
    }
  })

  it('reads what is typed while it runs', async () => {
    const running = bench().run('print("name?")\nn = input()\nprint("hello", n)')
    await expect.poll(() => bench().stdout, { timeout: 10_000, interval: 5 }).toContain('name?')
    await bench().type('board\r')
    expect((await running).stdout).toContain('hello board\n')
  })

  it('may print bytes that the protocol is made of; the next run is clean', async () => {
    for (const text of ['a\\x04b', '\\x04', '\\x04\\x04>', 'OK\\x04', '\\x01\\x02\\x03\\x05', '\\x04>raw REPL; CTRL-B to exit\\r\\n>']) {
      await bench().run(`print("${text}")`)
      expect(await bench().run('print(1)')).toEqual({ outcome: 'ok', stdout: '1\n', exception: '' })
    }
  })

  itNeeding(board, { features: ['binaryOutput'] }, 'prints every byte that it was told to', async () => {
    await bench().run(`${IMPORT_SYS}for i in range(8): n = sys.stdout.buffer.write(bytes(b for b in range(256) if b != 4))`)
    const expected = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte).filter(byte => byte !== 4)).toString('latin1')
    expect(bench().stdout).toBe(expected.repeat(8))
  })
}
