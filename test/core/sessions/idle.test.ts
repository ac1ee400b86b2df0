import { describe, expect, it } from 'vitest'
import { IdleWatch } from '../../../electron/core/sessions/watching/idle-watch'
import { IDLE_TICK_MS, IDLE_TIMEOUT_MS } from '../../../shared/limits'
import { gatewayView, minaView } from '../../../shared/session-views'
import { FakeClock } from '../../fakes/fake-clock'
import { bytesOf } from '../../fakes/fake-protocol'
import { OpenBench } from './open-bench'

function watch(periods: { readerIdleMs?: number; writerIdleMs?: number; bothIdleMs?: number }) {
  const clock = new FakeClock()
  const settings = { readerIdleMs: 0, writerIdleMs: 0, bothIdleMs: 0, ...periods }
  return { clock, settings, idle: new IdleWatch(clock, () => settings) }
}

describe('the idle watch', () => {
  it('M-03: read, write and both, in the order both, read, write', async () => {
    const { clock, idle } = watch({ readerIdleMs: 1_000, writerIdleMs: 1_000, bothIdleMs: 1_000 })
    await clock.advance(999)
    expect(idle.tick()).toEqual([])
    await clock.advance(1)
    expect(idle.tick().map(({ kind }) => kind)).toEqual(['both', 'read', 'write'])
    const { lastAt } = idle.counts.read
    expect(idle.counts).toEqual({ both: { count: 1, lastAt }, read: { count: 1, lastAt }, write: { count: 1, lastAt } })
    expect(lastAt).toBe(clock.now())
  })

  it('M-14: fires again after every further period; a read ends read and both, a write ends write and both', async () => {
    const { clock, idle } = watch({ readerIdleMs: 1_000, writerIdleMs: 1_000, bothIdleMs: 1_000 })
    for (let turn = 1; turn <= 3; turn++) {
      await clock.advance(1_000)
      expect(idle.tick().map(({ count }) => count)).toEqual([turn, turn, turn])
    }
    idle.wasRead()
    expect(idle.counts).toMatchObject({ both: { count: 0 }, read: { count: 0 }, write: { count: 3 } })
    await clock.advance(1_000)
    idle.wasWritten()
    expect(idle.tick()).toEqual([{ kind: 'read', count: 1 }])
    expect(idle.counts).toMatchObject({ both: { count: 0 }, write: { count: 0 } })
  })

  it('E-26: several periods missed at once fire once, and the next one is counted from then', async () => {
    const { clock, idle } = watch({ readerIdleMs: 1_000 })
    await clock.advance(7_500)
    expect(idle.tick()).toEqual([{ kind: 'read', count: 1 }])
    expect(idle.tick()).toEqual([])
    await clock.advance(999)
    expect(idle.tick()).toEqual([])
    await clock.advance(1)
    expect(idle.tick()).toEqual([{ kind: 'read', count: 2 }])
  })

  it('a period of 0 is off, and turning one off ends what was', async () => {
    const { clock, settings, idle } = watch({ readerIdleMs: 1_000 })
    await clock.advance(60_000)
    expect(idle.tick().map(({ kind }) => kind)).toEqual(['read'])
    settings.readerIdleMs = 0
    idle.reconfigured()
    expect(idle.counts.read).toEqual({ count: 0, lastAt: null })
    await clock.advance(60_000)
    expect(idle.tick()).toEqual([])
  })
})

describe('an idle session', () => {
  it('M-02, M-03, M-14: tells each kind, with its count, and the snapshot shows it until bytes move', async () => {
    const bench = await OpenBench.with({ readerIdleMs: 2_000, writerIdleMs: 2_000, bothIdleMs: 2_000 })
    await bench.clock.advance(2 * IDLE_TICK_MS)
    const idle = bench.events.filter(event => event.type === 'idle')
    expect(idle.map(event => event.idle)).toEqual([
      { kind: 'both', count: 1 },
      { kind: 'read', count: 1 },
      { kind: 'write', count: 1 },
    ])
    expect(bench.info.statistics.idle.read).toEqual({ count: 1, lastAt: bench.clock.now() })
    expect(minaView(bench.info)).toEqual({ state: 'Idle', isIdleForRead: true, isIdleForWrite: true, isIdleForBoth: true })
    expect(bench.metrics.of('idle')).toEqual(['both', 'read', 'write'].map(kind => `idle ${bench.sessionId} ${kind}`))
    bench.transport.deliver(bytesOf('x'))
    expect(minaView(bench.info)).toEqual({ state: 'Idle', isIdleForRead: false, isIdleForWrite: true, isIdleForBoth: false })
    await bench.manager.write(bench.sessionId, 'y')
    expect(minaView(bench.info)).toEqual({ state: 'Connected', isIdleForRead: false, isIdleForWrite: false, isIdleForBoth: false })
  })

  it('T7: a session that was never used becomes Idle when neither was read nor written for the period', async () => {
    const bench = await OpenBench.with({ bothIdleMs: 2_000, readerIdleMs: 1_000 })
    await bench.clock.advance(IDLE_TICK_MS)
    expect(bench.info.state).toBe('Connected')
    await bench.clock.advance(IDLE_TICK_MS)
    expect(bench.info.state).toBe('Idle')
    expect(bench.latest(3)).toEqual(['Connected > Idle', 'idle', 'idle'])
    expect(gatewayView(bench.info)).toBe('Ready')
  })

  it('M-04: the periods can be changed while the session is open', async () => {
    const bench = await OpenBench.create()
    await bench.clock.advance(10_000)
    expect(bench.events.some(event => event.type === 'idle')).toBe(false)
    bench.manager.configure(bench.sessionId, { readerIdleMs: 1_000 })
    await bench.clock.advance(IDLE_TICK_MS)
    expect(bench.info.statistics.idle.read.count).toBe(1)
    bench.manager.configure(bench.sessionId, { readerIdleMs: 0 })
    expect(bench.info.statistics.idle.read.count).toBe(0)
  })

  it('is not watched while its board is lost, and begins anew when it is back', async () => {
    const bench = await OpenBench.onUsb({ readerIdleMs: 5_000 })
    bench.unplug()
    await bench.clock.advance(20_000)
    expect(bench.info.statistics.idle.read.count).toBe(0)
    await bench.plug()
    await bench.clock.advance(4_000)
    expect(bench.info.statistics.idle.read.count).toBe(0)
    await bench.clock.advance(1_000)
    expect(bench.info.statistics.idle.read.count).toBe(1)
  })
})

describe('a session nobody uses', () => {
  const CLOSED = 'disconnected idle-timeout'

  it('B-19: is closed after its idle time-out, and not before', async () => {
    const bench = await OpenBench.with({ healthChecks: false })
    await bench.clock.advance(IDLE_TIMEOUT_MS - IDLE_TICK_MS)
    expect(bench.story()).not.toContain(CLOSED)
    await bench.clock.advance(IDLE_TICK_MS)
    expect(bench.story()).toContain(CLOSED)
    expect(bench.info.state).toBe('Disposed')
  })

  it('T6: the time counts from the end of the last operation', async () => {
    const bench = await OpenBench.with({ idleTimeoutMs: 10_000, operationTimeoutMs: 60_000 })
    const running = bench.run()
    await bench.clock.advance(30_000)
    expect(bench.info.state).toBe('Active')
    bench.board.finish()
    await running
    await bench.clock.advance(9_000)
    expect(bench.info.state).toBe('Idle')
    await bench.clock.advance(1_000)
    expect(bench.info.state).toBe('Disposed')
  })

  it.each([
    ['a write', (bench: OpenBench) => bench.manager.write(bench.sessionId, 'x')],
    ['an attribute', (bench: OpenBench) => bench.manager.attributes(bench.sessionId).set('x', 1)],
    ['a detail', async (bench: OpenBench) => bench.manager.updateDetails(bench.sessionId, { x: 'y' })],
    ['a change of its filters', (bench: OpenBench) => bench.manager.filters(bench.sessionId).remove('stats')],
  ])('G-13: %s is use', async (_what, use) => {
    const bench = await OpenBench.with({ idleTimeoutMs: 10_000 })
    await bench.clock.advance(9_000)
    await use(bench)
    expect(bench.info.lastUsedAt).toBe(bench.clock.now())
    await bench.clock.advance(9_000)
    expect(bench.info.state).toBe('Connected')
  })

  it('E-23, E-24: neither what the board prints nor what we ask it ourselves is use', async () => {
    const bench = await OpenBench.with({ idleTimeoutMs: 10_000, heartbeatIntervalMs: 1_000, healthCheckIntervalMs: 1_000 })
    bench.board.answer = () => ({})
    for (let second = 0; second < 10; second++) {
      bench.transport.deliver(bytesOf('chatter'))
      await bench.clock.advance(1_000)
    }
    expect(bench.board.codes.length).toBeGreaterThan(5)
    expect(bench.story()).toContain(CLOSED)
  })

  it('stays for ever where the time-out is off', async () => {
    const bench = await OpenBench.with({ idleTimeoutMs: null, healthChecks: false })
    await bench.clock.advance(10 * IDLE_TIMEOUT_MS)
    expect(bench.info.state).toBe('Connected')
  })

  it('is not closed while its board is on the way back, but when nothing happens by itself any more', async () => {
    const waiting = await OpenBench.onUsb({ idleTimeoutMs: 10_000 })
    waiting.unplug()
    await waiting.clock.advance(60_000)
    expect(waiting.info.state).toBe('Error')
    const left = await OpenBench.onUsb({ idleTimeoutMs: 10_000, autoReconnect: false })
    left.unplug()
    await left.clock.advance(10_000)
    expect(left.info.state).toBe('Disposed')
  })
})
