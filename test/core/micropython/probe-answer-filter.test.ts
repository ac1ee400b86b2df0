import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProbeAnswerFilter } from '../../../electron/core/micropython/probe-answer-filter'
import { fromLatin1, latin1 } from '../../fakes/scripted-board'

const answer = (token: string): string =>
  `\x04Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\nKeyError: ${token}\r\n\x04>`

/** What is left of a text that comes in pieces. */
function filtered(pieces: readonly string[]): string {
  let passed = ''
  const filter = new ProbeAnswerFilter(bytes => {
    passed += fromLatin1(bytes)
  })
  for (const token of ['first', 'second']) filter.expect(token)
  for (const piece of pieces) filter.push(latin1(piece))
  filter.end()
  return passed
}

describe('late answers to probes', () => {
  it('are taken out of all else, with and without their beginning', () => {
    expect(filtered([`a\r\n${answer('first')}b${`OK${answer('second')}`}OK\x04c\r\n`])).toBe('a\r\nbOK\x04c\r\n')
  })

  it.each([answer('another'), `OK${answer('first').slice(0, -1)}`, 'OK', '\x04', 'OK\x04Trace', ''])('leave %j, which is none', text => {
    expect(filtered([text])).toBe(text)
  })

  it('are found however they are cut', () => {
    const part = fc.constantFrom('O', 'OK', '\x04', '>', 'text', 'Traceback', answer('first'), `OK${answer('second')}`, answer('another'))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.array(fc.nat(600), { maxLength: 12 }), (parts, cuts) => {
        const text = parts.join('')
        const places = [0, ...cuts.map(cut => cut % (text.length + 1)), text.length].sort((one, other) => one - other)
        expect(filtered(places.slice(1).map((place, index) => text.slice(places[index], place)))).toBe(filtered([text]))
      }),
    )
  })
})
