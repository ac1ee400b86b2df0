import { describe, expect, it } from 'vitest'
import { DEFAULT_TIMEOUT } from '../../../electron/core/config/config-key-row'
import { CONFIG_KEYS } from '../../../electron/core/config/config-keys'
import { readConfig } from '../../../electron/core/config/config-reading'
import { DEFAULT_SETTINGS } from '../../../electron/core/config/default-settings'
import type { JsonValue } from '../../../shared/model'

function placesIn(value: object, outer = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? placesIn(inner, `${outer}${name}.`) : [`${outer}${name}`],
  )
}

/** A file that says one key, by its own name. */
function fileWith(key: string, value: JsonValue): string {
  return JSON.stringify(key.split('.').reduceRight<JsonValue>((inner, name) => ({ [name]: inner }), value))
}

function shown(key: string, text = ''): JsonValue | undefined {
  return readConfig(text).keys.find(one => one.key === key)?.value
}

/** Every key of the configuration: its default as a person would write it, values that are taken, values that are not. */
const SPECIFIED: readonly (readonly [key: string, fallback: JsonValue, good: readonly JsonValue[], bad: readonly JsonValue[]])[] = [
  ['deviceSessions.enableSessionManagement', true, [false], ['false', 0, null]],
  ['deviceSessions.maxConcurrentSessions', 64, [1, 10, 256], [0, 257, 1.5, '64', null]],
  ['deviceSessions.defaultTimeout', '00:00:30', ['00:00:01', 600_000], [999, '00:10:01', null]],
  ['deviceSessions.connectionTimeout', '00:00:30', [500, '00:00:01'], [499, 'Infinite', '-00:00:00.0010000', -1, null]],
  ['deviceSessions.operationTimeout', '00:00:10', [100, '01:00:00'], [99, 0, -1, '01:00:00.001', 'infinite', null]],
  ['deviceSessions.shutdownTimeout', '00:00:10', [500, 60_000], [499, 60_001]],
  ['deviceSessions.idleTimeout', '00:05:00', ['00:00:01', null, '2.00:00:00'], [0, '00:00:00', 999]],
  ['deviceSessions.enableAutoReconnect', true, [false], [1]],
  ['deviceSessions.maxReconnectAttempts', 3, [0, 100], [-1, 101, 2.5]],
  ['deviceSessions.reconnectDelay', '00:00:01', [0, '00:05:00'], ['00:05:01', -1]],
  ['deviceSessions.enableHealthChecks', true, [false], ['yes']],
  ['deviceSessions.healthCheckInterval', '00:01:00', [1_000, '12:00:00'], [999, null]],
  ['deviceSessions.profile', 'standard', ['longRunning', 'LONGRUNNING'], ['long', 1]],
  ['deviceSessions.heartbeatInterval', null, ['00:00:30', null], [999, 0]],
  ['deviceSessions.heartbeatGrace', '00:01:30', [2_000, '00:10:00'], [1_999]],
  ['deviceSessions.readerIdleTime', '00:00:00', [0, 1_000], [1, 999, null]],
  ['deviceSessions.writerIdleTime', '00:00:00', [0, 1_000], [1, 999, null]],
  ['deviceSessions.bothIdleTime', '00:00:00', [0, 1_000], [1, 999, null]],
  ['deviceSessions.throughputInterval', '00:00:03', [250, 60_000], [249, 60_001]],
  ['deviceSessions.writeTimeout', '00:01:00', [100, 600_000], [99, 600_001]],
  ['deviceSessions.maxPendingOperations', 128, [1, 10_000], [0, 10_001]],
  ['deviceSessions.eventQueueCapacity', 10_000, [16, 100_000], [15, 100_001]],
  ['deviceSessions.maxMessageBytes', 1_048_576, [1_024, 16_777_216], [1_023, 16_777_217]],
  ['deviceSessions.initSnippet', '', ['import gc\ngc.collect()', 'x'.repeat(65_536)], ['é'.repeat(32_769), 1]],
  ['deviceSessions.tombstoneLimit', 200, [0, 10_000], [-1, 10_001]],
  ['deviceSessions.closeOnWindowClose', false, [true], [null]],
  ['pool.enableSessionPooling', true, [false], ['on']],
  ['pool.acquireTimeout', '00:00:30', [0, 600_000], [600_001, -1]],
  ['lease.defaultDuration', null, [null, '00:00:05'], [4_999, 0]],
  ['lease.sweepInterval', '00:00:30', [1_000, 600_000], [999, 600_001]],
  ['transport.defaultPort', '', ['COM3', '/dev/ttyACM0'], ['a\nb', 3, 'x'.repeat(1_025)]],
  ['transport.defaultBackend', 'serial', ['simulated'], ['none', 'tcp']],
  ['transport.defaultBaudRate', 115_200, [50, 4_000_000], [49, 4_000_001, 9_600.5]],
  ['transport.dataBits', 8, [5, 6, 7, '7'], [4, 9]],
  ['transport.stopBits', 1, [1.5, 2], [0, 3]],
  ['transport.parity', 'none', ['even', 'odd', 'mark', 'space'], ['both', null]],
  ['transport.rtscts', false, [true], [1]],
  ['transport.xon', false, [true], [1]],
  ['transport.xoff', false, [true], [1]],
  ['transport.dtr', true, [false], [0]],
  ['transport.rts', true, [false], [0]],
  ['transport.hangupOnClose', true, [false], [0]],
  ['transport.readBufferSize', 65_536, [64, 1_048_576], [63, 1_048_577]],
  ['transport.allow', [], [['/dev/ttyACM*', '2e8a:0005']], ['/dev/ttyACM0', [''], [3]]],
  ['transport.block', [], [['COM1']], [[null], {}]],
  ['transport.portScanInterval', '00:00:02', [500, 60_000], [499, 60_001]],
  ['deviceSessions.watchdogFeed', '', ['wdt.feed()'], ['x'.repeat(257), 1, 'wdt.feed()\n']],
  ['deviceSessions.attach', 'interrupt', ['watch'], ['peek']],
  ['attributes.store', 'memory', ['file'], ['redis']],
  [
    'filters.default',
    ['stats', 'logging'],
    [[], ['textCodec'], [{ name: 'slow', type: 'rateLimit', settings: { bytesPerSecond: 100 } }, 'textCodec', 'logging']],
    [
      'stats',
      ['stats', 'stats'],
      ['zip'],
      ['textCodec', 'rateLimit'],
      [{ name: '', type: 'stats' }],
      [{ name: 'a', type: 'stats', settings: 1 }],
      [null],
    ],
  ],
  ['filters.rateLimit.bytesPerSecond', 0, [9_600], [-1, '1']],
  ['filters.rateLimit.burst', 0, [1_000], [-1]],
  ['filters.textCodec.delimiter', '\n', ['\r\n', ';'], ['', 10]],
  ['filters.textCodec.maxLineLength', 65_536, [0, 80], [-1, 1.5]],
  ['metadata.type', 'Session', ['Endurance'], ['', 7]],
  ['metadata.version', 1, [2], [0, 1.1]],
  ['metadata.utcOffset', 0, [-50_400, 50_400], [-50_401, 50_401]],
  ['metadata.dataSource', '', ['Lab 3'], [null]],
  ['integrateSessionManagement', true, [false], ['true']],
  ['metrics.prometheus.enabled', false, [true], [1]],
  ['metrics.prometheus.port', 9_464, [1_024, 65_535], [80, 1_023, 65_536]],
  ['logging.level', 'info', ['error', 'warn', 'verbose', 'debug', 'silly'], ['loud', 0]],
  ['logging.snippets', false, [true], ['no']],
]

describe('the configuration keys', () => {
  it('are those specified, each once', () => {
    expect(CONFIG_KEYS.map(({ key }) => key).sort()).toEqual(SPECIFIED.map(([key]) => key).sort())
  })

  it('fill every setting, each exactly one', () => {
    const places = CONFIG_KEYS.map(({ place }) => place).filter(place => place !== DEFAULT_TIMEOUT)
    expect([...places].sort()).toEqual(placesIn(DEFAULT_SETTINGS).sort())
  })

  it('have names that no other key has', () => {
    const names = CONFIG_KEYS.flatMap(({ key, aliases }) => [key, ...aliases]).map(name => name.toLowerCase())
    expect(new Set(names).size).toBe(names.length)
  })

  it('leave the defaults as they are when the file says nothing', () => {
    for (const text of ['', '{}', '// nothing yet\n', '{ "deviceSessions": {} }']) {
      expect(readConfig(text)).toMatchObject({ settings: DEFAULT_SETTINGS, isReadOnly: false, problems: [] })
    }
  })

  it.each(SPECIFIED)('%s keeps its default and its rule', (key, fallback, good, bad) => {
    expect(shown(key)).toEqual(fallback)
    for (const value of good) {
      const reading = readConfig(fileWith(key, value))
      expect(reading.problems.filter(({ severity }) => severity === 'error')).toEqual([])
      const report = reading.keys.find(one => one.key === key)
      expect(report).toMatchObject({ source: 'file', default: fallback })
      // What is shown, written back, is the same again.
      expect(shown(key, fileWith(key, report?.value ?? null))).toEqual(report?.value)
    }
    for (const value of bad) {
      const reading = readConfig(fileWith(key, value))
      expect(reading.problems).toContainEqual({ severity: 'error', key, message: expect.stringContaining(key) })
      expect(reading.settings).toEqual(DEFAULT_SETTINGS)
      expect(reading.keys.find(one => one.key === key)).toMatchObject({ source: 'default', value: fallback })
    }
  })

  it('B-33: the limit and the pool have bounds, say what they are for, and hold at once', () => {
    const { settings, keys, problems } = readConfig('{ "deviceSessions": { "maxConcurrentSessions": 20, "enableSessionPooling": true } }')
    expect([settings.maxConcurrentSessions, settings.pool.enabled, problems]).toEqual([20, true, []])
    const told = (wanted: string) => {
      const { rule, description, live } = keys.find(({ key }) => key === wanted) ?? {}
      return [rule, description?.split('.')[0], live]
    }
    expect(told('deviceSessions.maxConcurrentSessions')).toEqual([
      'a whole number from 1 to 256',
      'How many sessions may be open at the same time',
      true,
    ])
    expect(told('pool.enableSessionPooling')).toEqual([
      'true or false',
      'Whether a session that is given back stays open for the next caller',
      true,
    ])
    expect(told('pool.acquireTimeout')).toEqual(['0 to 10 min', 'How long a caller waits for a session; 0 for not at all', true])
  })

  it('say which take effect at once', () => {
    expect(CONFIG_KEYS.filter(({ live }) => live).map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        'deviceSessions.maxConcurrentSessions',
        'pool.enableSessionPooling',
        'transport.portScanInterval',
        'logging.level',
        'logging.snippets',
      ]),
    )
  })
})
