import { describe, expect, it } from 'vitest'
import { TransportError } from '../../../electron/core/transport/transport'
import { MAX_RECONNECT_ATTEMPTS, RECONNECT_DELAY_MS, RECONNECT_STABLE_MS } from '../../../shared/limits'
import { settle } from '../../fakes/fake-clock'
import { SOME_BOARD } from '../../fakes/fake-protocol'
import { OpenBench, PORT, USB_KEY } from './open-bench'
import { failureOf } from './session-bench'

const NEVER_OPENS = new TransportError('port-error', 'The port answers with an error.')

/** From now on no port opens. */
function breakPorts(bench: OpenBench): void {
  bench.transports.prepare = transport => {
    transport.openAnswer = NEVER_OPENS
  }
}

describe('getting a lost board back', () => {
  it('T9, T10, B-23, B-24: after the delay it is connected again by itself, as the same session, and nothing is run anew', async () => {
    const bench = await OpenBench.onUsb()
    await bench.manager.attributes(bench.sessionId).set('visits', 3)
    const running = failureOf(bench.run('side_effect()'))
    bench.transport.unplug()
    expect((await running).info).toMatchObject({ code: 'OperationFailed', reason: 'disconnected' })
    expect(bench.latest(3)).toEqual(['Active > Error', 'disconnected unexpected', 'error'])
    expect(bench.info.reconnect).toEqual({
      attempt: 1,
      maxAttempts: MAX_RECONNECT_ATTEMPTS,
      stage: 'waiting',
      nextAttemptAt: bench.clock.now() + RECONNECT_DELAY_MS,
    })
    const before = bench.info
    await bench.clock.advance(RECONNECT_DELAY_MS - 1)
    expect(bench.info.state).toBe('Error')
    await bench.clock.advance(1)
    expect(bench.latest(3)).toEqual(['Error > Connecting', 'Connecting > Connected', 'connected'])
    expect(bench.events.at(-1)).toMatchObject({ type: 'connected', reconnected: true })
    expect(bench.info).toMatchObject({
      sessionId: before.sessionId,
      state: 'Connected',
      fault: null,
      reconnect: null,
      metadata: before.metadata,
      statistics: { operations: 1, errors: 1, reconnects: 1 },
    })
    expect(await bench.manager.attributes(bench.sessionId).get('visits')).toBe(3)
    expect(bench.manager.info(bench.sessionId).filters.map(filter => filter.name)).toEqual(['stats', 'logging'])
    expect(bench.board.codes).toEqual([])
    expect(bench.manager.status).toMatchObject({ open: 1, totalOpened: 1, totalClosed: 0 })
    expect(bench.metrics.of('reconnect', 'sessionOpened')).toEqual(['sessionOpened', `reconnect ${bench.sessionId} ok`])
  })

  it('E-22: a board that is plugged in elsewhere is found by its number (fault 9)', async () => {
    const bench = await OpenBench.onUsb()
    bench.unplug()
    await bench.clock.advance(10_000)
    await bench.plug('/dev/ttyACM5')
    expect(bench.info).toMatchObject({ state: 'Connected', port: '/dev/ttyACM5', deviceKey: USB_KEY })
    expect(bench.transport.target.port).toBe('/dev/ttyACM5')
    const failure = await failureOf(bench.open('/dev/ttyACM5'))
    expect(failure.reason).toBe('port-in-use')
  })

  it('E-22: a board without a number is looked for on its own port alone', async () => {
    const bench = await OpenBench.create()
    bench.unplug(`path:${PORT}`)
    await bench.plug('/dev/ttyACM5', 'path:/dev/ttyACM5')
    await bench.clock.advance(60_000)
    expect(bench.info).toMatchObject({ state: 'Error', reconnect: { stage: 'absent' } })
    await bench.plug(PORT, `path:${PORT}`)
    expect(bench.info).toMatchObject({ state: 'Connected', port: PORT })
  })

  it('an absent board uses no attempt up, however long; ports are looked for more often meanwhile', async () => {
    const bench = await OpenBench.onUsb()
    expect(bench.devices.closeWatches).toBe(0)
    bench.unplug()
    await bench.clock.advance(10 * 60_000)
    expect(bench.info.reconnect).toEqual({ attempt: 1, maxAttempts: MAX_RECONNECT_ATTEMPTS, stage: 'absent', nextAttemptAt: null })
    expect(bench.transports.made).toHaveLength(1)
    expect(bench.devices.closeWatches).toBe(1)
    await bench.plug()
    expect(bench.info.state).toBe('Connected')
    expect(bench.devices).toMatchObject({ closeWatches: 0, listenerCount: 0 })
  })

  it('a board that is back before the delay has passed is waited for until then', async () => {
    const bench = await OpenBench.onUsb({ reconnectDelayMs: 5_000 })
    bench.unplug()
    await bench.clock.advance(2_000)
    await bench.plug()
    expect(bench.info).toMatchObject({ state: 'Error', reconnect: { stage: 'waiting', nextAttemptAt: bench.clock.now() + 3_000 } })
    await bench.clock.advance(3_000)
    expect(bench.info.state).toBe('Connected')
  })

  it('T11: attempts that fail are repeated after the delay, and end; the last one says so', async () => {
    const bench = await OpenBench.onUsb()
    breakPorts(bench)
    bench.transport.unplug()
    for (let attempt = 1; attempt <= MAX_RECONNECT_ATTEMPTS; attempt++) {
      expect(bench.info).toMatchObject({ state: 'Error', reconnect: { attempt, stage: 'waiting' } })
      await bench.clock.advance(RECONNECT_DELAY_MS)
    }
    expect(bench.info).toMatchObject({
      state: 'Error',
      reconnect: { attempt: 3, stage: 'exhausted', nextAttemptAt: null },
      fault: { code: 'OpenFailed', reason: 'port-error', final: false },
    })
    expect(bench.events.filter(event => event.type === 'error').map(event => event.exhausted)).toEqual([undefined, true])
    expect(bench.metrics.of('reconnect').map(call => call.split(' ').at(-1))).toEqual(['failed', 'failed', 'failed', 'exhausted'])
    await bench.clock.advance(60_000)
    expect(bench.transports.made).toHaveLength(1 + MAX_RECONNECT_ATTEMPTS)
    expect(bench.devices).toMatchObject({ closeWatches: 0, listenerCount: 0 })
  })

  it('T9: a person can ask anew when the attempts are used up', async () => {
    const bench = await OpenBench.onUsb({ maxReconnectAttempts: 1 })
    breakPorts(bench)
    bench.transport.unplug()
    await bench.clock.advance(RECONNECT_DELAY_MS)
    expect(bench.info.reconnect?.stage).toBe('exhausted')
    expect((await failureOf(bench.manager.reconnect(bench.sessionId))).info).toMatchObject({ code: 'OpenFailed', reason: 'port-error' })
    expect(bench.info.reconnect).toMatchObject({ attempt: 1, stage: 'exhausted' })
    bench.transports.prepare = () => {}
    expect(await bench.manager.reconnect(bench.sessionId)).toMatchObject({ state: 'Connected' })
  })

  it.each([{ autoReconnect: false }, { maxReconnectAttempts: 0 }])(
    'T9: with %o nothing happens by itself, but on request',
    async options => {
      const bench = await OpenBench.onUsb(options)
      bench.transport.unplug()
      await bench.clock.advance(60_000)
      expect(bench.info).toMatchObject({ state: 'Error', reconnect: { stage: 'off', nextAttemptAt: null } })
      expect(bench.transports.made).toHaveLength(1)
      expect(await bench.manager.reconnect(bench.sessionId)).toMatchObject({ state: 'Connected', reconnect: null })
    },
  )

  it('E-21: with a bad contact attempts are used up, unless the session was ready for long enough in between', async () => {
    const bench = await OpenBench.onUsb({ maxReconnectAttempts: 2 })
    for (const readyMs of [10_000, 10_000]) {
      bench.transport.unplug()
      await bench.clock.advance(RECONNECT_DELAY_MS)
      expect(bench.info.state).toBe('Connected')
      await bench.clock.advance(readyMs)
    }
    bench.transport.unplug()
    expect(bench.info.reconnect?.stage).toBe('exhausted')
    expect(bench.events.at(-1)).toMatchObject({ type: 'error', exhausted: true })
    await bench.manager.reconnect(bench.sessionId)
    await bench.clock.advance(RECONNECT_STABLE_MS)
    bench.transport.unplug()
    expect(bench.info.reconnect).toMatchObject({ attempt: 1, stage: 'waiting' })
  })

  it('T11: an attempt is bounded by the time for connecting', async () => {
    const bench = await OpenBench.onUsb({ connectionTimeoutMs: 2_000, maxReconnectAttempts: 1 })
    bench.protocols.prepare = protocol => {
      protocol.enterAnswer = 'hang'
    }
    bench.transport.unplug()
    await bench.clock.advance(RECONNECT_DELAY_MS + 1_999)
    expect(bench.info).toMatchObject({ state: 'Connecting', reconnect: { stage: 'connecting', attempt: 1 } })
    await bench.clock.advance(1)
    expect(bench.info).toMatchObject({ state: 'Error', fault: { reason: 'timeout' } })
    expect(bench.transport.isOpen).toBe(false)
  })

  it('T11: a board that is lost again during an attempt fails the attempt', async () => {
    const bench = await OpenBench.onUsb()
    bench.protocols.prepare = protocol => {
      protocol.enterAnswer = 'hang'
    }
    bench.transport.unplug()
    await bench.clock.advance(RECONNECT_DELAY_MS)
    bench.transport.unplug()
    await settle()
    expect(bench.info).toMatchObject({ state: 'Error', fault: { code: 'OpenFailed', reason: 'disconnected' }, reconnect: { attempt: 2 } })
  })

  it('E-44: every attempt is made over a transport of its own', async () => {
    const bench = await OpenBench.onUsb()
    bench.transport.unplug()
    await bench.clock.advance(RECONNECT_DELAY_MS)
    expect(bench.transports.made.map(transport => [transport.opens, transport.kills])).toEqual([
      [1, 1],
      [1, 0],
    ])
    expect(new Set(bench.protocols.made.map(protocol => protocol.transport)).size).toBe(2)
  })
})

describe('another board where the first one was', () => {
  const OTHER = { ...SOME_BOARD, uniqueId: 'ffff' }

  it.each(['usb', 'path'])('is refused, told nothing but the question who it is, and left as it was (%s key)', async kind => {
    const options = { maxReconnectAttempts: 1, initSnippet: 'prepare()' }
    const bench = await (kind === 'usb' ? OpenBench.onUsb(options, answerFirstSnippet) : OpenBench.with(options, answerFirstSnippet))
    const running = failureOf(bench.run('endless()'))
    bench.transport.unplug()
    await running
    bench.protocols.prepare = protocol => {
      protocol.board = OTHER
    }
    await bench.clock.advance(RECONNECT_DELAY_MS)
    expect(bench.info).toMatchObject({
      state: 'Error',
      fault: { code: 'OpenFailed', reason: 'another-board', final: false },
      reconnect: { stage: 'exhausted' },
      board: { uniqueId: SOME_BOARD.uniqueId },
    })
    expect(bench.info.fault?.message).toContain('another board')
    expect(bench.board.codes).toEqual([])
    expect(bench.board.leaves).toBe(1)
    expect(bench.transport.isOpen).toBe(false)
    expect(bench.latest(1)).toEqual(['error'])

    bench.protocols.prepare = protocol => {
      protocol.answer = () => ({})
    }
    expect(await bench.manager.reconnect(bench.sessionId)).toMatchObject({ state: 'Connected' })
    expect(bench.board.codes).toEqual(['prepare()'])
  })

  it('is not assumed where one of the two does not say who it is', async () => {
    const bench = await OpenBench.onUsb()
    bench.protocols.prepare = protocol => {
      protocol.board = { ...SOME_BOARD, uniqueId: null }
    }
    bench.transport.unplug()
    await bench.clock.advance(RECONNECT_DELAY_MS)
    expect(bench.info.state).toBe('Connected')
    bench.protocols.prepare = protocol => {
      protocol.board = OTHER
    }
    bench.transport.unplug()
    await bench.clock.advance(RECONNECT_DELAY_MS)
    expect(bench.info).toMatchObject({ state: 'Error', fault: { reason: 'another-board' } })
  })

  function answerFirstSnippet(bench: OpenBench): void {
    bench.protocols.prepare = protocol => {
      protocol.answer = code => (code === 'prepare()' ? {} : null)
    }
  }
})

describe('asking for a reconnect', () => {
  it('B-37, T8: on a ready session it ends the connection and makes it anew', async () => {
    const bench = await OpenBench.onUsb()
    const running = failureOf(bench.run('endless()'))
    expect(await bench.manager.reconnect(bench.sessionId)).toMatchObject({ state: 'Connected', fault: null })
    expect((await running).info).toMatchObject({ code: 'OperationFailed', reason: 'disconnected' })
    expect(bench.latest(5)).toEqual([
      'Active > Error',
      'disconnected client-close',
      'Error > Connecting',
      'Connecting > Connected',
      'connected',
    ])
    expect(bench.transports.made.map(transport => transport.isOpen)).toEqual([false, true])
    expect(bench.metrics.of('fault')).toEqual([])
  })

  it('E-20: whoever asks while an attempt is under way joins it, also when told of it by an event', async () => {
    const bench = await OpenBench.onUsb()
    const joined: Promise<unknown>[] = []
    bench.manager.onEvent(event => {
      if (event.type === 'disconnected' || event.snapshot.phase === 'starting') joined.push(bench.manager.reconnect(event.sessionId))
    })
    const asked = bench.manager.reconnect(bench.sessionId)
    const again = bench.manager.reconnect(bench.sessionId)
    const results = await Promise.all([asked, again, ...joined])
    expect(joined.length).toBeGreaterThan(1)
    expect(results.every(result => (result as { state: string }).state === 'Connected')).toBe(true)
    expect(bench.transports.made).toHaveLength(2)
    expect(bench.info.statistics.reconnects).toBe(1)
  })

  it('E-20: an event handler that reconnects is ahead of the attempt that would have been made by itself', async () => {
    const bench = await OpenBench.onUsb()
    const asked: Promise<unknown>[] = []
    bench.manager.onEvent(event => {
      if (event.reason === 'unexpected') asked.push(bench.manager.reconnect(event.sessionId))
    })
    bench.transport.unplug()
    await Promise.all(asked)
    await bench.clock.advance(RECONNECT_DELAY_MS)
    expect(bench.transports.made).toHaveLength(2)
    expect(bench.info.statistics.reconnects).toBe(1)
  })

  it('is refused when whoever hears of the drop closes the session', async () => {
    const bench = await OpenBench.onUsb()
    await bench.manager.reconnect(bench.sessionId)
    const closing: Promise<unknown>[] = []
    bench.manager.onEvent(event => {
      if (event.type === 'disconnected' && event.snapshot.state === 'Error') {
        closing.push(bench.manager.close(event.sessionId, { mode: 'now' }))
      }
    })
    expect((await failureOf(bench.manager.reconnect(bench.sessionId))).code).toBe('SessionNotReady')
    await Promise.all(closing)
    expect(bench.transports.made).toHaveLength(2)
  })

  it('an absent board is said to be absent, and is still waited for', async () => {
    const bench = await OpenBench.onUsb()
    bench.unplug()
    expect((await failureOf(bench.manager.reconnect(bench.sessionId))).info).toMatchObject({ code: 'OpenFailed', reason: 'not-present' })
    await bench.clock.advance(RECONNECT_DELAY_MS)
    await bench.plug()
    expect(bench.info.state).toBe('Connected')
  })

  it('a path that another session took meanwhile is left to it', async () => {
    const bench = await OpenBench.onUsb({ maxReconnectAttempts: 1 })
    bench.unplug()
    await settle()
    bench.ports.clear()
    await bench.open('/dev/ttyACM9')
    await bench.clock.advance(RECONNECT_DELAY_MS)
    await bench.plug('/dev/ttyACM9')
    expect(bench.info).toMatchObject({ state: 'Error', port: PORT, fault: { reason: 'port-in-use' }, reconnect: { stage: 'exhausted' } })
  })

  it('E-01: while reconnecting nothing is queued silently: the refusal names the state and the attempt', async () => {
    const bench = await OpenBench.onUsb()
    bench.protocols.prepare = protocol => {
      protocol.enterAnswer = 'hang'
    }
    bench.transport.unplug()
    expect((await failureOf(bench.run())).message).toMatch(/Error.*attempt 1/)
    await bench.clock.advance(RECONNECT_DELAY_MS)
    for (const refused of [bench.run(), bench.manager.write(bench.sessionId, 'x')]) {
      const { info } = await failureOf(refused)
      expect(info.code).toBe('SessionNotReady')
      expect(info.message).toMatch(/Connecting.*attempt 1/)
    }
  })

  it.each(['opening', 'closing', 'closed'])('is refused while the session is %s', async when => {
    const bench = await OpenBench.create()
    if (when === 'opening') {
      bench.transports.prepare = transport => {
        transport.openAnswer = 'hang'
      }
      bench.open('/dev/ttyACM3').catch(() => {})
      await settle()
      expect((await failureOf(bench.manager.reconnect(bench.latestId))).code).toBe('SessionNotReady')
      await bench.manager.kill(bench.latestId)
      return
    }
    const closing = bench.manager.close(bench.sessionId, { mode: 'now' })
    if (when === 'closed') await closing
    expect((await failureOf(bench.manager.reconnect(bench.sessionId))).code).toBe('SessionNotReady')
    await closing
  })
})

describe('ending a lost session', () => {
  it('E-04, T12: a close while it waits ends the waiting', async () => {
    const bench = await OpenBench.onUsb()
    bench.unplug()
    expect(await bench.manager.close(bench.sessionId, { mode: 'flush' })).toMatchObject({ reason: 'client-close', killed: false })
    expect(bench.latest(5)).toEqual([
      'Error > Disconnecting',
      'Disconnecting > Disconnected',
      'disconnected client-close',
      'Disconnected > Disposed',
      'disposed',
    ])
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
    await bench.plug()
    expect(bench.transports.made).toHaveLength(1)
  })

  it.each(['close', 'kill'] as const)('E-04, T12, T15: a %s during an attempt ends the attempt, whatever it waits for', async how => {
    for (const place of ['open', 'enter', 'identify'] as const) {
      const bench = await OpenBench.onUsb()
      bench.transports.prepare = transport => {
        if (place === 'open') transport.openAnswer = 'hang-for-ever'
      }
      bench.protocols.prepare = protocol => {
        if (place === 'enter') protocol.enterAnswer = 'hang'
        if (place === 'identify') protocol.identifyAnswer = 'hang'
      }
      bench.transport.unplug()
      const asked = failureOf(bench.manager.reconnect(bench.sessionId))
      await settle()
      expect(bench.info.state).toBe('Connecting')
      const ending = how === 'close' ? bench.manager.close(bench.sessionId, { mode: 'flush' }) : bench.manager.kill(bench.sessionId)
      expect(await ending).toMatchObject({ alreadyClosed: false, killed: how === 'kill' })
      expect((await asked).info).toMatchObject({ code: 'OpenFailed', reason: 'cancelled' })
      expect(bench.manager.status).toMatchObject({ open: 0, totalOpened: 1, totalClosed: 1 })
      expect(bench.transports.made.every(transport => !transport.isOpen)).toBe(true)
      await bench.quiet()
      expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
      await bench.plug()
    }
  })

  it('turning automatic reconnection off and on again stops and starts the waiting', async () => {
    const bench = await OpenBench.onUsb()
    bench.transport.unplug()
    expect(bench.manager.configure(bench.sessionId, { autoReconnect: false })).toMatchObject({
      autoReconnect: false,
      reconnect: { stage: 'off' },
    })
    await bench.clock.advance(10_000)
    expect(bench.info.state).toBe('Error')
    bench.manager.configure(bench.sessionId, { autoReconnect: true })
    await bench.clock.advance(RECONNECT_DELAY_MS)
    expect(bench.info.state).toBe('Connected')
  })
})
