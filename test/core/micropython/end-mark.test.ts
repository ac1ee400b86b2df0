import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOfMark, isRefusedAtEnd, MarkedCode, MarkScanner } from '../../../electron/core/micropython/end-mark'
import { RawReplParser } from '../../../electron/core/micropython/raw-repl-parser'
import { type BoardScript, fromLatin1, latin1 } from '../../fakes/scripted-board'
import { createEnteredRig, outcome, settlesIn } from './protocol-rig'

const MARK = '\x1fAbcdefghijk'
const ONE_BYTE: BoardScript['cut'] = bytes => Array.from(bytes, byte => Uint8Array.of(byte))
const MARK_SENT = /\x1f[\w-]{11}/

/** Text of an exception as a board words it; without a place it is of code that was never run. */
function raised(line: number, error: string, place = ', in <module>'): string {
  return `Traceback (most recent call last):\r\n  File "<stdin>", line ${line}${place}\r\n${error}\r\n`
}

function scan(pieces: readonly Uint8Array[]): { readonly own: string; readonly isLast: boolean; readonly wasSeen: boolean } {
  let own = ''
  const scanner = new MarkScanner(bytes => {
    own += fromLatin1(bytes)
  })
  scanner.expect(latin1(MARK))
  for (const piece of pieces) {
    scanner.scan(piece, 0, piece.length, (bytes, from, to) => {
      own += fromLatin1(bytes.subarray(from, to))
    })
  }
  scanner.flush()
  return { own, isLast: scanner.isLast, wasSeen: scanner.wasSeen }
}

describe('the mark in what code prints', () => {
  it('is taken out once, and everything else is as it was, however it is cut', () => {
    const piece = fc.constantFrom('x', '\x1f', MARK.slice(0, 5), MARK.slice(0, 11), MARK.slice(1), '\x04', 'A')
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.boolean(),
        fc.array(piece, { maxLength: 6 }),
        fc.array(fc.nat(80)),
        (before, hasMark, after, cuts) => {
          const head = before.join('')
          const tail = after.join('')
          const whole = hasMark ? head + MARK + tail : head + tail
          fc.pre(whole.indexOf(MARK) === (hasMark ? head.length : -1))
          const bytes = latin1(whole)
          const places = [0, ...cuts.map(cut => Math.min(cut, bytes.length)).sort((one, two) => one - two), bytes.length]
          const pieces = places.slice(1).map((to, index) => bytes.subarray(places[index] ?? 0, to))
          expect(scan(pieces)).toEqual({ own: head + tail, isLast: hasMark && tail === '', wasSeen: hasMark })
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('is another one each time, and not in the code as it is sent', () => {
    const marks = new Set(Array.from({ length: 1_000 }, () => fromLatin1(new MarkedCode(latin1('x')).mark)))
    expect(marks.size).toBe(1_000)
    for (const mark of marks) expect(mark).toMatch(/^\x1f[\w-]{11}$/)
    const { bytes, mark } = new MarkedCode(latin1('x'))
    expect(fromLatin1(bytes)).not.toContain(fromLatin1(mark))
    expect(fromLatin1(bytes)).toMatch(/^[\n -~]+$/)
  })

  it.each([
    ['x', 2],
    ['x\n', 2],
    ['x\r\n', 2],
    ['x\r', 2],
    ['x\n\n', 3],
    ['x\r\n\r\ny', 4],
    ['x\ry # c', 3],
    ['\n', 2],
    ['x\n  ', 3],
  ])('comes on a line of its own after %j: line %i', (code, line) => {
    const { bytes, markLine } = new MarkedCode(latin1(code))
    expect(markLine).toBe(line)
    const lines = fromLatin1(bytes).split(/\r\n|\r|\n/)
    expect(lines).toHaveLength(line)
    expect(lines.at(-1)).toMatch(/^__import__/)
  })

  it.each([
    ['x\\', false],
    ['x \\\n', false],
    ['x \\\r\n', false],
    ['# \\ \t', false],
    ['x', true],
    ['\\ x', true],
    ['', true],
  ])('after %j: %s', (code, canFollow) => expect(MarkedCode.canFollow(latin1(code))).toBe(canFollow))

  it('tells refused code, and its own failure, from what a snippet raises', () => {
    expect(isRefusedAtEnd(raised(3, 'SyntaxError: invalid syntax', ''), 3)).toBe(true)
    expect(isRefusedAtEnd(raised(2, 'IndentationError: unexpected indent', ''), 3)).toBe(true)
    expect(isRefusedAtEnd(raised(1, 'SyntaxError: invalid syntax', ''), 3)).toBe(false)
    expect(isRefusedAtEnd(raised(3, 'SyntaxError: invalid syntax'), 3)).toBe(false)
    expect(isRefusedAtEnd(raised(3, 'ValueError: x', ''), 3)).toBe(false)
    expect(isRefusedAtEnd(raised(3, '  File "<string>", line 1\r\nSyntaxError: x', ''), 3)).toBe(false)
    expect(isOfMark(raised(3, 'AttributeError: x'), 3)).toBe(true)
    expect(isOfMark(raised(2, 'AttributeError: x'), 3)).toBe(false)
    expect(isOfMark(raised(3, 'SyntaxError: x', ''), 3)).toBe(false)
  })
})

describe('an execution that ends with its mark', () => {
  const prints =
    (text: string, exception = ''): BoardScript['onRun'] =>
    (_, run) => {
      run.print(text)
      run.end(exception)
    }

  it('asks the board when something else was printed after it, and shows no mark', async () => {
    // As a thread does that prints between the last statement and the prompt.
    const cut = (bytes: Uint8Array): readonly Uint8Array[] => [latin1(fromLatin1(bytes).replace(MARK_SENT, '$&thread\r\n'))]
    for (const also of [undefined, ONE_BYTE]) {
      const rig = await createEnteredRig({ onRun: prints('one\r\n'), cut: bytes => cut(bytes).flatMap(piece => also?.(piece) ?? [piece]) })
      expect(await outcome(rig.clock, rig.protocol.execute('x'))).toMatchObject({ outcome: 'ok', resynchronised: false })
      expect(rig.output.stdout).toBe('one\r\nthread\r\n')
      expect(rig.board.written).toMatch(/\x04\x01$/)
    }
  })

  it('keeps nothing back that was printed before', async () => {
    const { clock, protocol, output } = await createEnteredRig({ onRun: (_, run) => run.print('name? ') })
    const running = protocol.execute('input("name? ")')
    running.catch(() => {})
    await clock.advance(0)
    expect(output.stdout).toBe('name? ')
    protocol.dispose()
  })

  it('is an error when a board that says it has not said it: it may have been an exception', async () => {
    let isLossy = false
    const rig = await createEnteredRig({
      onRun: (code, run) => run.end(code === 'fail' ? raised(1, 'ValueError: no') : ''),
      cut: bytes => [isLossy ? latin1(fromLatin1(bytes).replace(/Traceback[\s\S]*no\r\n/, '')) : bytes],
    })
    await outcome(rig.clock, rig.protocol.execute('first'))
    isLossy = true
    expect((await settlesIn(rig.clock, rig.protocol.execute('fail'))).error).toMatchObject({ reason: 'restarted' })
    expect(await outcome(rig.clock, rig.protocol.execute('next'))).toMatchObject({ outcome: 'ok' })
  })

  it('goes without it on a board that never prints it', async () => {
    const { board, clock, protocol, output } = await createEnteredRig({ isUnmarked: true, onRun: prints('one\r\n') })
    for (let count = 0; count < 3; count++) expect(await outcome(clock, protocol.execute('x'))).toMatchObject({ outcome: 'ok' })
    expect(board.written).toMatch(/\x04\x01x\x04\x01x\x04\x01$/)
    expect(output.stdout).toBe('one\r\n'.repeat(3))
  })

  it('is well-ended where only the mark fails, of which nothing is shown', async () => {
    const failing = prints('one\r\n', raised(2, "AttributeError: 'module' object has no attribute 'stdout'"))
    const { board, clock, protocol, output } = await createEnteredRig({ onRun: failing })
    expect(await outcome(clock, protocol.execute('x'))).toMatchObject({ outcome: 'ok', exception: new Uint8Array(0) })
    expect(output).toEqual({ stdout: 'one\r\n', exception: '', outside: '' })
    await outcome(clock, protocol.execute('next'))
    expect(board.written).toMatch(/\x04\x01next\x04\x01$/)
  })

  it('is sent again without the mark when the board refuses its last lines, so that the board names the right one', async () => {
    let line = 3
    const { board, clock, protocol, output } = await createEnteredRig({
      onRun: (_, run) => run.end(raised(line--, 'SyntaxError: invalid syntax', '')),
    })
    const end = await outcome(clock, protocol.execute('x = (\n'))
    expect(fromLatin1(end.exception)).toContain('line 2')
    expect(output.exception).toBe(fromLatin1(end.exception))
    expect(board.written).toMatch(/\x04\x01x = \(\n\x04\x01$/)
  })

  it.each([
    ['the line is one of its own', '', raised(1, 'SyntaxError: invalid syntax', '')],
    ['it has printed', 'one', raised(5, 'SyntaxError: invalid syntax', '')],
    ['it was running', '', raised(4, 'SyntaxError: invalid syntax')],
  ])('is never sent again when %s', async (_, printed, exception) => {
    const { board, clock, protocol } = await createEnteredRig({ onRun: prints(printed, exception) })
    expect(await outcome(clock, protocol.execute('a\nb\nc\nd'))).toMatchObject({ outcome: 'exception', exception: latin1(exception) })
    expect(board.executed).toHaveLength(1)
  })

  it('is not sent again when it is interrupted meanwhile', async () => {
    const { board, clock, protocol } = await createEnteredRig({
      onRun: (_, run) => {
        run.onInterrupt = () => run.end(raised(2, 'SyntaxError: invalid syntax', ''))
      },
    })
    const running = protocol.execute('x')
    await clock.advance(100)
    expect(await outcome(clock, protocol.interrupt(2_000))).toBe(true)
    expect(await outcome(clock, running)).toMatchObject({ outcome: 'exception' })
    expect(board.executed).toHaveLength(1)
  })
})

describe('the parser', () => {
  it('takes no mark of a run that was given up for the end of the next one', () => {
    const parser = new RawReplParser()
    parser.expectExecution(latin1(MARK))
    parser.feed(latin1(`OK${MARK}`))
    parser.abandon()
    parser.expectExecution()
    expect(parser.feed(latin1('OK\x04\x04>')).map(({ type }) => type)).toEqual(['accepted', 'prompt'])
  })

  it('takes no mark for an end that comes before the board has taken the code', () => {
    const parser = new RawReplParser()
    parser.expectExecution(latin1(MARK))
    expect(parser.feed(latin1(`${MARK}OK\x04\x04>`)).map(({ type }) => type)).toEqual(['accepted', 'prompt'])
  })
})
