import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settle } from '../../fakes/fake-clock'
import { latin1 } from '../../fakes/scripted-board'
import { createEnteredRig, createRig, outcome, settlesIn, visible } from './protocol-rig'

const TRACEBACK = 'Traceback (most recent call last):\r\nKeyError: somethingelse\r\n'
const RAW_BANNER = 'raw REPL; CTRL-B to exit\r\n>'

describe('entering the raw REPL', () => {
  it.each(['friendly', 'half-line', 'triple-quote', 'paste', 'raw', 'half-buffer', 'program'] as const)('works from: %s', async start => {
    const { board, clock, protocol, enter } = createRig({ start })
    const { error, tookMs } = await settlesIn(clock, enter())
    expect(error).toBeUndefined()
    expect(tookMs).toBeLessThan(100)
    expect(board.written).not.toContain('\r')
    expect(board.executed).toEqual([])
    expect(board.softResets).toBe(0)
    expect(clock.pendingTimers).toBe(0)
    await outcome(clock, protocol.execute('print(1)'))
    expect(board.executed).toEqual(['print(1)'])
  })

  it('does not wait for silence of a program that prints for ever', async () => {
    const { clock, enter, output } = createRig({ start: 'program', programPrints: 'main.py is alive\r\n', swallowedInterrupts: 3 })
    const { error, tookMs } = await settlesIn(clock, enter())
    expect(error).toBeUndefined()
    expect(tookMs).toBeLessThan(2_000)
    expect(output.outside).toContain('main.py is alive')
    expect(output.outside).not.toContain('raw REPL')
    expect(output.stdout + output.exception).toBe('')
  })

  it('interrupts again and again a program that catches KeyboardInterrupt', async () => {
    const { clock, enter } = createRig({ start: 'program', swallowedInterrupts: 7 })
    const { error, tookMs } = await settlesIn(clock, enter())
    expect(error).toBeUndefined()
    expect(tookMs).toBeGreaterThanOrEqual(1_700)
    expect(tookMs).toBeLessThanOrEqual(2_500)
  })

  it('keeps trying a board that is mute after the port was opened', async () => {
    const { board, clock, enter } = createRig()
    board.isDeaf = true
    clock.after(3_000, () => {
      board.send('\0\xfe\xf0ets Jul 29 2019 12:21:46\r\n')
      board.isDeaf = false
    })
    const { error, tookMs } = await settlesIn(clock, enter())
    expect(error).toBeUndefined()
    expect(tookMs).toBeGreaterThanOrEqual(3_000)
    expect(tookMs).toBeLessThanOrEqual(3_300)
  })

  it('shows nothing of answers that come late over a line that stands still for a while', async () => {
    const { board, clock, enter, output } = createRig()
    const send = board.send.bind(board)
    let dueMs = 0
    board.send = text => {
      dueMs = Math.max(dueMs, clock.monotonicMs() + (clock.monotonicMs() < 3_000 ? 1_500 : 0))
      clock.after(dueMs - clock.monotonicMs(), () => send(text))
    }
    const { error, tookMs } = await settlesIn(clock, enter())
    expect(error).toBeUndefined()
    expect(tookMs).toBeGreaterThan(3_000)
    expect(output).toEqual({ stdout: '', exception: '', outside: '' })
  })

  it('has the prompt of a board whose heap is full, which can compile nothing, not even what proves the prompt', async () => {
    const { board, clock, protocol, enter, output } = createRig({ memoryErrors: Number.POSITIVE_INFINITY })
    const { error, tookMs } = await settlesIn(clock, enter())
    expect(error).toBeUndefined()
    expect(tookMs).toBeLessThan(1_000)
    expect(output).toEqual({ stdout: '', exception: '', outside: '' })
    // Nor is it asked who it is, which is long code.
    const before = board.written
    expect(await outcome(clock, protocol.identify({ timeoutMs: 5_000 }))).toMatchObject({ name: null, uniqueId: null, features: [] })
    expect(board.written).toBe(before)
    expect(await outcome(clock, protocol.execute('print(1)'))).toMatchObject({ outcome: 'exception' })
    expect(output.exception).toContain('MemoryError')
    await outcome(clock, protocol.softReset({ timeoutMs: 10_000, signal: new AbortController().signal }))
    expect(board.softResets).toBe(1)
  })

  it.each([1, 2, 3])('asks a board again that has no memory for a moment: %s times', async memoryErrors => {
    const { board, clock, protocol, enter } = createRig({ memoryErrors })
    expect((await settlesIn(clock, enter())).error).toBeUndefined()
    await settlesIn(clock, protocol.execute('print(1)'))
    await outcome(clock, protocol.execute('print(2)'))
    expect(board.executed.at(-1)).toBe('print(2)')
  })

  it('is not fooled by a banner from before', async () => {
    const { board, clock, enter } = createRig()
    board.isDeaf = true
    board.send(`old output\r\n${RAW_BANNER}`)
    clock.after(600, () => {
      board.isDeaf = false
    })
    const entering = enter()
    let isEntered = false
    void entering.then(() => {
      isEntered = true
    })
    await clock.advance(599)
    expect(isEntered).toBe(false)
    const { error } = await settlesIn(clock, entering)
    expect(error).toBeUndefined()
  })

  it('copes with noise before the prompt, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 40 }), async (noise, size) => {
        const { board, clock, enter } = createRig({
          cut: bytes => Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.slice(index * size, (index + 1) * size)),
        })
        board.send(Buffer.from(noise).toString('latin1'))
        const { error } = await settlesIn(clock, enter())
        expect(error).toBeUndefined()
        expect(clock.pendingTimers).toBe(0)
      }),
      { numRuns: 40 },
    )
  })

  it('delivers a bounded part of what it overhears', async () => {
    const { clock, enter, output } = createRig({ start: 'program', programPrints: 'x'.repeat(20_000), swallowedInterrupts: 8 })
    await outcome(clock, enter())
    expect(output.outside.length).toBeGreaterThan(60_000)
    expect(output.outside.length).toBeLessThanOrEqual(64 * 1024)
  })

  it('says that nothing came', async () => {
    const { board, clock, enter } = createRig({ insteadOfBoard: () => {} })
    const { error, tookMs } = await settlesIn(clock, enter())
    expect(error).toMatchObject({
      reason: 'no-reply',
      message: 'The board on /dev/ttyTEST0 sent nothing within 10 s.',
    })
    expect(tookMs).toBe(10_000)
    expect(visible(board.written)).toMatch(/^(<03><01>){40}$/)
    expect(clock.pendingTimers).toBe(0)
  })

  it.each([
    ['the bytes', (text: string) => text],
    ['a terminal’s picture of them', (text: string) => text.split('\x03').join('^C').split('\x01').join('^A')],
  ])('says that a port only echoes %s', async (_, echo) => {
    const { clock, enter } = createRig({ insteadOfBoard: (written, board) => board.send(echo(Buffer.from(written).toString('latin1'))) })
    const { error, tookMs } = await settlesIn(clock, enter())
    expect(error).toMatchObject({ reason: 'not-micropython', message: expect.stringContaining('only echoes') })
    expect(tookMs).toBe(10_000)
  })

  it('takes no echo of the probe for its answer', async () => {
    const { clock, enter } = createRig({
      insteadOfBoard: (written, board) => board.send(`${Buffer.from(written).toString('latin1')}${RAW_BANNER}OK`),
    })
    const { error } = await settlesIn(clock, enter())
    expect(error).toMatchObject({ reason: 'not-micropython' })
  })

  it('tells noise from text, and how much of it came', async () => {
    const noisy = createRig({
      insteadOfBoard: (_, board) => board.send(Buffer.from(Array.from({ length: 100 }, (_, index) => 128 + index)).toString('latin1')),
    })
    const noise = await settlesIn(noisy.clock, noisy.enter())
    expect(noise.error).toMatchObject({
      reason: 'not-micropython',
      message: 'Got 8,000 bytes from /dev/ttyTEST0 within 10 s, but no MicroPython prompt: wrong speed, or another firmware.',
      hint: expect.stringContaining('115200'),
    })
    const chatty = createRig({ insteadOfBoard: (_, board) => board.send('ERROR: unknown command\r\n') })
    const text = await settlesIn(chatty.clock, chatty.enter())
    expect(text.error).toMatchObject({ reason: 'not-micropython', message: expect.stringContaining('bytes of text') })
  })

  it('ends no later than its limit, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...SCRAPS).map(latin1)), { minLength: 1 }),
        async answers => {
          let turn = 0
          const { clock, enter, protocol, board } = createRig({
            insteadOfBoard: (_, port) => port.send(Buffer.from(answers[turn++ % answers.length] ?? []).toString('latin1')),
          })
          const { error, tookMs } = await settlesIn(clock, enter())
          expect(['no-reply', 'not-micropython']).toContain((error as { reason?: string }).reason)
          expect(tookMs).toBeLessThanOrEqual(10_000)
          protocol.dispose()
          expect(clock.pendingTimers + board.listenerCount).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('does not ask faster when wrong answers come at once', async () => {
    const { board, clock, enter } = createRig({
      insteadOfBoard: (written, port) => port.send(written.length === 1 ? RAW_BANNER : `OK\x04${TRACEBACK}\x04>`),
    })
    const { error, tookMs } = await settlesIn(clock, enter())
    expect(error).toMatchObject({ reason: 'not-micropython' })
    expect(tookMs).toBe(10_000)
    expect(board.writes.length).toBeLessThanOrEqual(40 * 3)
  })

  it('can be cancelled', async () => {
    const { board, clock, enter } = createRig({ insteadOfBoard: () => {} })
    const cancel = new AbortController()
    const entering = enter(cancel.signal)
    await clock.advance(700)
    cancel.abort()
    const { error, tookMs } = await settlesIn(clock, entering)
    expect(error).toMatchObject({ reason: 'cancelled' })
    expect(tookMs).toBe(0)
    expect(clock.pendingTimers).toBe(0)
    const written = board.written
    await clock.advance(5_000)
    expect(board.written).toBe(written)
    await expect(enter(AbortSignal.abort())).rejects.toMatchObject({ reason: 'cancelled' })
  })

  it('rejects with `disconnected` when the board is unplugged meanwhile, and afterwards', async () => {
    const { board, clock, enter, protocol } = createRig({ insteadOfBoard: () => {} })
    const entering = enter()
    await clock.advance(300)
    board.unplug()
    const { error, tookMs } = await settlesIn(clock, entering)
    expect(error).toMatchObject({ reason: 'disconnected', message: 'The board on /dev/ttyTEST0 is gone.' })
    expect(tookMs).toBe(0)
    expect(clock.pendingTimers + board.listenerCount).toBe(0)
    await expect(enter()).rejects.toMatchObject({ reason: 'disconnected' })
    await expect(protocol.execute('1')).rejects.toMatchObject({ reason: 'disconnected' })
    await expect(protocol.interrupt(100)).rejects.toMatchObject({ reason: 'disconnected' })
    await expect(protocol.identify({ timeoutMs: 100 })).rejects.toMatchObject({ reason: 'disconnected' })
    await protocol.leave(100)
  })

  it('does not pile up writes that a board does not take', async () => {
    const { board, clock, enter } = createRig()
    board.isBlocked = true
    const entering = enter()
    await clock.advance(5_000)
    expect(board.pendingWriteBytes).toBe(2)
    board.unblock()
    const { error } = await settlesIn(clock, entering)
    expect(error).toBeUndefined()
  })
})

/** Parts of real answers, none of which makes one by itself. */
const SCRAPS = [
  RAW_BANNER,
  'OK',
  '\x04',
  '\x04\x04>',
  '>>> ',
  'OK\x04\x04>',
  'Traceback ',
  '\r\n',
  'Type "help()" for more information.\r\n>>> ',
]

describe('leaving the raw REPL', () => {
  it('goes back to the friendly prompt and keeps its banner to itself', async () => {
    const { board, clock, protocol, output } = await createEnteredRig()
    const { tookMs } = await settlesIn(clock, protocol.leave(1_000))
    expect(tookMs).toBeLessThan(100)
    expect(board.written).toBe('\x02')
    expect(output.outside).toBe('')
    expect(clock.pendingTimers).toBe(0)
    board.send('later')
    await settle()
    expect(output.outside).toBe('later')
  })

  it('gives up at its limit', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    board.isDeaf = true
    const { error, tookMs } = await settlesIn(clock, protocol.leave(300))
    expect(error).toBeUndefined()
    expect(tookMs).toBe(300)
  })

  it('leaves a running snippet alone', async () => {
    const { board, clock, protocol } = await createEnteredRig({ onRun: () => {} })
    const running = protocol.execute('while True: pass')
    running.catch(() => {})
    await settle()
    await outcome(clock, protocol.leave(300))
    expect(board.written).not.toContain('\x02')
    protocol.dispose()
  })
})
