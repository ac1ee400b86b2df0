import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Conversation } from './conversation'

/** Longer than a board needs for what it was sent before. */
const ARRIVED_MS = 20

/** How others may have left a board that waits at its friendly prompt: what they sent to it. */
export const LEFT: readonly (readonly [string, string])[] = [
  ['at its friendly prompt', ''],
  ['at its raw prompt', '\x01'],
  ['with a half-filled raw buffer', '\x01print("never'],
  ['with half a request for raw-paste mode', '\x01\x05A'],
  ['in the middle of raw-paste mode', '\x01\x05A\x01x = 1\nprint("never'],
  ['in paste mode', '\x05'],
  ['in the middle of a paste', '\x05print("never")\r\nif 1:'],
  ['with half a line typed', 'print("never"'],
  ['inside of an open string', 'x = """never\rclosed'],
  ['inside of an open bracket', 'print(1,\r'],
  ['in the middle of an indented block', 'if True:\rprint("never")\r'],
  ['in the middle of a nested block', 'def f():\rfor i in x:\rpass\r'],
]

/** Puts the board at its friendly prompt, and from there into the state that is made by what is sent. */
export async function leaveAs(bench: Conversation, sent: string): Promise<void> {
  await bench.protocol.leave(1_000)
  bench.forget()
  await bench.transport.write(Buffer.from(sent, 'latin1'))
  await sleep(ARRIVED_MS)
}

export async function expectWorks(bench: Conversation): Promise<void> {
  expect(await bench.run('print(1)')).toEqual({ outcome: 'ok', stdout: '1\r\n', exception: '' })
}
