import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newToken } from '../../../electron/core/micropython/prompt-search'
import { splitValue, wrapForValue } from '../../../electron/core/micropython/typed-result'
import type { BoardValue } from '../../../shared/model'
import { startMicrobit } from '../../boards/microbit'
import { startNativeBoard } from '../../boards/native-board'
import { Conversation } from './conversation'

type Case = readonly [string, BoardValue]

async function evaluate(
  bench: Conversation,
  snippet: string,
): Promise<{ readonly value: BoardValue | undefined; readonly error: string | null }> {
  const nonce = newToken()
  const { code } = wrapForValue(snippet, nonce, 'value')
  const { outcome, stdout, exception } = await bench.run(code)
  expect({ outcome, exception }).toEqual({ outcome: 'ok', exception: '' })
  const { value, error } = splitValue(Buffer.from(stdout, 'latin1'), nonce, 'value')
  return { value, error }
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

const EVERYWHERE: readonly Case[] = [
  ['None', null],
  ['True, False', [true, false]],
  ['1', 1],
  ['-5', -5],
  ['2 ** 53', 9_007_199_254_740_992n],
  ['2 ** 53 - 1', 9_007_199_254_740_991],
  ['-(2 ** 53 - 1)', -9_007_199_254_740_991],
  ['-2 ** 80', -(2n ** 80n)],
  ['1.5', 1.5],
  ['b""', bytes()],
  ['b"\\x00\\x04\\xffa"', bytes(0, 4, 255, 97)],
  ['bytearray(b"ab")', bytes(97, 98)],
  ['"text \\x04 ü 👋"', 'text \x04 ü 👋'],
  ['"~x00"', '~x00'],
  ['"~"', '~'],
  ['["~~", b"~"]', ['~~', bytes(126)]],
  ['{1: b"x", "~i1": 2}', { 1: bytes(120), '~i1': 2 }],
  ['a = 1\na', 1],
  ['print("x")', null],
]

const WITH_MEMORY: readonly Case[] = [
  ['[1, (2, [None])]', [1, [2, [null]]]],
  ['{"a": {1: b"x"}, "~i1": 2}', { a: { 1: bytes(120) }, '~i1': 2 }],
  ['memoryview(bytearray(range(200)))', Uint8Array.from({ length: 200 }, (_, index) => index)],
  ['import array\nmemoryview(array.array("H", [1, 2]))', bytes(1, 0, 2, 0)],
  ['bytes(range(256)) * 100', Uint8Array.from({ length: 25_600 }, (_, index) => index % 256)],
  ['[float("nan"), float("inf"), -float("inf"), -0.0, 0.0]', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0]],
  ['1e16', 1e16],
  ['0.1 + 0.2', 0.1 + 0.2],
  ['{"__proto__": {"x": 1}}', JSON.parse('{"__proto__": {"x": 1}}')],
  ['10 ** 30 - 1', 10n ** 30n - 1n],
]

describe('a value of any kind, from a native board', () => {
  let bench: Conversation
  let unplug: () => Promise<void>
  beforeAll(async () => {
    const board = await startNativeBoard({ heapKb: 1_024 })
    unplug = () => board.unplug()
    bench = await Conversation.start(board.path)
  })
  afterAll(async () => {
    await bench.end()
    await unplug()
  })

  it.each([...EVERYWHERE, ...WITH_MEMORY])('%s', async (snippet, expected) => {
    const { value, error } = await evaluate(bench, snippet)
    expect(error).toBeNull()
    expect(value).toStrictEqual(expected)
  })

  it.each([
    ['{1, 2}', "can't be sent: it is of type set."],
    ['1j', "can't be sent: it is of type complex."],
    ['[object()]', "can't be sent: it holds something of type object."],
    ['a = []\na.append(a)\na', "can't be sent: it is nested deeper than 32 levels."],
    ['10 ** 10000', 'holds an int of more than 10000 digits.'],
  ])('%s is an error', async (snippet, error) => {
    expect(await evaluate(bench, snippet)).toEqual({ value: undefined, error })
  })
})

/** Its memory holds the code that says a value, and hardly more: what is left of the run before has to go first. */
describe('a value of any kind, from a micro:bit', () => {
  let bench: Conversation
  let unplug: () => Promise<void>
  beforeAll(async () => {
    const board = await startMicrobit()
    unplug = () => board.unplug()
    bench = await Conversation.start(board.path, { withoutBackPressure: true })
  })
  afterAll(async () => {
    await bench.end()
    await unplug()
  })

  it.each(EVERYWHERE)('%s', async (snippet, expected) => {
    await bench.run('import gc\ngc.collect()')
    const { value, error } = await evaluate(bench, snippet)
    expect(error).toBeNull()
    expect(value).toStrictEqual(expected)
  })
})
