import { describe, expect, it } from 'vitest'
import { RAW_REPL_RETRY_MS, RESET_TIMEOUT_MS } from '../../../shared/limits'
import { settle } from '../../fakes/fake-clock'
import type { BoardScript } from '../../fakes/scripted-board'
import { createEnteredRig, createRig, outcome, settlesIn } from './protocol-rig'

const whole = () => ({ timeoutMs: RESET_TIMEOUT_MS, signal: new AbortController().signal })
const byteByByte = (bytes: Uint8Array): readonly Uint8Array[] => Array.from(bytes, byte => Uint8Array.of(byte))

describe('a soft reset at the raw prompt', () => {
  it.each<[string, BoardScript]>([
    ['in one piece', {}],
    ['in single bytes', { cut: byteByByte }],
  ])('is one 04, shows what the board says of itself, and proves the prompt: %s', async (_how, script) => {
    const { board, clock, protocol, output } = await createEnteredRig(script)
    await outcome(clock, protocol.softReset(whole()))
    expect(board.softResets).toBe(1)
    expect(board.written.startsWith('\x04')).toBe(true)
    expect(board.written.split('\x04')).toHaveLength(3)
    expect(output.outside).toBe('MPY: soft reboot\r\n')
    expect(output.stdout + output.exception).toBe('')
    await outcome(clock, protocol.execute('next'))
    expect(board.executed).toEqual(['next'])
    expect(clock.pendingTimers).toBe(0)
  })

  it('looks for the prompt first where it is not known', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    board.send('a background thread prints\r\n')
    await settle()
    await outcome(clock, protocol.softReset(whole()))
    expect(board.softResets).toBe(1)
  })

  it('goes on to the prompt of a board whose banner does not come by itself, as of CircuitPython', async () => {
    const { board, clock, protocol, output } = await createEnteredRig()
    board.insteadOfBoard = written => {
      if (!written.includes(4)) return
      board.insteadOfBoard = undefined
      board.send('OK\r\nsoft reboot\r\ncode.py output:\r\n')
    }
    const { error, tookMs } = await settlesIn(clock, protocol.softReset(whole()))
    expect(error).toBeUndefined()
    expect(tookMs).toBeLessThanOrEqual(RESET_TIMEOUT_MS)
    expect(output.outside).toContain('soft reboot\r\ncode.py output:')
  })

  it('that the board does not tell of is none, although the prompt is there', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    board.insteadOfBoard = written => {
      if (written.includes(4)) board.insteadOfBoard = undefined
    }
    const { error, tookMs } = await settlesIn(clock, protocol.softReset(whole()))
    expect(error).toMatchObject({ reason: 'timeout' })
    expect(tookMs).toBeLessThanOrEqual(RESET_TIMEOUT_MS)
    await outcome(clock, protocol.execute('next'))
    expect(board.executed).toEqual(['next'])
  })

  it('of a board that says nothing more ends in time, and leaves nothing', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    board.isDeaf = true
    const { error, tookMs } = await settlesIn(clock, protocol.softReset(whole()))
    expect(error).toMatchObject({ reason: 'no-reply' })
    expect(tookMs).toBeLessThanOrEqual(RESET_TIMEOUT_MS)
    expect(protocol.isBusy).toBe(false)
    expect(clock.pendingTimers).toBe(0)
  })

  it('is called off at once, and an interrupt after it finds the prompt', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    board.isDeaf = true
    const abort = new AbortController()
    const resetting = protocol.softReset({ timeoutMs: RESET_TIMEOUT_MS, signal: abort.signal })
    resetting.catch(() => {})
    await clock.advance(100)
    abort.abort()
    board.isDeaf = false
    expect(await outcome(clock, protocol.interrupt(2_000))).toBe(true)
    expect((await settlesIn(clock, resetting)).error).toMatchObject({ reason: 'cancelled' })
    expect(clock.pendingTimers).toBe(0)
  })

  it('of a board that is unplugged meanwhile is a loss', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    board.isDeaf = true
    const resetting = protocol.softReset(whole())
    resetting.catch(() => {})
    await clock.advance(100)
    board.unplug()
    expect((await settlesIn(clock, resetting)).error).toMatchObject({ reason: 'disconnected' })
  })
})

describe('a restart', () => {
  it('is a 04 at the friendly prompt; the board is watched from then on', async () => {
    const { board, clock, protocol, output } = await createEnteredRig()
    await outcome(clock, protocol.restart(whole()))
    await settle()
    expect(board.written).toBe('\x02\x04')
    expect(board.softResets).toBe(1)
    expect(output.outside.startsWith('MPY: soft reboot\r\n')).toBe(true)
    await protocol.write(Uint8Array.of(0x78))
    expect(board.written).toBe('\x02\x04x')
    // Nothing more is sent by itself, also not when it is left.
    await protocol.leave(500)
    expect(await outcome(clock, protocol.interrupt(1_000))).toBe(true)
    expect(board.written).toBe('\x02\x04x')
  })

  it.each<[string, BoardScript]>([
    ['in one piece', { prompt: '--> ' }],
    ['in single bytes', { prompt: '--> ', cut: byteByByte }],
  ])('does not need a prompt that nobody has made another one, as `sys.ps1` can: %s', async (_how, script) => {
    const { board, clock, protocol } = await createEnteredRig(script)
    const { error, tookMs } = await settlesIn(clock, protocol.restart(whole()))
    expect(error).toBeUndefined()
    expect(tookMs).toBeLessThanOrEqual(RAW_REPL_RETRY_MS)
    expect([board.written, board.softResets]).toEqual(['\x02\x04', 1])
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('watching', () => {
  it('sends nothing, shows all, passes on what is written, and ends with enter', async () => {
    const { board, clock, protocol, output, enter } = createRig({ start: 'program' })
    protocol.watch()
    board.send('MPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>>> \x04\x04>')
    await clock.advance(60_000)
    expect(board.written).toBe('')
    expect(output.outside).toBe('MPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>>> \x04\x04>')
    await protocol.write(Uint8Array.of(0x61))
    expect(board.written).toBe('a')
    await outcome(clock, enter())
    await outcome(clock, protocol.execute('x'))
    expect(board.executed).toEqual(['x'])
  })

  it('begins with 02, whose answer nobody sees', async () => {
    const { board, clock, protocol, output } = await createEnteredRig({ cut: byteByByte })
    await outcome(clock, protocol.leaveToWatch(500))
    expect(board.written).toBe('\x02')
    expect(output.outside).toBe('')
    board.send('tick')
    await settle()
    expect(output.outside).toBe('tick')
  })

  it('begins also where the friendly prompt does not come', async () => {
    const { board, clock, protocol } = await createEnteredRig()
    board.isDeaf = true
    const { error, tookMs } = await settlesIn(clock, protocol.leaveToWatch(500))
    expect(error).toBeUndefined()
    expect(tookMs).toBe(500)
  })
})

describe('code that a board is to be gone by', () => {
  it.each<[string, BoardScript, object]>([
    [
      'answers',
      { onRun: (_, run) => run.end('ImportError: no module\r\n') },
      { became: 'answered', exception: 'ImportError: no module\r\n' },
    ],
    ['is silent', { onRun: () => {} }, { became: 'silent' }],
  ])('%s', async (_what, script, departure) => {
    const { clock, protocol } = await createEnteredRig(script)
    const { value, tookMs } = await settlesIn(clock, protocol.runAway('go', { timeoutMs: 1_500, signal: new AbortController().signal }))
    expect(value).toEqual(departure)
    expect(tookMs).toBeLessThanOrEqual(1_500)
    expect(protocol.isBusy).toBe(false)
    expect(clock.pendingTimers).toBe(0)
  })

  it('restarts the board, which is at its prompt then', async () => {
    const { board, clock, protocol } = await createEnteredRig({ onRun: code => code === 'go' && board.reset() })
    const { value } = await settlesIn(clock, protocol.runAway('go', { timeoutMs: 1_500, signal: new AbortController().signal }))
    expect(value).toEqual({ became: 'restarted' })
  })

  it('takes the port with it', async () => {
    const { board, clock, protocol } = await createEnteredRig({ onRun: () => board.unplug() })
    const { error } = await settlesIn(clock, protocol.runAway('go', { timeoutMs: 1_500, signal: new AbortController().signal }))
    expect(error).toMatchObject({ reason: 'disconnected' })
  })
})
