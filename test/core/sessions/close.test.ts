import { describe, expect, it } from 'vitest'
import type { SessionService } from '../../../electron/ipc/services'
import { SHUTDOWN_TIMEOUT_MS, TOMBSTONE_LIMIT } from '../../../shared/limits'
import { settle } from '../../fakes/fake-clock'
import { OpenBench } from './open-bench'
import { failureOf, SessionBench } from './session-bench'

async function opened(): Promise<{ bench: SessionBench; sessionId: string }> {
  const bench = new SessionBench()
  const { sessionId } = await bench.open()
  return { bench, sessionId }
}

describe('closing a session', () => {
  it('B-29, T12, T13, T16: leaves the board, closes the port exactly once, and lets go of everything', async () => {
    const { bench, sessionId } = await opened()
    const sources = [bench.manager.output(sessionId), bench.manager.metrics(sessionId)]
    bench.manager.output(sessionId).onAppended(() => {})
    bench.manager.metrics(sessionId).onSamples(() => {})
    const result = await bench.manager.close(sessionId, { mode: 'flush' })
    expect(sources.map(source => source.listenerCount)).toEqual([0, 0])
    expect(result).toEqual({
      sessionId,
      finalState: 'Closed',
      state: 'Disposed',
      alreadyClosed: false,
      reason: 'client-close',
      killed: false,
    })
    expect(bench.story().slice(-6)).toEqual([
      'connected',
      'Connected > Disconnecting',
      'Disconnecting > Disconnected',
      'disconnected client-close',
      'Disconnected > Disposed',
      'disposed',
    ])
    expect(bench.protocols.latest).toMatchObject({ leaves: 1, disposals: 1 })
    expect(bench.transports.latest).toMatchObject({ closes: 1, kills: 0, isOpen: false })
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    await bench.open()
  })

  it('G-05, G-17, G-21, G-40: a second close, at once or later, is told that it is closed already; it counts once', async () => {
    const { bench, sessionId } = await opened()
    const [first, second] = await Promise.all([
      bench.manager.close(sessionId, { mode: 'flush' }),
      bench.manager.close(sessionId, { mode: 'now' }),
    ])
    const third = await bench.manager.close(sessionId, { mode: 'flush' })
    const killed = await bench.manager.kill(sessionId)
    expect([first, second, third, killed].map(result => result.alreadyClosed)).toEqual([false, true, true, true])
    expect([first, second, third, killed].map(result => result.finalState)).toEqual(['Closed', 'Closed', 'Closed', 'Closed'])
    expect(killed.reason).toBe('client-close')
    expect(bench.transports.latest.closes).toBe(1)
    expect(bench.manager.status).toMatchObject({ open: 0, totalOpened: 1, totalClosed: 1 })
    expect((await failureOf(bench.manager.close('session-unknown', { mode: 'now' }))).code).toBe('SessionNotFound')
  })

  it('flush lets the running execution finish, and ends those that wait', async () => {
    const { bench, sessionId } = await opened()
    const running = bench.manager.execute(sessionId, 'first', {})
    const waiting = failureOf(bench.manager.execute(sessionId, 'second', {}))
    const closing = bench.manager.close(sessionId, { mode: 'flush' })
    expect((await waiting).info).toMatchObject({ code: 'OperationCancelled', reason: 'session-closed' })
    await bench.clock.advance(SHUTDOWN_TIMEOUT_MS - 1)
    expect(bench.events.at(-1)?.snapshot).toMatchObject({ state: 'Disconnecting', running: { number: 1 }, queuedExecutions: 0 })
    expect(bench.manager.info(sessionId).snapshot.state).toBe('Disconnecting')
    bench.protocols.latest.finish()
    expect((await running).outcome).toBe('ok')
    expect((await closing).killed).toBe(false)
    expect(bench.protocols.latest.codes).toEqual(['first'])
    expect(bench.protocols.latest.interrupts).toBe(0)
  })

  it('flush: a cancel shortens the wait', async () => {
    const { bench, sessionId } = await opened()
    const running = failureOf(bench.manager.execute(sessionId, 'first', {}))
    const closing = bench.manager.close(sessionId, { mode: 'flush' })
    expect(await bench.manager.cancel(sessionId)).toEqual({ cancelled: true })
    expect((await running).code).toBe('OperationCancelled')
    expect((await closing).killed).toBe(false)
  })

  it('flush: a board that is lost meanwhile ends the execution, and the close goes on', async () => {
    const { bench, sessionId } = await opened()
    const running = failureOf(bench.manager.execute(sessionId, 'first', {}))
    const closing = bench.manager.close(sessionId, { mode: 'flush' })
    await settle()
    bench.transports.latest.unplug()
    expect((await running).info).toMatchObject({ code: 'OperationFailed', reason: 'disconnected' })
    expect(await closing).toMatchObject({ killed: false, reason: 'client-close' })
    expect(bench.story()).not.toContain('disconnected unexpected')
  })

  it('now ends the running execution at once, and the board with it', async () => {
    const { bench, sessionId } = await opened()
    const running = failureOf(bench.manager.execute(sessionId, 'first', {}))
    bench.protocols.latest.print('so far')
    const closing = bench.manager.close(sessionId, { mode: 'now' })
    expect((await running).info).toMatchObject({ code: 'OperationCancelled', reason: 'session-closed', output: 'so far' })
    expect((await closing).killed).toBe(false)
    expect(bench.protocols.latest).toMatchObject({ interrupts: 1, leaves: 1 })
    expect(bench.manager.info(sessionId).snapshot.statistics).toMatchObject({ operations: 1, errors: 1 })
  })

  it.each(['hang', new Error('EIO')] as const)(
    'T14, G-26, E-12: a close that fails (%s) is finished by force, told to its caller alone, and counts once',
    async answer => {
      const { bench, sessionId } = await opened()
      bench.transports.latest.closeAnswer = answer
      const first = failureOf(bench.manager.close(sessionId, { mode: 'flush' }))
      const second = bench.manager.close(sessionId, { mode: 'flush' })
      await bench.clock.advance(SHUTDOWN_TIMEOUT_MS)
      expect((await first).info).toMatchObject({ code: 'CloseFailed', sessionId, message: expect.stringContaining('/dev/ttyACM0') })
      expect(await second).toMatchObject({ alreadyClosed: true, killed: true })
      expect(await bench.manager.close(sessionId, { mode: 'flush' })).toMatchObject({
        alreadyClosed: true,
        killed: true,
        finalState: 'Closed',
      })
      expect(bench.story().slice(-7)).toEqual([
        'Connected > Disconnecting',
        'Disconnecting > Error',
        'error',
        'Error > Disconnected',
        'disconnected client-close',
        'Disconnected > Disposed',
        'disposed',
      ])
      expect(bench.manager.info(sessionId).snapshot.fault).toMatchObject({ code: 'CloseFailed', final: true })
      expect(bench.transports.latest.kills).toBe(1)
      expect(bench.manager.status).toMatchObject({ open: 0, totalOpened: 1, totalClosed: 1 })
      await bench.quiet()
      expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    },
  )

  it('T14: an execution that outlasts the flush is cut off', async () => {
    const { bench, sessionId } = await opened()
    const running = failureOf(bench.manager.execute(sessionId, 'long', { timeoutMs: 60_000 }))
    const closing = failureOf(bench.manager.close(sessionId, { mode: 'flush' }))
    await bench.clock.advance(SHUTDOWN_TIMEOUT_MS)
    expect((await running).info).toMatchObject({ code: 'OperationCancelled', reason: 'killed' })
    expect((await closing).code).toBe('CloseFailed')
  })

  it('T15: what waits behind a health check is told of the kill, and of no loss', async () => {
    const bench = await OpenBench.with({ healthCheckIntervalMs: 1_000 })
    await bench.clock.advance(1_000)
    expect(bench.board.isRunning).toBe(true)
    const waiting = failureOf(bench.run())
    await bench.manager.kill(bench.sessionId)
    expect((await waiting).info).toMatchObject({ code: 'OperationCancelled', reason: 'killed' })
    expect(bench.info.health.lastProbe).toBeNull()
  })

  it.each(['Connected', 'Active', 'Idle', 'Error', 'Disconnecting'] as const)(
    'T15, G-18: kill ends a session that is %s at once',
    async state => {
      const { bench, sessionId } = await opened()
      const board = bench.protocols.latest
      let running: Promise<unknown> = Promise.resolve()
      if (state === 'Idle') {
        running = bench.manager.execute(sessionId, 'x', {})
        board.finish()
        await running
      }
      if (state === 'Active') running = failureOf(bench.manager.execute(sessionId, 'x', {}))
      if (state === 'Error') bench.transports.latest.unplug()
      bench.transports.latest.closeAnswer = 'hang'
      const closing = state === 'Disconnecting' ? bench.manager.close(sessionId, { mode: 'flush' }) : null
      await settle()
      expect(bench.manager.info(sessionId).snapshot.state).toBe(state)
      const result = await bench.manager.kill(sessionId)
      const reason = state === 'Disconnecting' ? 'client-close' : 'killed'
      expect(result).toMatchObject({
        killed: true,
        reason,
        finalState: 'Closed',
        state: 'Disposed',
        alreadyClosed: state === 'Disconnecting',
      })
      if (state === 'Active') expect(await running).toMatchObject({ info: { code: 'OperationCancelled', reason: 'killed' } })
      if (closing !== null) expect(await closing).toMatchObject({ alreadyClosed: false, killed: true, reason: 'client-close' })
      expect(bench.manager.status).toMatchObject({ open: 0, totalClosed: 1 })
      expect(bench.transports.latest.kills).toBe(1)
      await bench.quiet()
      expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    },
  )

  it('T12: a lost session closes at once, with the reason of the close', async () => {
    const { bench, sessionId } = await opened()
    bench.transports.latest.unplug()
    expect(await bench.manager.close(sessionId, { mode: 'flush' })).toMatchObject({ reason: 'client-close', killed: false })
    expect(bench.story().slice(-5)).toEqual([
      'Error > Disconnecting',
      'Disconnecting > Disconnected',
      'disconnected client-close',
      'Disconnected > Disposed',
      'disposed',
    ])
    expect(bench.manager.status).toMatchObject({ open: 0, totalClosed: 1 })
  })

  it('E-13: an open that fails by itself keeps that reason, whoever closes it meanwhile', async () => {
    const bench = new SessionBench()
    bench.transports.prepare = transport => {
      transport.openAnswer = new Error('no')
      transport.releasesItself = false
    }
    const failing = failureOf(bench.open())
    await settle()
    const closing = bench.manager.close(bench.latestId, { mode: 'now' })
    bench.transports.latest.release()
    expect(await closing).toMatchObject({ reason: 'open-failed', alreadyClosed: false })
    expect((await failing).reason).toBeUndefined()
  })

  it('T16: what comes after the end is not told any more', async () => {
    const { bench, sessionId } = await opened()
    await bench.quiet()
    const late = bench.protocols.latest.transport.write(new Uint8Array(3))
    await bench.manager.kill(sessionId)
    await late.catch(() => {})
    bench.transports.latest.unplug()
    await bench.quiet()
    expect(bench.events.at(-1)?.type).toBe('disposed')
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('E-13: the first reason stays', async () => {
    const { bench, sessionId } = await opened()
    const closing = bench.manager.close(sessionId, { mode: 'flush' })
    const shutdown = bench.manager.shutdown({ timeoutMs: 100 })
    expect((await closing).reason).toBe('client-close')
    await shutdown
  })

  it('remembers the latest closed sessions, and what they were', async () => {
    const bench = new SessionBench()
    const ids: string[] = []
    for (let index = 0; index <= TOMBSTONE_LIMIT; index++) {
      const { sessionId } = await bench.open()
      ids.push(sessionId)
      await bench.manager.close(sessionId, { mode: 'now' })
    }
    const closed = bench.manager.list({ includeClosed: true })
    expect(closed.map(snapshot => snapshot.sessionId)).toEqual(ids.slice(1))
    expect(bench.manager.list({ includeClosed: false })).toEqual([])
    expect(bench.manager.info(ids.at(-1) ?? '').snapshot).toMatchObject({ state: 'Disposed', statistics: { bytesOut: 2 } })
    expect((await failureOf(bench.manager.close(ids[0] ?? '', { mode: 'now' }))).code).toBe('SessionNotFound')
    expect(() => bench.manager.output(ids.at(-1) ?? '')).toThrow('Disposed')
  })
})

describe('shutting down', () => {
  it('G-43, B-02: closes all sessions at once, each once, and ends as Disposed', async () => {
    const bench = new SessionBench()
    await Promise.all([bench.open('/dev/ttyACM0'), bench.open('/dev/ttyACM1')])
    const first = bench.manager.shutdown({ timeoutMs: SHUTDOWN_TIMEOUT_MS })
    const second = bench.manager.shutdown({ timeoutMs: SHUTDOWN_TIMEOUT_MS })
    expect(bench.manager.state).toBe('Shutdown')
    await Promise.all([first, second])
    expect(bench.transports.made.map(transport => [transport.closes, transport.kills])).toEqual([
      [1, 0],
      [1, 0],
    ])
    expect(bench.manager.status).toMatchObject({ state: 'Disposed', open: 0, totalOpened: 2, totalClosed: 2 })
    expect(bench.story().filter(line => line === 'disconnected gateway-shutdown')).toHaveLength(2)
    expect(bench.statuses.map(status => status.state)).toEqual(expect.arrayContaining(['Active', 'Shutdown', 'Disposed']))
    expect(bench.clock.pendingTimers).toBe(0)
    expect(bench.leftovers.listeners).toBe(0)
  })

  it('B-02: takes no new work while it shuts down, and none of anything after', async () => {
    const { bench, sessionId } = await opened()
    bench.transports.latest.closeAnswer = 'hang'
    const shutdown = bench.manager.shutdown({ timeoutMs: 1_000 })
    await settle()
    expect((await failureOf(bench.open('/dev/ttyACM1'))).code).toBe('ManagerNotActive')
    expect((await failureOf(bench.manager.execute(sessionId, 'x', {}))).code).toBe('ManagerNotActive')
    expect(bench.manager.info(sessionId).snapshot.state).toBe('Disconnecting')
    await bench.clock.advance(1_000)
    await shutdown
    expect((await failureOf(bench.open('/dev/ttyACM1'))).code).toBe('ManagerDisposed')
    expect((await failureOf(bench.manager.execute(sessionId, 'x', {}))).code).toBe('ManagerDisposed')
    expect((await failureOf(bench.manager.close(sessionId, { mode: 'now' }))).code).toBe('ManagerDisposed')
    expect(() => bench.manager.list({ includeClosed: true })).toThrow()
    for (const call of [
      () => bench.manager.notifications.subscribe('start', 'lab', () => {}),
      () => bench.manager.samplers.start(sessionId, { code: '1', intervalMs: 1_000 }),
      () => bench.manager.tryGetSession(sessionId)?.readEvents() ?? bench.manager.readEvents(sessionId),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: 'ManagerDisposed' }))
    }
    expect(bench.manager.state).toBe('Disposed')
  })

  it('E-42: aborts opens, kills what hangs, and ends in time whatever the sessions do', async () => {
    const bench = new SessionBench()
    await bench.open('/dev/ttyACM0')
    bench.transports.latest.closeAnswer = 'hang'
    await bench.open('/dev/ttyACM1')
    bench.protocols.latest.interruptAnswer = 'hang'
    const running = failureOf(bench.manager.execute(bench.latestId, 'while True: pass', {}))
    await bench.open('/dev/ttyACM2')
    bench.transports.latest.closeAnswer = new Error('EIO')
    await bench.open('/dev/ttyACM3')
    const slow = failureOf(bench.manager.execute(bench.latestId, 'slow', {}))
    const flushing = bench.manager.close(bench.latestId, { mode: 'flush' })
    bench.transports.prepare = transport => {
      transport.openAnswer = 'hang-for-ever'
      transport.releasesItself = false
    }
    const opening = failureOf(bench.open('/dev/ttyACM4'))
    await settle()

    let isDown = false
    const shutdown = bench.manager.shutdown({ timeoutMs: 2_000 }).then(() => {
      isDown = true
    })
    expect((await running).info).toMatchObject({ code: 'OperationCancelled', reason: 'shutdown' })
    await bench.clock.advance(1_999)
    expect(isDown).toBe(false)
    await bench.clock.advance(1)
    await shutdown
    expect((await opening).reason).toBe('closed-during-open')
    expect((await slow).reason).toBe('killed')
    expect((await flushing).killed).toBe(true)
    expect(bench.manager.status).toMatchObject({ state: 'Disposed', open: 0, totalOpened: 4, totalClosed: 4 })
    expect(bench.transports.made.every(transport => !transport.isOpen)).toBe(true)
    expect(bench.clock.pendingTimers).toBe(0)
    expect(bench.leftovers.listeners).toBe(0)
  })

  it('E-42: the emergency exit kills everything at once, also in the middle of a shutdown', async () => {
    const { bench } = await opened()
    bench.transports.latest.closeAnswer = 'hang'
    const shutdown = bench.manager.shutdown({ timeoutMs: 60_000 })
    await settle()
    bench.manager.dispose()
    expect(bench.manager.status).toMatchObject({ state: 'Disposed', open: 0, totalClosed: 1 })
    expect(bench.transports.latest.kills).toBe(1)
    await shutdown
    await settle()
    expect(bench.clock.pendingTimers).toBe(0)
    bench.manager.dispose()
    await bench.manager.shutdown({ timeoutMs: 1 })
  })

  it('a manager that was never used shuts down as well', async () => {
    const bench = new SessionBench()
    await bench.manager.shutdown({ timeoutMs: 1_000 })
    expect(bench.manager.state).toBe('Disposed')
    expect(bench.clock.pendingTimers).toBe(0)
  })
})

it('the manager is what the bridge needs', () => {
  const service: SessionService = new SessionBench().manager
  expect(service.status.state).toBe('Inactive')
})
