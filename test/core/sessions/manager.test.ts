import { describe, expect, it } from 'vitest'
import type { SessionService } from '../../../electron/ipc/services'
import type { MusterError } from '../../../shared/errors'
import { METRIC_INTERVAL_MS, RESUME_LEASE_GRACE_MS } from '../../../shared/limits'
import type { SessionSnapshot } from '../../../shared/model'
import { settle } from '../../fakes/fake-clock'
import { FakeTransport } from '../../fakes/fake-transport'
import { failureOf, SessionBench } from './session-bench'

/** Boards that answer whatever they are asked. */
function lively(bench: SessionBench): SessionBench {
  bench.protocols.prepare = protocol => {
    protocol.answer = () => ({})
  }
  return bench
}

describe('the session manager', () => {
  it('G-19: opens, finds, runs, reads, closes, closes what has outlived its lease, and shuts down', async () => {
    const bench = lively(new SessionBench())
    const service: SessionService = bench.manager
    expect(service.status.state).toBe('Inactive')
    const { sessionId } = await service.open({ port: '/dev/ttyA' }, 'window-1')
    expect(bench.manager.tryGetSession(sessionId)?.state).toBe('Connected')
    expect(bench.manager.tryGetSession(sessionId.toUpperCase())).toBeNull()
    expect((await service.execute(sessionId, '1', {})).outcome).toBe('ok')
    const events = bench.manager.readEvents(sessionId)
    bench.transports.latest.deliver(Uint8Array.of(1))
    expect((await events.next()).value).toMatchObject({ type: 'message', message: Uint8Array.of(1) })
    expect(await bench.manager.closeExpiredLeases(bench.clock.now())).toBe(0)
    expect(await service.close(sessionId, { mode: 'flush' })).toMatchObject({ alreadyClosed: false, finalState: 'Closed' })
    expect(bench.manager.tryGetSession(sessionId)).toBeNull()
    await service.shutdown()
    expect(service.status.state).toBe('Disposed')
  })

  it('M-04: line settings, read buffer and write time-out of the configuration are those of the port, unless the call has others', async () => {
    const bench = new SessionBench()
    const { transport } = bench.settings.current
    const line = { ...transport.line, readBufferSize: 128, rtscts: true, parity: 'even' } as const
    bench.settings.change({ transport: { ...transport, line } })
    bench.settings.changeSession({ writeTimeoutMs: 1_500 })
    await bench.open('/dev/ttyA')
    expect(bench.transports.latest.target).toMatchObject({ line, writeTimeoutMs: 1_500 })
    await bench.open('/dev/ttyB', { options: { writeTimeoutMs: 2_500 } })
    expect(bench.transports.latest.target).toMatchObject({ line, writeTimeoutMs: 2_500 })
  })

  it('B-01: a session is opened, used, watched and closed', async () => {
    const bench = lively(new SessionBench())
    const { sessionId } = await bench.open()
    expect((await bench.manager.execute(sessionId, '1')).outcome).toBe('ok')
    expect(bench.manager.info(sessionId).snapshot).toMatchObject({ state: 'Idle', health: { isHealthy: true } })
    expect(bench.manager.statistics(sessionId)).toMatchObject({ operations: 1, errors: 0 })
    await bench.manager.close(sessionId, { mode: 'flush' })
    expect(bench.manager.info(sessionId).snapshot.state).toBe('Disposed')
  })

  it('B-02, B-03: its own state is one of four, told as it changes, and stays Active without sessions', async () => {
    const bench = new SessionBench()
    expect(bench.manager.state).toBe('Inactive')
    const { sessionId } = await bench.open()
    await bench.manager.close(sessionId, { mode: 'now' })
    expect(bench.manager.state).toBe('Active')
    await bench.manager.shutdown()
    expect(bench.managerStates).toEqual(['Active', 'Shutdown', 'Disposed'])
    expect(bench.manager.health.status).toBe('Unhealthy')
  })

  it('B-04: opens over a transport that is there already, and connects anew by its port when that is lost', async () => {
    const bench = lively(new SessionBench())
    const transport = new FakeTransport({ port: '/dev/ttyACM0', backend: 'serial', baudRate: 115_200 })
    const session = await bench.manager.openWith(transport, { clientSessionName: 'mine' })
    expect(session).toMatchObject({ state: 'Connected', port: '/dev/ttyACM0', clientSessionName: 'mine' })
    expect([transport.opens, bench.transports.made.length]).toEqual([1, 0])
    transport.unplug()
    await bench.clock.advance(5_000)
    expect(bench.manager.info(session.sessionId).snapshot.state).not.toBe('Error')
    expect(bench.transports.made).toHaveLength(1)
  })

  it('B-07, B-08: counts what is open, was opened and closed, and how many at most at once', async () => {
    const bench = new SessionBench()
    const first = await bench.open('/dev/ttyA')
    await bench.open('/dev/ttyB')
    await bench.manager.close(first.sessionId, { mode: 'now' })
    await bench.open('/dev/ttyC')
    expect(bench.manager.status).toMatchObject({ open: 2, limit: 64, totalOpened: 3, totalClosed: 1, peakOpen: 2, warm: 0, waiting: 0 })
  })

  it('B-16, B-17, B-18, G-37: tells the metrics of opens, operations, faults and closes', async () => {
    const bench = lively(new SessionBench())
    const { sessionId } = await bench.open()
    await bench.manager.execute(sessionId, '1')
    await bench.clock.advance(1_500)
    await bench.manager.close(sessionId, { mode: 'flush' })
    bench.transports.prepare = transport => {
      transport.openAnswer = new Error('no')
    }
    await failureOf(bench.open('/dev/ttyB'))
    expect(bench.metrics.of('sessionOpened')).toHaveLength(1)
    expect(bench.metrics.of('operation')).toEqual([expect.stringMatching(new RegExp(`^operation ${sessionId} [0-9.]+ true$`))])
    expect(bench.metrics.of('sessionClosed')).toEqual([
      expect.stringMatching(new RegExp(`^sessionClosed ${sessionId} client-close 1[0-9]{3}`)),
    ])
    expect(bench.metrics.of('fault')).toEqual(['fault OpenFailed'])
    expect(bench.metrics.of('forget')[0]).toBe(`forget ${sessionId}`)
  })

  it('S-22, B-16: the gauges count everything not closed, by data source and with groups', async () => {
    const bench = new SessionBench()
    await bench.manager.open({ port: '/dev/ttyA', metadata: { dataSource: 'lab' } })
    const group = await bench.manager.open({ backend: 'none', metadata: { dataSource: 'lab' } })
    await bench.manager.open({ port: '/dev/ttyB' })
    expect(bench.manager.status.open).toBe(2)
    expect(bench.manager.gauges).toEqual({
      open: 3,
      byDataSource: new Map([
        ['lab', 2],
        ['path:/dev/ttyB', 1],
      ]),
    })
    await bench.manager.close(group.sessionId, { mode: 'now' })
    expect(bench.manager.gauges.byDataSource.get('lab')).toBe(1)
  })

  it('G-03, G-31: an open is checked, counted, reserved, named, registered and only then begun', async () => {
    let issued = 0
    const bench = new SessionBench({ limit: 2, newId: () => String(++issued).padStart(32, '0') })
    const sessionId = `session-${'1'.padStart(32, '0')}`
    const rivals: Promise<MusterError>[] = []
    bench.manager.onEvent(event => {
      if (event.type === 'created' && event.sessionId === sessionId) rivals.push(failureOf(bench.open()))
    })
    const seen: unknown[] = []
    bench.transports.prepare = () => seen.push(bench.manager.tryGetSession(sessionId)?.snapshot, bench.manager.status.open)
    await bench.open()
    expect(bench.events[0]).toMatchObject({ type: 'created', sessionId, snapshot: { state: 'Created', phase: null } })
    expect((await rivals[0])?.reason).toBe('port-in-use')
    expect(seen).toMatchObject([{ sessionId, state: 'Connecting', phase: 'starting' }, 1])

    bench.transports.prepare = () => {}
    await bench.open('/dev/ttyB')
    const before = issued
    expect((await failureOf(bench.open('/dev/ttyC'))).code).toBe('SessionLimitExceeded')
    expect([issued, bench.transports.made.length]).toEqual([before, 2])
  })

  it('G-09, G-30: ids are `session-` and 32 hex digits, one for each; times are those of the clock it was given', async () => {
    const bench = new SessionBench()
    const sessions = await Promise.all(['/dev/ttyA', '/dev/ttyB'].map(port => bench.open(port)))
    for (const { sessionId, openedAt } of sessions) {
      expect(sessionId).toMatch(/^session-[0-9a-f]{32}$/)
      expect(openedAt).toBe(bench.clock.now())
    }
    expect(new Set(sessions.map(session => session.sessionId)).size).toBe(2)
  })

  it('G-30: what a session logs stands under its scope, which names the process and the session', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open()
    await bench.manager.close(sessionId, { mode: 'now' })
    const scopes = bench.logData.filter(data => data.sessionId === sessionId).map(data => data.scope)
    expect(scopes.length).toBeGreaterThan(1)
    expect(new Set(scopes)).toEqual(new Set([`fleet-${process.pid}-${sessionId}`]))
  })

  it('G-10, G-29: keeps what the client said of itself', async () => {
    const bench = new SessionBench()
    const session = await bench.manager.open({ port: '/dev/ttyA', clientSessionName: 'oven', clientCorrelationId: 'run-7' }, 'window-3')
    expect(session).toMatchObject({ clientSessionName: 'oven', clientCorrelationId: 'run-7', clientIdentity: 'window-3' })
  })

  it('G-32: an open that fails kills its transport, counts that, and frees the port', async () => {
    const bench = new SessionBench()
    bench.transports.prepare = transport => {
      transport.openAnswer = new Error('no')
    }
    await failureOf(bench.open())
    const [transport] = bench.transports.made
    expect(transport).toMatchObject({ kills: 1, listenerCount: 0 })
    expect(bench.metrics.of('transportKilled', 'fault')).toEqual(
      expect.arrayContaining(['transportKilled OpenSessionFailed', 'fault OpenFailed']),
    )
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    bench.transports.prepare = () => {}
    await bench.open()
  })

  it('G-33: a port is one session’s alone, and a session has one transport at a time', async () => {
    const bench = lively(new SessionBench())
    await bench.open()
    expect(await failureOf(bench.open())).toMatchObject({ code: 'OpenFailed', reason: 'port-in-use' })
    bench.transports.latest.unplug()
    await bench.clock.advance(5_000)
    expect(bench.transports.made.map(transport => transport.isOpen)).toEqual([false, true])
  })

  it('G-34, G-36: the limits of a session are those of the configuration, unless the call has others', async () => {
    const bench = new SessionBench()
    bench.settings.changeSession({ eventQueueCapacity: 16, maxMessageBytes: 2_048, heartbeatIntervalMs: 5_000, heartbeatGraceMs: 15_000 })
    const { sessionId } = await bench.open('/dev/ttyA', { options: { maxMessageBytes: 4_096 } })
    expect(bench.manager.info(sessionId).options).toMatchObject({
      eventQueueCapacity: 16,
      maxMessageBytes: 4_096,
      heartbeatIntervalMs: 5_000,
      heartbeatGraceMs: 15_000,
    })
  })

  it('G-39, G-25, B-31: what is asked of a session that is not ready is refused with its state, and never reaches the board', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open('/dev/ttyA', { options: { autoReconnect: false } })
    bench.transports.latest.unplug()
    await settle()
    const written = bench.transports.latest.written.length
    for (const call of [bench.manager.execute(sessionId, '1'), bench.manager.write(sessionId, 'x')]) {
      expect(await failureOf(call)).toMatchObject({ code: 'SessionNotReady', message: expect.stringContaining('Error') })
    }
    expect(() => bench.manager.readEvents(sessionId)).toThrow(expect.objectContaining({ code: 'SessionNotReady' }))
    expect([bench.protocols.latest.codes, bench.transports.latest.written.length]).toEqual([[], written])
  })

  it('G-25: an exception on the board is a result, and no fault of the session', async () => {
    const bench = new SessionBench()
    bench.protocols.prepare = protocol => {
      protocol.answer = () => ({ outcome: 'exception', exception: new TextEncoder().encode('OSError: 5') })
    }
    const { sessionId } = await bench.open()
    expect(await bench.manager.execute(sessionId, '1')).toMatchObject({ outcome: 'exception', traceback: 'OSError: 5' })
    expect(bench.manager.info(sessionId).snapshot).toMatchObject({ state: 'Idle', fault: null })
  })

  it('M-01: a connection has one session, which keeps what is known of it until it ends', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open()
    await bench.manager.attributes(sessionId).set('laps', 3)
    expect(bench.manager.list({ includeClosed: false })).toHaveLength(1)
    expect(bench.manager.info(sessionId).snapshot).toMatchObject({ port: '/dev/ttyACM0', board: { name: 'micropython' } })
    expect(await bench.manager.attributes(sessionId).get('laps')).toBe(3)
    await bench.manager.close(sessionId, { mode: 'now' })
    expect(bench.manager.list({ includeClosed: false })).toEqual([])
    expect(bench.attributes.latest.disposals).toBe(1)
  })

  it('G-35: a session shuts its connection down in order, or kills it, and lets go of it once', async () => {
    const bench = new SessionBench()
    const closed = await bench.open('/dev/ttyA')
    await bench.manager.close(closed.sessionId, { mode: 'now' })
    const killed = await bench.open('/dev/ttyB')
    await bench.manager.kill(killed.sessionId)
    const [first, second] = bench.transports.made
    expect([first?.closes, second?.closes, second?.kills]).toEqual([1, 0, 1])
    expect(bench.protocols.made.map(protocol => [protocol.leaves, protocol.disposals])).toEqual([
      [1, 1],
      [0, 1],
    ])
  })

  it('G-27: every error says its code, and names what it is about', async () => {
    const bench = new SessionBench({ limit: 1 })
    const { sessionId } = await bench.open()
    expect(await failureOf(bench.open('/dev/ttyB'))).toMatchObject({ code: 'SessionLimitExceeded', message: expect.stringContaining('1') })
    expect(await failureOf(bench.manager.execute('session-none', '1'))).toMatchObject({ code: 'SessionNotFound' })
    await bench.manager.close(sessionId, { mode: 'now' })
    expect(await failureOf(bench.manager.execute(sessionId, '1'))).toMatchObject({
      code: 'SessionNotReady',
      message: expect.stringContaining('Disposed'),
    })
  })

  it('G-22, G-42, G-06: a session whose lease has run out is closed by the next sweep, the others stay', async () => {
    const bench = lively(new SessionBench())
    const leased = await bench.open('/dev/ttyA', { options: { leaseDurationMs: 10_000 } })
    const other = await bench.open('/dev/ttyB')
    expect(await bench.manager.closeExpiredLeases(bench.clock.now())).toBe(0)
    await bench.clock.advance(31_000)
    expect(bench.story(leased.sessionId)).toContain('disconnected lease-expired')
    expect(bench.manager.info(other.sessionId).snapshot.state).not.toBe('Disposed')
    expect(await bench.manager.closeExpiredLeases(bench.clock.now())).toBe(0)
  })

  it('G-42: of two leases the one that has ended by the given time is closed and counted, the other session stays ready', async () => {
    const bench = new SessionBench()
    const leased = await bench.open('/dev/ttyA', { options: { leaseDurationMs: 10_000 } })
    const other = await bench.open('/dev/ttyB', { options: { leaseDurationMs: 60_000 } })
    const at = bench.clock.now() + 10_000
    expect(await bench.manager.closeExpiredLeases(at)).toBe(1)
    expect(bench.story(leased.sessionId)).toContain('disconnected lease-expired')
    expect(bench.manager.info(other.sessionId).snapshot.state).toBe('Connected')
    expect(await bench.manager.closeExpiredLeases(at)).toBe(0)
  })

  it('G-07, E-42: one session that can’t be closed does not keep the others from closing, nor the app from quitting', async () => {
    const bench = new SessionBench()
    bench.settings.changeSession({ shutdownTimeoutMs: 3_000 })
    bench.transports.prepare = transport => {
      if (transport.port === '/dev/ttyB') transport.closeAnswer = 'hang'
    }
    for (const port of ['/dev/ttyA', '/dev/ttyB', '/dev/ttyC']) await bench.open(port)
    const shutdown = bench.manager.shutdown()
    expect(bench.manager.shutdown()).toBe(shutdown)
    await bench.clock.advance(5_000)
    await shutdown
    expect(bench.manager.state).toBe('Disposed')
    expect(bench.manager.status).toMatchObject({ open: 0, totalClosed: 3 })
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('E-08: two opens at once that both need the place of the one warm session do not both get it', async () => {
    const bench = new SessionBench({ limit: 1 })
    const { token } = await bench.manager.acquire({ port: '/dev/ttyA' })
    await bench.manager.release(token)
    const results = await Promise.allSettled([bench.open('/dev/ttyB'), bench.open('/dev/ttyC')])
    expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(bench.manager.status.open).toBe(1)
  })

  it('transport.block: a port that may not be used is refused with the reason', async () => {
    const bench = new SessionBench()
    bench.refusals.set('/dev/ttyS0', 'Not this one.')
    expect(await failureOf(bench.open('/dev/ttyS0'))).toMatchObject({ code: 'InvalidArgument', message: 'Not this one.' })
  })

  it('a session management that is turned off opens nothing, and keeps what is open', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open()
    bench.settings.change({ enableSessionManagement: false })
    expect((await failureOf(bench.open('/dev/ttyB'))).code).toBe('ServiceDisabled')
    expect((await failureOf(bench.manager.acquire({ port: '/dev/ttyB' }))).code).toBe('ServiceDisabled')
    expect(bench.manager.info(sessionId).snapshot.state).toBe('Connected')
  })

  it('G-36: a lower limit closes nothing, and holds for the next open; other settings hold for new sessions', async () => {
    const bench = new SessionBench()
    const first = await bench.open('/dev/ttyA')
    await bench.open('/dev/ttyB')
    bench.settings.change({ maxConcurrentSessions: 1 })
    bench.settings.changeSession({ operationTimeoutMs: 1_000 })
    expect(bench.manager.status).toMatchObject({ open: 2, limit: 1, health: { status: 'Degraded' } })
    expect((await failureOf(bench.open('/dev/ttyC'))).code).toBe('SessionLimitExceeded')
    expect(bench.manager.info(first.sessionId).options.operationTimeoutMs).toBe(10_000)
    bench.settings.change({ maxConcurrentSessions: 3 })
    const third = await bench.open('/dev/ttyC')
    expect(bench.manager.info(third.sessionId).options.operationTimeoutMs).toBe(1_000)
  })

  it('remembers as many closed sessions as the configuration says', async () => {
    const bench = new SessionBench({ settings: { tombstoneLimit: 1 } })
    for (const port of ['/dev/ttyA', '/dev/ttyB']) {
      const { sessionId } = await bench.open(port)
      await bench.manager.close(sessionId, { mode: 'now' })
    }
    expect(bench.manager.list({ includeClosed: true }).map(({ port }) => port)).toEqual(['/dev/ttyB'])
  })

  it('code is in the log only where the configuration says so', async () => {
    const bench = lively(new SessionBench())
    const { sessionId } = await bench.open()
    await bench.manager.execute(sessionId, 'secret = 1')
    expect(JSON.stringify(bench.logData)).not.toContain('secret')
    bench.settings.change({ logging: { level: 'info', snippets: true } })
    await bench.manager.execute(sessionId, 'secret = 1')
    expect(JSON.stringify(bench.logData)).toContain('secret')
  })

  it('E-31: a listener of events that throws keeps nothing from going on', async () => {
    const bench = lively(new SessionBench())
    bench.manager.onEvent(() => {
      throw new Error('no')
    })
    const { sessionId } = await bench.open()
    expect((await bench.manager.execute(sessionId, '1')).outcome).toBe('ok')
  })
})

describe('hooks of a manager', () => {
  it('B-21, B-22, B-25: hear of a session from its beginning to its end; the connected one runs code before the open resolves', async () => {
    const bench = lively(new SessionBench())
    const heard: string[] = []
    bench.manager.addHook({
      created: session => void heard.push(`created ${session.state}`),
      connected: async ({ sessionId, state }) => {
        heard.push(`connected ${state}`)
        await bench.manager.execute(sessionId, 'setup()')
        heard.push('set up')
      },
      disposed: session => void heard.push(`disposed ${session.state}`),
    })
    const opened = bench.open().then(({ sessionId }) => {
      heard.push('opened')
      return sessionId
    })
    await bench.manager.close(await opened, { mode: 'now' })
    expect(heard).toEqual(['created Created', 'connected Connected', 'set up', 'opened', 'disposed Disposed'])
    expect(bench.protocols.latest.codes).toEqual(['setup()'])
  })

  it('B-22, E-31: one that never settles holds the open up for the time limit of connecting, is told as an error, and no more', async () => {
    const bench = lively(new SessionBench())
    bench.manager.addHook({ connected: () => new Promise(() => {}) })
    let opened: SessionSnapshot | null = null
    void bench.open('/dev/ttyA', { options: { connectionTimeoutMs: 5_000 } }).then(session => {
      opened = session
    })
    await bench.clock.advance(4_999)
    expect(opened).toBeNull()
    await bench.clock.advance(1)
    expect(opened).toMatchObject({ fault: null })
    expect(bench.events.filter(event => event.type === 'error').map(event => event.message)[0]).toContain('did not end within 5 seconds')
  })

  it('B-23, B-24, B-26: hear why a session was lost, and may reconnect it', async () => {
    const bench = lively(new SessionBench())
    const heard: string[] = []
    bench.manager.addHook({
      disconnected: async ({ sessionId }, reason) => {
        heard.push(reason)
        if (reason === 'unexpected') await bench.manager.reconnect(sessionId)
        heard.push('again')
      },
      error: (_session, message) => void heard.push(message === '' ? 'nothing' : 'error'),
    })
    const { sessionId } = await bench.open('/dev/ttyA', { options: { autoReconnect: false } })
    bench.transports.latest.unplug()
    await settle()
    expect(heard).toEqual(['unexpected', 'error', 'again'])
    expect(bench.manager.info(sessionId).snapshot.state).toBe('Connected')
  })
})

describe('a computer that sleeps', () => {
  it('E-25: stops every ticker, and starts them again with a longer wait for leases', async () => {
    const bench = lively(new SessionBench())
    const { sessionId } = await bench.open('/dev/ttyA', { options: { leaseDurationMs: 10_000 } })
    bench.manager.suspend()
    bench.manager.suspend()
    await bench.clock.advance(60_000)
    expect(bench.manager.info(sessionId).snapshot.state).not.toBe('Disposed')
    bench.manager.resume()
    await bench.clock.advance(RESUME_LEASE_GRACE_MS - 1)
    expect(bench.story(sessionId)).not.toContain('disconnected lease-expired')
    await bench.clock.advance(METRIC_INTERVAL_MS)
    expect(bench.story(sessionId)).toContain('disconnected lease-expired')
    await bench.manager.shutdown()
    bench.manager.resume()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })
})
