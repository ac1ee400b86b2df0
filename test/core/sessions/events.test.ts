import { describe, expect, it } from 'vitest'
import { MANAGER_STATUS_INTERVAL_MS, METRIC_INTERVAL_MS, SESSION_INFO_INTERVAL_MS } from '../../../shared/limits'
import type { SessionEvent } from '../../../shared/model'
import { SessionBench } from './session-bench'

describe('what the manager tells', () => {
  it('B-26, E-27: a listener that asks for the session finds what it was just told; numbers have no gaps', async () => {
    const bench = new SessionBench()
    const seen: string[] = []
    bench.manager.onEvent(event => {
      if (event.type === 'statistics') return
      const listed = bench.manager.list({ includeClosed: true }).find(snapshot => snapshot.sessionId === event.sessionId)
      seen.push(`${event.type} ${event.snapshot.state} ${listed?.state}`)
    })
    const { sessionId } = await bench.open()
    await bench.manager.close(sessionId, { mode: 'now' })
    expect(seen).toEqual([
      'created Created Created',
      'stateChanged Connecting Connecting',
      'phaseChanged Connecting Connecting',
      'phaseChanged Connecting Connecting',
      'phaseChanged Connecting Connecting',
      'stateChanged Connected Connected',
      'connected Connected Connected',
      'stateChanged Disconnecting Disconnecting',
      'stateChanged Disconnected Disconnected',
      'disconnected Disconnected Disconnected',
      'stateChanged Disposed Disposed',
      'disposed Disposed Disposed',
    ])
    expect(bench.events.map(event => event.seq)).toEqual(bench.events.map((_, index) => index + 1))
  })

  it('E-27: a failed open is out of the registry when its error is heard', async () => {
    const bench = new SessionBench()
    bench.transports.prepare = transport => {
      transport.openAnswer = new Error('no')
    }
    const counts: number[] = []
    bench.manager.onEvent(event => {
      if (event.type === 'error' || event.type === 'disposed') counts.push(bench.manager.list({ includeClosed: true }).length)
    })
    await bench.open().catch(() => {})
    expect(counts).toEqual([0, 0])
  })

  it('E-31: a listener that throws is reported and keeps nobody else from hearing', async () => {
    const bench = new SessionBench()
    bench.manager.onEvent(() => {
      throw new Error('a broken listener')
    })
    const heard: SessionEvent[] = []
    bench.manager.onEvent(event => heard.push(event))
    const { state } = await bench.open()
    expect(state).toBe('Connected')
    expect(heard).toEqual(bench.events)
    expect(bench.logged).toContain('A listener of the session manager failed.')
  })

  it('everyone hears events in the same order, also when a listener makes the next one', async () => {
    const bench = new SessionBench()
    const board = () => bench.protocols.latest
    const killing: Promise<unknown>[] = []
    const { sessionId } = await bench.open()
    bench.manager.onEvent(event => {
      if (event.snapshot.state === 'Active' && event.type === 'stateChanged') killing.push(bench.manager.kill(sessionId))
    })
    const heard: number[] = []
    bench.manager.onEvent(event => heard.push(event.seq))
    await bench.manager.execute(sessionId, 'x', {}).catch(() => {})
    await Promise.all(killing)
    expect(board().codes).toEqual([])
    expect(heard).toEqual([...heard].sort((left, right) => left - right))
    expect(bench.story().slice(-5)).toEqual([
      'Connected > Active',
      'Active > Disconnected',
      'disconnected killed',
      'Disconnected > Disposed',
      'disposed',
    ])
  })

  it('a session that is closed by who hears of its end or its loss ends once', async () => {
    const bench = new SessionBench()
    const closing: Promise<unknown>[] = []
    bench.manager.onEvent(event => {
      if (event.type === 'stateChanged' && event.snapshot.state === 'Error')
        closing.push(bench.manager.close(event.sessionId, { mode: 'now' }))
      if (event.type === 'stateChanged' && event.snapshot.state === 'Disconnected') closing.push(bench.manager.kill(event.sessionId))
    })
    await bench.open()
    bench.transports.latest.unplug()
    await Promise.all(closing)
    expect(bench.story().filter(line => line === 'disposed')).toHaveLength(1)
    expect(bench.manager.status).toMatchObject({ open: 0, totalClosed: 1 })
  })

  it('a close that fails and is killed by who hears of it counts once', async () => {
    const bench = new SessionBench()
    const killing: Promise<unknown>[] = []
    bench.manager.onEvent(event => {
      if (event.type === 'error') killing.push(bench.manager.kill(event.sessionId))
    })
    const { sessionId } = await bench.open()
    bench.transports.latest.closeAnswer = new Error('EIO')
    await bench.manager.close(sessionId, { mode: 'now' }).catch(() => {})
    await Promise.all(killing)
    expect(bench.manager.status).toMatchObject({ open: 0, totalClosed: 1 })
    expect(bench.story().at(-1)).toBe('disposed')
  })

  it('snapshots are frozen copies', async () => {
    const bench = new SessionBench()
    const before = await bench.open()
    const running = bench.manager.execute(before.sessionId, 'x', {})
    const during = bench.manager.info(before.sessionId).snapshot
    for (const part of [before, before.board, before.statistics, during.running, bench.events[0], bench.manager.status]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
    expect(before.state).toBe('Connected')
    expect(structuredClone(during)).toEqual(during)
    bench.protocols.latest.finish()
    await running
    expect(during.state).toBe('Active')
  })

  it('counters are told at most ten times a second, the latest wins; running and idle at once', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open()
    await bench.quiet()
    bench.events.length = 0
    for (let turn = 0; turn < 100; turn++) {
      bench.transports.latest.deliver(new Uint8Array(10))
      await bench.clock.advance(5)
    }
    const updates = bench.events.filter(event => event.type === 'statistics')
    expect(updates.length).toBeLessThanOrEqual(500 / SESSION_INFO_INTERVAL_MS + 1)
    expect(updates.length).toBeGreaterThanOrEqual(500 / SESSION_INFO_INTERVAL_MS - 1)
    await bench.clock.advance(SESSION_INFO_INTERVAL_MS)
    expect(bench.events.at(-1)?.snapshot.statistics.bytesIn).toBe(1_000)

    const running = bench.manager.execute(sessionId, 'x', {})
    expect(bench.events.at(-1)).toMatchObject({ type: 'stateChanged', snapshot: { state: 'Active', running: { number: 1 } } })
    bench.protocols.latest.finish()
    await running
    expect(bench.events.at(-1)).toMatchObject({
      type: 'stateChanged',
      snapshot: { state: 'Idle', running: null, statistics: { operations: 1 } },
    })
  })

  it('the next running execution is told at once, and so is the queue before long', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open()
    const runs = [1, 2].map(() => bench.manager.execute(sessionId, 'x', {}))
    await bench.clock.advance(SESSION_INFO_INTERVAL_MS)
    expect(bench.events.at(-1)?.snapshot.queuedExecutions).toBe(1)
    bench.protocols.latest.finish()
    await runs[0]
    expect(bench.events.at(-1)?.snapshot).toMatchObject({ state: 'Active', running: { number: 2 }, queuedExecutions: 0 })
    bench.protocols.latest.finish()
    await runs[1]
  })

  it('the status is told when it changes, at most four times a second, with the throughput each second', async () => {
    const bench = new SessionBench()
    await Promise.all([bench.open('/dev/ttyACM0'), bench.open('/dev/ttyACM1')])
    expect(bench.statuses.length).toBeLessThanOrEqual(1)
    await bench.clock.advance(MANAGER_STATUS_INTERVAL_MS)
    expect(bench.statuses.at(-1)).toMatchObject({ state: 'Active', open: 2, totalOpened: 2 })
    const told = bench.statuses.length
    await bench.clock.advance(METRIC_INTERVAL_MS)
    expect(bench.statuses.length).toBe(told)

    for (const transport of bench.transports.made) transport.deliver(new Uint8Array(500))
    await bench.clock.advance(METRIC_INTERVAL_MS)
    expect(bench.statuses.at(-1)?.bytesInPerSecond).toBeCloseTo(1_000)
    await bench.clock.advance(2 * METRIC_INTERVAL_MS)
    expect(bench.statuses.at(-1)?.bytesInPerSecond).toBe(0)
  })
})
