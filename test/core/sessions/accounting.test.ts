import { describe, expect, it } from 'vitest'
import { RECONNECT_DELAY_MS, SHUTDOWN_TIMEOUT_MS } from '../../../shared/limits'
import { OpenBench } from './open-bench'
import { failureOf, SessionBench } from './session-bench'

describe('what is counted of a session', () => {
  it('G-37, G-40: one opening, one closing with its reason and its length, whatever comes twice', async () => {
    const bench = await OpenBench.create()
    await bench.clock.advance(5_000)
    await bench.manager.close(bench.sessionId, { mode: 'now' })
    await bench.manager.close(bench.sessionId, { mode: 'now' })
    await bench.manager.kill(bench.sessionId)
    expect(bench.metrics.of('sessionOpened', 'sessionClosed', 'transportKilled', 'fault', 'forget')).toEqual([
      'sessionOpened',
      `sessionClosed ${bench.sessionId} client-close 5000`,
      `forget ${bench.sessionId}`,
    ])
  })

  it('E-25: its length is that of the time which passed, whatever the clock of the computer was set to', async () => {
    const bench = await OpenBench.create()
    await bench.clock.advance(5_000)
    bench.clock.setWallClock(-3_600_000)
    await bench.manager.close(bench.sessionId, { mode: 'now' })
    expect(bench.metrics.of('sessionClosed')).toEqual([`sessionClosed ${bench.sessionId} client-close 5000`])
  })

  it('B-18: its end is one line of the log, with its length, operations and errors', async () => {
    const bench = await OpenBench.create()
    const ok = bench.run()
    bench.board.finish()
    await ok
    const raised = bench.run()
    bench.board.finish({ outcome: 'exception' })
    await raised
    await bench.clock.advance(5_000)
    await bench.manager.close(bench.sessionId, { mode: 'now' })
    await bench.manager.kill(bench.sessionId)
    expect(bench.logData.filter((_data, index) => bench.logged[index] === 'A session has ended.')).toMatchObject([
      { sessionId: bench.sessionId, reason: 'client-close', durationMs: 5_000, operations: 2, errors: 1 },
    ])
  })

  it('E-12, G-26: a close that fails is a fault and a kill, and still one closing', async () => {
    const bench = await OpenBench.create()
    bench.transport.closeAnswer = 'hang'
    const closing = failureOf(bench.manager.close(bench.sessionId, { mode: 'flush' }))
    await bench.clock.advance(SHUTDOWN_TIMEOUT_MS)
    expect((await closing).code).toBe('CloseFailed')
    expect(bench.metrics.of('sessionClosed', 'transportKilled', 'fault')).toEqual([
      'fault CloseFailed',
      'transportKilled CloseFailed',
      `sessionClosed ${bench.sessionId} client-close ${SHUTDOWN_TIMEOUT_MS}`,
    ])
  })

  it('E-12, G-18: a kill counts like a close', async () => {
    const bench = await OpenBench.create()
    await bench.manager.kill(bench.sessionId)
    expect(bench.metrics.of('sessionClosed', 'transportKilled')).toEqual([
      'transportKilled SessionKilled',
      `sessionClosed ${bench.sessionId} killed 0`,
    ])
  })

  it('G-24, G-41: a failed open is one fault and no opening; a transport that was made was killed', async () => {
    const bench = new SessionBench()
    bench.transports.prepare = transport => {
      transport.openAnswer = new Error('no')
    }
    await failureOf(bench.open())
    expect(bench.metrics.of('sessionOpened', 'sessionClosed', 'fault', 'transportKilled', 'forget')).toEqual([
      'fault OpenFailed',
      'transportKilled OpenSessionFailed',
      `forget ${bench.latestId}`,
    ])
  })

  it('T8: a loss is a fault by its code, and no closing', async () => {
    const bench = await OpenBench.onUsb()
    bench.transport.unplug()
    await bench.clock.advance(RECONNECT_DELAY_MS)
    expect(bench.metrics.of('fault', 'sessionOpened', 'sessionClosed')).toEqual(['sessionOpened', 'fault OperationFailed'])
  })

  it('B-17: every operation with its duration and whether it went well', async () => {
    const bench = await OpenBench.create()
    const ok = bench.run()
    bench.board.finish({ durationMs: 7 })
    await ok
    const raised = bench.run()
    bench.board.finish({ outcome: 'exception', durationMs: 9 })
    await raised
    expect(bench.metrics.of('operation')).toEqual([`operation ${bench.sessionId} 7 true`, `operation ${bench.sessionId} 9 false`])
  })

  it('M-12: the bytes of both ways', async () => {
    const bench = await OpenBench.create()
    bench.transport.deliver(new Uint8Array(5))
    expect(bench.metrics.of('bytes')).toEqual([`bytes ${bench.sessionId} out 2`, `bytes ${bench.sessionId} in 5`])
  })
})

describe('what a session lets go of', () => {
  it('B-29, M-07: its attributes go with it, once, whichever way it ends', async () => {
    for (const end of ['close', 'kill', 'fail'] as const) {
      const bench = new OpenBench()
      if (end === 'fail') {
        bench.protocols.prepare = protocol => {
          protocol.enterAnswer = new Error('no')
        }
        await failureOf(bench.open())
      } else {
        const { sessionId } = await bench.open()
        await (end === 'close' ? bench.manager.close(sessionId, { mode: 'now' }) : bench.manager.kill(sessionId))
        await bench.quiet()
        expect((await failureOf(Promise.resolve().then(() => bench.manager.attributes(sessionId).keys()))).code).toBe('SessionNotReady')
      }
      expect(bench.attributes.made.map(store => store.disposals)).toEqual([1])
    }
  })

  it('M-07, E-40: its attributes are the first that is made; without them it does not open', async () => {
    const bench = new OpenBench()
    bench.attributes.failure = new Error('The disk is full.')
    expect((await failureOf(bench.open())).code).toBe('OpenFailed')
    expect(bench.transports.made).toEqual([])
    bench.attributes.failure = null
    await bench.open()
  })
})
