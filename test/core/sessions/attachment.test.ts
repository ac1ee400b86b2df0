import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import { settle } from '../../fakes/fake-clock'
import { SOME_BOARD } from '../../fakes/fake-protocol'
import { OpenBench } from './open-bench'
import { failureOf } from './session-bench'

const WATCH = {
  attach: 'watch',
  initSnippet: 'prepare()',
  healthCheckIntervalMs: 1_000,
  heartbeatIntervalMs: 1_000,
  heartbeatGraceMs: 3_000,
} as const

const isAsked = (bench: OpenBench): boolean => bench.board.codes.length > 0 || bench.transport.written.length > 0

describe('a session that watches', () => {
  it('is connected as soon as its port is open, and not a byte is sent', async () => {
    const bench = await OpenBench.with(WATCH, ({ protocols }) => {
      protocols.prepare = protocol => {
        protocol.enterAnswer = 'hang'
      }
    })
    expect(bench.info).toMatchObject({ state: 'Connected', attachment: 'watching', board: null, identity: null, fault: null })
    expect(bench.board.controls).toEqual(['watch'])
    bench.board.print('tick 1\r\n', 'outside')
    expect(bench.outputItems).toMatchObject([{ type: 'bytes', channel: 'outside' }])
    await bench.clock.advance(120_000)
    expect(isAsked(bench)).toBe(false)
    expect(bench.info.state).toBe('Connected')
  })

  it('refuses executions and tasks with what to do, and passes on what a person types', async () => {
    const bench = await OpenBench.with(WATCH)
    const task = bench.manager.runTask(bench.sessionId, 'Writing x', async () => 1)
    for (const { info } of [await failureOf(bench.run()), await failureOf(task)]) {
      expect(info).toMatchObject({ code: 'SessionNotReady', reason: 'watching', hint: expect.stringContaining('Take the board over') })
    }
    expect(await bench.manager.write(bench.sessionId, 'x')).toEqual({ bytes: 1 })
    expect(bench.transport.written.map(bytes => Buffer.from(bytes).toString())).toEqual(['x'])
    expect(bench.info.statistics.operations).toBe(0)
  })

  it.each(['flush', 'now'] as const)('sends nothing when it is closed (%s)', async mode => {
    const bench = await OpenBench.with(WATCH)
    await bench.manager.close(bench.sessionId, { mode })
    expect(bench.transport.written).toEqual([])
    expect(bench.board.interrupts).toBe(0)
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('is no group, and a group watches nothing', async () => {
    const bench = await OpenBench.create()
    expect(await bench.manager.open({ backend: 'none', clientSessionName: 'g', options: { attach: 'watch' } })).toMatchObject({
      attachment: 'prompt',
    })
  })

  it('T10: watches again after a loss, and does not know which board it is', async () => {
    const bench = await OpenBench.onUsb({ ...WATCH, reconnectDelayMs: 100 })
    bench.unplug()
    await bench.plug()
    await bench.clock.advance(200)
    expect(bench.protocols.made).toHaveLength(2)
    expect(bench.info).toMatchObject({ state: 'Connected', attachment: 'watching', board: null })
    expect(bench.transport.written).toEqual([])
  })

  it('keeps a repeated snippet waiting, which goes on when the board was taken over', async () => {
    const bench = await OpenBench.create()
    bench.board.answer = () => ({})
    await bench.manager.watch(bench.sessionId)
    bench.manager.samplers.start(bench.sessionId, { code: 'print(1)', intervalMs: 500 })
    await bench.clock.advance(5_000)
    expect(bench.board.codes).toEqual([])
    await bench.manager.takeOver(bench.sessionId)
    await settle()
    expect(bench.board.codes).toHaveLength(1)
  })
})

describe('taking a board over', () => {
  it('reaches the prompt, asks the board who it is, and everything is as usual', async () => {
    const bench = await OpenBench.with(WATCH)
    const taking = bench.manager.takeOver(bench.sessionId)
    await settle()
    expect(await taking).toMatchObject({
      state: 'Idle',
      attachment: 'prompt',
      board: { uniqueId: SOME_BOARD.uniqueId },
      identity: { level: 'uniqueId', text: '00:11:aa:bb' },
    })
    bench.board.answer = () => ({})
    expect((await bench.run()).outcome).toBe('ok')
    await bench.clock.advance(2_000)
    expect(bench.info.health.lastProbe).toMatchObject({ ok: true })
    expect(await bench.manager.takeOver(bench.sessionId)).toMatchObject({ attachment: 'prompt' })
  })

  it('that fails leaves the session watching', async () => {
    const bench = await OpenBench.with(WATCH)
    for (const reason of ['no-reply', 'not-micropython'] as const) {
      bench.board.enterAnswer = new ProtocolError(reason, 'It said something else.', 'Reset it.')
      expect((await failureOf(bench.manager.takeOver(bench.sessionId))).info).toMatchObject({
        code: 'OperationFailed',
        reason,
        hint: 'Reset it.',
      })
      expect(bench.info).toMatchObject({ state: 'Idle', attachment: 'watching', fault: null })
      expect(bench.board.isWatching).toBe(true)
    }
  })

  it('can be cancelled, and leaves the session watching', async () => {
    const bench = await OpenBench.with(WATCH)
    bench.board.enterAnswer = 'hang'
    const failing = failureOf(bench.manager.takeOver(bench.sessionId))
    await settle()
    expect(bench.info.task?.title).toBe('Taking the board over')
    expect(await bench.manager.cancel(bench.sessionId)).toEqual({ cancelled: true })
    expect((await failing).code).toBe('OperationCancelled')
    expect(bench.info).toMatchObject({ state: 'Idle', attachment: 'watching' })
    expect(bench.board.interrupts).toBe(0)
  })

  it('of another board than the first is refused, and so is every attempt after it', async () => {
    const bench = await OpenBench.with({ reconnectDelayMs: 100, maxReconnectAttempts: 2 })
    await bench.manager.watch(bench.sessionId)
    bench.protocols.prepare = protocol => {
      protocol.board = { ...SOME_BOARD, uniqueId: 'ffee' }
    }
    bench.transport.unplug()
    await bench.clock.advance(150)
    expect(bench.info).toMatchObject({ state: 'Connected', attachment: 'watching' })
    expect((await failureOf(bench.manager.takeOver(bench.sessionId))).reason).toBe('another-board')
    expect(bench.info).toMatchObject({ state: 'Error', fault: { reason: 'another-board' } })
    await bench.clock.advance(1_000)
    expect(bench.info).toMatchObject({ state: 'Error', fault: { reason: 'another-board' }, reconnect: { stage: 'exhausted' } })
  })
})

describe('leaving the prompt', () => {
  it('waits for what runs, and what comes after it is told why it is not begun', async () => {
    const bench = await OpenBench.create()
    const running = bench.run()
    const leaving = bench.manager.watch(bench.sessionId)
    const behind = failureOf(bench.run('behind'))
    await settle()
    expect(bench.board.controls).toEqual([])
    bench.board.finish()
    expect((await running).outcome).toBe('ok')
    expect(await leaving).toMatchObject({ attachment: 'watching', state: 'Idle', board: { uniqueId: SOME_BOARD.uniqueId } })
    expect((await behind).info).toMatchObject({ code: 'OperationCancelled', reason: 'watching' })
    expect(bench.board.codes).toEqual(['print(1)'])
    expect(bench.board.controls).toEqual(['leave'])
    expect(await bench.manager.watch(bench.sessionId)).toMatchObject({ attachment: 'watching' })
    expect(bench.board.controls).toEqual(['leave'])
  })

  it('stops all that is asked of the board by itself', async () => {
    const bench = await OpenBench.with({ healthCheckIntervalMs: 1_000, heartbeatIntervalMs: 1_000, heartbeatGraceMs: 3_000 })
    await bench.manager.watch(bench.sessionId)
    await bench.clock.advance(60_000)
    expect(bench.board.codes).toEqual([])
    expect(bench.info).toMatchObject({ state: 'Idle', attachment: 'watching' })
  })

  it('is not for the pool: the next user gets a session of its own', async () => {
    const bench = await OpenBench.create()
    const { token, session } = await bench.manager.acquire({ port: '/dev/ttyACM7' }, 'window-1')
    await bench.manager.watch(session.sessionId)
    await bench.manager.release(token)
    expect(bench.manager.poolStats.warm).toEqual([])
  })
})
