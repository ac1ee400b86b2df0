import { describe, expect, it } from 'vitest'
import { FriendlyPromptFilter } from '../../../electron/core/micropython/friendly-prompt-filter'

function filtered(pieces: readonly string[]): string {
  let text = ''
  const filter = new FriendlyPromptFilter(bytes => {
    text += Buffer.from(bytes).toString('latin1')
  })
  for (const piece of pieces) filter.push(Buffer.from(piece, 'latin1'))
  filter.end()
  return text
}

describe('the friendly prompt filter', () => {
  const cases: readonly (readonly [what: string, input: string, output: string])[] = [
    ['takes out the answer to an interrupt', '\r\n>>> ', ''],
    ['takes out several, with the line end before a raw banner', '\r\n>>> \r\n>>> \r\n', ''],
    ['keeps text before, between and after', 'boot\r\n>>> one\r\n>>> two', 'bootonetwo'],
    ['keeps what only begins like a prompt', 'a\r\n>> b\r\r\n>>> c\r\n>>>d', 'a\r\n>> b\rc\r\n>>>d'],
    ['keeps a prompt that is not at the start of a line', 'x >>> y', 'x >>> y'],
    ['keeps the beginning of a prompt at the end', 'last\r\n>>', 'last\r\n>>'],
    ['keeps a lone carriage return in the text', 'a\rb', 'a\rb'],
  ]
  for (const [what, input, output] of cases) {
    it(`${what}, however it is cut`, () => {
      expect(filtered([input])).toBe(output)
      expect(filtered([...input])).toBe(output)
      for (let first = 0; first <= input.length; first++) {
        for (let second = first; second <= input.length; second++) {
          expect(filtered([input.slice(0, first), input.slice(first, second), input.slice(second)])).toBe(output)
        }
      }
    })
  }
})
