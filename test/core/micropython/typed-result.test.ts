import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lastExpressionStart } from '../../../electron/core/micropython/last-expression'
import { splitValue, ValueReader, wrapForValue } from '../../../electron/core/micropython/typed-result'
import { latin1 } from '../../fakes/scripted-board'

const NONCE = '0123456789abcdef0123456789abcdef'

function lastOf(code: string): string | null {
  const start = lastExpressionStart(code)
  return start === null ? null : code.slice(start)
}

describe('the last expression of a snippet (E-16)', () => {
  it.each([
    ['1 + 1', '1 + 1'],
    ['a = 1\na', 'a'],
    ['a = 1; a', 'a'],
    ['a = 1; a;  # all', 'a;  # all'],
    ['import sys\nsys.implementation\n\n# end\n', 'sys.implementation\n\n# end\n'],
    ['a\r\nb', 'b'],
    ['a\rb', 'b'],
    ['(1,\n2)', '(1,\n2)'],
    ['[1,\n# ]\n2]', '[1,\n# ]\n2]'],
    ['1 + \\\n1', '1 + \\\n1'],
    ['1 + \\\r\n1', '1 + \\\r\n1'],
    ['"""a\nb = 1\n"""', '"""a\nb = 1\n"""'],
    ["'''\n'' \\''' '''", "'''\n'' \\''' '''"],
    ['r\'\\\'\' + b"\\""', 'r\'\\\'\' + b"\\""'],
    ["'a\\\nb'", "'a\\\nb'"],
    ["'a; b = 1 # c'", "'a; b = 1 # c'"],
    ['f"{a}" == \'x\'', 'f"{a}" == \'x\''],
    ['a <= b', 'a <= b'],
    ['a >= b != c', 'a >= b != c'],
    ['a << 1 >> 2', 'a << 1 >> 2'],
    ['f(a=1)', 'f(a=1)'],
    ['lambda a=1, *, b: {a: b}', 'lambda a=1, *, b: {a: b}'],
    ['lambda a=lambda b=2: b: a', 'lambda a=lambda b=2: b: a'],
    ['x[1:2]', 'x[1:2]'],
    ['1, 2', '1, 2'],
    ['not a', 'not a'],
    ['importer', 'importer'],
    ['définir', 'définir'],
    ['def f():\n return 1\nf()', 'f()'],
    ['if a:\n b\nc', 'c'],
    ['@decorate\ndef f(): pass\nf', 'f'],
    ['a = (1\n)\n\t\n  # indented comment\nb', 'b'],
  ])('%j ends with %j', (code, expected) => expect(lastOf(code)).toBe(expected))

  it.each([
    '',
    '# nothing',
    'a = 1',
    'a = b == c',
    'a += 1',
    'a //= 1',
    'a >>= 1',
    'a <<= 1',
    'a **= 1',
    'a: int',
    'a: int = 1',
    'a := 1',
    'lambda_ = 1',
    'import a',
    'from a import b',
    'del a',
    'pass',
    'raise a',
    'assert a',
    'global a',
    'if a: b',
    'if a: b; c',
    "if'a': b",
    'for a in b:\n a',
    'for a in b:\n a\nelse:\n c',
    'try:\n a\nfinally:\n b',
    'while a:\n b\n\n# end',
    'def f(): pass',
    'async def f(): pass',
    'class A: pass',
    'with a: b',
    '@a\ndef b(): pass',
    'a\n b',
    '(1',
    '1)',
    '(1]',
    "'a",
    "'a\n'",
    '"""a',
    'a \\',
    'a \\ \nb',
  ])('%j has none', code => expect(lastOf(code)).toBeNull())

  it('reads any text without an error, and changes nothing before the expression', () => {
    const piece = fc.constantFrom(
      'a',
      '=',
      ':',
      ';',
      '\n',
      '\r',
      ' ',
      '\t',
      '#',
      '\\',
      '"',
      "'",
      '"""',
      '(',
      ')',
      '[',
      '}',
      'if',
      'lambda',
      '<',
      '@',
      'é',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
        const code = pieces.join('')
        const { code: wrapped, hasValue } = wrapForValue(code, NONCE)
        if (!hasValue) {
          expect(wrapped).toBe(code)
          return
        }
        const start = lastExpressionStart(code) ?? -1
        expect(wrapped.startsWith(`${code.slice(0, start)}_muster_value=${code.slice(start)}\n`)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  it('leaves code with a control character alone: its refusal names the column of the snippet', () => {
    expect(wrapForValue('1 + "\x03"', NONCE)).toEqual({ code: '1 + "\x03"', hasValue: false })
  })

  it('holds no byte that the raw REPL would take as a command, and not the nonce as such', () => {
    const { code } = wrapForValue('1', NONCE)
    expect(code).toMatch(/^[\n -~]+$/)
    expect(code).not.toContain(NONCE)
  })
})

function envelope(json: string, tail = `=${Buffer.byteLength(json)}`): string {
  return `${NONCE}${json}${NONCE}${tail}${NONCE}`
}

describe('the value in what a snippet printed (E-16)', () => {
  it('is taken out, and the rest is as it was', () => {
    const { stdout, value, error } = splitValue(latin1(`before\r\n${envelope('{"a":[1,null]}')}after`), NONCE)
    expect({ stdout: Buffer.from(stdout).toString(), value, error }).toEqual({
      stdout: 'before\r\nafter',
      value: { a: [1, null] },
      error: null,
    })
  })

  it.each([
    ['nothing', 'some output', 'did not come: the snippet ended before its last expression.'],
    ['half of it', `${NONCE}12`, 'did not come whole.'],
    ['a tail cut short', `${NONCE}12${NONCE}=2`, 'did not come whole.'],
    ['something printed in between', envelope('12', '=1'), 'did not come whole: something else was printed at the same time.'],
    ['no JSON', envelope('<object>'), 'did not come as JSON.'],
    ['a type that JSON has not', envelope('[', '!"is of type bytes"'), "can't be said as JSON: it is of type bytes."],
    ['hostile words', envelope('', '!"\\u202ex\\u001b[2J"'), "can't be said as JSON: it x [2J."],
    ['no words', envelope('', '!'), "can't be said as JSON: it could not be written."],
    [
      'a large int',
      envelope('{"1234567890123456789":[90071992547409930]}'),
      "holds the int 90071992547409930, which a number can't say exactly. Return it as text.",
    ],
  ])('is an error when there is %s', (_, text, error) => {
    expect(splitValue(latin1(text), NONCE)).toMatchObject({ value: undefined, error })
  })

  it('keeps numbers that only look large', () => {
    expect(splitValue(latin1(envelope('[9007199254740991,1e300,1234567890123456.5,"12345678901234567890"]')), NONCE).error).toBeNull()
  })

  it('is bounded', () => {
    const reader = new ValueReader(NONCE, 1_000)
    for (const byte of latin1(envelope(`"${'x'.repeat(100_000)}"`))) reader.push(Uint8Array.of(byte))
    expect(reader.end()).toMatchObject({ value: undefined, error: 'is larger than 1000 bytes as JSON.' })
    const endless = new ValueReader(NONCE)
    endless.push(latin1(`${NONCE}1${NONCE}${'y'.repeat(100_000)}`))
    expect(endless.end()).toMatchObject({ error: 'did not come whole.' })
  })

  it('is the same however the output is cut, and output is never kept back that is none of it', () => {
    const output = fc
      .array(fc.constantFrom('x', '\r\n', NONCE.slice(0, 5), NONCE.slice(0, 31), '0', '01', 'é'), { maxLength: 6 })
      .map(parts => parts.join(''))
    fc.assert(
      fc.property(output, output, fc.jsonValue(), fc.array(fc.nat(400)), fc.boolean(), (before, after, json, cuts, hasEnvelope) => {
        // A mark that begins in the output before it begins where it is complete first.
        fc.pre(!`${before}${NONCE}`.slice(0, -1).includes(NONCE))
        const whole = Buffer.from(before + (hasEnvelope ? envelope(JSON.stringify(json)) : '') + after, 'utf8')
        const reader = new ValueReader(NONCE)
        const own: Uint8Array[] = []
        let from = 0
        for (const to of [...cuts.map(cut => Math.min(cut, whole.length)).sort((one, two) => one - two), whole.length]) {
          own.push(reader.push(whole.subarray(from, to)))
          from = to
        }
        const { rest, value, error } = reader.end()
        expect(Buffer.concat([...own, rest]).toString('utf8')).toBe(before + after)
        if (hasEnvelope && error === null) expect(value).toEqual(JSON.parse(JSON.stringify(json)))
        else expect(error).toMatch(hasEnvelope ? /holds the int/ : /did not come/)
      }),
      { numRuns: 500 },
    )
  })
})
