import { beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../electron/core/base/logger'
import { attachBridge } from '../../electron/ipc/bridge'
import { aHistoryEntry } from '../fakes/bridge-shapes'
import { FakeClock } from '../fakes/fake-clock'
import { FakeContents, ORIGIN } from './support/fake-contents'
import { FakeServices, SESSION_ID } from './support/fake-services'

const sessionId = SESSION_ID
let contents: FakeContents
let services: FakeServices

beforeEach(() => {
  contents = new FakeContents()
  services = new FakeServices()
  attachBridge(contents, { services, client: 'window-1', origin: ORIGIN, clock: new FakeClock(), logger: silentLogger })
})

async function answerTo(name: string, input: object): Promise<unknown> {
  const reply = await contents.call(name, input)
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`)
  return reply.value
}

describe('sessions', () => {
  it('are closed with all that the call says, by flush where it says nothing', async () => {
    await answerTo('sessions:close', { sessionId })
    expect(services.arguments.get('sessions.close flush')).toEqual([{ mode: 'flush' }])
    await answerTo('sessions:close', { sessionId, mode: 'now', cascade: true, dataSource: 'bench' })
    expect(services.arguments.get('sessions.close now')).toEqual([{ mode: 'now', cascade: true, dataSource: 'bench' }])
  })

  it('are listed by data source (S-11)', async () => {
    await answerTo('sessions:list', { dataSource: 'bench' })
    expect(services.arguments.get('sessions.list')).toEqual([{ includeClosed: false, dataSource: 'bench' }])
  })

  it('run code with what the call says about it', async () => {
    await answerTo('sessions:exec', { sessionId, code: '1 + 1', timeoutMs: 5, expect: 'json' })
    expect(services.arguments.get('sessions.execute')).toEqual(['1 + 1', { timeoutMs: 5, expect: 'json' }, expect.any(AbortSignal)])
  })

  it.each([['text'], [new Uint8Array([0, 255])]])('are written %j as it is (M-16)', async data => {
    expect(await answerTo('sessions:write', { sessionId, data })).toEqual({ bytes: data.length })
    expect(services.arguments.get('sessions.write')).toEqual([data])
  })
})

describe('attributes', () => {
  it('answer with a default and do not store it (M-05)', async () => {
    expect(await answerTo('attributes:get', { sessionId, key: 'a' })).toEqual({ value: null, found: false })
    expect(await answerTo('attributes:get', { sessionId, key: 'a', default: [1] })).toEqual({ value: [1], found: false })
    expect(await answerTo('attributes:keys', { sessionId })).toEqual([])
  })

  it('tell a stored null from what is not there', async () => {
    expect(await answerTo('attributes:set', { sessionId, key: 'a', value: null })).toEqual({ old: null })
    expect(await answerTo('attributes:get', { sessionId, key: 'a', default: 7 })).toEqual({ value: null, found: true })
    expect(await answerTo('attributes:has', { sessionId, key: 'a' })).toEqual({ found: true })
    expect(await answerTo('attributes:remove', { sessionId, key: 'a' })).toEqual({ old: null })
    expect(await answerTo('attributes:has', { sessionId, key: 'a' })).toEqual({ found: false })
  })

  it('count up from what is there, or from the beginning that the call says (M-05)', async () => {
    expect(await answerTo('attributes:update', { sessionId, key: 'n', add: 1 })).toEqual({ value: 1 })
    expect(await answerTo('attributes:update', { sessionId, key: 'n', add: -3, initial: 100 })).toEqual({ value: -2 })
    expect(await answerTo('attributes:update', { sessionId, key: 'm', add: 1, initial: 100 })).toEqual({ value: 101 })
  })

  it.each([['text'], [null], [{ n: 1 }]])('refuse to add to %j', async value => {
    services.attributes.set('n', value)
    expect(await contents.call('attributes:update', { sessionId, key: 'n', add: 1 })).toMatchObject({
      ok: false,
      error: { code: 'InvalidArgument' },
    })
    expect(services.attributes.get('n')).toEqual(value)
  })

  it('refuse to grow beyond every number', async () => {
    services.attributes.set('n', Number.MAX_VALUE)
    const reply = await contents.call('attributes:update', { sessionId, key: 'n', add: Number.MAX_VALUE })
    expect(reply).toMatchObject({ ok: false, error: { code: 'InvalidArgument' } })
  })
})

describe('filters', () => {
  it('are added last where no place is said, and answered as the chain is then (M-11)', async () => {
    const filter = { name: 'again', type: 'stats' }
    expect(await answerTo('filters:add', { sessionId, filter })).toMatchObject([{ name: 'stats' }])
    expect(services.arguments.get('filters.add')).toEqual([filter, { at: 'last' }])
    expect(services.calls).toEqual(['filters.add', 'filters.list'])
  })
})

describe('the configuration', () => {
  it('is set or reset, never both', async () => {
    await answerTo('config:set', { key: 'pool.acquireTimeout', value: 0 })
    expect(services.arguments.get('config.set')).toEqual(['pool.acquireTimeout', 0])
    await answerTo('config:set', { key: 'deviceSessions.idleTimeout', value: null })
    expect(services.arguments.get('config.set')).toEqual(['deviceSessions.idleTimeout', null])
    await answerTo('config:set', { key: 'pool.acquireTimeout', reset: true })
    expect(services.arguments.get('config.reset')).toEqual(['pool.acquireTimeout'])
    for (const input of [{ key: 'k' }, { key: 'k', value: 1, reset: true }, { key: 'k', reset: false }]) {
      expect(await contents.call('config:set', input)).toMatchObject({ ok: false, error: { code: 'InvalidArgument' } })
    }
  })
})

describe('the manager', () => {
  it('closes the sessions before the app quits (T12)', async () => {
    await answerTo('manager:shutdown', {})
    expect(services.calls).toEqual(['sessions.shutdown', 'shell.quit'])
  })
})

describe('the history', () => {
  beforeEach(() => {
    services.entries = [
      aHistoryEntry(1, {
        at: Date.UTC(2024, 0, 2, 3, 4, 5, 6),
        sessionId: null,
        dataSource: null,
        text: 'A "quoted", text\nin two lines',
        data: { n: [1] },
      }),
      aHistoryEntry(2, { at: 0, board: '=HYPERLINK("evil")', port: '/dev/ttyACM0', text: 'ready', data: {} }),
    ]
  })

  const saved = (): string => Buffer.concat(services.saved?.chunks ?? []).toString()

  it('is saved as one JSON object a line', async () => {
    expect(await answerTo('history:save', { format: 'jsonl' })).toEqual({ saved: true, file: '/home/ada/out.log', entries: 2 })
    expect(services.saved?.name).toBe('muster-events.jsonl')
    const lines = saved().split('\n')
    expect(lines.pop()).toBe('')
    expect(lines.map(line => JSON.parse(line))).toEqual(services.entries)
  })

  it('is saved as comma-separated values that no spreadsheet takes for formulas', async () => {
    await answerTo('history:save', { format: 'csv', sessionId: '../../etc/session' })
    expect(services.arguments.get('history.list')).toEqual(['../../etc/session'])
    expect(services.saved?.name).toBe('etcsession-events.csv')
    const second = services.entries[1]
    expect(saved()).toBe(
      [
        'seq,at,type,tone,sessionId,dataSource,board,port,text,data',
        '1,2024-01-02T03:04:05.006Z,connected,info,,,ttyACM0,/dev/ttyACM0,"A ""quoted"", text\nin two lines","{""n"":[1]}"',
        `2,1970-01-01T00:00:00.000Z,connected,info,${second?.sessionId},path:/dev/ttyACM0,"'=HYPERLINK(""evil"")",/dev/ttyACM0,ready,{}`,
        '',
      ].join('\r\n'),
    )
  })

  it('is written in portions, however long it is', async () => {
    services.entries = Array.from({ length: 5_000 }, (_, index) => aHistoryEntry(index))
    await answerTo('history:save', { format: 'jsonl' })
    expect(services.saved?.chunks.length).toBeGreaterThan(10)
    expect(saved().trimEnd().split('\n')).toHaveLength(5_000)
  })
})
