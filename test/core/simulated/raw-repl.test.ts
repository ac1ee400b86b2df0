import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RawRepl } from '../../../electron/core/transport/simulated/raw-repl'

class Recorder {
  log = ''
  readonly repl: RawRepl

  constructor(maxSourceBytes = 1024) {
    this.repl = new RawRepl(
      {
        send: text => this.add(text),
        run: source => this.add(`[run ${Buffer.from(source).toString('latin1')}]`),
        softReset: () => this.add('[soft reset]'),
        leave: () => this.add('[leave]'),
      },
      maxSourceBytes,
    )
  }

  /** What happens after these bytes. */
  push(text: string): string {
    this.log = ''
    for (const byte of Buffer.from(text, 'latin1')) this.repl.push(byte)
    return this.log
  }

  private add(text: string): void {
    this.log += text
  }
}

describe('the raw prompt', () => {
  it.each([
    ['code and 04', 'print(1)\x04', 'OK[run print(1)]'],
    ['04 on an empty line', '\x04', 'OK\r\n[soft reset]'],
    ['01', 'half\x01', 'raw REPL; CTRL-B to exit\r\n>'],
    ['02', 'half\x02', '[leave]'],
    ['03 clears silently', 'half\x03print(2)\x04', 'OK[run print(2)]'],
    ['03 then 04 resets', 'half\x03\x04', 'OK\r\n[soft reset]'],
    ['05 within code is data', 'a\x05b\x04', 'OK[run a\x05b]'],
    ['an unknown request', '\x05B\x01', 'R\x00>'],
    ['a request that is too long is none', '\x05AA\x01', 'raw REPL; CTRL-B to exit\r\n>'],
  ])('answers to %s', (_, bytes, answer) => {
    expect(new Recorder().push(bytes)).toBe(answer)
  })

  it('says MemoryError to a source that is too large, and goes on', () => {
    const board = new Recorder(4)
    expect(board.push('12345\x04')).toBe('OK\x04MemoryError: memory allocation failed, allocating 5 bytes\r\n\x04>')
    expect(board.push('1234\x04')).toBe('OK[run 1234]')
  })
})

describe('raw-paste', () => {
  const header = 'R\x01\x80\x00\x01'

  it('answers the request with a window of 128 and one more at once', () => {
    expect(new Recorder().push('\x05A\x01')).toBe(header)
  })

  it('acknowledges the end with 04 instead of OK', () => {
    expect(new Recorder().push('\x05A\x01print(1)\x04')).toBe(`${header}\x04[run print(1)]`)
  })

  it('opens a window after every 128 bytes', () => {
    const board = new Recorder()
    board.push('\x05A\x01')
    expect(board.push('x'.repeat(127))).toBe('')
    expect(board.push('x')).toBe('\x01')
    expect(board.push('x'.repeat(300))).toBe('\x01\x01')
  })

  it('takes 01, 02 and 05 as data', () => {
    expect(new Recorder().push('\x05A\x01a\x01b\x02c\x05\x04')).toBe(`${header}\x04[run a\x01b\x02c\x05]`)
  })

  it('answers an empty source without running or resetting', () => {
    expect(new Recorder().push('\x05A\x01\x04')).toBe(`${header}\x04\x04\x04>`)
  })

  it('is aborted by 03', () => {
    expect(new Recorder().push('\x05A\x01half\x03')).toBe(`${header}\x04\x04KeyboardInterrupt: \r\n\x04>`)
  })

  it('ends early when there is no room, and discards until 04', () => {
    const board = new Recorder(4)
    expect(board.push('\x05A\x01123456789')).toBe(`${header}\x04`)
    expect(board.push('more\x01\x02')).toBe('')
    expect(board.push('\x04')).toBe('\x04MemoryError: memory allocation failed, allocating 5 bytes\r\n\x04>')
    expect(board.push('1\x04')).toBe('OK[run 1]')
  })

  it('is at the prompt again after each of its ends', () => {
    for (const end of ['x\x04', '\x04', 'x\x03']) {
      const board = new Recorder()
      board.push(`\x05A\x01${end}`)
      expect(board.push('2\x04')).toBe('OK[run 2]')
    }
  })
})

it('accounts for every data byte, whatever is uploaded', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), bytes => {
      const data = bytes.filter(byte => byte !== 3 && byte !== 4)
      const board = new Recorder(4096)
      board.push('\x05A\x01')
      expect(board.push(Buffer.from(data).toString('latin1'))).toBe('\x01'.repeat(Math.floor(data.length / 128)))
    }),
  )
})
