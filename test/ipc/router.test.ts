import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { LogData, Logger } from '../../electron/core/base/logger'
import { attachBridge, type Bridge } from '../../electron/ipc/bridge'
import type { Result } from '../../shared/contract'
import { MusterError } from '../../shared/errors'
import { MAX_CALL_BYTES } from '../../shared/limits'
import { FakeClock } from '../fakes/fake-clock'
import { FakeContents, ORIGIN } from './support/fake-contents'
import { appInfo, FakeServices, SESSION_ID } from './support/fake-services'
import { commandNames, eventNames, validInputs, validParams } from './support/valid-inputs'

let contents: FakeContents
let services: FakeServices
let bridge: Bridge
let logged: { message: string; data: LogData | undefined }[]

beforeEach(() => {
  contents = new FakeContents()
  services = new FakeServices()
  logged = []
  const write = (message: string, data?: LogData): void => void logged.push({ message, data })
  const logger: Logger = { debug: write, info: write, warn: write, error: write }
  bridge = attachBridge(contents, { services, client: 'window-1', origin: ORIGIN, clock: new FakeClock(), logger })
})

function codeOf(reply: Result<unknown>): string {
  return reply.ok ? 'ok' : reply.error.code
}

/** Everything JavaScript can hold, and what only main's own tests can make. */
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withObjectString: true,
  withSparseArray: true,
  withTypedArray: true,
  maxDepth: 4,
})
const hostileKey = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', ''), fc.string())
const notAnObject = fc.oneof(
  fc.constantFrom(null, undefined, true, 0, Number.NaN, ''),
  fc.string(),
  fc.double(),
  fc.array(anything),
  fc.bigInt(),
)
const oversized = fc.constantFrom('x'.repeat(MAX_CALL_BYTES), new Uint8Array(MAX_CALL_BYTES), new Array(2 ** 30))

/** The valid object with one own property more, `__proto__` included, which an assignment would not make. */
function withProperty(valid: object, key: string, value: unknown): object {
  return Object.defineProperty({ ...valid }, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Keys of these take whatever JSON can say, or null. */
const JSON_KEYS: ReadonlySet<string> = new Set([
  'attributes:get.default',
  'attributes:set.value',
  'attributes:setIfAbsent.value',
  'config:set.value',
])
const NULLABLE_KEYS: ReadonlySet<string> = new Set([
  'sessions:extendLease.expiresAt',
  'history:entries.sessionId',
  'files:write.ifSha256',
  'local:addDropped.data',
])
/** Objects within an input that name their keys. */
const STRICT_KEYS: ReadonlySet<string> = new Set(['metadata', 'options', 'filter', 'place', 'local', 'settings'])

function hostileFor(name: string, valid: object): fc.Arbitrary<unknown> {
  const keys = Object.keys(valid)
  const extraKey = fc
    .tuple(hostileKey, anything)
    .filter(([key]) => !keys.includes(key))
    .map(([key, value]) => withProperty(valid, key, value))
  const wrapped = fc.constantFrom(new Map(Object.entries(valid)), Object.create(valid), new (class Input {})(), new Date(0), [valid])
  const kinds: fc.Arbitrary<unknown>[] = [notAnObject, extraKey, wrapped, oversized.map(value => withProperty(valid, 'more', value))]
  if (keys.length > 0) {
    const wrongValue = fc
      .constantFrom(...keys)
      .chain(key => wrongValuesOf(`${name}.${key}`, Reflect.get(valid, key)).map(value => ({ ...valid, [key]: value })))
    kinds.push(wrongValue)
  }
  const strict = keys.filter(key => STRICT_KEYS.has(key))
  if (strict.length > 0) {
    const nested = fc
      .tuple(fc.constantFrom(...strict), hostileKey, anything)
      .filter(([key, inner]) => !(inner in Reflect.get(valid, key)) || inner in Object.prototype)
      .map(([key, inner, value]) => ({ ...valid, [key]: withProperty(Reflect.get(valid, key), inner, value) }))
    kinds.push(nested)
  }
  return fc.oneof(...kinds)
}

/** What a key does not take, judged by what it takes. */
function wrongValuesOf(key: string, valid: unknown): fc.Arbitrary<unknown> {
  const never = fc.oneof(
    fc.constantFrom<unknown>(Number.NaN, Symbol.iterator, Number.POSITIVE_INFINITY),
    fc.bigInt(),
    fc.constant(new Map()),
    oversized,
  )
  if (JSON_KEYS.has(key)) return fc.oneof(never, fc.constantFrom({ deep: [Number.NaN] }, [undefined], { bytes: new Uint8Array(1) }))
  const others: unknown[] = NULLABLE_KEYS.has(key) ? [[[]], [{ a: [] }]] : [null, [[]], { a: [] }]
  if (typeof valid !== 'object') others.push([], {}, new Uint8Array(1))
  if (typeof valid !== 'number') others.push(-1.5e-9)
  if (typeof valid !== 'boolean') others.push(true)
  if (typeof valid === 'number' || typeof valid === 'boolean') others.push('1')
  return fc.oneof(never, fc.constantFrom(...others))
}

/** What the bridge knows itself, or reads without asking. */
const ANSWERED_WITHOUT_A_CALL: ReadonlySet<string> = new Set([
  'app:info',
  'output:ack',
  'notify:unsubscribe',
  'pool:stats',
  'config:get',
  'manager:state',
  'manager:stats',
  'manager:health',
])

describe('commands', () => {
  it.each(commandNames)('%s reaches its handler with a valid input', async name => {
    expect(codeOf(await contents.call(name, validInputs[name]))).toBe('ok')
    if (!ANSWERED_WITHOUT_A_CALL.has(name)) expect(services.calls.length).toBeGreaterThan(0)
  })

  it.each(commandNames)('%s refuses hostile inputs before its handler runs (security row 11)', async name => {
    await fc.assert(
      fc.asyncProperty(hostileFor(name, validInputs[name]), async input => {
        services.calls.length = 0
        expect(['bad-request', 'too-large']).toContain(codeOf(await contents.call(name, input)))
        expect(services.calls).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it.each(commandNames)('%s answers anything at all with an envelope (security row 11)', async name => {
    await fc.assert(
      fc.asyncProperty(anything, async input => {
        const reply = await contents.call(name, input)
        if (reply.ok) return
        expect(['bad-request', 'too-large']).toContain(reply.error.code)
        expect(reply.error.message.length).toBeLessThan(400)
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    ['constructor'],
    ['toString'],
    ['__proto__'],
    ['hasOwnProperty'],
    ['sessions:Open'],
    ['sessions:open '],
    ['sessions'],
    [''],
    ['x'.repeat(100)],
    [Symbol('sessions:open')],
    [['sessions:open']],
    [{ toString: () => 'sessions:open' }],
    [null],
    [undefined],
    [7],
  ])('a name like %s is an unknown command (security row 12)', async name => {
    const reply = await contents.call(name, validInputs['sessions:open'])
    expect(codeOf(reply)).toBe('unknown-command')
    expect(JSON.stringify(reply).length).toBeLessThan(300)
    expect(services.calls).toEqual([])
  })

  it('any other text is an unknown command (security row 12)', async () => {
    const known: readonly string[] = [...commandNames, 'events:subscribe', 'events:unsubscribe']
    await fc.assert(
      fc.asyncProperty(fc.string(), async name => {
        fc.pre(!known.includes(name))
        expect(codeOf(await contents.call(name, {}))).toBe('unknown-command')
      }),
    )
  })

  it.each([...commandNames, 'events:subscribe', 'events:unsubscribe'])('%s is refused to anybody else (security row 10)', async name => {
    const input = name.startsWith('events:') ? { subscription: 1 } : validInputs[name as (typeof commandNames)[number]]
    const strangers = [
      { sender: contents, senderFrame: null },
      { sender: contents, senderFrame: { origin: ORIGIN } },
      { sender: new FakeContents(), senderFrame: contents.mainFrame },
    ]
    for (const stranger of strangers) expect(codeOf(await contents.call(name, input, stranger))).toBe('forbidden')
    expect(services.calls).toEqual([])
  })

  it('tells a stranger nothing about which commands there are', async () => {
    const stranger = { sender: contents, senderFrame: null }
    const known = await contents.call('sessions:open', {}, stranger)
    expect(await contents.call('no:such', {}, stranger)).toEqual(known)
  })

  it('checks the size before the form (security row 11)', async () => {
    const input = { sessionId: SESSION_ID, code: 'x'.repeat(MAX_CALL_BYTES) }
    expect(codeOf(await contents.call('sessions:exec', input))).toBe('too-large')
  })
})

describe('replies', () => {
  it('carry what the handler returned', async () => {
    expect(await contents.call('app:info', {})).toEqual({ ok: true, value: appInfo })
    expect(await contents.call('ports:list', {})).toEqual({ ok: true, value: services.ports.current })
    expect(await contents.call('ports:list', { refresh: true })).toMatchObject({ ok: true, value: { scannedAt: 2 } })
    expect(await contents.call('manager:state', {})).toEqual({ ok: true, value: { state: 'Active' } })
  })

  it('close lets the running execution finish unless told otherwise', async () => {
    await contents.call('sessions:close', { sessionId: SESSION_ID })
    await contents.call('sessions:close', { sessionId: SESSION_ID, mode: 'now' })
    expect(services.calls).toEqual(['sessions.close flush', 'sessions.close now'])
  })

  it('carry an expected error as it is', async () => {
    const info = {
      code: 'OpenFailed',
      reason: 'port-in-use',
      message: 'Port /dev/ttyACM0 is in use.',
      hint: 'Close minicom.',
      retry: true,
    } as const
    services.failure = new MusterError(info)
    expect(await contents.call('sessions:open', validInputs['sessions:open'])).toEqual({ ok: false, error: info })
  })

  it.each([
    ['an error', new TypeError('cannot read /home/ada/secret of undefined')],
    ['a text', '/home/ada/secret'],
    ['an object without a text', Object.create(null)],
    ['an error of Node', Object.assign(new Error("ENOENT: no such file or directory, open '/home/ada/secret'"), { code: 'ENOENT' })],
  ])('hide a defect that threw %s behind a log id', async (_what, failure) => {
    services.failure = failure
    const reply = await contents.call('sessions:kill', { sessionId: SESSION_ID })
    if (reply.ok) throw new Error('The call succeeded')
    expect(reply.error.code).toBe('internal')
    expect(JSON.stringify(reply)).not.toMatch(/secret|home|\.ts|at /)
    const logId = /[0-9a-f]{8}/.exec(reply.error.message)?.[0]
    expect(logged).toContainEqual(expect.objectContaining({ data: expect.objectContaining({ logId }) }))
  })

  it('never quote more of a refused input than a line', async () => {
    const reply = await contents.call('ports:add', { path: '/dev/ttyACM0', ['k'.repeat(100_000)]: 1 })
    if (reply.ok) throw new Error('The call succeeded')
    expect(reply.error.message.length).toBeLessThan(400)
  })
})

describe('output commands', () => {
  it('copy puts the whole buffer on the clipboard and says what is gone', async () => {
    const output = services.output()
    output.append('first line\r\n')
    output.append('grüße')
    output.droppedBytes = 7
    expect(await contents.call('output:copy', { sessionId: SESSION_ID })).toEqual({ ok: true, value: { bytes: 19, droppedBytes: 7 } })
    expect(services.clipboard).toBe('first line\r\ngrüße')
  })

  it('save hands the bytes on as they are, under a name that needs no quoting', async () => {
    services.output().append(new Uint8Array([0, 255, 10, 13]))
    expect(await contents.call('output:save', { sessionId: SESSION_ID })).toEqual({
      ok: true,
      value: { saved: true, file: '/home/ada/out.log', bytes: 4, droppedBytes: 0 },
    })
    expect(Buffer.concat(services.saved?.chunks ?? [])).toEqual(Buffer.from([0, 255, 10, 13]))
    expect(services.saved?.name).toMatch(/^[A-Za-z0-9-]+\.log$/)
  })

  it('clear empties the buffer', async () => {
    services.output().append('x')
    await contents.call('output:clear', { sessionId: SESSION_ID })
    expect(services.output().read(0, 100).items).toEqual([])
  })

  it('of a session that does not exist fail as the core says', async () => {
    for (const name of ['output:copy', 'output:save', 'output:clear'] as const) {
      expect(codeOf(await contents.call(name, { sessionId: 'session-none' }))).toBe('SessionNotFound')
    }
  })
})

describe('subscriptions over the same channel', () => {
  it.each(eventNames)('%s refuses hostile parameters (security row 11)', async name => {
    let subscription = 0
    await fc.assert(
      fc.asyncProperty(hostileFor(name, validParams[name]), async params => {
        const reply = await contents.call('events:subscribe', { subscription: subscription++, name, params })
        expect(['bad-request', 'too-large']).toContain(codeOf(reply))
        expect(bridge.subscriptionCount).toBe(0)
        expect(services.listenerCount).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it.each(['constructor', '__proto__', 'ports', '', 'sessions:open'])('"%s" is no event', async name => {
    expect(codeOf(await contents.call('events:subscribe', { subscription: 1, name, params: {} }))).toBe('bad-request')
  })

  it('refuses hostile ids', async () => {
    for (const subscription of [-1, 0.5, Number.NaN, 2 ** 60, '1', null, undefined, {}]) {
      const reply = await contents.call('events:subscribe', { subscription, name: 'ports:changed', params: {} })
      expect(codeOf(reply)).toBe('bad-request')
      expect(codeOf(await contents.call('events:unsubscribe', { subscription }))).toBe('bad-request')
    }
    expect(bridge.subscriptionCount).toBe(0)
  })
})
