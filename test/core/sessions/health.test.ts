import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import {
  HEALTH_CHECK_INTERVAL_MS,
  IDLE_TICK_MS,
  INTERRUPT_TIMEOUT_MS,
  LONG_RUNNING_HEALTH_CHECK_INTERVAL_MS,
  LONG_RUNNING_HEARTBEAT_INTERVAL_MS,
  PROBE_TIMEOUT_MS,
  RECONNECT_DELAY_MS,
} from '../../../shared/limits'
import type { SessionOptions } from '../../../shared/model'
import { bytesOf } from '../../fakes/fake-protocol'
import { OpenBench } from './open-bench'
import { failureOf } from './session-bench'

const HEARTBEAT = '# heartbeat'
const isHeartbeat = (code: string): boolean => code === HEARTBEAT

/** A session whose board answers everything, and that nobody closes. */
async function healthy(options: Partial<SessionOptions> = {}): Promise<OpenBench> {
  const bench = await OpenBench.onUsb({ idleTimeoutMs: null, ...options })
  bench.board.answer = () => ({})
  return bench
}

describe('health checks', () => {
  it('B-14, B-19: an idle board is asked once an interval, and the answer is remembered', async () => {
    const bench = await healthy()
    expect(bench.info.health).toEqual({ isHealthy: true, lastProbe: null, lastHeartbeatAt: null })
    await bench.clock.advance(HEALTH_CHECK_INTERVAL_MS)
    expect(bench.board.codes).toEqual(['if not True: {}[0]'])
    expect(bench.info.health.lastProbe).toEqual({ at: bench.clock.now(), ok: true, durationMs: 0 })
    await bench.clock.advance(2 * HEALTH_CHECK_INTERVAL_MS)
    expect(bench.board.codes).toHaveLength(3)
  })

  it('B-14: the long-running profile checks every five minutes', async () => {
    const bench = await healthy({ profile: 'longRunning' })
    await bench.clock.advance(LONG_RUNNING_HEALTH_CHECK_INTERVAL_MS)
    const probes = bench.board.codes.filter(code => !isHeartbeat(code))
    expect(probes).toHaveLength(1)
  })

  it.each([
    ['a false answer', { outcome: 'exception', exception: bytesOf('KeyError: 0\r\n') }],
    ['an exception of the protocol', new ProtocolError('restarted', 'The board restarted.')],
  ] as const)('B-14, E-19: %s reconnects the session, at once, by itself', async (_what, answer) => {
    const bench = await healthy()
    bench.board.answer = () => answer
    bench.protocols.prepare = protocol => {
      protocol.answer = () => ({})
    }
    await bench.clock.advance(HEALTH_CHECK_INTERVAL_MS)
    expect(bench.latest(3)).toEqual(['Connected > Error', 'disconnected health-check-failed', 'error'])
    expect(bench.info).toMatchObject({ health: { isHealthy: false, lastProbe: { ok: false } }, fault: { final: false } })
    await bench.clock.advance(RECONNECT_DELAY_MS)
    expect(bench.info).toMatchObject({ state: 'Connected', health: { isHealthy: true, lastProbe: null } })
  })

  it('B-14: a board that has no memory to answer is there: it is shown as unhealthy, and not connected anew (fault 28)', async () => {
    const bench = await healthy({ heartbeatIntervalMs: 10_000, heartbeatGraceMs: 25_000 })
    bench.board.answer = () => ({
      outcome: 'exception',
      exception: bytesOf('MemoryError: memory allocation failed, allocating 208 bytes\r\n'),
    })
    await bench.clock.advance(3 * HEALTH_CHECK_INTERVAL_MS)
    expect(bench.info).toMatchObject({ state: 'Connected', health: { isHealthy: false, lastProbe: { ok: false } } })
    expect(bench.info.statistics.reconnects).toBe(0)
    bench.board.answer = () => ({})
    await bench.clock.advance(HEALTH_CHECK_INTERVAL_MS)
    expect(bench.info.health.isHealthy).toBe(true)
  })

  it('B-14: no answer in time is a failure as well', async () => {
    const bench = await healthy()
    bench.board.answer = () => null
    bench.board.interruptAnswer = 'no-prompt'
    await bench.clock.advance(HEALTH_CHECK_INTERVAL_MS + PROBE_TIMEOUT_MS - 1)
    expect(bench.info.state).toBe('Connected')
    await bench.clock.advance(1)
    expect(bench.story()).toContain('disconnected health-check-failed')
  })

  it('E-18: a busy board is not asked: neither while something runs, nor while something waits', async () => {
    const bench = await healthy({ operationTimeoutMs: 300_000 })
    bench.board.answer = () => null
    const runs = [bench.run('first'), bench.run('second')]
    await bench.clock.advance(2 * HEALTH_CHECK_INTERVAL_MS)
    bench.board.finish()
    await runs[0]
    await bench.clock.advance(HEALTH_CHECK_INTERVAL_MS)
    expect(bench.board.codes).toEqual(['first', 'second'])
    bench.board.finish()
    await runs[1]
    await bench.clock.advance(IDLE_TICK_MS)
    expect(bench.board.codes).toHaveLength(3)
  })

  it('is no operation: not counted, not shown, no state, no lease; but its bytes and messages count', async () => {
    const bench = await healthy({ leaseDurationMs: 600_000 })
    const before = bench.info
    await bench.quiet()
    bench.events.length = 0
    bench.board.answer = () => {
      bench.board.print('noise of a timer')
      return {}
    }
    await bench.clock.advance(HEALTH_CHECK_INTERVAL_MS)
    expect(bench.info).toMatchObject({
      state: 'Connected',
      running: null,
      lastUsedAt: before.lastUsedAt,
      lease: before.lease,
      statistics: { operations: 0, errors: 0, messagesOut: 1, latencyMs: null },
    })
    expect(bench.events.filter(event => event.type !== 'statistics')).toEqual([])
    expect(bench.outputItems).toEqual([])
    const running = bench.run()
    expect((await running).number).toBe(1)
  })

  it('what is asked for during a check waits for it, in the same line', async () => {
    const bench = await healthy()
    bench.board.answer = () => null
    await bench.clock.advance(HEALTH_CHECK_INTERVAL_MS)
    const running = bench.run('mine')
    expect(bench.info).toMatchObject({ state: 'Connected', queuedExecutions: 1, running: null })
    bench.board.finish()
    await bench.clock.advance(0)
    expect(bench.info).toMatchObject({ state: 'Active', queuedExecutions: 0, running: { number: 1 } })
    bench.board.finish()
    expect((await running).outcome).toBe('ok')
  })

  it('a check cannot be cancelled, and does not keep a session from closing', async () => {
    const bench = await healthy()
    bench.board.answer = () => null
    await bench.clock.advance(HEALTH_CHECK_INTERVAL_MS)
    expect(await bench.manager.cancel(bench.sessionId)).toEqual({ cancelled: false })
    expect(await bench.manager.close(bench.sessionId, { mode: 'now' })).toMatchObject({ killed: false })
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('can be turned off', async () => {
    const bench = await healthy({ healthChecks: false })
    await bench.clock.advance(10 * HEALTH_CHECK_INTERVAL_MS)
    expect(bench.board.codes).toEqual([])
  })

  it('B-15: nothing is asked once the session is closed', async () => {
    const bench = await healthy({ profile: 'longRunning' })
    const { board } = bench
    expect(await bench.manager.close(bench.sessionId, { mode: 'now' })).toMatchObject({ alreadyClosed: false })
    expect(await bench.manager.close(bench.sessionId, { mode: 'now' })).toMatchObject({ alreadyClosed: true })
    await bench.clock.advance(LONG_RUNNING_HEALTH_CHECK_INTERVAL_MS)
    expect(board).toMatchObject({ codes: [], disposals: 1 })
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })
})

describe('heartbeats', () => {
  it('B-13: a comment is executed every 30 s in the long-running profile, the first after 30 s', async () => {
    const bench = await healthy({ profile: 'longRunning' })
    await bench.clock.advance(LONG_RUNNING_HEARTBEAT_INTERVAL_MS - IDLE_TICK_MS)
    expect(bench.board.codes).toEqual([])
    await bench.clock.advance(IDLE_TICK_MS)
    expect(bench.board.codes).toEqual([HEARTBEAT])
    expect(bench.info.health.lastHeartbeatAt).toBe(bench.clock.now())
    await bench.clock.advance(LONG_RUNNING_HEARTBEAT_INTERVAL_MS)
    expect(bench.board.codes).toEqual([HEARTBEAT, HEARTBEAT])
  })

  it('B-13: the standard profile has none', async () => {
    const bench = await healthy({ healthChecks: false })
    await bench.clock.advance(600_000)
    expect(bench.board.codes).toEqual([])
  })

  it('B-13: one that fails is logged, and the session goes on', async () => {
    const bench = await healthy({ profile: 'longRunning', healthChecks: false })
    bench.board.answer = () => new ProtocolError('restarted', 'The board restarted.')
    await bench.clock.advance(LONG_RUNNING_HEARTBEAT_INTERVAL_MS)
    expect(bench.logged).toContain('A heartbeat was not answered.')
    expect(bench.info).toMatchObject({ state: 'Connected', fault: null })
    bench.board.answer = () => ({})
    await bench.clock.advance(LONG_RUNNING_HEARTBEAT_INTERVAL_MS)
    expect(bench.info.health.lastHeartbeatAt).toBe(bench.clock.now())
  })

  it('T8: none answered for longer than the grace is a lost board', async () => {
    const bench = await healthy({ profile: 'longRunning', healthChecks: false })
    const { board } = bench
    board.answer = () => null
    board.interrupt = async () => {
      board.fail(new ProtocolError('no-reply', 'The board did not come back to its prompt.'))
      return false
    }
    await bench.clock.advance(3 * LONG_RUNNING_HEARTBEAT_INTERVAL_MS)
    expect(bench.info.state).toBe('Connected')
    await bench.clock.advance(PROBE_TIMEOUT_MS + INTERRUPT_TIMEOUT_MS)
    expect(bench.story()).toContain('disconnected heartbeat-lost')
    expect(bench.events.find(event => event.type === 'error')?.snapshot.fault?.message).toMatch(/No heartbeat/)
  })

  it('E-24: while the board is busy none is sent, and none is missed', async () => {
    const bench = await healthy({ profile: 'longRunning', healthChecks: false, operationTimeoutMs: 600_000 })
    bench.board.answer = code => (isHeartbeat(code) ? {} : null)
    const running = bench.run('long')
    await bench.clock.advance(300_000)
    expect(bench.board.codes).toEqual(['long'])
    expect(bench.info.state).toBe('Active')
    bench.board.finish()
    await running
    await bench.clock.advance(IDLE_TICK_MS)
    expect(bench.board.codes).toEqual(['long', HEARTBEAT])
  })

  it('E-24: none comes between the bytes that somebody writes', async () => {
    const bench = await healthy({ profile: 'longRunning', healthChecks: false })
    bench.transport.writeAnswer = 'hang'
    const writing = failureOf(bench.manager.write(bench.sessionId, 'half a line'))
    await bench.clock.advance(LONG_RUNNING_HEARTBEAT_INTERVAL_MS + IDLE_TICK_MS)
    expect(bench.board.codes).toEqual([])
    await bench.manager.kill(bench.sessionId)
    await writing
  })
})

describe('after the computer has slept', () => {
  it('E-25: nothing of the time asleep counts, and the board is asked at once', async () => {
    const bench = await healthy({ idleTimeoutMs: 60_000, readerIdleMs: 5_000, heartbeatIntervalMs: 10_000 })
    bench.manager.suspend()
    await bench.clock.advance(8 * 3_600_000)
    expect(bench.board.codes).toEqual([])
    expect(bench.info).toMatchObject({ state: 'Connected', statistics: { idle: { read: { count: 0 } } } })
    bench.manager.resume()
    await bench.clock.advance(0)
    expect(bench.board.codes).toEqual(['if not True: {}[0]'])
    await bench.clock.advance(4_000)
    expect(bench.info).toMatchObject({ state: 'Connected', statistics: { idle: { read: { count: 0 } } } })
    expect(bench.board.codes).toHaveLength(1)
    await bench.clock.advance(1_000)
    expect(bench.info.statistics.idle.read.count).toBe(1)
  })

  it('E-25: a board that does not answer then is lost', async () => {
    const bench = await healthy()
    bench.board.answer = () => null
    bench.board.interruptAnswer = 'no-prompt'
    bench.manager.suspend()
    await bench.clock.advance(3_600_000)
    bench.manager.resume()
    await bench.clock.advance(PROBE_TIMEOUT_MS)
    expect(bench.story()).toContain('disconnected health-check-failed')
  })
})
