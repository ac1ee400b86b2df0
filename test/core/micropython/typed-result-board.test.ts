import { describe, expect, it } from 'vitest'
import { newToken } from '../../../electron/core/micropython/prompt-search'
import { splitValue, wrapForValue } from '../../../electron/core/micropython/typed-result'
import { type Terminal, useBoard } from '../simulated/rig'

interface Answer {
  readonly value: unknown
  readonly error: string | null
  readonly output: string
  readonly exception: string
}

async function evaluateOn(terminal: Terminal, snippet: string): Promise<Answer> {
  const nonce = newToken()
  const { code, hasValue } = wrapForValue(snippet, nonce)
  const { output, exception } = await terminal.run(Buffer.from(code, 'utf8').toString('latin1'))
  if (!hasValue) return { value: undefined, error: 'no expression', output, exception }
  const { stdout, value, error } = splitValue(Buffer.from(output, 'latin1'), nonce)
  return { value, error, output: Buffer.from(stdout).toString('utf8'), exception }
}

describe('a typed result on the real interpreter (B-05, E-16)', () => {
  const rig = useBoard()
  const evaluate = (snippet: string): Promise<Answer> => evaluateOn(rig.terminal, snippet)

  it.each<[string, unknown]>([
    ['1.5', 1.5],
    ['-0.1 + 1e-7', -0.1 + 1e-7],
    ['1e300', 1e300],
    ['10 > 9', true],
    ['False', false],
    ['None', null],
    ['2 ** 53 - 1', 2 ** 53 - 1],
    ['"True and False, None"', 'True and False, None'],
    [
      '{"temperature": 21.5, "humidity": 40, "pressure": 1013.25, "timestamp": 123456}',
      { temperature: 21.5, humidity: 40, pressure: 1013.25, timestamp: 123456 },
    ],
    ['{"a": {"b": [1, (2, [None, True])]}, "c": []}', { a: { b: [1, [2, [null, true]]] }, c: [] }],
    ['import json\njson.dumps({"a": [True, "\\"x\\\\"]})', '{"a": [true, "\\"x\\\\"]}'],
    ['{}', {}],
    ['()', []],
    ['1, "two"', [1, 'two']],
    ['{1: "one"}', { 1: 'one' }],
    ['"Grüße 世界 👋 \\x00\\x04\\x1b\\r\\n\\"\\\\"', 'Grüße 世界 👋 \x00\x04\x1b\r\n"\\'],
    ['print("x")', null],
    ['"x" * 300000', 'x'.repeat(300_000)],
    ['list(range(3000))', Array.from({ length: 3_000 }, (_, index) => index)],
    ['class A(dict): pass\na = A()\na["b"] = 1\na', { b: 1 }],
    ['from collections import OrderedDict, namedtuple\nnamedtuple("P", ("x", "y"))(1, OrderedDict([("z", 2)]))', [1, { z: 2 }]],
    ['f = (lambda a=1: a)\nf()', 1],
    ['a = 5; a +\\\n  (1 +\n1)', 7],
  ])('%s', async (snippet, expected) => {
    expect(await evaluate(snippet)).toMatchObject({ value: expected, error: null, exception: '' })
  })

  it.each([
    ['b"x"', "can't be said as JSON: it is of type bytes."],
    ['{"a": [bytearray(2)]}', "can't be said as JSON: it holds something of type bytearray."],
    ['{1, 2}', "can't be said as JSON: it is of type set."],
    ['class Sensor: pass\nSensor()', "can't be said as JSON: it is of type Sensor."],
    ['{(1, 2): 3}', "can't be said as JSON: it has a key of type tuple."],
    ['float("nan")', "can't be said as JSON: it holds the float nan."],
    ['[-float("inf")]', "can't be said as JSON: it holds the float -inf."],
    ['2 ** 64', "holds the int 18446744073709551616, which a number can't say exactly. Return it as text."],
    ['a = []\na.append(a)\na', "can't be said as JSON: it is nested deeper than 32 levels."],
    [
      'class L(list):\n def __iter__(self): raise OSError("broken")\nL()',
      "can't be said as JSON: it could not be written: OSError broken.",
    ],
  ])('%s is an error', async (snippet, error) => {
    expect(await evaluate(snippet)).toMatchObject({ value: undefined, error, exception: '' })
  })

  it('leaves the output as it was, and the value out of it', async () => {
    expect(await evaluate('print("before")\nprint("no line end", end="")\n42')).toEqual({
      value: 42,
      error: null,
      output: 'before\r\nno line end',
      exception: '',
    })
  })

  it('leaves the lines of a traceback as they are, and no name behind', async () => {
    const failed = await evaluate('def f():\n  return (1 /\n    0)\n\nprint("x"); f()')
    expect(failed).toMatchObject({ value: undefined, output: 'x\r\n' })
    expect(failed.exception).toMatch(/line 5, in <module>[\s\S]*line [23], in f[\s\S]*ZeroDivisionError/)
    expect((await evaluate('a = 1\nb = (\n')).exception).toMatch(/SyntaxError/)
    expect((await evaluate('a = 1\n1 +* 2\n')).exception).toMatch(/line 2[\s\S]*SyntaxError/)
    expect((await evaluate('[name for name in globals() if "muster" in name]')).value).toEqual([])
    expect(await rig.terminal.output('print([name for name in globals() if "muster" in name])')).toBe('[]\r\n')
    await evaluate('b"x"')
    expect(await rig.terminal.output('print([name for name in globals() if "muster" in name])')).toBe('[]\r\n')
  })

  it('is not led astray by names that the snippet redefines', async () => {
    const taken = 'print = str = len = repr = type = list = tuple = dict = int = isinstance = bytes = Exception = None'
    expect(await evaluate(`${taken}\n{"a": [1, 2.5]}`)).toMatchObject({ value: { a: [1, 2.5] }, error: null })
    expect(await evaluate('del print, str, len, repr, type, list, tuple, dict, int, isinstance, bytes, Exception\n1')).toMatchObject({
      value: 1,
    })
  })

  it('does without the json module', async () => {
    const snippet = 'import sys\nsys.modules["json"] = None\n{"a\\n": "\\"\\\\ü\\x04"}'
    expect((await evaluate(snippet)).value).toEqual({ 'a\n': '"\\ü\x04' })
    // Its own way of writing a line end, so that it is known to have been written without the module.
    expect((await rig.terminal.run(wrapForValue('"\\n"', newToken()).code)).output).toContain('"\\u000a"')
    await evaluate('import sys\nsys.modules.pop("json")')
  })

  it.each(['a = 1', 'import sys', 'if True: 1', 'for i in (1, 2): i', ''])('%j has none', async snippet => {
    expect(await evaluate(`${snippet}\n`)).toMatchObject({ error: 'no expression', exception: '' })
  })
})
