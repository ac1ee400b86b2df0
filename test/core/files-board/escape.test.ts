import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ESCAPE_PAIRS, escapeBytes } from '../../../electron/core/micropython/files/escape'

/** As the board does it: one `bytes.replace` for each pair, in their order. */
function unescapeBytes(bytes: Uint8Array): Buffer {
  let text = Buffer.from(bytes).toString('latin1')
  for (const [from, to] of ESCAPE_PAIRS) text = text.replaceAll(Buffer.from(from).toString('latin1'), String.fromCharCode(to))
  return Buffer.from(text, 'latin1')
}

const special = fc.constantFrom(1, 2, 3, 4, 5, 0x10, 0x41, 0x42, 0x43, 0x44, 0x50, 0x7b)

describe('escaping', () => {
  it('keeps every command of the prompt off the line, and is undone by the board', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(special, fc.nat(255)), { maxLength: 400 }), values => {
        const bytes = Uint8Array.from(values)
        const escaped = escapeBytes(bytes)
        expect(escaped.some(byte => byte >= 1 && byte <= 4)).toBe(false)
        expect(unescapeBytes(escaped).equals(Buffer.from(bytes))).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('makes no copy of what needs none', () => {
    const bytes = Buffer.from('plain text\r\n')
    expect(escapeBytes(bytes)).toBe(bytes)
  })
})
