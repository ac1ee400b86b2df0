import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import { TransportError } from '../../../electron/core/transport/transport'
import { CONNECTION_TIMEOUT_MS, HANDSHAKE_MARGIN_MS, MAX_SESSIONS, PORT_CLOSE_TIMEOUT_MS, ZOMBIE_PORT_MS } from '../../../shared/limits'
import type { PortInfo } from '../../../shared/model'
import { settle } from '../../fakes/fake-clock'
import { SOME_BOARD } from '../../fakes/fake-protocol'
import { failureOf, SessionBench } from './session-bench'

const PICO: PortInfo = {
  path: 'COM3',
  backend: 'serial',
  source: 'listed',
  present: true,
  deviceKey: 'usb:2e8a:0005:e66118604b2f',
  label: 'Pico',
  boardHint: 'RP2',
  usb: null,
  settings: { lines: 'raise', baudRate: null },
}

describe('opening a session', () => {
  it('B-27, T1: a new session is Created when its first event is heard', async () => {
    const bench = new SessionBench()
    const opening = bench.open()
    expect(bench.events[0]).toMatchObject({ seq: 1, type: 'created', snapshot: { state: 'Created', port: '/dev/ttyACM0', phase: null } })
    await opening
  })

  it('B-28, B-38, T2, T3: after its connect a session is exactly Connected, and knows its board', async () => {
    const bench = new SessionBench()
    const snapshot = await bench.open('/dev/ttyACM0', { clientSessionName: ' oven ', baudRate: 9_600 })
    expect(snapshot).toMatchObject({
      state: 'Connected',
      phase: null,
      port: '/dev/ttyACM0',
      deviceKey: 'path:/dev/ttyACM0',
      backend: 'serial',
      baudRate: 9_600,
      clientSessionName: 'oven',
      board: SOME_BOARD,
      fault: null,
      connectedAt: bench.clock.now(),
    })
    expect(snapshot.sessionId).toMatch(/^session-[0-9a-f]{32}$/)
    expect(bench.transports.latest.target).toMatchObject({ port: '/dev/ttyACM0', backend: 'serial', baudRate: 9_600 })
    await bench.clock.advance(60_000)
    expect(bench.manager.info(snapshot.sessionId).snapshot.state).toBe('Connected')
  })

  it('G-38: goes through its phases in order and is counted once', async () => {
    const bench = new SessionBench()
    await bench.open()
    expect(bench.story()).toEqual([
      'created',
      'Created > Connecting',
      'phase waitingForPort',
      'phase handshaking',
      'phase initializing',
      'Connecting > Connected',
      'connected',
    ])
    expect(bench.events.find(event => event.previous === 'Created')?.snapshot.phase).toBe('starting')
    expect(bench.manager.status).toMatchObject({ state: 'Active', open: 1, totalOpened: 1, totalClosed: 0, peakOpen: 1 })
  })

  it('takes backend, device and name from the port list, and speaks of the board by its label', async () => {
    const bench = new SessionBench()
    bench.ports.set('COM3', PICO)
    bench.ports.set('simulated:1', { ...PICO, path: 'simulated:1', backend: 'simulated', deviceKey: 'path:simulated:1' })
    expect(await bench.open('COM3')).toMatchObject({ deviceKey: PICO.deviceKey, baudRate: 115_200 })
    expect(await bench.open('simulated:1')).toMatchObject({ backend: 'simulated', baudRate: null })
    expect((await failureOf(bench.open('COM3'))).message).toMatch(/^Pico on COM3 could not be opened/)
  })

  it.each([
    ['no port', { port: ' ' }],
    ['a path too long', { port: 'x'.repeat(1_025) }],
    ['a broken baud rate', { port: 'COM1', baudRate: 9_600.5 }],
    ['a baud rate too low', { port: 'COM1', baudRate: 49 }],
    ['an endless connect', { port: 'COM1', options: { connectionTimeoutMs: Number.POSITIVE_INFINITY } }],
    ['a connect without time', { port: 'COM1', options: { connectionTimeoutMs: 499 } }],
    ['an endless operation', { port: 'COM1', options: { operationTimeoutMs: Number.POSITIVE_INFINITY } }],
    ['a time limit that is no number', { port: 'COM1', options: { operationTimeoutMs: Number.NaN } }],
  ])('refuses %s before anything begins', async (_what, input) => {
    const bench = new SessionBench()
    expect((await failureOf(bench.manager.open(input))).code).toBe('InvalidArgument')
    expect(bench.events).toEqual([])
    expect(bench.manager.state).toBe('Inactive')
  })

  it('G-20, G-28, E-07: the 65th session is refused, the limit is named, and a close makes room', async () => {
    const bench = new SessionBench()
    const snapshots = await Promise.all(Array.from({ length: MAX_SESSIONS }, (_, index) => bench.open(`/dev/ttyUSB${index}`)))
    const failure = await failureOf(bench.open('/dev/ttyUSB64'))
    expect(failure.code).toBe('SessionLimitExceeded')
    expect(failure.message).toContain('64')
    expect(bench.manager.status).toMatchObject({ open: 64, peakOpen: 64 })
    await bench.manager.close(snapshots[0]?.sessionId ?? '', { mode: 'now' })
    await bench.open('/dev/ttyUSB64')
    expect(bench.manager.status.open).toBe(64)
  })

  it('E-08: two opens at once do not both get the last place', async () => {
    const bench = new SessionBench({ limit: 1 })
    const [first, second] = await Promise.allSettled([bench.open('/dev/ttyACM0'), bench.open('/dev/ttyACM1')])
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected'])
    expect(bench.transports.made).toHaveLength(1)
  })

  it('E-07: opening, closing and lost sessions count; the place is free at Disconnected, not at the call of close', async () => {
    const bench = new SessionBench({ limit: 1 })
    bench.transports.prepare = transport => {
      transport.openAnswer = 'hang'
    }
    const opening = failureOf(bench.open('/dev/ttyACM0'))
    expect((await failureOf(bench.open('/dev/ttyACM1'))).code).toBe('SessionLimitExceeded')
    await bench.manager.close(bench.latestId, { mode: 'now' })
    await opening

    bench.transports.prepare = () => {}
    const { sessionId } = await bench.open('/dev/ttyACM0')
    bench.transports.latest.unplug()
    expect(bench.manager.info(sessionId).snapshot.state).toBe('Error')
    expect((await failureOf(bench.open('/dev/ttyACM1'))).code).toBe('SessionLimitExceeded')
    const closing = bench.manager.close(sessionId, { mode: 'now' })
    expect((await failureOf(bench.open('/dev/ttyACM1'))).code).toBe('SessionLimitExceeded')
    await closing
    await bench.open('/dev/ttyACM1')
  })

  it('E-05: one port twice at once: the second is refused before the system is asked, and told who has it', async () => {
    const bench = new SessionBench()
    const first = bench.open('/dev/ttyACM0', { clientSessionName: 'oven' })
    const failure = await failureOf(bench.open('/dev/ttyACM0'))
    expect(failure.info).toMatchObject({ code: 'OpenFailed', reason: 'port-in-use' })
    expect(failure.message).toContain('oven')
    expect(failure.message).toContain('/dev/ttyACM0')
    await first
    expect(bench.transports.made).toHaveLength(1)
    expect(bench.manager.status).toMatchObject({ open: 1, totalOpened: 1 })
  })

  it('E-05: the port of an open that fails stays its own until the session is gone', async () => {
    const bench = new SessionBench()
    bench.transports.prepare = transport => {
      transport.openAnswer = new TransportError('port-error', 'The port answers with an error.')
    }
    let isOver = false
    const first = failureOf(bench.open('/dev/ttyACM0')).finally(() => {
      isOver = true
    })
    const disposed = (): boolean => bench.events.some(event => event.type === 'disposed')
    while (!disposed()) {
      expect((await failureOf(bench.open('/dev/ttyACM0'))).reason).toBe('port-in-use')
    }
    await first
    expect(isOver).toBe(true)
    bench.transports.prepare = () => {}
    await bench.open('/dev/ttyACM0')
  })

  it('E-05: two paths of one device are one port', async () => {
    const bench = new SessionBench()
    bench.ports.set('/dev/ttyACM0', { ...PICO, path: '/dev/ttyACM0' })
    bench.ports.set('/dev/serial/by-id/pico', { ...PICO, path: '/dev/serial/by-id/pico' })
    await bench.open('/dev/ttyACM0')
    expect((await failureOf(bench.open('/dev/serial/by-id/pico'))).reason).toBe('port-in-use')
  })

  it('E-05: COM3 and com3 are one port on Windows alone', async () => {
    const windows = new SessionBench({ platform: 'win32' })
    await windows.open('COM3')
    expect((await failureOf(windows.open('com3'))).reason).toBe('port-in-use')
    const linux = new SessionBench({ platform: 'linux' })
    await linux.open('COM3')
    await linux.open('com3')
    expect(linux.manager.status.open).toBe(2)
  })

  it('E-06, G-23, G-24, G-41, T4: a failed open is told with its cause and leaves nothing behind', async () => {
    const bench = new SessionBench()
    bench.transports.prepare = transport => {
      transport.openAnswer = new TransportError('port-in-use', '/dev/ttyACM0 is in use by minicom.', 'Close minicom.')
    }
    const failure = await failureOf(bench.open())
    expect(failure.info).toMatchObject({ code: 'OpenFailed', reason: 'port-in-use', hint: 'Close minicom.', sessionId: bench.latestId })
    expect(failure.message).toBe('The board on /dev/ttyACM0 could not be opened. /dev/ttyACM0 is in use by minicom.')
    expect(bench.story()).toEqual([
      'created',
      'Created > Connecting',
      'phase waitingForPort',
      'Connecting > Error',
      'error',
      'Error > Disposed',
      'disposed',
    ])
    const fault = bench.events.find(event => event.type === 'error')?.snapshot.fault
    expect(fault).toMatchObject({ code: 'OpenFailed', reason: 'port-in-use', final: true })
    expect(bench.manager.status).toMatchObject({ open: 0, totalOpened: 0, totalClosed: 0, peakOpen: 1 })
    expect(bench.manager.list({ includeClosed: true })).toEqual([])
    expect((await failureOf(bench.manager.close(bench.latestId, { mode: 'now' }))).code).toBe('SessionNotFound')
    expect(bench.logged).toContain('A session could not be opened.')
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })

    bench.transports.prepare = () => {}
    await bench.open()
  })

  it.each([
    ['no-reply', new ProtocolError('no-reply', 'The board sent nothing.', 'Is it a board?')],
    ['not-micropython', new ProtocolError('not-micropython', 'Something else answered.')],
  ])('T4: a handshake that ends with %s fails the open, ends protocol and port, and frees the port at once', async (reason, error) => {
    const bench = new SessionBench()
    bench.protocols.prepare = protocol => {
      protocol.enterAnswer = error
    }
    const failure = await failureOf(bench.open())
    expect(failure.info).toMatchObject({ code: 'OpenFailed', reason })
    expect(failure.message).toContain('/dev/ttyACM0')
    expect(bench.protocols.latest.disposals).toBe(1)
    expect(bench.transports.latest.kills).toBe(1)
    bench.protocols.prepare = () => {}
    await bench.open()
  })

  it('T4: an error of our own says so, and is logged', async () => {
    const bench = new SessionBench()
    bench.transports.prepare = () => {
      throw new TypeError('a defect')
    }
    const failure = await failureOf(bench.open())
    expect(failure.code).toBe('OpenFailed')
    expect(failure.cause).toBeInstanceOf(TypeError)
    bench.transports.prepare = () => {}
    await bench.open()
  })

  it.each(['open', 'enter', 'identify'] as const)('T2, T4: the whole open is bounded, also when %s hangs for ever', async place => {
    const bench = new SessionBench()
    bench.transports.prepare = transport => {
      if (place === 'open') transport.openAnswer = 'hang-for-ever'
    }
    bench.protocols.prepare = protocol => {
      if (place === 'enter') protocol.enterAnswer = 'hang'
      if (place === 'identify') protocol.identifyAnswer = 'hang'
    }
    const failing = failureOf(bench.open('/dev/ttyACM0', { options: { connectionTimeoutMs: 2_000 } }))
    await bench.clock.advance(1_999)
    expect(bench.manager.status.open).toBe(1)
    await bench.clock.advance(1)
    expect((await failing).info).toMatchObject({ code: 'OpenFailed', reason: 'timeout' })
    expect(bench.transports.latest.kills).toBe(1)
    expect(bench.manager.status.open).toBe(0)
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('gives the handshake a little less than the whole, so that it can say itself what is wrong', async () => {
    const bench = new SessionBench()
    await bench.open()
    expect(bench.protocols.latest.enterTimeoutMs).toBe(CONNECTION_TIMEOUT_MS - HANDSHAKE_MARGIN_MS)
  })

  it('T4: a board that is unplugged during the handshake fails the open as disconnected', async () => {
    const bench = new SessionBench()
    bench.protocols.prepare = protocol => {
      protocol.enterAnswer = 'hang'
    }
    const failing = failureOf(bench.open())
    await settle()
    bench.transports.latest.unplug()
    expect((await failing).info).toMatchObject({ code: 'OpenFailed', reason: 'disconnected' })
  })

  it('G-24: an id that is taken already fails the open, and gives the port back', async () => {
    const ids = ['a', 'a', 'b']
    const bench = new SessionBench({ newId: () => ids.shift() ?? '' })
    await bench.open('/dev/ttyACM0')
    expect((await failureOf(bench.open('/dev/ttyACM1'))).code).toBe('OpenFailed')
    await bench.open('/dev/ttyACM1')
    expect(bench.manager.status).toMatchObject({ open: 2, totalOpened: 2 })
  })

  it.each(['open', 'enter', 'identify'] as const)('E-03: a close while %s is under way ends the open', async place => {
    const bench = new SessionBench()
    bench.transports.prepare = transport => {
      if (place === 'open') transport.openAnswer = 'hang'
    }
    bench.protocols.prepare = protocol => {
      if (place === 'enter') protocol.enterAnswer = 'hang'
      if (place === 'identify') protocol.identifyAnswer = 'hang'
    }
    const failing = failureOf(bench.open())
    await settle()
    const [first, second] = await Promise.all([
      bench.manager.close(bench.latestId, { mode: 'flush' }),
      bench.manager.close(bench.latestId, { mode: 'flush' }),
    ])
    expect(first).toMatchObject({ alreadyClosed: false, finalState: 'Closed', state: 'Disposed', reason: 'client-close', killed: false })
    expect(second.alreadyClosed).toBe(true)
    expect((await failing).info).toMatchObject({ code: 'OpenFailed', reason: 'closed-during-open' })
    expect(bench.manager.status).toMatchObject({ open: 0, totalOpened: 0, totalClosed: 0 })
    expect(bench.transports.latest.isOpen).toBe(false)
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    bench.transports.prepare = () => {}
    bench.protocols.prepare = () => {}
    await bench.open()
  })

  it('E-03: a kill while opening ends it at once, also when the port never answers', async () => {
    const bench = new SessionBench()
    bench.transports.prepare = transport => {
      transport.openAnswer = 'hang-for-ever'
      transport.releasesItself = false
    }
    const failing = failureOf(bench.open())
    await settle()
    expect(await bench.manager.kill(bench.latestId)).toMatchObject({ alreadyClosed: false, reason: 'killed', killed: true })
    expect((await failing).reason).toBe('closed-during-open')
    expect(bench.manager.status.open).toBe(0)
  })

  it.each(['close', 'kill'] as const)('E-03: at whatever moment a %s comes, the open either succeeded before it or fails', async how => {
    const outcomes = new Set<string>()
    for (let turns = 0; turns < 60; turns++) {
      const bench = new SessionBench()
      const opening = bench.open().then(
        () => 'opened',
        error => error.reason,
      )
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      const result = await (how === 'close' ? bench.manager.close(bench.latestId, { mode: 'now' }) : bench.manager.kill(bench.latestId))
      const wasConnected = bench.story().includes('connected')
      const outcome = await opening
      outcomes.add(outcome)
      expect([turns, outcome]).toEqual([turns, wasConnected ? 'opened' : 'closed-during-open'])
      expect(result).toMatchObject({ alreadyClosed: false, killed: how === 'kill' })
      expect(bench.story().at(-1)).toBe('disposed')
      expect(bench.manager.status).toMatchObject({ open: 0, totalOpened: wasConnected ? 1 : 0, totalClosed: wasConnected ? 1 : 0 })
      await bench.quiet()
      expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    }
    expect(outcomes).toEqual(new Set(['opened', 'closed-during-open']))
  })

  it('E-03: a listener that closes the session it just heard of gets its close', async () => {
    const bench = new SessionBench()
    const closing: Promise<unknown>[] = []
    bench.manager.onEvent(event => {
      if (event.type === 'created') closing.push(bench.manager.kill(event.sessionId))
    })
    expect((await failureOf(bench.open())).reason).toBe('closed-during-open')
    await Promise.all(closing)
    expect(bench.transports.made).toEqual([])
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('keeps a port that the system does not let go of reserved, says so, and gives up after a while', async () => {
    const bench = new SessionBench()
    bench.transports.prepare = transport => {
      transport.releasesItself = false
    }
    const { sessionId } = await bench.open()
    await bench.manager.kill(sessionId)
    const failure = await failureOf(bench.open())
    expect(failure.info).toMatchObject({ reason: 'port-in-use', retry: true })
    expect(failure.message).toContain('has not let go')
    await bench.clock.advance(ZOMBIE_PORT_MS)
    await bench.open()

    await bench.manager.kill(bench.latestId)
    bench.transports.latest.release()
    await settle()
    await bench.open()
    expect(bench.manager.status.open).toBe(1)
  })

  it('a failed open waits a moment for its port, but not for ever', async () => {
    const bench = new SessionBench()
    bench.transports.prepare = transport => {
      transport.releasesItself = false
      transport.openAnswer = new TransportError('not-found', 'There is no /dev/ttyACM0.')
    }
    let hasFailed = false
    const failing = failureOf(bench.open()).then(() => {
      hasFailed = true
    })
    await bench.clock.advance(PORT_CLOSE_TIMEOUT_MS - 1)
    expect(hasFailed).toBe(false)
    await bench.clock.advance(1)
    await failing
    expect(hasFailed).toBe(true)
  })
})
