import { describe, expect, it } from 'vitest'
import { TransportError } from '../../../electron/core/transport/transport'
import { FakeTransport } from '../../fakes/fake-transport'
import { FailingFactory, QueueingFactory } from '../../fakes/transport-factories'
import { failureOf, SessionBench } from './session-bench'

const FIRST = { port: '/dev/ttyACM0', backend: 'serial', baudRate: 115_200 } as const
const SECOND = { ...FIRST, port: '/dev/ttyACM1' } as const

describe('a session over what its factory makes', () => {
  it('asks once for a transport, and for the one that is meant (recording factory, G-03, G-38)', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open('/dev/ttyACM0', { baudRate: 9_600 })
    expect(bench.transports.made.map(({ target, opens }) => [target.port, target.baudRate, opens])).toEqual([['/dev/ttyACM0', 9_600, 1]])
    expect(bench.manager.tryGetSession(sessionId)?.snapshot).toMatchObject({ sessionId, state: 'Connected' })
    expect(bench.manager.status).toMatchObject({ open: 1, totalOpened: 1 })
  })

  it('shuts every one down once, and all are closed (queueing factory, G-07, G-43)', async () => {
    const [one, two] = [new FakeTransport(FIRST), new FakeTransport(SECOND)]
    const transports = new QueueingFactory(one, two)
    const bench = new SessionBench({ transports })
    await bench.open('/dev/ttyACM0')
    await bench.open('/dev/ttyACM1')
    expect(transports.left).toBe(0)
    await bench.manager.shutdown()
    expect([one, two].map(({ closes, kills, isOpen }) => [closes + kills, isOpen])).toEqual([
      [1, false],
      [1, false],
    ])
    expect(bench.protocols.made.map(({ disposals }) => disposals)).toEqual([1, 1])
    expect(bench.metrics.of('sessionClosed')).toHaveLength(2)
    expect(bench.statuses.at(-1)).toMatchObject({ open: 0, totalClosed: 2 })
  })

  it('fails to open, counted as a fault and not as an opening (failing factory, G-23, G-41)', async () => {
    const transports = new FailingFactory(new TransportError('port-error', 'There is no such thing as a port.'))
    const bench = new SessionBench({ transports })
    expect(await failureOf(bench.open())).toMatchObject({ code: 'OpenFailed', reason: 'port-error' })
    expect(transports.wishes).toBe(1)
    expect(bench.manager.status).toMatchObject({ open: 0, totalOpened: 0 })
    expect(bench.metrics.of('sessionOpened', 'fault')).toEqual(['fault OpenFailed'])
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('passes a call on once while it is ready, and not at all when it is lost (counting client, G-39)', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open('/dev/ttyACM0', { options: { autoReconnect: false } })
    const client = bench.protocols.latest
    client.answer = () => ({})
    await bench.manager.execute(sessionId, 'print(1)')
    expect(client.codes).toEqual(['print(1)'])
    bench.transports.latest.unplug()
    expect(await failureOf(bench.manager.execute(sessionId, 'print(2)'))).toMatchObject({ code: 'SessionNotReady' })
    expect(client.codes).toEqual(['print(1)'])
  })

  it('is shut down once however often it is closed (counting client, G-40)', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open()
    expect(await bench.manager.close(sessionId, { mode: 'flush' })).toMatchObject({ alreadyClosed: false, finalState: 'Closed' })
    expect(await bench.manager.close(sessionId, { mode: 'flush' })).toMatchObject({ alreadyClosed: true, finalState: 'Closed' })
    expect([bench.protocols.latest.leaves, bench.protocols.latest.disposals, bench.transports.latest.closes]).toEqual([1, 1, 1])
    expect(bench.manager.status).toMatchObject({ open: 0, totalClosed: 1 })
  })
})
