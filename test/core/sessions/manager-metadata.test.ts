import { describe, expect, it } from 'vitest'
import type { Notice, PortInfo, SessionSnapshot } from '../../../shared/model'
import { settle } from '../../fakes/fake-clock'
import { SOME_BOARD } from '../../fakes/fake-protocol'
import { failureOf, SessionBench } from './session-bench'

class NoticeBench extends SessionBench {
  readonly notices: string[] = []

  subscribe(kind: Notice['kind'], dataSource: string): { dispose(): void } {
    return this.manager.notifications.subscribe(kind, dataSource, ({ sessionKey, seq }) =>
      this.notices.push(`${kind} ${sessionKey} ${seq}`),
    )
  }

  group(clientSessionName: string, associateSessionKeys: readonly string[] = [], dataSource = 'lab'): Promise<SessionSnapshot> {
    return this.manager.open({ backend: 'none', clientSessionName, metadata: { dataSource, associateSessionKeys } })
  }
}

describe('what is said about a session', () => {
  it('S-01, S-02, S-05, S-06: comes with the open; the key is made for it, and is its id', async () => {
    const bench = new SessionBench()
    const session = await bench.manager.open({
      port: '/dev/ttyA',
      metadata: { dataSource: 'oven', type: 'Run', version: 2, utcOffsetSeconds: 3_600, identifier: 'lap 1', details: { driver: 'Ada' } },
    })
    expect(session.sessionId).toMatch(/^session-[0-9a-f]{32}$/)
    expect(session.metadata).toEqual({
      dataSource: 'oven',
      type: 'Run',
      version: 2,
      utcOffsetSeconds: 3_600,
      identifier: 'lap 1',
      details: { driver: 'Ada' },
      associateSessionKeys: [],
    })
    expect((await bench.open('/dev/ttyB')).metadata).toMatchObject({ dataSource: 'path:/dev/ttyB', type: 'Session', version: 1 })
  })

  it('S-02: is made, watched, changed while it runs, and ended with all of it let go of', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.manager.open({ port: '/dev/ttyA', metadata: { dataSource: 'oven' } })
    expect(bench.manager.list({ includeClosed: false, dataSource: 'oven' })).toMatchObject([{ sessionId, state: 'Connected' }])
    bench.manager.updateDetails(sessionId, { status: 'warm' })
    expect(bench.events.at(-1)).toMatchObject({ type: 'infoUpdated', sessionId, snapshot: { metadata: { details: { status: 'warm' } } } })
    await bench.manager.close(sessionId, { mode: 'flush' })
    expect(bench.manager.list({ includeClosed: false })).toEqual([])
    expect(bench.manager.info(sessionId).snapshot).toMatchObject({ state: 'Disposed', metadata: { details: { status: 'warm' } } })
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    expect((await bench.open('/dev/ttyA')).metadata.details).toEqual({})
  })

  it('S-03, S-07: details change key by key while it runs; null takes one away; a change of nothing is not told', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.manager.open({ port: '/dev/ttyA', metadata: { details: { status: 'ready', lap: '1' } } })
    const told = (): number => bench.events.filter(event => event.type === 'infoUpdated').length
    const before = told()
    expect(bench.manager.updateDetails(sessionId, { lap: '2', driver: 'Ada', status: null }).metadata.details).toEqual({
      lap: '2',
      driver: 'Ada',
    })
    expect(told()).toBe(before + 1)
    bench.manager.updateDetails(sessionId, { lap: '2', status: null })
    expect(told()).toBe(before + 1)
    expect(bench.manager.updateIdentifier(sessionId, 'lap 2').metadata.identifier).toBe('lap 2')
  })

  it('S-08, E-39: is closed by its key, also with its data source; another data source closes nothing', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.manager.open({ port: '/dev/ttyA', metadata: { dataSource: 'oven' } })
    const wrong = await failureOf(bench.manager.close(sessionId, { mode: 'now', dataSource: 'Oven' }))
    expect([wrong.code, bench.manager.info(sessionId).snapshot.state]).toEqual(['InvalidArgument', 'Connected'])
    expect(await bench.manager.close(sessionId, { mode: 'now', dataSource: 'oven' })).toMatchObject({
      alreadyClosed: false,
      finalState: 'Closed',
    })
    expect(await bench.manager.close(sessionId, { mode: 'now', dataSource: 'oven' })).toMatchObject({ alreadyClosed: true })
    expect((await failureOf(bench.manager.close('session-none', { mode: 'now' }))).code).toBe('SessionNotFound')
  })

  it('S-10, S-11: is asked for by key, and listed by data source, with the closed ones when wanted', async () => {
    const bench = new SessionBench()
    const open = await bench.manager.open({ port: '/dev/ttyA', metadata: { dataSource: 'lab' } })
    const closed = await bench.manager.open({ port: '/dev/ttyB', metadata: { dataSource: 'lab' } })
    await bench.open('/dev/ttyC')
    await bench.manager.close(closed.sessionId, { mode: 'now' })
    const keys = (includeClosed: boolean): readonly string[] =>
      bench.manager.list({ includeClosed, dataSource: 'lab' }).map(({ sessionId }) => sessionId)
    expect(keys(false)).toEqual([open.sessionId])
    expect(keys(true)).toEqual([open.sessionId, closed.sessionId])
    expect(bench.manager.info(closed.sessionId)).toMatchObject({ snapshot: { state: 'Disposed' }, options: { profile: 'standard' } })
    expect(bench.manager.info(closed.sessionId).history.at(-1)).toMatchObject({ state: 'Disposed' })
  })

  it('E-39: a closed session takes no more changes', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open()
    await bench.manager.close(sessionId, { mode: 'now' })
    for (const change of [
      () => bench.manager.updateDetails(sessionId, { a: 'b' }),
      () => bench.manager.updateIdentifier(sessionId, 'x'),
      () => bench.manager.associate(sessionId, []),
      () => bench.manager.extendLease(sessionId, null),
      () => bench.manager.configure(sessionId, { autoReconnect: false }),
      () => bench.manager.filters(sessionId),
      () => bench.manager.attributes(sessionId),
      () => bench.manager.samplers.start(sessionId, { code: '1', intervalMs: 1_000 }),
    ]) {
      expect(change).toThrow(expect.objectContaining({ code: 'SessionNotReady' }))
    }
  })

  it('S-21: the service is off where the configuration says so, from the next call on', async () => {
    const bench = new NoticeBench()
    const { sessionId } = await bench.open()
    bench.settings.change({ integrateSessionManagement: false })
    for (const call of [
      () => bench.manager.updateDetails(sessionId, { a: 'b' }),
      () => bench.manager.updateIdentifier(sessionId, 'x'),
      () => bench.manager.associate(sessionId, []),
      () => bench.subscribe('start', 'lab'),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: 'ServiceDisabled' }))
    }
    bench.settings.change({ integrateSessionManagement: true })
    bench.manager.updateDetails(sessionId, { a: 'b' })
  })
})

describe('sessions that belong to others', () => {
  it('S-09: children first: a group is opened over them; it runs nothing and needs no port', async () => {
    const bench = new NoticeBench()
    const [a, b] = [await bench.open('/dev/ttyA'), await bench.open('/dev/ttyB')]
    const group = await bench.group('ovens', [a.sessionId, b.sessionId, a.sessionId])
    expect(group).toMatchObject({
      backend: 'none',
      state: 'Connected',
      port: '',
      baudRate: null,
      metadata: { associateSessionKeys: [a.sessionId, b.sessionId] },
    })
    expect((await failureOf(bench.manager.execute(group.sessionId, '1'))).code).toBe('SessionNotReady')
    expect(() => bench.manager.samplers.start(group.sessionId, { code: '1', intervalMs: 1_000 })).toThrow(
      expect.objectContaining({ code: 'SessionNotReady' }),
    )
    await bench.clock.advance(600_000)
    expect(bench.manager.info(group.sessionId).snapshot.state).toBe('Connected')
    expect((await failureOf(bench.group('wrong', ['session-none']))).code).toBe('InvalidArgument')
  })

  it('S-09: more may be added later, none twice, and never in a circle', async () => {
    const bench = new NoticeBench()
    const [a, b] = [await bench.group('a'), await bench.group('b')]
    expect(bench.manager.associate(a.sessionId, [b.sessionId, b.sessionId]).metadata.associateSessionKeys).toEqual([b.sessionId])
    expect(() => bench.manager.associate(b.sessionId, [a.sessionId])).toThrow(expect.objectContaining({ reason: 'cycle' }))
  })

  it('S-09: closing takes the others along only when asked to', async () => {
    const bench = new NoticeBench()
    const leaf = await bench.open('/dev/ttyA')
    const inner = await bench.group('inner', [leaf.sessionId])
    const outer = await bench.group('outer', [inner.sessionId])
    const second = await bench.group('second', [inner.sessionId])
    await bench.manager.close(second.sessionId, { mode: 'flush' })
    expect(bench.manager.list({ includeClosed: false })).toHaveLength(3)
    await bench.manager.close(outer.sessionId, { mode: 'flush', cascade: true })
    expect(bench.manager.list({ includeClosed: false })).toEqual([])
  })
})

describe('the start and stop of sessions', () => {
  it('S-04, S-12, S-13, S-20: are told to who watches a data source, whoever opens and closes', async () => {
    const bench = new NoticeBench()
    for (const kind of ['start', 'stop'] as const) bench.subscribe(kind, 'path:/dev/ttyA')
    const { sessionId } = await bench.open('/dev/ttyA')
    await bench.open('/dev/ttyB')
    await bench.manager.close(sessionId, { mode: 'now' })
    const { token, session } = await bench.manager.acquire({ port: '/dev/ttyA' })
    await bench.manager.release(token)
    expect(bench.notices).toEqual([`start ${sessionId} 1`, `stop ${sessionId} 1`, `start ${session.sessionId} 2`])
  })

  it('S-16, E-27: come when the session is as they say: open at the start, closed at the stop', async () => {
    const bench = new NoticeBench()
    const seen: string[] = []
    const look = (notice: Notice): void => void seen.push(`${notice.kind} ${bench.manager.info(notice.sessionKey).snapshot.state}`)
    for (const kind of ['start', 'stop'] as const) bench.manager.notifications.subscribe(kind, 'path:/dev/ttyA', look)
    bench.manager.addHook({ connected: () => void seen.push('hook') })
    const { sessionId } = await bench.open('/dev/ttyA')
    seen.push('opened')
    await bench.manager.close(sessionId, { mode: 'now' })
    expect(seen).toEqual(['hook', 'start Connected', 'opened', 'stop Disconnected'])
  })

  it.each(['close', 'failed close', 'kill', 'shutdown'] as const)(
    'E-27: there is exactly one stop after a start, also with a %s',
    async how => {
      const bench = new NoticeBench()
      if (how === 'failed close') {
        bench.transports.prepare = transport => {
          transport.closeAnswer = new Error('no')
        }
      }
      for (const kind of ['start', 'stop'] as const) bench.subscribe(kind, 'path:/dev/ttyA')
      const { sessionId } = await bench.open('/dev/ttyA')
      const ending =
        how === 'kill'
          ? bench.manager.kill(sessionId)
          : how === 'shutdown'
            ? bench.manager.shutdown()
            : bench.manager.close(sessionId, { mode: 'now' })
      await ending.catch(() => undefined)
      await bench.clock.advance(20_000)
      expect(bench.notices).toEqual([`start ${sessionId} 1`, `stop ${sessionId} 1`])
    },
  )

  it('S-18, S-19: are not told of an open that fails, and not again after a reconnect', async () => {
    const bench = new NoticeBench()
    for (const kind of ['start', 'stop'] as const) bench.subscribe(kind, 'path:/dev/ttyA')
    bench.transports.prepare = transport => {
      if (bench.transports.made.length === 1) transport.openAnswer = new Error('no')
    }
    await failureOf(bench.open('/dev/ttyA'))
    expect(bench.notices).toEqual([])
    const { sessionId } = await bench.open('/dev/ttyA')
    bench.transports.latest.unplug()
    await bench.clock.advance(2_000)
    expect(bench.manager.info(sessionId).snapshot.statistics.reconnects).toBe(1)
    expect(bench.notices).toEqual([`start ${sessionId} 1`])
  })

  it('S-12: a group session starts and stops like any other', async () => {
    const bench = new NoticeBench()
    for (const kind of ['start', 'stop'] as const) bench.subscribe(kind, 'lab')
    const { sessionId } = await bench.group('ovens')
    await bench.manager.close(sessionId, { mode: 'flush' })
    expect(bench.notices).toEqual([`start ${sessionId} 1`, `stop ${sessionId} 1`])
  })
})

describe('ports of a manager', () => {
  const PICO: PortInfo = {
    path: '/dev/ttyACM0',
    backend: 'serial',
    source: 'listed',
    present: true,
    deviceKey: 'usb:2e8a:0005:e66',
    label: 'Pico',
    boardHint: null,
    usb: null,
    settings: { lines: 'raise', baudRate: null },
  }

  it('E-05: an impostor on the path of a lost device can be opened, while that device stays its session’s', async () => {
    const bench = new SessionBench()
    bench.ports.set(PICO.path, PICO)
    bench.devices.put(PICO.deviceKey, PICO.path)
    const lost = await bench.open(PICO.path)
    bench.devices.put(PICO.deviceKey, null)
    bench.transports.latest.unplug()
    await settle()
    bench.ports.set(PICO.path, { ...PICO, deviceKey: 'usb:1a86:7523:x', label: 'Impostor' })
    bench.ports.set('/dev/ttyACM9', { ...PICO, path: '/dev/ttyACM9' })
    const impostor = await bench.open(PICO.path)
    expect(impostor).toMatchObject({ portLabel: 'Impostor', state: 'Connected' })
    expect(await failureOf(bench.open('/dev/ttyACM9'))).toMatchObject({ code: 'OpenFailed', reason: 'port-in-use' })
    expect(bench.manager.info(lost.sessionId).snapshot.state).toBe('Error')
    await bench.manager.shutdown()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('G-01: what a board has said is its own session’s, also while it is away; who opens its path asks anew', async () => {
    const bench = new SessionBench()
    bench.ports.set(PICO.path, PICO)
    bench.devices.put(PICO.deviceKey, PICO.path)
    const lost = await bench.open(PICO.path)
    bench.devices.put(PICO.deviceKey, null)
    bench.transports.latest.unplug()
    await settle()
    bench.ports.set(PICO.path, { ...PICO, deviceKey: 'usb:1a86:7523:x', label: 'Impostor' })
    bench.protocols.prepare = protocol => {
      protocol.board = { ...SOME_BOARD, uniqueId: 'another' }
    }
    const known: (readonly [string, string | null])[] = []
    bench.manager.onEvent(({ sessionId, snapshot }) => {
      if (sessionId !== lost.sessionId) known.push([snapshot.state, snapshot.board?.uniqueId ?? null])
    })
    await bench.open(PICO.path)
    expect(known.filter(([state]) => state !== 'Connected').map(([, uniqueId]) => uniqueId)).toEqual(Array(5).fill(null))
    expect(known.at(-1)).toEqual(['Connected', 'another'])
    expect(bench.manager.info(lost.sessionId).snapshot).toMatchObject({ state: 'Error', board: { uniqueId: SOME_BOARD.uniqueId } })
  })

  it('E-05: a path that nobody has listed is looked at first: it may lead to a device that is open', async () => {
    const link = '/dev/serial/by-id/pico'
    const bench = new SessionBench({
      ports: {
        find: path => (path === PICO.path ? PICO : undefined),
        locate: () => null,
        refusal: () => null,
        identify: async path => (path === link ? { ...PICO, path, source: 'typed' } : undefined),
      },
    })
    await bench.open(PICO.path)
    expect(await failureOf(bench.open(link))).toMatchObject({ code: 'OpenFailed', reason: 'port-in-use' })
    expect(await bench.open('/dev/pts/1')).toMatchObject({ deviceKey: 'path:/dev/pts/1' })
  })
})
