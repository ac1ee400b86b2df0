import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settle } from '../../fakes/fake-clock'
import { type BoardRun, latin1, withoutEndMarks } from '../../fakes/scripted-board'
import { createEnteredRig, createRig, outcome, settlesIn, visible } from './protocol-rig'

/** `read` reads until a line end and prints it back; `endless` never ends by itself; all else prints `clean`. */
const READER = {
  onRun: (code: string, run: BoardRun): void => {
    if (code === 'endless') return
    if (code !== 'read') {
      run.print('clean\r\n')
      run.end()
      return
    }
    let line = ''
    run.onInput = character => {
      line += character
      if (character !== '\n') return
      run.print(`got ${line.length}: ${line.slice(0, 20)}`)
      run.end()
    }
  },
}

describe('writing to the board', () => {
  it('gives what runs its input, and the next execution begins at a proved prompt (M-16)', async () => {
    const { board, clock, protocol, output } = await createEnteredRig(READER)
    const running = protocol.execute('read')
    await settle()
    await outcome(clock, protocol.write(latin1('hello\n')))
    expect(await outcome(clock, running)).toMatchObject({ outcome: 'ok', resynchronised: false })
    expect(output.stdout).toBe('got 6: hello\n')
    board.written = ''
    await outcome(clock, protocol.execute('next'))
    expect(visible(withoutEndMarks(board.written))).toMatch(/^<03><01>\{\}.*<04>next<04>$/)
    await outcome(clock, protocol.execute('next'))
    expect(output).toEqual({ stdout: 'got 6: hello\nclean\r\nclean\r\n', exception: '', outside: '' })
    expect(clock.pendingTimers).toBe(0)
  })

  it('by hand: any bytes at the prompt, and the next execution is clean', async () => {
    const piece = fc.constantFrom(
      '\x01',
      '\x02',
      '\x03',
      '\x04',
      '\x05',
      '\r',
      '\n',
      'A',
      'half a line',
      'endless',
      'print(1)\x04',
      'endless\x04',
      '\x05A\x01',
      '"""',
      '>',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(piece, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (writes, waits) => {
          const { board, clock, protocol, output } = await createEnteredRig(READER)
          const writing = writes.map(pieces => protocol.write(latin1(pieces.join(''))))
          if (waits) await Promise.all(writing)
          const running = protocol.execute('next')
          await Promise.all(writing)
          expect(await outcome(clock, running)).toMatchObject({ outcome: 'ok', resynchronised: false, restarted: false })
          expect(board.executed.at(-1)).toBe('next')
          expect(output.stdout).toBe('clean\r\n')
          expect(clock.pendingTimers).toBe(0)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('by hand, with the answer cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('half', '\x02', 'print(1)\x04', '\x02\x05x', '\x04', 'x\x04\x03'),
        fc.integer({ min: 1, max: 30 }),
        async (text, size) => {
          const { clock, protocol, output } = await createEnteredRig({
            ...READER,
            cut: bytes =>
              Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.slice(index * size, (index + 1) * size)),
          })
          await protocol.write(latin1(text))
          expect(await outcome(clock, protocol.execute('next'))).toMatchObject({ outcome: 'ok', resynchronised: false })
          expect(output.stdout).toBe('clean\r\n')
        },
      ),
      { numRuns: 100 },
    )
  })

  it('waits while the protocol itself speaks, and keeps the order', async () => {
    const { board, clock, protocol } = await createEnteredRig({ ...READER, hasBackPressure: false })
    const code = `x = "${'x'.repeat(2_000)}"`
    const running = protocol.execute(code)
    const first = protocol.write(latin1('first'))
    const second = protocol.write(latin1('second'))
    await outcome(clock, running)
    await outcome(clock, Promise.all([first, second]))
    expect(board.executed).toEqual([code])
    expect(board.written.replaceAll('\x01', '').endsWith('\x04firstsecond')).toBe(true)
  })

  it('has an execution wait for what was written before, also in the middle of it (E-24)', async () => {
    const { board, clock, protocol } = await createEnteredRig({ ...READER, hasBackPressure: false })
    const writing = protocol.write(latin1('y'.repeat(1_000)))
    const running = protocol.execute('next')
    const later = protocol.write(latin1('later'))
    await outcome(clock, writing)
    await outcome(clock, running)
    await outcome(clock, later)
    expect(visible(withoutEndMarks(board.written))).toMatch(/^y{1000}<03><01>\{\}.*<04>next<04>later$/)
    expect(board.executed).toEqual(['next'])
    await outcome(clock, protocol.execute('next'))
    expect(clock.pendingTimers).toBe(0)
  })

  it('paces a port without back-pressure', async () => {
    const { clock, protocol, board } = await createEnteredRig({ ...READER, hasBackPressure: false })
    const { tookMs } = await settlesIn(clock, protocol.write(new Uint8Array(1_024).fill(0x79)))
    expect(tookMs).toBeGreaterThanOrEqual(30)
    expect(board.writes.map(bytes => bytes.length)).toEqual([256, 256, 256, 256])
  })

  it('is dropped by an interrupt as far as it has not gone, and nothing of it comes later', async () => {
    const { board, clock, protocol } = await createEnteredRig({ ...READER, hasBackPressure: false })
    const running = protocol.execute('endless')
    await settle()
    const writing = protocol.write(latin1('z'.repeat(10_000)))
    writing.catch(() => {})
    await clock.advance(15)
    expect(await outcome(clock, protocol.interrupt(2_000))).toBe(true)
    expect((await settlesIn(clock, writing)).error).toMatchObject({ reason: 'cancelled' })
    expect(await outcome(clock, running)).toMatchObject({ outcome: 'exception' })
    await outcome(clock, protocol.execute('next'))
    expect(board.written.match(/z/g)?.length).toBeLessThanOrEqual(768)
    expect(board.executed.at(-1)).toBe('next')
    expect(clock.pendingTimers).toBe(0)
  })

  it('rejects before the prompt was shown, and after the end', async () => {
    const { clock, protocol, enter } = createRig()
    await expect(protocol.write(latin1('x'))).rejects.toMatchObject({ reason: 'no-reply' })
    await outcome(clock, enter())
    await protocol.write(latin1('x'))
    protocol.dispose()
    await expect(protocol.write(latin1('x'))).rejects.toMatchObject({ reason: 'cancelled' })
  })

  it.each([
    ['idle', null],
    ['running', 'endless'],
  ])('rejects when the board is lost while a write is on its way, %s', async (_, code) => {
    const { board, clock, protocol } = await createEnteredRig(READER)
    const running = code === null ? Promise.resolve() : protocol.execute(code)
    running.catch(() => {})
    await settle()
    board.isBlocked = true
    const writing = [protocol.write(latin1('x'.repeat(50_000))), protocol.write(latin1('y'))]
    const settled = Promise.allSettled(writing)
    await settle()
    board.unplug()
    for (const result of await settled) expect(result).toMatchObject({ status: 'rejected', reason: { reason: 'disconnected' } })
    expect(clock.pendingTimers).toBe(0)
  })

  it('without a byte says that others write too: the next execution proves the prompt', async () => {
    const { board, clock, protocol, output } = await createEnteredRig(READER)
    await protocol.write(new Uint8Array(0))
    expect(board.writes).toEqual([])
    await board.write(latin1('half a line'))
    await outcome(clock, protocol.execute('next'))
    expect(board.executed).toEqual(['next'])
    expect(output.stdout).toBe('clean\r\n')
    // It waits for its turn like any other.
    const running = protocol.execute(`"${'x'.repeat(50_000)}"`)
    let isTurn = false
    const turn = protocol.write(new Uint8Array(0)).then(() => {
      isTurn = true
    })
    expect(isTurn).toBe(false)
    await outcome(clock, running)
    await turn
  })
})
