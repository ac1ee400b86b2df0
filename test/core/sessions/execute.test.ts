import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import { TransportError } from '../../../electron/core/transport/transport'
import {
  INTERRUPT_ONCE_MS,
  INTERRUPT_TIMEOUT_MS,
  MAX_CODE_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_PENDING_OPERATIONS,
  OPERATION_TIMEOUT_MS,
} from '../../../shared/limits'
import { settle } from '../../fakes/fake-clock'
import { bytesOf } from '../../fakes/fake-protocol'
import { OpenBench } from './open-bench'
import { failureOf, SessionBench } from './session-bench'

describe('running code', () => {
  it('B-05, T5, T6: goes Connected, Active, Idle, and resolves with what the board said', async () => {
    const bench = await OpenBench.create()
    const running = bench.run('print("Größe")')
    expect(bench.info).toMatchObject({ state: 'Active', running: { number: 1, interrupting: false }, queuedExecutions: 0 })
    bench.board.print('Größe\r\n')
    bench.board.finish({ durationMs: 12 })
    const result = await running
    expect(result).toEqual({
      executionId: expect.stringContaining(bench.sessionId),
      number: 1,
      outcome: 'ok',
      stdout: 'Größe\n',
      stdoutBytes: 9,
      durationMs: 12,
    })
    expect(bench.info).toMatchObject({ state: 'Idle', running: null })
    expect(bench.info.statistics).toMatchObject({ operations: 1, errors: 0, latencyMs: { last: 12, max: 12, count: 1 } })
    expect(bench.story().slice(-2)).toEqual(['Connected > Active', 'Active > Idle'])
    const next = bench.run()
    bench.board.finish()
    await next
    expect(bench.story().slice(-2)).toEqual(['Idle > Active', 'Active > Idle'])
  })

  it('T7: a session that never ran anything stays Connected; nothing drains it by itself', async () => {
    const bench = await OpenBench.create()
    expect(await bench.manager.cancel(bench.sessionId)).toEqual({ cancelled: false })
    expect(await bench.manager.cancel(bench.sessionId, 'execution-9')).toEqual({ cancelled: false })
    expect(bench.info.state).toBe('Connected')
  })

  it('E-17: an exception on the board is a result, counts as an error, and leaves the session Idle', async () => {
    const bench = await OpenBench.create()
    const running = bench.run('1/0')
    bench.board.finish({
      outcome: 'exception',
      exception: bytesOf('Traceback (most recent call last):\r\nZeroDivisionError: divide by zero\r\n'),
    })
    expect(await running).toMatchObject({
      outcome: 'exception',
      traceback: 'Traceback (most recent call last):\nZeroDivisionError: divide by zero\n',
    })
    expect(bench.info).toMatchObject({ state: 'Idle', fault: null, statistics: { operations: 1, errors: 1 } })
    expect(bench.outputItems.at(-1)).toMatchObject({ type: 'ended', outcome: 'exception', message: 'ZeroDivisionError: divide by zero' })
  })

  it('shows the output between its marks, by channel', async () => {
    const bench = await OpenBench.create()
    bench.board.print('boot', 'outside')
    const first = bench.run()
    bench.board.print('one')
    bench.board.print('Trace', 'exception')
    bench.board.finish({ outcome: 'exception', exception: bytesOf('Trace') })
    expect((await first).stdout).toBe('one')
    const second = bench.run()
    bench.board.finish()
    await second
    const seen = bench.outputItems.map(item =>
      item.type === 'bytes' ? `${item.channel} ${new TextDecoder().decode(item.bytes)}` : item.type,
    )
    expect(seen).toEqual(['outside boot', 'started', 'stdout one', 'exception Trace', 'ended', 'started', 'ended'])
    expect(bench.outputItems).toContainEqual(expect.objectContaining({ type: 'started', number: 2 }))
  })

  it('says when the snippet restarted the board, and when the prompt had to be found again', async () => {
    const bench = await OpenBench.create()
    const running = bench.run('import sys; sys.exit()')
    bench.board.finish({ restarted: true, resynchronised: true })
    expect((await running).resynchronised).toBe(true)
    expect(bench.outputItems.map(item => item.type)).toEqual(['started', 'note', 'ended'])
  })

  it('a board that restarts while it runs fails that execution alone, with the output so far', async () => {
    const bench = await OpenBench.create()
    const running = failureOf(bench.run('import machine; machine.reset()'))
    const next = bench.run('print(2)')
    bench.board.print('so far')
    bench.board.fail(new ProtocolError('restarted', 'The board restarted before the snippet ended.', 'Run it again.'))
    expect((await running).info).toMatchObject({ code: 'OperationFailed', reason: 'restarted', output: 'so far', hint: 'Run it again.' })
    bench.board.finish()
    expect((await next).outcome).toBe('ok')
    expect(bench.info).toMatchObject({ state: 'Idle', fault: null, statistics: { operations: 2, errors: 1 } })
    expect(bench.outputItems).toContainEqual(expect.objectContaining({ type: 'ended', number: 1, outcome: 'failed' }))
  })

  it('decodes characters that come in any pieces', async () => {
    const bench = await OpenBench.create()
    const text = 'Ä€😀\r\n\rx\r\n'
    const bytes = bytesOf(text)
    for (let cut = 0; cut <= bytes.length; cut++) {
      const running = bench.run()
      bench.board.print(bytes.slice(0, cut))
      bench.board.print(bytes.slice(cut))
      bench.board.finish()
      expect((await running).stdout, `cut at ${cut}`).toBe('Ä€😀\n\rx\n')
    }
    const running = bench.run()
    for (const byte of bytes) bench.board.print(Uint8Array.of(byte))
    bench.board.print(Uint8Array.of(0xff, 0xe2, 0x82))
    bench.board.finish()
    expect((await running).stdout).toBe('Ä€😀\n\rx\n\ufffd\ufffd')
    const marked = bench.run()
    bench.board.print('\ufeffx')
    bench.board.finish()
    expect((await marked).stdout).toBe('\ufeffx')
  })

  it('an output that no reply may carry fails the execution, with its first part, never half a character', async () => {
    const bench = await OpenBench.create()
    const failing = failureOf(bench.run())
    bench.board.print('x'.repeat(MAX_MESSAGE_BYTES - 1))
    bench.board.print('€ and more')
    bench.board.finish()
    const { info } = await failing
    expect(info).toMatchObject({ code: 'OperationFailed', reason: 'reply-too-large', output: 'x'.repeat(MAX_MESSAGE_BYTES - 1) })
    expect(info.message).toContain(String(MAX_MESSAGE_BYTES + 11))
    expect(bench.info).toMatchObject({ state: 'Idle', fault: null, statistics: { operations: 1, errors: 1 } })
  })

  it.each([
    ['nothing', '', 'empty-code'],
    ['only blanks', ' \n\t ', 'empty-code'],
    ['too much', 'ä'.repeat(MAX_CODE_BYTES / 2 + 1), 'code-too-large'],
    ['a control character', 'print(1)\x04', 'control-character'],
  ])('refuses %s as code and stays ready', async (_what, code, reason) => {
    const bench = await OpenBench.create()
    expect((await failureOf(bench.run(code))).info).toMatchObject({ code: 'InvalidArgument', reason })
    expect(bench.board.codes).toEqual([])
    const running = bench.run()
    bench.board.finish()
    expect((await running).outcome).toBe('ok')
  })

  it('refuses a time limit out of range; nothing, 0 and less mean the default', async () => {
    const bench = await OpenBench.create()
    expect((await failureOf(bench.run('x', Number.POSITIVE_INFINITY))).code).toBe('InvalidArgument')
    const failing = failureOf(bench.run('x', -1))
    await bench.clock.advance(OPERATION_TIMEOUT_MS - 1)
    expect(bench.board.interrupts).toBe(0)
    await bench.clock.advance(1)
    expect((await failing).code).toBe('OperationTimeout')
  })

  it('one at a time, in order of submission', async () => {
    const bench = await OpenBench.create()
    const ended: number[] = []
    const runs = ['a', 'b', 'c'].map(code => bench.run(code).then(result => ended.push(result.number)))
    await settle()
    expect(bench.board.codes).toEqual(['a'])
    expect(bench.info).toMatchObject({ queuedExecutions: 2, statistics: { pendingOperations: 2 } })
    for (let turn = 0; turn < 3; turn++) {
      bench.board.finish()
      await settle()
    }
    await Promise.all(runs)
    expect(bench.board.codes).toEqual(['a', 'b', 'c'])
    expect(ended).toEqual([1, 2, 3])
    expect(bench.story().filter(line => line.includes('Active'))).toEqual(['Connected > Active', 'Active > Idle'])
  })

  it('one more than may wait is refused at once, and harms none of the others', async () => {
    const bench = await OpenBench.create()
    bench.board.answer = code => (code === 'first' ? null : {})
    const runs = [bench.run('first'), ...Array.from({ length: MAX_PENDING_OPERATIONS }, (_, index) => bench.run(`x${index}`))]
    const failure = await failureOf(bench.run('one more'))
    expect(failure.code).toBe('QueueFull')
    expect(failure.message).toContain(String(MAX_PENDING_OPERATIONS))
    bench.board.finish()
    await Promise.all(runs)
    expect(bench.board.codes).toHaveLength(MAX_PENDING_OPERATIONS + 1)
  })

  it('B-31, E-01, G-27, G-39: before, after and without a connection nothing is queued silently: the state is named', async () => {
    const bench = new SessionBench()
    bench.protocols.prepare = protocol => {
      protocol.enterAnswer = 'hang'
    }
    void failureOf(bench.open())
    await settle()
    const refused = async () => (await failureOf(bench.manager.execute(bench.latestId, 'print(1)', {}))).info
    expect(await refused()).toMatchObject({ code: 'SessionNotReady', message: expect.stringContaining('Connecting') })
    await bench.manager.kill(bench.latestId)

    bench.protocols.prepare = () => {}
    await bench.open()
    bench.transports.latest.unplug()
    expect(await refused()).toMatchObject({ code: 'SessionNotReady', message: expect.stringContaining('Error') })
    const closing = bench.manager.close(bench.latestId, { mode: 'now' })
    expect(await refused()).toMatchObject({ code: 'SessionNotReady', message: expect.stringContaining('Disconnecting') })
    await closing
    expect(await refused()).toMatchObject({
      code: 'SessionNotReady',
      reason: 'session-closed',
      message: expect.stringContaining('Disposed'),
    })
    expect((await failureOf(bench.manager.execute('session-0', 'print(1)', {}))).code).toBe('SessionNotFound')
  })

  it('G-04: a session whose transport is no longer open is not ready, even before the loss was told', async () => {
    const bench = await OpenBench.create()
    bench.transports.latest.isOpen = false
    expect((await failureOf(bench.run())).code).toBe('SessionNotReady')
  })
})

describe('time limits', () => {
  it('E-14: at the limit the board is interrupted, the call fails with the output so far, and the session goes on', async () => {
    const bench = await OpenBench.create()
    const failing = failureOf(bench.run('while True: pass', 1_000))
    bench.board.print('so far')
    await bench.clock.advance(999)
    expect(bench.board.interrupts).toBe(0)
    await bench.clock.advance(1)
    expect((await failing).info).toMatchObject({
      code: 'OperationTimeout',
      reason: 'timeout',
      output: 'so far',
      sessionId: bench.sessionId,
    })
    expect(bench.info).toMatchObject({ state: 'Idle', statistics: { operations: 1, errors: 1, latencyMs: { last: 1_000 } } })
    bench.board.print('late', 'outside')
    const next = bench.run()
    bench.board.finish()
    expect((await next).stdout).toBe('')
  })

  it('says that an execution is being interrupted', async () => {
    const bench = await OpenBench.create()
    bench.board.interruptAnswer = 'hang'
    void failureOf(bench.run('x', 1_000))
    await bench.clock.advance(1_000)
    expect(bench.info.running?.interrupting).toBe(true)
    expect(bench.events.at(-1)).toMatchObject({
      type: 'infoUpdated',
      interrupt: { rung: 'interrupt', until: bench.clock.now() + INTERRUPT_ONCE_MS },
      snapshot: { running: { interrupting: true, interrupt: { rung: 'interrupt' } } },
    })
  })

  it('once interrupted, an execution is timed out even if it ends well: a snippet can catch the interrupt', async () => {
    const bench = await OpenBench.create()
    bench.board.interruptAnswer = 'hang'
    const failing = failureOf(bench.run('x', 1_000))
    const board = bench.board
    board.interrupt = async () => {
      board.finish({ outcome: 'ok' })
      return true
    }
    await bench.clock.advance(1_000)
    expect((await failing).code).toBe('OperationTimeout')
    expect(bench.info.state).toBe('Idle')
  })

  it('begins with the execution, not with the wait; the wait is bounded by the same time', async () => {
    const bench = await OpenBench.create()
    const first = failureOf(bench.run('first', 5_000))
    const second = failureOf(bench.run('second', 1_000))
    const third = bench.run('third', 8_000)
    await bench.clock.advance(1_000)
    expect((await second).info).toMatchObject({ code: 'OperationTimeout', message: expect.stringContaining('waited') })
    expect((await second).info.output).toBeUndefined()
    await bench.clock.advance(4_000)
    expect((await first).code).toBe('OperationTimeout')
    await bench.clock.advance(7_000)
    bench.board.finish()
    expect((await third).outcome).toBe('ok')
    expect(bench.board.codes).toEqual(['first', 'third'])
    expect(bench.info.statistics).toMatchObject({ operations: 2, errors: 1 })
  })

  it('a board that restarts while it is interrupted is at its prompt: the execution is timed out, the session goes on', async () => {
    const bench = await OpenBench.create()
    const failing = failureOf(bench.run('x', 1_000))
    const { board } = bench
    board.interrupt = async () => {
      board.fail(new ProtocolError('restarted', 'The board restarted.'))
      await settle()
      return true
    }
    await bench.clock.advance(1_000)
    expect((await failing).code).toBe('OperationTimeout')
    expect(bench.info.state).toBe('Idle')
  })

  it('T8: no prompt after the interrupt is a loss: the call still says time-out, those that wait fail', async () => {
    const bench = await OpenBench.create()
    bench.board.interruptAnswer = 'no-prompt'
    const running = failureOf(bench.run('hang', 1_000))
    const waiting = failureOf(bench.run('next'))
    bench.board.print('so far')
    await bench.clock.advance(1_000)
    expect((await running).info).toMatchObject({ code: 'OperationTimeout', output: 'so far' })
    expect((await waiting).info).toMatchObject({ code: 'OperationFailed', reason: 'no-reply' })
    expect(bench.info).toMatchObject({ state: 'Error', fault: { code: 'OperationTimeout', reason: 'no-reply', final: false } })
    expect(bench.info.fault?.message).toContain(`${INTERRUPT_TIMEOUT_MS / 1_000} seconds`)
    expect(bench.outputItems.filter(item => item.type === 'ended')).toMatchObject([{ outcome: 'timeout' }])
  })
})

describe('cancelling', () => {
  it('E-15: what waits is taken out of the queue; the others run on', async () => {
    const bench = await OpenBench.create()
    const first = bench.run('first')
    const second = failureOf(bench.run('second'))
    const third = bench.run('third')
    expect(await bench.manager.cancel(bench.sessionId, `${bench.sessionId}:2`)).toEqual({ cancelled: true })
    expect((await second).info).toMatchObject({ code: 'OperationCancelled', reason: 'cancelled', executionId: `${bench.sessionId}:2` })
    bench.board.finish()
    await first
    bench.board.finish()
    expect((await third).number).toBe(3)
    expect(bench.board.codes).toEqual(['first', 'third'])
    expect(bench.info.statistics.operations).toBe(2)
    expect(bench.outputItems.filter(item => item.type === 'started')).toHaveLength(2)
  })

  it('E-15: what runs is interrupted, by id or without, once for all who ask', async () => {
    const bench = await OpenBench.create()
    for (const executionId of [undefined, `${bench.sessionId}:2`]) {
      const failing = failureOf(bench.run('while True: pass'))
      bench.board.print('so far')
      const answers = await Promise.all([
        bench.manager.cancel(bench.sessionId, executionId),
        bench.manager.cancel(bench.sessionId, executionId),
      ])
      expect(answers).toEqual([{ cancelled: true }, { cancelled: true }])
      expect((await failing).info).toMatchObject({ code: 'OperationCancelled', reason: 'cancelled', output: 'so far' })
      expect(bench.info.state).toBe('Idle')
    }
    expect(bench.board.interrupts).toBe(2)
    expect(bench.info.statistics).toMatchObject({ operations: 2, errors: 2, latencyMs: null })
    await bench.quiet()
    expect(bench.leftovers.timers).toBe(0)
  })

  it('a cancel after the end changes nothing', async () => {
    const bench = await OpenBench.create()
    const running = bench.run()
    bench.board.finish()
    const { executionId } = await running
    expect(await bench.manager.cancel(bench.sessionId, executionId)).toEqual({ cancelled: false })
    expect(bench.board.interrupts).toBe(0)
  })

  it('a cancel by a listener that hears of the end interrupts nobody else', async () => {
    const bench = await OpenBench.create()
    const first = bench.run('first')
    const second = bench.run('second')
    const cancelling: Promise<unknown>[] = []
    const listening = bench.manager.output(bench.sessionId).onAppended(() => {
      listening.dispose()
      cancelling.push(bench.manager.cancel(bench.sessionId))
    })
    bench.board.finish()
    await first
    expect(await cancelling[0]).toEqual({ cancelled: false })
    expect(bench.board.interrupts).toBe(0)
    bench.board.finish()
    expect((await second).outcome).toBe('ok')
  })

  it('a close that wants no waiting joins the interrupt of a cancel', async () => {
    const bench = await OpenBench.create()
    const failing = failureOf(bench.run())
    let prove = (_isAtPrompt: boolean): void => {}
    let interrupts = 0
    bench.board.interrupt = () => {
      interrupts += 1
      return new Promise(resolve => {
        prove = resolve
      })
    }
    const cancelling = bench.manager.cancel(bench.sessionId)
    const closing = bench.manager.close(bench.sessionId, { mode: 'now' })
    expect((await failing).info).toMatchObject({ code: 'OperationCancelled', reason: 'session-closed' })
    await settle()
    prove(true)
    expect(await cancelling).toEqual({ cancelled: true })
    expect((await closing).killed).toBe(false)
    expect(interrupts).toBe(1)
  })

  it('T8: a board that ignores the cancel is lost, and the cancel says that it did not work', async () => {
    const bench = await OpenBench.create()
    bench.board.interruptAnswer = 'no-prompt'
    const failing = failureOf(bench.run())
    expect(await bench.manager.cancel(bench.sessionId)).toEqual({ cancelled: false })
    expect((await failing).info).toMatchObject({ code: 'OperationFailed', reason: 'no-reply' })
    expect(bench.info).toMatchObject({ state: 'Error', fault: { final: false } })
  })

  it('a cancel by a listener that hears of the start keeps the code from the board', async () => {
    const bench = await OpenBench.create()
    const cancelling: Promise<unknown>[] = []
    bench.manager.onEvent(event => {
      if (event.previous === 'Connected') cancelling.push(bench.manager.cancel(bench.sessionId))
    })
    expect((await failureOf(bench.run())).code).toBe('OperationCancelled')
    await Promise.all(cancelling)
    expect(bench.board.codes).toEqual([])
    expect(bench.info.state).toBe('Idle')
  })
})

describe('losing the board', () => {
  it('T8, E-02: what runs and what waits fails once, with the output so far; the session stays until it is closed', async () => {
    const bench = await OpenBench.with({ autoReconnect: false })
    const running = failureOf(bench.run('first'))
    const waiting = failureOf(bench.run('second'))
    bench.board.print('so far')
    bench.transports.latest.unplug()
    expect((await running).info).toMatchObject({ code: 'OperationFailed', reason: 'disconnected', output: 'so far' })
    expect((await waiting).info).toMatchObject({ code: 'OperationFailed', reason: 'disconnected' })
    expect((await waiting).info.output).toBeUndefined()
    expect(bench.story().slice(-3)).toEqual(['Active > Error', 'disconnected unexpected', 'error'])
    const { snapshot } = bench.events.at(-1) ?? {}
    expect(snapshot).toMatchObject({
      state: 'Error',
      running: null,
      queuedExecutions: 0,
      fault: { code: 'OperationFailed', reason: 'disconnected', final: false },
      board: { name: 'micropython' },
    })
    expect(snapshot?.fault?.message).toContain('/dev/ttyACM0')
    expect(bench.board.disposals).toBe(1)
    expect(bench.transports.latest.kills).toBe(1)
    expect(bench.manager.status).toMatchObject({ open: 1, totalOpened: 1, totalClosed: 0 })
    expect(bench.info.statistics).toMatchObject({ operations: 1, errors: 1, bytesInPerSecond: 0 })
    expect(bench.outputItems.at(-1)).toMatchObject({ type: 'note', tone: 'bad' })
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it.each(['Connected', 'Idle'] as const)('T8: also from %s', async state => {
    const bench = await OpenBench.create()
    if (state === 'Idle') {
      bench.board.answer = () => ({})
      await bench.run()
    }
    expect(bench.info.state).toBe(state)
    bench.transports.latest.unplug()
    expect(bench.info.state).toBe('Error')
  })

  it('the port of a lost session can be opened for another board, the board itself cannot', async () => {
    const bench = await OpenBench.onUsb()
    bench.unplug()
    await settle()
    const pico = bench.ports.get('/dev/ttyACM0')
    if (pico === undefined) throw new Error('No port.')
    bench.ports.set('/dev/ttyACM1', { ...pico, path: '/dev/ttyACM1' })
    expect((await failureOf(bench.open('/dev/ttyACM1'))).reason).toBe('port-in-use')
    bench.ports.set('/dev/ttyACM0', { ...pico, deviceKey: 'usb:1:2:3' })
    const { sessionId } = await bench.open('/dev/ttyACM0')
    expect(bench.manager.list({ includeClosed: false }).map(snapshot => snapshot.state)).toEqual(['Error', 'Connected'])
    await bench.manager.close(bench.sessionId, { mode: 'now' })
    expect(bench.manager.info(sessionId).snapshot.state).toBe('Connected')
  })

  it.each([
    ['a protocol that says disconnected', new ProtocolError('disconnected', 'The board is gone.'), 'OperationFailed'],
    ['a write that failed', new TransportError('timeout', '/dev/ttyACM0 takes no bytes.'), 'WriteFailed'],
    ['a defect of the protocol', new TypeError('a defect'), 'OperationFailed'],
  ])('T8: %s is a loss as well', async (_what, error, code) => {
    const bench = await OpenBench.create()
    bench.board.answer = () => error
    expect((await failureOf(bench.run())).info).toMatchObject({ code: 'OperationFailed', reason: 'disconnected' })
    expect(bench.info).toMatchObject({ state: 'Error', fault: { code } })
    bench.transports.latest.unplug()
    expect(bench.story().filter(line => line === 'error')).toHaveLength(1)
  })

  it('a loss during an interrupt ends the execution once', async () => {
    const bench = await OpenBench.create()
    bench.board.interruptAnswer = 'hang'
    const failing = failureOf(bench.run())
    const cancelling = bench.manager.cancel(bench.sessionId)
    await settle()
    bench.transports.latest.unplug()
    expect((await failing).info).toMatchObject({ code: 'OperationFailed', reason: 'disconnected' })
    expect(await cancelling).toEqual({ cancelled: false })
  })
})
