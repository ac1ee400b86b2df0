import { describe, expect, it } from 'vitest'
import { type OpenContext, readOpenRequest } from '../../../electron/core/sessions/requests/requests'
import type { OpenInput } from '../../../shared/contract'
import { DETAIL_KEY_MAX_CHARS, DETAIL_VALUE_MAX_CHARS, DETAILS_MAX_KEYS } from '../../../shared/limits'
import type { PortInfo } from '../../../shared/model'
import { FakeSettings } from '../../fakes/fake-settings'

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

class Bench {
  readonly settings = new FakeSettings()
  readonly ports = new Map([[PICO.path, PICO]])
  refusal: string | null = null

  read(input: OpenInput): ReturnType<typeof readOpenRequest> {
    const context: OpenContext = {
      settings: this.settings.current,
      client: 'window-1',
      ports: {
        find: path => this.ports.get(path),
        locate: key => [...this.ports.values()].find(port => port.deviceKey === key)?.path ?? null,
        refusal: () => this.refusal,
      },
    }
    return readOpenRequest(input, context)
  }
}

describe('a request to open', () => {
  it('G-29, B-09, B-19: has every default filled in', () => {
    const bench = new Bench()
    expect(bench.read({ port: '/dev/ttyACM0' })).toEqual({
      port: '/dev/ttyACM0',
      portLabel: 'Pico',
      backend: 'serial',
      baudRate: 115_200,
      deviceKey: PICO.deviceKey,
      name: 'Pico on /dev/ttyACM0',
      clientSessionName: '',
      clientCorrelationId: '',
      clientIdentity: 'window-1',
      metadata: {
        dataSource: PICO.deviceKey,
        type: 'Session',
        version: 1,
        utcOffsetSeconds: 0,
        identifier: '',
        details: {},
        associateSessionKeys: [],
      },
      options: bench.settings.current.session,
      line: bench.settings.current.transport.line,
    })
  })

  it('S-05: a type of nothing is the usual one, and so are version, offset and identifier that are not given', () => {
    for (const type of ['', ' ']) {
      expect(new Bench().read({ port: 'COM9', metadata: { type, dataSource: 'oven', details: { lap: '1' } } }).metadata).toEqual({
        dataSource: 'oven',
        type: 'Session',
        version: 1,
        utcOffsetSeconds: 0,
        identifier: '',
        details: { lap: '1' },
        associateSessionKeys: [],
      })
    }
  })

  it('takes the speed and the lines that were set for its port, unless the call says another speed', () => {
    const bench = new Bench()
    const { line } = bench.settings.current.transport
    const set = (settings: PortInfo['settings']) => void bench.ports.set(PICO.path, { ...PICO, settings })
    set({ lines: 'lower', baudRate: 9_600 })
    expect(bench.read({ port: PICO.path })).toMatchObject({ baudRate: 9_600, line: { ...line, dtr: false, rts: false } })
    expect(bench.read({ port: PICO.path, baudRate: 57_600 }).baudRate).toBe(57_600)
    set({ lines: 'leave', baudRate: null })
    expect(bench.read({ deviceKey: PICO.deviceKey })).toMatchObject({ baudRate: 115_200, line: { leaveLines: true, hangupOnClose: false } })
    set({ lines: 'raise', baudRate: null })
    expect(bench.read({ port: PICO.path }).line).toEqual(line)
  })

  it('B-32: what the call says wins over the configuration, and that over the defaults', () => {
    const bench = new Bench()
    bench.settings.changeSession({ operationTimeoutMs: 20_000, idleTimeoutMs: null })
    bench.settings.change({ metadata: { ...bench.settings.current.metadata, type: 'Run', dataSource: 'lab' } })
    const { options, metadata } = bench.read({
      port: 'COM9',
      metadata: { identifier: 'lap 3', version: 2 },
      options: { operationTimeoutMs: 5_000 },
    })
    expect(options).toEqual({ ...bench.settings.current.session, operationTimeoutMs: 5_000 })
    expect(metadata).toMatchObject({ type: 'Run', dataSource: 'lab', identifier: 'lap 3', version: 2 })
    expect(bench.read({ port: 'COM9', metadata: { dataSource: 'oven' } }).metadata.dataSource).toBe('oven')
  })

  it('the long-running profile brings its intervals, unless somebody has said others', () => {
    const bench = new Bench()
    const { options } = bench.read({ port: 'COM9', options: { profile: 'longRunning' } })
    expect(options).toMatchObject({ healthCheckIntervalMs: 300_000, heartbeatIntervalMs: 30_000, heartbeatGraceMs: 90_000 })
    bench.settings.changeSession({ healthCheckIntervalMs: 7_000 })
    const said = bench.read({ port: 'COM9', options: { profile: 'longRunning', heartbeatIntervalMs: 10_000 } }).options
    expect(said).toMatchObject({ healthCheckIntervalMs: 7_000, heartbeatIntervalMs: 10_000, heartbeatGraceMs: 30_000 })
  })

  it('finds the port of a device, and the configured port where nothing is said', () => {
    const bench = new Bench()
    expect(bench.read({ deviceKey: PICO.deviceKey })).toMatchObject({ port: '/dev/ttyACM0', portLabel: 'Pico' })
    expect(() => bench.read({ deviceKey: 'usb:2e8a:0005:other' })).toThrow(
      expect.objectContaining({ code: 'OpenFailed', reason: 'not-present' }),
    )
    expect(() => bench.read({ port: '/dev/ttyACM0', deviceKey: 'usb:2e8a:0005:other' })).toThrow(
      expect.objectContaining({ code: 'OpenFailed', reason: 'another-board' }),
    )
    expect(() => bench.read({})).toThrow('No port was given.')
    bench.settings.change({ transport: { ...bench.settings.current.transport, defaultPort: 'COM3', defaultBaudRate: 9_600 } })
    expect(bench.read({})).toMatchObject({ port: 'COM3', deviceKey: 'path:COM3', baudRate: 9_600 })
  })

  it('a port that may not be used is refused with the reason', () => {
    const bench = new Bench()
    bench.refusal = '/dev/ttyACM0 may not be opened.'
    expect(() => bench.read({ port: '/dev/ttyACM0' })).toThrow(
      expect.objectContaining({ code: 'InvalidArgument', message: '/dev/ttyACM0 may not be opened.' }),
    )
  })

  it('a group session has no port, and a data source of its own', () => {
    const bench = new Bench()
    expect(bench.read({ backend: 'none', clientSessionName: 'ovens' })).toMatchObject({
      port: '',
      deviceKey: '',
      backend: 'none',
      name: 'the group “ovens”',
      metadata: { dataSource: 'group' },
    })
    expect(() => bench.read({ backend: 'none', port: 'COM3' })).toThrow('A group session has no port.')
  })

  it.each<[string, Omit<OpenInput, 'port'>]>([
    ['a second to connect is the least that makes sense, less than half is refused', { options: { connectionTimeoutMs: 499 } }],
    ['an endless connect', { options: { connectionTimeoutMs: Number.POSITIVE_INFINITY } }],
    ['an endless operation', { options: { operationTimeoutMs: Number.POSITIVE_INFINITY } }],
    ['no time for operations', { options: { operationTimeoutMs: 0 } }],
    ['an idle time-out of nothing', { options: { idleTimeoutMs: 0 } }],
    ['an option that is none', { options: { speed: 1 } as never }],
    ['half an attempt', { options: { maxReconnectAttempts: 0.5 } }],
    ['a lease too short', { options: { leaseDurationMs: 4_999 } }],
    ['a grace of less than two heartbeats', { options: { heartbeatIntervalMs: 10_000, heartbeatGraceMs: 19_999 } }],
    [
      'two filters with one name',
      {
        options: {
          filters: [
            { name: 'a', type: 'stats' },
            { name: 'a', type: 'logging' },
          ],
        },
      },
    ],
    ['a filter that is none', { options: { filters: [{ name: 'a', type: 'magic' as 'stats' }] } }],
    ['an init snippet too long', { options: { initSnippet: 'x'.repeat(64 * 1024 + 1) } }],
    ['an empty data source', { metadata: { dataSource: ' ' } }],
    ['a version of nothing', { metadata: { version: 0 } }],
    ['a version and a half', { metadata: { version: 1.5 } }],
    ['an offset of more than 14 hours', { metadata: { utcOffsetSeconds: 14 * 3_600 + 1 } }],
    ['an offset that is no number', { metadata: { utcOffsetSeconds: Number.NaN } }],
    [
      'too many details',
      { metadata: { details: Object.fromEntries(Array.from({ length: DETAILS_MAX_KEYS + 1 }, (_, index) => [`k${index}`, ''])) } },
    ],
    ['a detail without a name', { metadata: { details: { '': 'x' } } }],
    ['a name of a detail too long', { metadata: { details: { ['k'.repeat(DETAIL_KEY_MAX_CHARS + 1)]: '' } } }],
    ['a detail too long', { metadata: { details: { k: 'x'.repeat(DETAIL_VALUE_MAX_CHARS + 1) } } }],
    ['a baud rate too high', { baudRate: 4_000_001 }],
  ])('B-32, G-09: %s is refused', (_what, input) => {
    expect(() => new Bench().read({ port: 'COM9', ...input })).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
  })

  it('takes what lies on the edge', () => {
    const bench = new Bench()
    const details = Object.fromEntries(
      Array.from({ length: DETAILS_MAX_KEYS }, (_, index) => [`k${index}`, 'x'.repeat(DETAIL_VALUE_MAX_CHARS)]),
    )
    const request = bench.read({
      port: 'COM9',
      metadata: { details, utcOffsetSeconds: -14 * 3_600 },
      options: { idleTimeoutMs: null, leaseDurationMs: 5_000, maxReconnectAttempts: 0, connectionTimeoutMs: 500 },
    })
    expect(Object.keys(request.metadata.details)).toHaveLength(DETAILS_MAX_KEYS)
  })

  it('is frozen, and keeps nothing of the caller’s', () => {
    const details = { k: 'v' }
    const request = new Bench().read({ port: 'COM9', metadata: { details, associateSessionKeys: ['a', 'a'] } })
    details.k = 'changed'
    expect(request.metadata).toMatchObject({ details: { k: 'v' }, associateSessionKeys: ['a'] })
    for (const frozen of [request.options, request.metadata, request.metadata.details]) expect(Object.isFrozen(frozen)).toBe(true)
  })
})
