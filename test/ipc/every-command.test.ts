import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commandSchemas } from '../../electron/ipc/schemas'
import type { CommandName, Result } from '../../shared/contract'
import { DOMAIN_ERROR_CODES } from '../../shared/errors'
import type { SessionSnapshot } from '../../shared/model'
import { RealCore } from './support/real-core'
import { inputsOf, type KnownKeys } from './support/schema-inputs'

const RUNS = Number(process.env.MUSTER_PROPERTY_RUNS ?? 15)

/** Every command there is, whatever is added. */
const COMMANDS = Object.keys(commandSchemas) as CommandName[]
/** They end what the others are judged by, and are asked last. */
const ENDS_EVERYTHING: ReadonlySet<CommandName> = new Set(['manager:shutdown'])
/** A caller may be told these; anything else is a defect. */
const EXPECTED_CODES: ReadonlySet<string> = new Set([...DOMAIN_ERROR_CODES, 'bad-request', 'too-large'])
const BYSTANDER_PORT = '/dev/bystander'
/** Stand in inputs for the session, and for the transfer, that they are about. */
const TARGET = 'the session'
const TRANSFER = 'the transfer'

let core: RealCore
let bystander: SessionSnapshot
let stale: KnownKeys

beforeEach(async () => {
  core = await RealCore.start()
  bystander = await core.bench.open(BYSTANDER_PORT, { options: { idleTimeoutMs: null } })
  const closed = await core.bench.open('/dev/closed')
  await core.bench.manager.close(closed.sessionId, { mode: 'now' })
  const ids = fc.constantFrom(closed.sessionId, `session-${'0'.repeat(32)}`, closed.sessionId.toUpperCase(), '__proto__', 'x')
  stale = {
    sessionId: ids,
    associateSessionKeys: fc.array(ids, { maxLength: 3 }),
    executionId: ids,
    token: ids,
    subscriptionId: ids,
  }
})
afterEach(() => core.end())

/** Nobody asked for the bystander: nothing that was said to others may show on it. */
async function expectUnharmed(): Promise<void> {
  await core.bench.clock.advance(1_000)
  const [now] = core.bench.manager.list({ includeClosed: false }).filter(({ sessionId }) => sessionId === bystander.sessionId)
  expect(now?.fault ?? null).toBeNull()
  expect(['Connected', 'Idle']).toContain(now?.state)
  expect(now?.metadata).toEqual(bystander.metadata)
  expect(now?.statistics.operations).toBe(0)
  expect(now?.lease).toEqual(bystander.lease)
}

async function endAllButTheBystander(): Promise<void> {
  for (const { sessionId } of core.bench.manager.list({ includeClosed: false })) {
    if (sessionId !== bystander.sessionId) await core.bench.manager.kill(sessionId)
  }
  // Also what is kept of their ports.
  await core.bench.clock.advance(10_000)
}

/** The input, with the session that it is about put in. */
function aimedAt(sessionId: string, input: unknown): unknown {
  if (input === TARGET) return sessionId
  if (input === TRANSFER) return core.transferId
  if (Array.isArray(input)) return input.map(item => aimedAt(sessionId, item))
  if (typeof input !== 'object' || input === null || ArrayBuffer.isView(input)) return input
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, aimedAt(sessionId, value)]))
}

function expectEnvelope(reply: Result<unknown>): void {
  if (reply.ok) return
  expect([...EXPECTED_CODES]).toContain(reply.error.code)
  expect(reply.error.message).toMatch(/\S/)
  expect(reply.error.message.length).toBeLessThan(20_000)
}

describe('every command', () => {
  it.each(COMMANDS)('%s answers whatever has the right form and means nothing any more (E-30, G-27)', async name => {
    await fc.assert(
      fc.asyncProperty(inputsOf(name, stale), async input => {
        expectEnvelope(await core.call(name, input))
        if (!ENDS_EVERYTHING.has(name)) await expectUnharmed()
      }),
      { numRuns: RUNS },
    )
  })

  it.each(COMMANDS.filter(name => takesSession(name)))(
    '%s of a session that is closed or never was says so, or does nothing (E-39)',
    async name => {
      await fc.assert(
        fc.asyncProperty(inputsOf(name, stale), async input => {
          const before = core.bench.manager.list({ includeClosed: false }).length
          const reply = await core.call(name, input)
          expect(core.bench.manager.list({ includeClosed: false })).toHaveLength(before)
          if (!reply.ok) expect(['SessionNotFound', 'SessionNotReady', 'InvalidArgument', 'ServiceDisabled']).toContain(reply.error.code)
        }),
        { numRuns: RUNS },
      )
    },
  )

  it('in any order, with any input, on living and dead sessions, is answered; the session next to them goes on (E-30)', async () => {
    const ids = fc.oneof({ weight: 5, arbitrary: fc.constant(TARGET) }, { weight: 1, arbitrary: stale.sessionId as fc.Arbitrary<unknown> })
    const known: KnownKeys = {
      ...stale,
      sessionId: ids,
      associateSessionKeys: fc.array(ids, { maxLength: 3 }),
      port: fc.constantFrom('/dev/target', '/dev/other', 'simulated:1', '', '\0'),
      deviceKey: fc.constantFrom('path:/dev/target', 'path:/dev/other', 'usb:1:2:3', ''),
      dataSource: fc.constantFrom('path:/dev/target', 'bench', ''),
      name: fc.constantFrom('stats', 'logging', 'limit', ''),
      key: fc.constantFrom('counter', 'pool.acquireTimeout', 'deviceSessions.idleTimeout', '', '__proto__'),
      transferId: fc.constantFrom(TRANSFER, 'transfer-none'),
      local: fc.record({ folderId: fc.constantFrom(core.folderId, 'folder-none'), path: fc.constantFrom('', 'lib', '..') }),
      boardFolder: fc.constantFrom('/', '/lib', 'lib'),
      names: fc.constantFrom(['main.py'], ['main.py', 'gone.py'], ['..'], []),
    }
    const asked = COMMANDS.filter(name => !ENDS_EVERYTHING.has(name))
    const step = fc.constantFrom(...asked).chain(name => fc.tuple(fc.constant(name), inputsOf(name, known)))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async steps => {
        const target = await core.bench.open('/dev/target')
        for (const [name, input] of steps) expectEnvelope(await core.call(name, aimedAt(target.sessionId, input)))
        await expectUnharmed()
        await endAllButTheBystander()
      }),
      { numRuns: RUNS },
    )
  })

  it.each(COMMANDS)('%s is answered after everything has ended (E-35)', async name => {
    await core.call('manager:shutdown', {})
    await fc.assert(
      fc.asyncProperty(inputsOf(name, stale), async input => expectEnvelope(await core.call(name, input))),
      { numRuns: 3 },
    )
  })
})

describe('a listener', () => {
  it('that throws keeps nobody from an answer, and no other listener from hearing (E-31)', async () => {
    const { manager } = core.bench
    const heard: string[] = []
    manager.onEvent(() => {
      throw new Error('a listener of its own')
    })
    manager.onEvent(event => void heard.push(event.type))
    expect(await core.call('sessions:open', { port: '/dev/another' })).toMatchObject({ ok: true })
    expect(heard).toContain('connected')
    await expectUnharmed()
  })

  it('that never settles is waited for no longer than a connect may take, and the session is kept (E-31)', async () => {
    core.bench.manager.addHook({ connected: () => new Promise(() => undefined) })
    const reply = await core.call('sessions:open', { port: '/dev/another', options: { connectionTimeoutMs: 5_000 } })
    expect(reply).toMatchObject({ ok: true })
    await expectUnharmed()
  })
})

function takesSession(name: CommandName): boolean {
  const { shape } = commandSchemas[name]
  return 'sessionId' in shape && !shape.sessionId.safeParse(undefined).success && !name.startsWith('output:ack')
}
