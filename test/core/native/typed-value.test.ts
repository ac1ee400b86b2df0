import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNativeBoard } from '../../boards/native-board'
import { Conversation } from './conversation'
import { bytes, type Case, EVERYWHERE, evaluate } from './typed-values'

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
    ['{1: "a", "1": "b"}', "can't be sent: it has the key 1 twice, as a number and as text."],
    ['10 ** 10000', 'holds an int of more than 10000 digits.'],
  ])('%s is an error', async (snippet, error) => {
    expect(await evaluate(bench, snippet)).toEqual({ value: undefined, error })
  })
})
