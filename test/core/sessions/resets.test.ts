import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import { TransportError } from '../../../electron/core/transport/transport'
import { INTERRUPT_SOFT_RESET_MS, INTERRUPT_TIMEOUT_MS, OWN_RESET_QUIET_MS, RESET_TIMEOUT_MS } from '../../../shared/limits'
import type { ResetKind } from '../../../shared/model'
import { settle } from '../../fakes/fake-clock'
import { bytesOf, SOME_BOARD } from '../../fakes/fake-protocol'
import { OpenBench, USB_KEY } from './open-bench'
import { failureOf } from './session-bench'

const KINDS = ['soft', 'restart', 'hard', 'bootloader'] as const
const NO_MACHINE = "Traceback (most recent call last):\r\nImportError: no module named 'machine'\r\n"

/** Asked whether it still knows what was set before the reset, the board says no. */
function answersWell(bench: OpenBench): void {
  bench.board.answer = code => (code.includes('_muster_reset') ? {} : null)
}

const reset = (bench: OpenBench, kind: ResetKind) => bench.manager.reset(bench.sessionId, kind)

describe('a reset on request', () => {
  it('soft: interrupts what runs, begins nothing that waits, and asks the board anew who it is (fault 24)', async () => {
    const bench = await OpenBench.create()
    const running = failureOf(bench.run('while True: pass'))
    const waiting = [failureOf(bench.run('next')), failureOf(bench.manager.runTask(bench.sessionId, 'Writing x', async () => 1))]
    bench.board.board = { ...SOME_BOARD, freeMemoryBytes: 42 }
    const resetting = reset(bench, 'soft')
    expect(bench.info.queuedExecutions).toBe(1)
    expect(await resetting).toMatchObject({ state: 'Idle', attachment: 'prompt', task: null, board: { freeMemoryBytes: 42 } })
    expect((await running).info).toMatchObject({
      code: 'OperationCancelled',
      reason: 'restarted',
      message: expect.stringContaining('being reset'),
    })
    for (const failing of waiting) expect((await failing).info).toMatchObject({ code: 'OperationCancelled', reason: 'restarted' })
    expect(bench.board.codes).toEqual(['while True: pass'])
    expect(bench.board.controls).toEqual(['soft'])
    expect(bench.board.interrupts).toBe(1)
    expect(bench.info.statistics).toMatchObject({ operations: 1 })
    expect(bench.outputItems.at(-1)).toMatchObject({ type: 'note', tone: 'info', text: expect.stringContaining('reset softly, as asked') })
    expect(bench.events.some(({ type, message }) => type === 'infoUpdated' && message?.includes('reset softly'))).toBe(true)
  })

  it('is shown as a task, and can be cancelled', async () => {
    const bench = await OpenBench.create()
    bench.board.resetAnswer = 'hang'
    const failing = failureOf(reset(bench, 'soft'))
    await settle()
    expect(bench.info).toMatchObject({ state: 'Active', task: { title: 'Resetting' }, running: null })
    expect(await bench.manager.cancel(bench.sessionId)).toEqual({ cancelled: true })
    expect((await failing).info).toMatchObject({ code: 'OperationCancelled', reason: 'cancelled' })
    expect(bench.board.interrupts).toBe(0)
    expect(bench.info.state).toBe('Idle')
  })

  it('ends the one before it', async () => {
    const bench = await OpenBench.create()
    bench.board.resetAnswer = 'hang'
    const first = failureOf(reset(bench, 'soft'))
    await settle()
    bench.board.resetAnswer = 'done'
    const second = reset(bench, 'restart')
    expect((await first).info).toMatchObject({ code: 'OperationCancelled', reason: 'restarted' })
    expect(await second).toMatchObject({ attachment: 'watching' })
  })

  it.each<[string, Error, string]>([
    ['did not say that it restarted', new ProtocolError('timeout', 'No.'), 'Idle'],
    ['shows no prompt', new ProtocolError('no-reply', 'No.'), 'Error'],
  ])('soft: fails where the board %s', async (_what, error, state) => {
    const bench = await OpenBench.create()
    bench.board.resetAnswer = error
    expect((await failureOf(reset(bench, 'soft'))).code).toBe('OperationFailed')
    expect(bench.info.state).toBe(state)
  })

  it('T8: of a board that heeds no interrupt is a loss', async () => {
    for (const kind of ['soft', 'restart', 'bootloader'] as const) {
      const bench = await OpenBench.create()
      bench.board.interruptAnswer = 'no-prompt'
      const running = failureOf(bench.run())
      expect((await failureOf(reset(bench, kind))).info).toMatchObject({ code: 'OperationFailed', reason: 'no-reply' })
      expect((await running).reason).toBe('no-reply')
      expect(bench.board.controls).toEqual([])
    }
  })

  it('restart: main.py runs, and the session watches; nothing of its own is asked of the board any more', async () => {
    const bench = await OpenBench.with({ healthCheckIntervalMs: 1_000, heartbeatIntervalMs: 1_000, heartbeatGraceMs: 3_000 })
    bench.manager.samplers.start(bench.sessionId, { code: 'print(1)', intervalMs: 500 })
    bench.board.finish()
    await settle()
    expect(await reset(bench, 'restart')).toMatchObject({ attachment: 'watching', state: 'Idle', board: { uniqueId: SOME_BOARD.uniqueId } })
    const asked = bench.board.codes.length
    await bench.clock.advance(60_000)
    expect(bench.board.codes).toHaveLength(asked)
    expect(bench.info.state).toBe('Idle')
  })

  it('hard: goes on at the prompt where the port stays', async () => {
    const bench = await OpenBench.create()
    answersWell(bench)
    expect(await reset(bench, 'hard')).toMatchObject({ state: 'Idle', attachment: 'prompt' })
    expect(bench.board.controls).toEqual(['hard'])
  })

  it('hard: is no success where the board remembers what was before', async () => {
    const bench = await OpenBench.create()
    const { board } = bench
    board.answer = code => (code.includes('globals()') ? {} : null)
    Object.defineProperty(board, 'talk', {
      value: { ...board.talk, ask: async () => ({ outcome: 'ok', stdout: bytesOf('True\r\n'), exception: '' }) },
    })
    expect((await failureOf(reset(bench, 'hard'))).info).toMatchObject({
      code: 'OperationFailed',
      message: expect.stringContaining('did not reset'),
    })
    expect(bench.info.state).toBe('Idle')
  })

  it('hard: a port that goes with its board is no loss in words, and comes back by itself', async () => {
    const bench = await OpenBench.onUsb({ reconnectDelayMs: 100 })
    bench.board.departure = 'hang'
    bench.board.board = { ...SOME_BOARD, resetCause: 'watchdog' }
    const resetting = reset(bench, 'hard')
    await settle()
    bench.unplug()
    expect(await resetting).toMatchObject({ state: 'Error', fault: { reason: 'restarted', final: false }, reconnect: { stage: 'absent' } })
    expect(bench.info.fault?.message).toBe('Pico on /dev/ttyACM0 was reset, as asked, and its port went with it.')
    expect(bench.events.filter(({ type }) => type === 'error')).toEqual([])
    expect(bench.metrics.of('fault')).toEqual([])
    bench.protocols.prepare = made => {
      made.board = { ...SOME_BOARD, resetCause: 'watchdog' }
    }
    await bench.plug()
    await bench.clock.advance(200)
    expect(bench.info).toMatchObject({ state: 'Connected', attachment: 'prompt', board: { resetCause: 'watchdog' } })
    // That the board says so after a reset of ours is how some boards reset themselves.
    expect(bench.events.filter(({ notice }) => notice !== undefined)).toEqual([])
  })

  it('hard: without a prompt it is done by the line, where the port can', async () => {
    const bench = await OpenBench.create()
    bench.board.interruptAnswer = 'climb'
    const running = failureOf(bench.run('while True: pass', 60_000))
    let pulses = 0
    Object.assign(bench.transport, {
      pulseReset: async () => {
        pulses += 1
        bench.board.enterAnswer = 'prompt'
        return true
      },
    })
    bench.board.enterAnswer = new ProtocolError('no-reply', 'Nothing.')
    const resetting = reset(bench, 'hard')
    await bench.clock.advance(INTERRUPT_TIMEOUT_MS)
    expect(await resetting).toMatchObject({ state: 'Idle', attachment: 'prompt', fault: null })
    expect((await running).info).toMatchObject({ code: 'OperationCancelled', reason: 'restarted' })
    expect(pulses).toBe(1)
    expect(bench.board.controls).toEqual([])
  })

  it.each(['none', 'not possible'] as const)('hard: without a prompt and with a line that is %s, it says what to do', async line => {
    const bench = await OpenBench.with({ autoReconnect: false })
    bench.board.interruptAnswer = 'climb'
    const running = failureOf(bench.run('while True: pass', 60_000))
    bench.board.enterAnswer = new ProtocolError('not-micropython', 'Something else.')
    if (line === 'not possible') Object.assign(bench.transport, { pulseReset: async () => false })
    const failing = failureOf(reset(bench, 'hard'))
    await bench.clock.advance(INTERRUPT_TIMEOUT_MS)
    expect((await failing).info).toMatchObject({
      code: 'OperationFailed',
      reason: 'not-supported',
      hint: expect.stringContaining('reset button'),
    })
    expect((await running).code).toBe('OperationCancelled')
    expect(bench.info).toMatchObject({ state: 'Error', fault: { reason: 'no-reply' } })
  })

  it.each([
    ['a', true],
    ['no', false],
  ] as const)(
    'hard: of a board that was lost because it does not answer, behind a port with %s reset line (fault 22)',
    async (_line, hasLine) => {
      const bench = await OpenBench.with({ autoReconnect: false })
      bench.board.interruptAnswer = 'climb'
      const running = failureOf(bench.run('while True: pass', 60_000))
      const cancelling = bench.manager.cancel(bench.sessionId)
      await bench.clock.advance(INTERRUPT_TIMEOUT_MS + INTERRUPT_SOFT_RESET_MS)
      await cancelling
      await running
      expect(bench.info).toMatchObject({ state: 'Error', fault: { reason: 'no-reply' } })

      let pulses = 0
      bench.transports.prepare = transport =>
        Object.assign(transport, {
          pulseReset: async () => {
            pulses += 1
            return hasLine
          },
        })
      bench.protocols.prepare = protocol => {
        if (!hasLine) protocol.enterAnswer = new ProtocolError('no-reply', 'Nothing.')
      }
      const resetting = reset(bench, 'hard')
      if (hasLine) expect(await resetting).toMatchObject({ state: 'Connected', fault: null })
      else
        expect((await failureOf(resetting)).info).toMatchObject({ reason: 'not-supported', hint: expect.stringContaining('reset button') })
      expect(pulses).toBe(1)
    },
  )

  it('one that is cancelled by whoever hears of its start ends, with nothing done', async () => {
    const bench = await OpenBench.create()
    bench.manager.onEvent(({ snapshot }) => {
      if (snapshot.state === 'Active') void bench.manager.cancel(bench.sessionId)
    })
    expect((await failureOf(reset(bench, 'soft'))).info).toMatchObject({ code: 'OperationCancelled', reason: 'cancelled' })
    expect(bench.board.controls).toEqual([])
    expect(bench.info).toMatchObject({ state: 'Idle', task: null, queuedExecutions: 0 })
  })

  it('hard: one that failed with its port is not made up for when the port can be opened again (fault 22)', async () => {
    const bench = await OpenBench.with({ autoReconnect: false })
    bench.board.interruptAnswer = 'no-prompt'
    const running = failureOf(bench.run('while True: pass', 60_000))
    await bench.manager.cancel(bench.sessionId)
    await running
    let pulses = 0
    bench.transports.prepare = transport => {
      transport.openAnswer = new TransportError('permission-denied', 'No.')
    }
    expect((await failureOf(reset(bench, 'hard'))).reason).toBe('permission-denied')
    bench.transports.prepare = transport =>
      Object.assign(transport, {
        pulseReset: async () => {
          pulses += 1
          return true
        },
      })
    expect(await bench.manager.reconnect(bench.sessionId)).toMatchObject({ state: 'Connected', fault: null })
    expect(pulses).toBe(0)
  })

  it('hard: needs not wait for a ladder that somebody holds (fault 22)', async () => {
    const bench = await OpenBench.create()
    answersWell(bench)
    bench.board.interruptAnswer = 'climb'
    const running = failureOf(bench.run('while True: pass', 60_000))
    const cancelling = bench.manager.cancel(bench.sessionId)
    await bench.clock.advance(100)
    bench.manager.stepInterrupt(bench.sessionId, 'hold')
    const resetting = reset(bench, 'hard')
    await settle()
    expect((await running).info).toMatchObject({ code: 'OperationCancelled', reason: 'restarted' })
    expect(await resetting).toMatchObject({ state: 'Idle' })
    expect(await cancelling).toEqual({ cancelled: true })
  })

  it('bootloader: the board is gone, and nobody calls after it (fault 27)', async () => {
    const bench = await OpenBench.onUsb({ reconnectDelayMs: 100, idleTimeoutMs: null })
    bench.board.departure = 'hang'
    const resetting = reset(bench, 'bootloader')
    await settle()
    bench.unplug()
    expect(await resetting).toMatchObject({ state: 'Error', reconnect: { stage: 'off' }, fault: { reason: 'restarted', final: false } })
    expect(bench.info.fault?.message).toContain('in bootloader mode, as asked')
    await bench.plug()
    await bench.clock.advance(600_000)
    expect(bench.transports.made).toHaveLength(1)
    expect(bench.devices.closeWatches).toBe(0)
    expect(await bench.manager.reconnect(bench.sessionId)).toMatchObject({ state: 'Connected' })
  })

  it('bootloader: behind a bridge, a board that says nothing more is taken for gone (fault 27)', async () => {
    const bench = await OpenBench.create()
    expect(await reset(bench, 'bootloader')).toMatchObject({ state: 'Error', reconnect: { stage: 'off' }, fault: { reason: 'restarted' } })
    expect(bench.transport.isOpen).toBe(false)
  })

  it.each(['hard', 'bootloader'] as const)('%s: is not supported by a board without it, which stays as it is', async kind => {
    const bench = await OpenBench.create()
    bench.board.departure = { became: 'answered', exception: NO_MACHINE }
    expect((await failureOf(reset(bench, kind))).info).toMatchObject({
      code: 'OperationFailed',
      reason: 'not-supported',
      message: expect.stringContaining(`machine.${kind === 'hard' ? 'reset' : 'bootloader'}()`),
    })
    expect(bench.info).toMatchObject({ state: 'Idle', fault: null })
    bench.board.departure = { became: 'answered', exception: 'OSError: 5\r\n' }
    const { info } = await failureOf(reset(bench, kind))
    expect(info.reason).toBeUndefined()
    expect(info.message).toContain('OSError: 5')
  })

  it.each(KINDS)('%s: leaves nothing when the session is closed or killed meanwhile', async kind => {
    for (const end of ['close', 'kill'] as const) {
      const bench = await OpenBench.create()
      bench.board.resetAnswer = 'hang'
      bench.board.departure = 'hang'
      const failing = failureOf(reset(bench, kind))
      await settle()
      const closing = end === 'close' ? bench.manager.close(bench.sessionId, { mode: 'now' }) : bench.manager.kill(bench.sessionId)
      await bench.clock.advance(RESET_TIMEOUT_MS)
      await closing
      expect((await failing).code).toBe('OperationCancelled')
      await bench.quiet()
      expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    }
  })

  it.each(KINDS)('%s: is refused without a board', async kind => {
    const bench = await OpenBench.create()
    const group = await bench.manager.open({ backend: 'none', clientSessionName: 'g' })
    expect((await failureOf(bench.manager.reset(group.sessionId, kind))).reason).toBe('group-session')
    bench.transport.unplug()
    expect((await failureOf(reset(bench, kind))).code).toBe('SessionNotReady')
  })

  it('what the board says during it and shortly after is no news', async () => {
    const bench = await OpenBench.create()
    const said = bytesOf('MPY: soft reboot\r\nType "help()" for more information.\r\n')
    bench.board.resetAnswer = 'hang'
    const resetting = reset(bench, 'soft').catch(() => {})
    await bench.clock.advance(OWN_RESET_QUIET_MS + 1_000)
    bench.board.print(said, 'outside')
    await bench.manager.cancel(bench.sessionId)
    await resetting
    bench.board.print(said, 'outside')
    await bench.clock.advance(OWN_RESET_QUIET_MS - 1)
    bench.board.print(said, 'outside')
    expect(bench.events.filter(({ type }) => type === 'boardNotice')).toEqual([])
    await bench.clock.advance(1)
    bench.board.print(said, 'outside')
    expect(bench.events.filter(({ type }) => type === 'boardNotice')).toHaveLength(1)
  })

  it('T8: a board that is unplugged during a soft reset is lost as usual', async () => {
    const bench = await OpenBench.onUsb()
    bench.board.resetAnswer = new TransportError('timeout', 'No bytes are taken.')
    expect((await failureOf(reset(bench, 'soft'))).code).toBe('OperationFailed')
    expect(bench.info).toMatchObject({ state: 'Error', fault: { code: 'WriteFailed' } })
    expect(bench.devices.locate(USB_KEY)).not.toBeNull()
  })
})
