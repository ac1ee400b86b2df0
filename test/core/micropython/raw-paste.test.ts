import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RawPaste, strangeBytes } from '../../../electron/core/micropython/raw-paste'
import { latin1 } from '../../fakes/scripted-board'

/** What a board's bytes come to, and what is left of them, cut at the given places. */
function read(text: string, cuts: readonly number[] = []): { readonly state: string; readonly window: number; readonly rest: string } {
  const paste = new RawPaste()
  const bytes = latin1(text)
  let rest = ''
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    const piece = bytes.subarray(from, to)
    const count = paste.feed(piece)
    rest += Buffer.from(piece.subarray(count)).toString('latin1')
    from = to
  }
  return { state: paste.state, window: paste.window, rest }
}

describe('the answer to a request for raw-paste mode', () => {
  it.each([
    ['a window', 'R\x01\x80\x00', { state: 'open', window: 128, rest: '' }],
    ['two windows', 'R\x01\x80\x00\x01', { state: 'open', window: 256, rest: '' }],
    ['a large window', 'R\x01\x01\x02', { state: 'open', window: 513, rest: '' }],
    ['a window of nothing', 'R\x01\x00\x00', { state: 'unknown', window: 0, rest: '' }],
    ['a refusal, and the prompt', 'R\x00>', { state: 'refused', window: 0, rest: '' }],
    ['a refusal, and something else', 'R\x00x', { state: 'unknown', window: 0, rest: 'x' }],
    [
      'the banner of a board that does not know it',
      'raw REPL; CTRL-B to exit\r\n>',
      { state: 'unknown', window: 0, rest: 'raw REPL; CTRL-B to exit\r\n>' },
    ],
    ['anything', 'hello', { state: 'unknown', window: 0, rest: 'hello' }],
    ['the end, and output', 'R\x01\x80\x00\x01\x04out\x04\x04>', { state: 'closed', window: 0, rest: 'out\x04\x04>' }],
    ['text where a window belongs, of which it makes nothing', 'R\x01\x80\x00x', { state: 'open', window: 128, rest: 'x' }],
    ['half', 'R\x01\x80', { state: 'asking', window: 0, rest: '' }],
  ])('is %s, wherever it is cut', (_, text, expected) => {
    expect(read(text)).toEqual(expected)
    for (let one = 0; one <= text.length; one++) {
      for (let two = one; two <= text.length; two++) expect(read(text, [one, two])).toEqual(expected)
    }
  })

  it.each([
    ['', 0],
    ['text', 4],
    ['te\x01xt', 2],
    ['\x01text', 0],
    ['text\x04', 4],
  ])('goes on after text that is no part of it: %j', (text, count) => {
    expect(strangeBytes(latin1(text))).toBe(count)
  })

  it('counts what is sent', () => {
    const paste = new RawPaste()
    paste.feed(latin1('R\x01\x80\x00'))
    paste.sent(128)
    expect(paste.window).toBe(0)
    paste.feed(latin1('\x01\x01'))
    expect(paste.window).toBe(256)
  })

  it('is over with the first output after the code, also when its 04 was lost', () => {
    const paste = new RawPaste()
    paste.feed(latin1('R\x01\x80\x00'))
    paste.finished()
    expect(paste.feed(latin1('\x01out'))).toBe(1)
    expect(paste.state).toBe('closed')
  })

  it('is read from any bytes without an error, and never beyond its end', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), pieces => {
        const paste = new RawPaste()
        for (const piece of pieces) {
          const hasEnded = paste.state !== 'asking' && paste.state !== 'open'
          const count = paste.feed(piece)
          expect(count).toBeLessThanOrEqual(hasEnded ? 0 : piece.length)
          expect(paste.window).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
