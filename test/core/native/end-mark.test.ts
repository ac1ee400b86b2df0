import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NativeBoard, startNativeBoard } from '../../boards/native-board'
import { Conversation } from './conversation'
import { oddSnippets } from './odd-snippets'
import { PlainRepl } from './plain-repl'

/** Every name that a snippet has made, with its value, and back to none. */
const SWEEP = `
def _sweep():
 names = globals()
 for name in sorted(names):
  if name[0] != '_':
   value = str(names.pop(name))
   print(name, value.split(' at 0x')[0])
_sweep()
del _sweep
`

describe('code that says by itself that it has come to its end', () => {
  let boards: readonly NativeBoard[] = []
  let marked: Conversation
  let plain: PlainRepl
  beforeAll(async () => {
    boards = [await startNativeBoard(), await startNativeBoard()]
    marked = await Conversation.start(boards[0]?.path ?? '')
    plain = await PlainRepl.open(boards[1]?.path ?? '')
  })
  afterAll(async () => {
    await marked.end()
    await plain.close()
    await Promise.all(boards.map(board => board.unplug()))
  })

  /** What became of it, and what it has left behind. */
  const compare = async (snippet: string): Promise<void> => {
    const expected = { ...(await plain.run(snippet)), left: (await plain.run(SWEEP)).stdout }
    const got = { ...(await marked.run(snippet)), left: (await marked.run(SWEEP)).stdout }
    expect(got, JSON.stringify(snippet)).toEqual(expected)
  }

  it('does on a board just what it does without that, whole or broken', async () => {
    const snippets = oddSnippets(1)
    expect(snippets.length).toBeGreaterThan(600)
    for (const snippet of snippets) await compare(snippet)
  })

  it.each([
    ['redefines print', 'from builtins import print as p\ndef print(*a, **k): p("mine", *a, **k)\nprint(1)'],
    ['breaks print', 'def print(*a): raise ValueError("no")\nx = 1'],
    ['breaks print everywhere', 'import builtins\nbuiltins.print = None\ndel builtins.print\nx = 1'],
    ['has no more memory to take', 'import micropython\nmicropython.heap_lock()\nx = 1\nmicropython.heap_unlock()'],
    ['catches all', 'try:\n 1/0\nexcept: pass'],
    ['raises what looks like a refusal', 'raise SyntaxError("invalid syntax")'],
    ['compiles what is no code', 'x = 1\nexec("(")'],
    ['compiles it under its own name', 'x = 1\ntry:\n compile("(", "<stdin>", "exec")\nfinally: print("ran")'],
    ['fails deep down', 'def f(n):\n if n: f(n - 1)\n else: 1/0\nf(5)'],
  ])('is not disturbed by a snippet that %s', async (_, snippet) => {
    await compare(snippet)
    await compare('print("after")')
  })

  it('needs nothing but its code, and the board’s answer, where all is well', async () => {
    const before = marked.written.length
    await marked.run('print(1)')
    expect(marked.written.slice(before)).toMatch(/^print\(1\)\n__import__\('sys'\)\.stdout\.write\(b'\\x1f[\w-]{11}'\)\x04$/)
  })

  it('is right for a snippet that spoils what the mark needs, and goes on without', async () => {
    expect(await marked.run('__import__ = None\nprint(1)')).toEqual({ outcome: 'ok', stdout: '1\r\n', exception: '' })
    const before = marked.written.length
    expect(await marked.run('print(2)')).toEqual({ outcome: 'ok', stdout: '2\r\n', exception: '' })
    expect(marked.written.slice(before)).toBe('print(2)\x04\x01')
    // As it was, for whichever test comes next.
    await marked.run('del __import__')
    marked.forget()
    await marked.enter()
  })
})
