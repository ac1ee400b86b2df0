import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BoardTextFilter } from '../../renderer/islands/terminal/board-text-filter'

function filter(...chunks: readonly Uint8Array[]): string {
  const boardText = new BoardTextFilter()
  return chunks.map(chunk => Buffer.from(boardText.filter(chunk)).toString('latin1')).join('')
}

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

// Put together from text: control characters written out in a pattern are easily lost on the way.
const COLOUR_OR_ERASE = /\u001b\[[0-9:;]*[mK]/g
/** Controls that a terminal obeys, but for backspace, tab and line ends; and their 8-bit forms. */
function isObeyed(text: string): boolean {
  return [...text].some((character, index) => {
    const code = character.charCodeAt(0)
    const isC1 = code === 0xc2 && text.charCodeAt(index + 1) >= 0x80 && text.charCodeAt(index + 1) <= 0x9f
    return isC1 || code === 0x7f || (code < 0x20 && ![8, 9, 10, 13].includes(code))
  })
}

const hostile = fc.constantFrom(
  '\x1b',
  '[',
  ']',
  '0',
  ';',
  'm',
  'K',
  'J',
  '\x07',
  '\\',
  '\xc2',
  '\x9b',
  '\x9d',
  'a',
  '\n',
  'P',
  '?',
  '\xe2',
  '\x9c',
)

describe('what a board may do to the terminal', () => {
  test.each([
    ['plain text and line ends', 'a\r\nb\tc\bd', 'a\r\nb\tc\bd'],
    ['colours', '\x1b[31;1mred\x1b[0m', '\x1b[31;1mred\x1b[0m'],
    ['true colours', '\x1b[38;2;1;2;3mx', '\x1b[38;2;1;2;3mx'],
    ['erase in line', 'a\x1b[Kb', 'a\x1b[Kb'],
    ['UTF-8 text', Buffer.from('°C · ü ✓').toString('latin1'), Buffer.from('°C · ü ✓').toString('latin1')],
  ])('%s pass', (_what, text, expected) => expect(filter(bytes(text))).toBe(expected))

  test.each([
    ['a title', 'a\x1b]0;owned\x07b', 'ab'],
    ['the clipboard (OSC 52)', 'a\x1b]52;c;b3duZWQ=\x07b', 'ab'],
    ['a link (OSC 8)', '\x1b]8;;https://evil.example\x1b\\text\x1b]8;;\x1b\\', 'text'],
    ['a status question', 'a\x1b[6nb\x1b[cc', 'abc'],
    ['the other screen and the mouse', 'a\x1b[?1049hb\x1b[?1000hc', 'abc'],
    ['cursor moves and clearing', '\x1b[2J\x1b[H\x1b[3J\x1b[10;10Hx', 'x'],
    ['a reset', 'a\x1bcb', 'ab'],
    ['another character set', 'a\x1b(0b\x0ec', 'abc'],
    ['a device control string', 'a\x1bP$qm\x1b\\b', 'ab'],
    ['an 8-bit control sequence', 'a\xc2\x9b2Jb\xc2\x9d0;x\x07c', 'abc'],
    ['private colour sequences', 'a\x1b[>4;2mb', 'ab'],
    ['the bell and other controls', 'a\x07\x00\x7fb', 'ab'],
  ])('%s is taken out', (_what, text, expected) => expect(filter(bytes(text))).toBe(expected))

  test('a lead byte does not join with what stands behind a removed sequence', () => {
    expect(filter(bytes('\xc2\x1bXsecret\x1b\\\x9b2J'))).not.toContain('\xc2\x9b')
  })

  test('a string without an end swallows a bounded amount, and never a later line of an honest board', () => {
    const text = filter(bytes(`\x1b]0;${'x'.repeat(10_000)}\nhello\n`))
    expect(text).toContain('hello')
  })

  test('a line break inside a broken sequence is kept', () => {
    expect(filter(bytes('a\x1b\nb\x1b[31\nc'))).toBe('a\nb\nc')
  })

  test('where the bytes are cut makes no difference', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 60 }), fc.array(fc.nat(60), { maxLength: 6 }), (characters, cuts) => {
        const all = bytes(characters.join(''))
        const places = [0, ...cuts.map(cut => Math.min(cut, all.length)).sort((a, b) => a - b), all.length]
        const chunks = places.slice(1).map((end, index) => all.subarray(places[index], end))
        expect(filter(...chunks)).toBe(filter(all))
      }),
      { numRuns: 500 },
    )
  })

  test('whatever comes in, only colours and erase-in-line come out', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            hostile,
            fc.nat(255).map(byte => String.fromCharCode(byte)),
          ),
          { maxLength: 200 },
        ),
        noise => {
          const rest = filter(bytes(noise.join(''))).replaceAll(COLOUR_OR_ERASE, '')
          expect(isObeyed(rest)).toBe(false)
        },
      ),
      { numRuns: 500 },
    )
  })
})
