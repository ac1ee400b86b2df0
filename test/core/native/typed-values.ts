import { expect } from 'vitest'
import { newToken } from '../../../electron/core/micropython/prompt-search'
import { splitValue, wrapForValue } from '../../../electron/core/micropython/typed-result'
import type { BoardValue } from '../../../shared/model'
import type { Conversation } from './conversation'

/** What is run, and what its last expression is worth. */
export type Case = readonly [string, BoardValue]

/** A snippet that has to end well. */
export async function evaluate(
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

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

/** Values that every board can say, however small it is. */
export const EVERYWHERE: readonly Case[] = [
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
