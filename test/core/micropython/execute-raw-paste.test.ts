import { describe, expect, it } from 'vitest'
import { every } from '../../../electron/core/base/clock'
import { RAW_PASTE_PROBE_TIMEOUT_MS } from '../../../shared/limits'
import type { BoardScript } from '../../fakes/scripted-board'
import { createEnteredRig, outcome, settlesIn } from './protocol-rig'

const CODE = `x = "${'y'.repeat(1_000)}"`
const REQUEST = '\x05A\x01'
const ONE_BYTE: BoardScript['cut'] = bytes => Array.from(bytes, byte => Uint8Array.of(byte))

describe('code in raw-paste mode', () => {
  it('goes as fast as the board frees its windows, and ends with one 04', async () => {
    for (const cut of [undefined, ONE_BYTE]) {
      const onRun: BoardScript['onRun'] = (_, run) => {
        run.print('printed\r\n')
        run.end()
      }
      const { board, clock, protocol, output } = await createEnteredRig({ hasBackPressure: false, rawPaste: 'offered', cut, onRun })
      const { value, tookMs } = await settlesIn(clock, protocol.execute(CODE))
      expect(value).toMatchObject({ outcome: 'ok', resynchronised: false })
      expect([tookMs, output.stdout]).toEqual([0, 'printed\r\n'])
      expect(board.executed).toEqual([CODE])
      expect(board.written.startsWith(REQUEST)).toBe(true)
      expect(board.written.split('\x04')).toHaveLength(2)
      expect(Math.max(...board.writes.map(bytes => bytes.length))).toBeLessThanOrEqual(256)
      expect(board.softResets).toBe(0)
    }
  })

  it('is not asked for where the code goes in one piece', async () => {
    for (const hasBackPressure of [true, false]) {
      const { board, clock, protocol } = await createEnteredRig({ hasBackPressure, rawPaste: 'offered' })
      await outcome(clock, protocol.execute(hasBackPressure ? CODE : 'print(1)'))
      expect(board.rawPastes).toBe(0)
    }
  })

  it.each([
    ['does not know it', 'old', 0],
    ['refuses it', 'refused', 0],
    ['does not answer', 'mute', RAW_PASTE_PROBE_TIMEOUT_MS],
    ['frees no window', 'stalls', RAW_PASTE_PROBE_TIMEOUT_MS],
  ] as const)('goes the plain way to a board that %s, and it is not asked again (fault 36)', async (_, rawPaste, delayMs) => {
    for (const cut of [undefined, ONE_BYTE]) {
      const { board, clock, protocol, output } = await createEnteredRig({ hasBackPressure: false, rawPaste, cut })
      const first = await settlesIn(clock, protocol.execute(CODE))
      const second = await settlesIn(clock, protocol.execute(CODE))
      expect([first.value?.outcome, second.value?.outcome]).toEqual(['ok', 'ok'])
      expect(board.executed).toEqual([CODE, CODE])
      expect([board.rawPastes, board.softResets]).toEqual([1, 0])
      expect(first.tookMs - second.tookMs).toBeGreaterThanOrEqual(delayMs)
      expect(first.tookMs - second.tookMs).toBeLessThanOrEqual(delayMs + 300)
      expect(output).toEqual({ stdout: '', exception: '', outside: '' })
    }
  })

  it('that the board stops reading gets its one 04, and the exception is the result', async () => {
    const { board, clock, protocol, output } = await createEnteredRig({ hasBackPressure: false, rawPaste: 'aborts' })
    const { value } = await settlesIn(clock, protocol.execute(CODE))
    expect(value).toMatchObject({ outcome: 'exception', resynchronised: false })
    expect(output.exception).toContain('SyntaxError')
    expect(board.written.split('\x04')).toHaveLength(2)
    expect(board.softResets).toBe(0)
    await outcome(clock, protocol.execute('print(1)'))
    expect(board.executed).toEqual(['print(1)'])
  })

  it('is not disturbed by what a timer of the board prints meanwhile, which is shown', async () => {
    for (const cut of [undefined, ONE_BYTE]) {
      const onRun: BoardScript['onRun'] = (_, run) => {
        run.print('printed\r\n')
        run.end()
      }
      const { board, clock, protocol, output } = await createEnteredRig({
        hasBackPressure: false,
        rawPaste: 'offered',
        timerPrints: 'tick\r\n',
        cut,
        onRun,
      })
      for (const time of [1, 2]) {
        Object.assign(output, { stdout: '', outside: '' })
        expect((await settlesIn(clock, protocol.execute(CODE))).value).toMatchObject({ outcome: 'ok', resynchronised: false })
        expect([board.executed.length, board.rawPastes]).toEqual([time, time])
        expect(output).toEqual({ stdout: 'printed\r\n', exception: '', outside: 'tick\r\n'.repeat(8) })
      }
    }
  })

  it('goes the plain way to a board that frees no window and prints all the while', async () => {
    const { board, clock, protocol } = await createEnteredRig({ hasBackPressure: false, rawPaste: 'stalls' })
    const running = settlesIn(clock, protocol.execute(CODE), 2 * RAW_PASTE_PROBE_TIMEOUT_MS)
    const ticking = every(clock, RAW_PASTE_PROBE_TIMEOUT_MS / 4, () => {
      if (board.executed.length === 0) board.send('tick\r\n')
    })
    expect((await running).value).toMatchObject({ outcome: 'ok' })
    ticking.dispose()
    expect(board.executed).toEqual([CODE])
    expect([board.rawPastes, board.softResets]).toEqual([1, 0])
  })

  it('that a restart cuts off is not run by the interpreter that has started since', async () => {
    const { board, clock, protocol, output } = await createEnteredRig({ hasBackPressure: false, rawPaste: 'stalls' })
    const running = settlesIn(clock, protocol.execute(CODE))
    await clock.advance(100)
    board.reset()
    expect((await running).error).toMatchObject({ reason: 'restarted' })
    expect((await running).tookMs).toBeLessThan(500)
    expect([board.executed, output.stdout]).toEqual([[], ''])
    expect(output.outside).toContain('Type "help()" for more information.')
    await outcome(clock, protocol.execute('print(1)'))
    expect(board.executed).toEqual(['print(1)'])
  })

  it("is never run twice, also where the board's word that it has all was lost", async () => {
    const onRun: BoardScript['onRun'] = (_, run) => {
      run.print('printed\r\n')
      run.end()
    }
    for (const cut of [undefined, ONE_BYTE]) {
      const { board, clock, protocol, output } = await createEnteredRig({ hasBackPressure: false, rawPaste: 'loses its end', cut, onRun })
      expect((await settlesIn(clock, protocol.execute(CODE))).value).toMatchObject({ outcome: 'ok' })
      expect([board.executed, output.stdout]).toEqual([[CODE], 'printed\r\n'])
    }
  })

  it('is interrupted on its way without a stray 04', async () => {
    const { board, clock, protocol } = await createEnteredRig({ hasBackPressure: false, rawPaste: 'stalls' })
    const running = protocol.execute(CODE)
    await clock.advance(100)
    expect(await (await settlesIn(clock, protocol.interrupt(2_000))).value).toBe(true)
    expect(await running).toMatchObject({ outcome: 'exception' })
    expect([board.executed, board.softResets]).toEqual([[], 0])
    await outcome(clock, protocol.execute('print(1)'))
    expect(board.executed).toEqual(['print(1)'])
  })
})
