import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONFIG_KEYS } from '../../../electron/core/config/config-keys'
import { readConfig } from '../../../electron/core/config/config-reading'
import { DEFAULT_SETTINGS } from '../../../electron/core/config/default-settings'
import { CONFIG_FILE_MAX_BYTES, CONFIG_PROBLEMS_MAX } from '../../../shared/limits'
import type { JsonValue } from '../../../shared/model'

function sessionOf(text: string) {
  return readConfig(text).settings.session
}

function problemsOf(text: string) {
  return readConfig(text).problems
}

describe('fragments of the systems Muster’s sessions come from', () => {
  it('B-20 the section DeviceSessions is taken as it is', () => {
    const reading = readConfig(`{
      "DeviceSessions": {
        "DefaultTimeout": "00:00:20",
        "IdleTimeout": "00:06:00",
        "EnableAutoReconnect": false,
        "MaxReconnectAttempts": 5,
        "ReconnectDelay": "00:00:02",
        "EnableHealthChecks": false,
        "HealthCheckInterval": "00:02:00",
        "MaxConcurrentSessions": 10,
        "EnableSessionPooling": false
      }
    }`)
    expect(reading.problems).toEqual([])
    expect(reading.settings).toMatchObject({
      maxConcurrentSessions: 10,
      pool: { enabled: false, acquireTimeoutMs: 20_000 },
      session: {
        connectionTimeoutMs: 20_000,
        idleTimeoutMs: 360_000,
        autoReconnect: false,
        maxReconnectAttempts: 5,
        reconnectDelayMs: 2_000,
        healthChecks: false,
        healthCheckIntervalMs: 120_000,
      },
    })
  })

  it('B-19 the same values at their defaults change nothing', () => {
    const { settings, problems } = readConfig(`{ "DeviceSessions": {
      "ConnectionTimeout": "00:00:30", "OperationTimeout": "00:00:10", "IdleTimeout": "00:05:00", "EnableAutoReconnect": true,
      "MaxReconnectAttempts": 3, "ReconnectDelay": "00:00:01", "EnableHealthChecks": true, "HealthCheckInterval": "00:01:00" } }`)
    expect(settings).toEqual(DEFAULT_SETTINGS)
    expect(problems).toEqual([])
  })

  it('S-21 IntegrateSessionManagement is understood with its trailing comma and below a section of its product', () => {
    for (const text of ['{ "IntegrateSessionManagement": false, }', '{ "StreamApiConfig": { "IntegrateSessionManagement": false, }, }']) {
      expect(readConfig(text)).toMatchObject({ settings: { integrateSessionManagement: false }, problems: [] })
    }
  })

  it('G-36 Sessions and Worker are understood, in seconds, also below a section of their product', () => {
    const fragment = `"Sessions": { "DefaultCommandTimeoutSeconds": 30, "MaxSessions": 32 },
      "Worker": { "StartupTimeoutSeconds": 20, "ShutdownTimeoutSeconds": 2.5 }`
    for (const text of [`{ ${fragment} }`, `{ "Gateway": { "Host": { ${fragment} } } }`]) {
      expect(readConfig(text)).toMatchObject({
        settings: {
          maxConcurrentSessions: 32,
          session: { operationTimeoutMs: 30_000, connectionTimeoutMs: 20_000, shutdownTimeoutMs: 2_500 },
        },
        problems: [],
      })
    }
  })

  it('B-09 the options of both registrations are understood where they stand', () => {
    const reading = readConfig(`{ "Belay": {
      "DefaultPort": "COM3", "DefaultBaudRate": 9600, "EnableSessionManagement": false,
      "DefaultTimeout": "00:00:15", "MaxConcurrentSessions": 20, "EnableSessionPooling": false } }`)
    expect(reading.problems).toEqual([])
    expect(reading.settings).toMatchObject({
      enableSessionManagement: false,
      maxConcurrentSessions: 20,
      transport: { defaultPort: 'COM3', defaultBaudRate: 9_600 },
      pool: { enabled: false, acquireTimeoutMs: 15_000 },
      session: { connectionTimeoutMs: 15_000 },
    })
  })
})

describe('what the file may look like', () => {
  it('has comments, trailing commas and keys in any case, and sections may be written with dots', () => {
    const text = `// mine
      { /* all */ "DEVICESESSIONS": { "idletimeout": "00:01:00", }, // one
        "Metrics.Prometheus": { "Port": 9100 }, "logging.level": "debug", }`
    expect(readConfig(text)).toMatchObject({
      settings: { session: { idleTimeoutMs: 60_000 }, prometheus: { port: 9_100 }, logging: { level: 'debug' } },
      problems: [],
    })
  })

  it.each([
    ['"00:00:02"', 2_000],
    ['"00:00:02.5"', 2_500],
    ['"00:00:02.0500000"', 2_050],
    ['"1.02:03:04"', 93_784_000],
    ['"0:00:03"', 3_000],
    ['2500', 2_500],
  ])('takes %s as a duration', (written, expected) => {
    expect(sessionOf(`{ "deviceSessions": { "idleTimeout": ${written} } }`).idleTimeoutMs).toBe(expected)
  })

  it.each(['"2 s"', '"24:00:00"', '"00:60:00"', '"-00:00:05"', '"00:05"', '"2500"', '2500.5', '1e999', '[]', '{ "seconds": 5 }', 'true'])(
    'does not take %s as a duration',
    written => {
      const reading = readConfig(`{ "deviceSessions": { "idleTimeout": ${written} } }`)
      expect(reading.settings).toEqual(DEFAULT_SETTINGS)
      expect(reading.problems).toEqual([
        { severity: 'error', key: 'deviceSessions.idleTimeout', message: expect.stringContaining(written) },
      ])
    },
  )

  it('takes every duration in seconds where its name ends so', () => {
    expect(sessionOf('{ "deviceSessions": { "idleTimeoutSeconds": 90, "reconnectDelaySeconds": "00:00:05" } }')).toMatchObject({
      idleTimeoutMs: 90_000,
      reconnectDelayMs: 5_000,
    })
  })

  it('takes a difference to UTC as a clock text too', () => {
    expect(readConfig('{ "metadata": { "utcOffset": "-05:30:00" } }').settings.metadata.utcOffsetSeconds).toBe(-19_800)
  })

  it('gives filters by their type, or with a name and settings', () => {
    const text = '{ "filters": { "default": ["stats", { "name": "slow", "type": "rateLimit", "settings": { "bytesPerSecond": 100 } }] } }'
    const reading = readConfig(text)
    expect(reading.settings.session.filters).toEqual([
      { name: 'stats', type: 'stats' },
      { name: 'slow', type: 'rateLimit', settings: { bytesPerSecond: 100 } },
    ])
    expect(reading.keys.find(({ key }) => key === 'filters.default')?.value).toEqual(JSON.parse(text).filters.default)
  })
})

describe('defaults that hang together', () => {
  it('defaultTimeout is what connecting and waiting for a session fall back on', () => {
    const text = '{ "deviceSessions": { "defaultTimeout": "00:00:12" }, "pool": { "acquireTimeout": 0 } }'
    expect(readConfig(text).settings).toMatchObject({ session: { connectionTimeoutMs: 12_000 }, pool: { acquireTimeoutMs: 0 } })
    expect(readConfig(text).keys.find(({ key }) => key === 'deviceSessions.connectionTimeout')).toMatchObject({
      value: '00:00:12',
      default: '00:00:12',
      source: 'default',
    })
  })

  it('the profile longRunning brings a heartbeat and rarer health checks, unless the file says otherwise', () => {
    expect(sessionOf('{ "deviceSessions": { "profile": "longRunning" } }')).toMatchObject({
      heartbeatIntervalMs: 30_000,
      heartbeatGraceMs: 90_000,
      healthCheckIntervalMs: 300_000,
    })
    expect(
      sessionOf('{ "deviceSessions": { "profile": "longRunning", "heartbeatInterval": null, "healthCheckInterval": "00:02:00" } }'),
    ).toMatchObject({ heartbeatIntervalMs: null, healthCheckIntervalMs: 120_000 })
  })

  it('a grace for heartbeats is three of them, and never less than two', () => {
    expect(sessionOf('{ "deviceSessions": { "heartbeatInterval": "00:00:20" } }').heartbeatGraceMs).toBe(60_000)
    const text = '{ "deviceSessions": { "heartbeatInterval": "00:00:20", "heartbeatGrace": "00:00:39" } }'
    expect(sessionOf(text).heartbeatGraceMs).toBe(60_000)
    expect(problemsOf(text)).toEqual([
      { severity: 'error', key: 'deviceSessions.heartbeatGrace', message: expect.stringContaining('twice') },
    ])
    expect(sessionOf(text.replace('39', '40')).heartbeatGraceMs).toBe(40_000)
  })
})

describe('what is told of a file', () => {
  it('B-32 one second to connect is warned of; no limit for an execution and no time at all to be idle are refused', () => {
    const text = '{ "deviceSessions": { "connectionTimeout": "00:00:01", "operationTimeout": "-00:00:00.0010000", "idleTimeout": 0 } }'
    expect(problemsOf(text)).toEqual([
      { severity: 'error', key: 'deviceSessions.operationTimeout', message: expect.stringContaining('100 ms to 1 h') },
      { severity: 'error', key: 'deviceSessions.idleTimeout', message: expect.stringContaining('null for never') },
      { severity: 'warning', key: 'deviceSessions.connectionTimeout', message: expect.stringContaining('00:00:01') },
    ])
    expect(sessionOf(text)).toMatchObject({ connectionTimeoutMs: 1_000, operationTimeoutMs: 10_000, idleTimeoutMs: 300_000 })
  })

  it('health checks that come as often as executions may last are warned of, unless there are none', () => {
    const text = '{ "deviceSessions": { "healthCheckInterval": "00:00:10" } }'
    expect(problemsOf(text)).toEqual([
      { severity: 'warning', key: 'deviceSessions.healthCheckInterval', message: expect.stringContaining('operationTimeout') },
    ])
    expect(problemsOf(text.replace('}', ', "enableHealthChecks": false }'))).toEqual([])
  })

  it('a key of its own counts more than an alias, the later of two more than the earlier, and both are warned of', () => {
    const alias = '{ "deviceSessions": { "maxConcurrentSessions": 10 }, "sessions": { "maxSessions": 20 } }'
    expect(readConfig(alias).settings.maxConcurrentSessions).toBe(10)
    expect(problemsOf(alias)).toEqual([
      {
        severity: 'warning',
        key: 'deviceSessions.maxConcurrentSessions',
        message: expect.stringContaining('sessions.maxSessions does not'),
      },
    ])
    const twice = '{ "logging": { "level": "warn", "Level": "debug" } }'
    expect(readConfig(twice).settings.logging.level).toBe('debug')
    expect(problemsOf(twice)).toEqual([{ severity: 'warning', key: 'logging.level', message: expect.stringContaining('more than once') }])
  })

  it('unknown keys are warned of, also in a section that is known', () => {
    const text =
      '{ "pool": { "size": 3, "defaultPort": "COM3" }, "colour": "red", "Logging": { "LogLevel": { "Default": "Information" } } }'
    expect(problemsOf(text).map(({ severity, key }) => [severity, key])).toEqual([
      ['warning', 'pool.size'],
      ['warning', 'pool.defaultPort'],
      ['warning', 'colour'],
      ['warning', 'Logging.LogLevel.Default'],
    ])
  })

  it('a section that is no object is an error', () => {
    expect(problemsOf('{ "metrics": { "prometheus": true }, "pool": [] }').map(({ severity, key }) => [severity, key])).toEqual([
      ['error', 'metrics.prometheus'],
      ['error', 'pool'],
    ])
  })

  it.each([
    ['{\n  "pool": {\n    "acquireTimeout": 0\n    "enableSessionPooling": true\n  }\n}', 'line 4, column 5', 'a comma'],
    ['{ "pool": ', 'line 1', 'missing'],
    ['{ "a": "x\n" }', 'line 1', 'end'],
    ['{} {}', 'line 1, column 4', 'end here'],
    ['[]', 'line 1, column 1', 'one object'],
    ['\u0000', 'line 1, column 1', ''],
    [`{ "a": ${'['.repeat(40)}${']'.repeat(40)} }`, 'line 1', '32 levels'],
  ])('a file that can’t be understood leaves the defaults and says where: %j', (text, place, why) => {
    const reading = readConfig(text)
    expect(reading).toMatchObject({ settings: DEFAULT_SETTINGS, isReadOnly: true })
    expect(reading.problems).toHaveLength(1)
    expect(reading.problems[0]).toMatchObject({ severity: 'error', key: null, message: expect.stringContaining(place) })
    expect(reading.problems[0]?.message).toContain(why)
  })
})

describe('a hostile file', () => {
  it('of nothing but brackets, braces or keys is read without harm', () => {
    for (const text of ['['.repeat(CONFIG_FILE_MAX_BYTES), '{"a":'.repeat(200_000), '{"pool":'.repeat(100_000)]) {
      expect(readConfig(text)).toMatchObject({ settings: DEFAULT_SETTINGS, isReadOnly: true })
    }
  })

  it('with thousands of problems tells only the first of them', () => {
    const text = `{ ${Array.from({ length: 5_000 }, (_, index) => `"key${index}": 1`).join()}, "pool": { "acquireTimeout": -1 } }`
    const problems = problemsOf(text)
    expect(problems).toHaveLength(CONFIG_PROBLEMS_MAX + 1)
    expect(problems[0]?.key).toBe('pool.acquireTimeout')
    expect(problems.at(-1)?.message).toContain('4951 more')
    for (const { message } of problems) expect(message.length).toBeLessThan(500)
  })

  it('can’t reach a prototype', () => {
    const text =
      '{ "__proto__": { "isAdmin": true }, "constructor": { "prototype": { "isAdmin": true } }, "deviceSessions": { "__proto__": { "x": 1 } } }'
    expect(readConfig(text).settings).toEqual(DEFAULT_SETTINGS)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    expect(problemsOf(text)).toHaveLength(3)
  })

  const value = fc.letrec<{ value: JsonValue }>(tie => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<JsonValue>(null, true, 0, -1, 1e308, '', '00:00:05', '99:99:99', 'longRunning', '__proto__'),
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      fc.integer(),
      fc.string(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('type', 'name', 'settings')), tie('value'), { maxKeys: 4 }),
    ),
  })).value
  const names = CONFIG_KEYS.flatMap(({ key, aliases }) => [key, ...aliases, `${key}Seconds`])
  const entry = fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string()), value, fc.boolean())

  it('of wrong values everywhere still gives whole settings that obey every rule', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), entries => {
        const text = `{ ${entries.map(([name, value, upper]) => `${JSON.stringify(upper ? name.toUpperCase() : name)}: ${JSON.stringify(value)}`).join()} }`
        const { settings, isReadOnly } = readConfig(text)
        expect(isReadOnly).toBe(false)
        for (const { place, rule } of CONFIG_KEYS) {
          if (place === 'defaultTimeout') continue
          const held = place.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], settings)
          expect(rule.allows(held), `${place}: ${JSON.stringify(held)}`).toBe(true)
        }
        expect(Object.isFrozen(settings.transport.line)).toBe(true)
        const { heartbeatIntervalMs, heartbeatGraceMs } = settings.session
        expect(heartbeatGraceMs).toBeGreaterThanOrEqual(2 * (heartbeatIntervalMs ?? 0))
      }),
    )
  })

  it('of random text never throws', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('{', '}', '[', ']', ':', ',', '"', '//', '/*', '*/', '\\u', '\n', '"deviceSessions"', '1e', '\ufeff'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
        const reading = readConfig(pieces.join(''))
        expect(reading.keys).toHaveLength(CONFIG_KEYS.length)
        if (reading.isReadOnly) expect(reading.settings).toEqual(DEFAULT_SETTINGS)
      }),
    )
  })
})
