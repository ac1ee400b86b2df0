import { describe, expect, it } from 'vitest'
import { checkIdentifier, mergeDetails } from '../../../electron/core/sessions/metadata'
import {
  DETAIL_KEY_MAX_CHARS,
  DETAIL_VALUE_MAX_CHARS,
  DETAILS_MAX_KEYS,
  IDLE_TIMEOUT_MS,
  STATE_HISTORY_LIMIT,
} from '../../../shared/limits'
import type { SessionSnapshot } from '../../../shared/model'
import { OpenBench, USB_KEY } from './open-bench'
import { failureOf } from './session-bench'

describe('details', () => {
  it('S-07: are merged key by key; null deletes; what changes nothing is the same', () => {
    const before = Object.freeze({ status: 'warm', lap: '1' })
    expect(mergeDetails(before, { lap: '2', driver: 'me' })).toEqual({ status: 'warm', lap: '2', driver: 'me' })
    expect(mergeDetails(before, { lap: null })).toEqual({ status: 'warm' })
    expect(mergeDetails(before, { lap: '1', other: null })).toBe(before)
    expect(before).toEqual({ status: 'warm', lap: '1' })
    expect(mergeDetails({}, JSON.parse('{"__proto__":"x"}'))).toHaveProperty(['__proto__'], 'x')
  })

  it.each([
    ['an empty name', { '': 'x' }],
    ['a name too long', { ['x'.repeat(DETAIL_KEY_MAX_CHARS + 1)]: 'x' }],
    ['a value too long', { x: 'x'.repeat(DETAIL_VALUE_MAX_CHARS + 1) }],
    ['too many', Object.fromEntries(Array.from({ length: DETAILS_MAX_KEYS + 1 }, (_, index) => [`k${index}`, 'v']))],
  ])('refuse %s', (_what, patch) => {
    expect(() => mergeDetails({}, patch)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
  })

  it('S-07: a full set can still be changed', () => {
    const full = Object.fromEntries(Array.from({ length: DETAILS_MAX_KEYS }, (_, index) => [`k${index}`, 'v']))
    expect(Object.keys(mergeDetails(full, { k0: null, another: 'v' }))).toHaveLength(DETAILS_MAX_KEYS)
  })

  it('an identifier has a limit', () => {
    expect(checkIdentifier('')).toBe('')
    expect(() => checkIdentifier('x'.repeat(5_000))).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
  })
})

describe('describing a session', () => {
  it('S-07: every change is told once, with the snapshot as it is then; one that changes nothing is not', async () => {
    const bench = await OpenBench.create()
    bench.events.length = 0
    const changed = bench.manager.updateDetails(bench.sessionId, { status: 'warm' })
    expect(changed.metadata.details).toEqual({ status: 'warm' })
    bench.manager.updateIdentifier(bench.sessionId, 'oven 3')
    bench.manager.updateDetails(bench.sessionId, { status: 'warm' })
    bench.manager.updateIdentifier(bench.sessionId, 'oven 3')
    const told = bench.events.filter(event => event.type === 'infoUpdated')
    expect(told.map(event => event.snapshot.metadata)).toMatchObject([
      { identifier: '', details: { status: 'warm' } },
      { identifier: 'oven 3', details: { status: 'warm' }, dataSource: 'path:/dev/ttyACM0', type: 'Session', version: 1 },
    ])
    expect(Object.isFrozen(changed.metadata)).toBe(true)
  })

  it('a session can be described while its board is lost', async () => {
    const bench = await OpenBench.onUsb()
    bench.unplug()
    expect(bench.manager.updateIdentifier(bench.sessionId, 'lost one').state).toBe('Error')
    await bench.manager.attributes(bench.sessionId).set('seen', true)
    await bench.plug()
    await bench.clock.advance(2_000)
    expect(bench.info).toMatchObject({ state: 'Connected', metadata: { identifier: 'lost one' } })
  })

  it.each([
    ['details', (bench: OpenBench) => bench.manager.updateDetails(bench.sessionId, { x: 'y' })],
    ['its identifier', (bench: OpenBench) => bench.manager.updateIdentifier(bench.sessionId, 'x')],
    ['its associates', (bench: OpenBench) => bench.manager.associate(bench.sessionId, [])],
    ['its options', (bench: OpenBench) => bench.manager.configure(bench.sessionId, { autoReconnect: false })],
    ['its lease', (bench: OpenBench) => bench.manager.extendLease(bench.sessionId, null)],
  ] as readonly [string, (bench: OpenBench) => SessionSnapshot][])('E-39: %s cannot be changed once it closes', async (_what, change) => {
    const bench = await OpenBench.create()
    const call = (): Promise<unknown> => Promise.resolve().then(() => change(bench))
    bench.transport.closeAnswer = 'hang'
    const closing = bench.manager.close(bench.sessionId, { mode: 'now' }).catch(() => {})
    expect((await failureOf(call())).code).toBe('SessionNotReady')
    await bench.manager.kill(bench.sessionId)
    await closing
    expect((await failureOf(call())).code).toBe('SessionNotReady')
  })
})

describe('what a session says of itself', () => {
  it('B-37, M-01, G-10: names who opened it, for what, and with which options', async () => {
    const bench = await OpenBench.create(
      {},
      { clientSessionName: 'oven', clientCorrelationId: 'job-7', options: { operationTimeoutMs: 2_000, profile: 'longRunning' } },
    )
    const info = bench.manager.info(bench.sessionId)
    expect(info.snapshot).toMatchObject({
      clientSessionName: 'oven',
      clientCorrelationId: 'job-7',
      pool: 'none',
      lastUsedAt: bench.clock.now(),
      idleTimeoutMs: IDLE_TIMEOUT_MS,
      autoReconnect: true,
    })
    expect(info.options).toMatchObject({ operationTimeoutMs: 2_000, profile: 'longRunning' })
    expect(info.filters.map(filter => filter.type)).toEqual(['stats', 'logging'])
    expect(structuredClone(info)).toEqual(info)
  })

  it('G-10: the nonce goes to the board alone: 32 random bytes, another one for each session', async () => {
    const bench = await OpenBench.onUsb()
    await bench.manager.reconnect(bench.sessionId)
    await bench.open('/dev/ttyACM1')
    const nonces = bench.protocols.made.flatMap(protocol => protocol.nonces)
    expect(nonces.map(nonce => Buffer.from(nonce ?? '', 'base64').length)).toEqual([32, 32, 32])
    expect(nonces[0]).toBe(nonces[1])
    expect(nonces[2]).not.toBe(nonces[0])
    const said = JSON.stringify([
      bench.events,
      bench.manager.list({ includeClosed: true }),
      bench.manager.info(bench.sessionId),
      bench.logged,
    ])
    for (const nonce of nonces) expect(said).not.toContain(nonce)
  })

  it('B-26: remembers its latest changes of state and phase', async () => {
    const bench = await OpenBench.onUsb({ maxReconnectAttempts: 100 })
    const states = () => bench.manager.info(bench.sessionId).history.map(({ state, phase }) => phase ?? state)
    expect(states()).toEqual(['Created', 'starting', 'waitingForPort', 'handshaking', 'initializing', 'Connected'])
    for (let turn = 0; turn < 20; turn++) {
      bench.transport.unplug()
      await bench.clock.advance(1_000)
    }
    expect(states()).toHaveLength(STATE_HISTORY_LIMIT)
    expect(states().at(-1)).toBe('Connected')
    expect(bench.manager.info(bench.sessionId).history.at(-1)?.at).toBe(bench.clock.now())
  })

  it('speaks of the board by the port where it is now', async () => {
    const bench = await OpenBench.onUsb()
    bench.unplug()
    await bench.clock.advance(2_000)
    await bench.plug('/dev/ttyACM4', USB_KEY)
    await bench.manager.close(bench.sessionId, { mode: 'now' })
    expect((await failureOf(bench.run())).message).toContain('/dev/ttyACM4')
  })
})
