import { describe, expect, it } from 'vitest'
import { useBoard } from './rig'

const BANNER = 'MicroPython v1.27.0 on 2025-12-10; JS with Emscripten\r\nType "help()" for more information.\r\n>>> '
const PASTE_HEADER = 'R\x01\x80\x00\x01'

describe('raw mode', () => {
  const board = useBoard()

  it('frames output and exception', async () => {
    const { terminal } = board
    expect(await terminal.exchange('print(6*7)\x04', '\x04>')).toBe('OK42\r\n\x04\x04>')
    const failed =
      'OKa\r\n\x04Traceback (most recent call last):\r\n  File "<stdin>", line 2, in <module>\r\nZeroDivisionError: divide by zero\r\n\x04>'
    expect(await terminal.exchange('print("a")\n1/0\x04', '\x04>')).toBe(failed)
  })

  it('reports a syntax error after OK', async () => {
    const { output, exception } = await board.terminal.run('def')
    expect(output).toBe('')
    expect(exception).toContain('SyntaxError: invalid syntax\r\n')
  })

  it('keeps globals from one execution to the next', async () => {
    await board.terminal.output('x = 5')
    expect(await board.terminal.output('print(x)')).toBe('5\r\n')
  })

  it('takes UTF-8 and all line ends', async () => {
    expect(await board.terminal.output(Buffer.from('print("grün")\r\nprint(1)\rprint(2)').toString('latin1'))).toBe(
      Buffer.from('grün\r\n1\r\n2\r\n').toString('latin1'),
    )
  })

  it('takes a source of 300 kB', async () => {
    expect(await board.terminal.output(`x = "${'y'.repeat(300_000)}"\nprint(len(x))`)).toBe('300000\r\n')
  })
})

describe('raw-paste', () => {
  const board = useBoard()

  it('runs what was uploaded', async () => {
    expect(await board.terminal.exchange('\x05A\x01print(6*7)\x04', '\x04>')).toBe(`${PASTE_HEADER}\x0442\r\n\x04\x04>`)
  })

  it('opens windows while a long source comes in', async () => {
    const { terminal } = board
    await terminal.exchange('\x05A\x01', PASTE_HEADER)
    const source = `x = "${'y'.repeat(1000)}"\nprint(len(x))`
    expect(await terminal.exchange(`${source}\x04`, '>')).toBe(`${'\x01'.repeat(Math.floor(source.length / 128))}\x041000\r\n\x04\x04>`)
  })

  it('reports a syntax error', async () => {
    const text = await board.terminal.exchange('\x05A\x01def\x04', '\r\n\x04>')
    expect(text).toMatch(/^R\x01\x80\x00\x01\x04\x04Traceback (.|\r|\n)*SyntaxError: invalid syntax\r\n\x04>$/)
  })

  it('keeps 01 and 02 in literals', async () => {
    expect(await board.terminal.exchange('\x05A\x01print([ord(c) for c in "\x01\x02"])\x04', '\x04>')).toBe(
      `${PASTE_HEADER}\x04[1, 2]\r\n\x04\x04>`,
    )
  })

  it('is aborted by 03, with the code not run', async () => {
    const { terminal } = board
    expect(await terminal.exchange('\x05A\x01print("ran")\x03', '>')).toBe(`${PASTE_HEADER}\x04\x04KeyboardInterrupt: \r\n\x04>`)
    expect(await terminal.output('print(1)')).toBe('1\r\n')
  })
})

describe('the friendly prompt', () => {
  const board = useBoard()

  it('is reached by 02, with the banner', async () => {
    expect(await board.terminal.exchange('\x02', '>>> ')).toBe(`\r\n${BANNER}`)
  })

  it('echoes, indents, runs and prints values', async () => {
    const { terminal } = board
    await terminal.exchange('\x02', '>>> ')
    expect(await terminal.exchange('6*7\r', '>>> ')).toBe('6*7\r\n42\r\n>>> ')
    const echo = 'for i in range(2):\r\n...     print(i)\r\n...     \r\n...     \r\n... \r\n'
    expect(await terminal.exchange('for i in range(2):\rprint(i)\r\r\r\r', '>>> ')).toBe(`${echo}0\r\n1\r\n>>> `)
  })

  it('has a paste mode', async () => {
    const { terminal } = board
    await terminal.exchange('\x02', '>>> ')
    expect(await terminal.exchange('\x05', '=== ')).toBe('\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ')
    expect(await terminal.exchange('print(7)\x04', '>>> ')).toBe('print(7)\r\n7\r\n>>> ')
  })

  it('enters raw mode only on an empty line', async () => {
    const { terminal } = board
    await terminal.exchange('\x02', '>>> ')
    await terminal.type('1+\x01')
    expect(await terminal.exchange('4\r', '>>> ')).toContain('SyntaxError')
    expect(await terminal.exchange('\x01', '\n>')).toBe('\r\nraw REPL; CTRL-B to exit\r\n>')
    expect(await terminal.output('print(3)')).toBe('3\r\n')
  })

  it('cancels a line on 03', async () => {
    const { terminal } = board
    await terminal.exchange('\x02', '>>> ')
    await terminal.exchange('half', 'half')
    expect(await terminal.exchange('\x03', '>>> ')).toBe('\r\n>>> ')
  })
})

describe('a dialogue split anywhere', () => {
  const board = useBoard()
  const dialogue = 'print(1)\x04\x05A\x01print(2)\x04\x02\x01print(3)\x04'
  const answer = `OK1\r\n\x04\x04>${PASTE_HEADER}\x042\r\n\x04\x04>\r\n${BANNER}\r\nraw REPL; CTRL-B to exit\r\n>OK3\r\n\x04\x04>`

  it('is answered the same', async () => {
    const { terminal } = board
    for (let place = 0; place <= dialogue.length; place++) {
      await terminal.type(dialogue.slice(0, place))
      await terminal.type(dialogue.slice(place))
      expect(await terminal.read('OK3\r\n\x04\x04>')).toBe(answer)
    }
  })

  it('is answered the same byte by byte', async () => {
    const { terminal } = board
    for (const byte of dialogue) await terminal.type(byte)
    expect(await terminal.read('OK3\r\n\x04\x04>')).toBe(answer)
  })
})
