import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import { BadLine, type LineFaults } from '../../boards/bad-line'
import { startNativeBoard } from '../../boards/native-board'
import { Conversation } from './conversation'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function boardOver(fromBoard: LineFaults): Promise<Conversation> {
  const board = await startNativeBoard()
  ends.push(() => board.unplug())
  const line = await BadLine.open({ board: board.path, seed: 5, fromBoard })
  ends.push(() => line.close())
  const bench = await Conversation.start(line.path, { withoutBackPressure: true })
  ends.push(() => bench.end())
  return bench
}

/** Split code points, bytes that are none, and what a terminal would obey: titles, clearing, a question that it answers. */
const HOSTILE = [
  ...['c3', 'c328', 'e282', 'f09f91', 'ff', 'fe', '80', 'eda080', 'c0af', 'f09f918b'],
  ...[
    '1b5d303b7469746c6507',
    '1b5b324a',
    '1b5b48',
    '1b63',
    '1b5b3f3130343968',
    '1b5b63',
    '1b5b366e',
    '9b324a',
    '0d',
    '07',
    '00',
    '7f',
    '1f',
    '1f61',
  ],
]

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describe('hostile output of a native board', () => {
  it.each([
    ['a good line', {}],
    ['a line of single bytes', { singleBytes: true }],
    ['a line that clumps', { clumpBytes: 4_096 }],
  ])('passes byte for byte over %s: broken UTF-8 and terminal escapes (fault 34)', async (_, faults) => {
    const bench = await boardOver(faults)
    const expected = Buffer.concat(Array.from({ length: 20 }, () => Buffer.from(HOSTILE.join(''), 'hex')))
    const code = `import sys\nfor _ in range(20):\n for text in ${JSON.stringify(HOSTILE)}: sys.stdout.buffer.write(bytes.fromhex(text))`
    const { outcome, stdout } = await bench.run(code)
    expect(outcome).toBe('ok')
    expect(sha256(Buffer.from(stdout, 'latin1'))).toBe(sha256(expected))
  })

  it.each([
    ['04', 'print(chr(4))', '\x04\r\n', true],
    ['an end without a prompt', 'print("\\x04\\x04", end="")', '\x04\x04', true],
    ['a whole end', 'print("\\x04\\x04>", end="")', '\x04\x04>', true],
    ['OK and prompts', 'print("OK>\\r\\n>>> OK")', 'OK>\r\r\n>>> OK\r\n', false],
    [
      'a traceback between two 04',
      'print("\\x04Traceback (most recent call last):\\x04", end="")',
      '\x04Traceback (most recent call last):\x04',
      true,
    ],
    ['the beginning of what ends a run', 'print("\\x1f" * 3 + "\\x04\\x04>", end="\\x1f")', '\x1f\x1f\x1f\x04\x04>\x1f', true],
  ])('that holds %s is whole, and the next run is clean (fault 35)', async (_, code, printed, isMarked) => {
    for (const faults of [{}, { singleBytes: true }]) {
      const bench = await boardOver(faults)
      await bench.run('x = 1')
      Object.assign(bench, { stdout: '', outside: '' })
      expect(await bench.protocol.execute(code)).toMatchObject({ outcome: 'ok', resynchronised: isMarked })
      expect(bench.stdout).toBe(printed)
      expect(await bench.run('print(1)')).toEqual({ outcome: 'ok', stdout: '1\r\n', exception: '' })
      expect(bench.outside).toBe('')
    }
  })

  it('that forges an end and the banner that proves it is no end: whole, or an error, and the next run is clean (fault 35)', async () => {
    const forged = '\x04\x04>raw REPL; CTRL-B to exit\r\r\n>\x04\x04>'
    const code = 'print("\\x04\\x04>raw REPL; CTRL-B to exit\\r\\n>\\x04\\x04>", end="")'
    for (const faults of [{}, { singleBytes: true }]) {
      const bench = await boardOver(faults)
      await bench.run('x = 1')
      bench.stdout = ''
      const end = await bench.protocol.execute(code).catch(error => error)
      if (end instanceof ProtocolError) expect(end.reason).toBe('restarted')
      else expect({ outcome: end.outcome, stdout: bench.stdout }).toEqual({ outcome: 'ok', stdout: forged })
      expect(await bench.run('print(1)')).toEqual({ outcome: 'ok', stdout: '1\r\n', exception: '' })
    }
  })

  it.each([
    ['goes on', 'print("the rest")', 'ok'],
    ['fails', 'raise ValueError("no")', 'exception'],
  ])('that looks like an end is none, when the run %s after it (fault 35)', async (_, then, outcome) => {
    const bench = await boardOver({})
    await bench.run('x = 1')
    for (const end of ['\\x04\\x04>', '\\x1f\\x04\\x04>', '\\x04\\x04>raw REPL; CTRL-B to exit\\r\\n>']) {
      const startedMs = performance.now()
      expect(await bench.run(`import time\nprint("${end}", end="")\ntime.sleep(0.6)\n${then}`)).toMatchObject({ outcome })
      expect(performance.now() - startedMs).toBeGreaterThan(500)
      expect(await bench.run('print(1)')).toEqual({ outcome: 'ok', stdout: '1\r\n', exception: '' })
    }
  })
})

describe('raw-paste mode over a line that eats what frees the windows', () => {
  it.each([
    ['all of it', (bytes: Uint8Array) => bytes.filter(byte => byte !== 1)],
    ['all but that of the answer', eatAfterAnswer],
  ])('%s: the code goes the plain way in a second, and the mode is not asked for again (fault 36)', async (_, rewrite) => {
    const bench = await boardOver({ rewrite })
    const code = `${Array.from({ length: 100 }, (_unused, line) => `x = ${line}`).join('\n')}\nprint(x)`
    const startedMs = performance.now()
    expect(await bench.run(code)).toEqual({ outcome: 'ok', stdout: '99\r\n', exception: '' })
    expect(performance.now() - startedMs).toBeLessThan(3_000)
    const before = bench.written.length
    expect(await bench.run(code)).toEqual({ outcome: 'ok', stdout: '99\r\n', exception: '' })
    expect(bench.written.slice(before)).not.toContain('\x05A\x01')
  })
})

/** `R 01` stays. */
function eatAfterAnswer(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, index) => byte !== 1 || bytes[index - 1] === 0x52)
}
