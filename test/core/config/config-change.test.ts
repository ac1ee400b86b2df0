import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowOf, withoutKey, withValue } from '../../../electron/core/config/config-change'
import { CONFIG_KEYS } from '../../../electron/core/config/config-keys'
import { readConfig } from '../../../electron/core/config/config-reading'
import type { JsonValue } from '../../../shared/model'

function set(text: string, key: string, value: JsonValue): string {
  return withValue(text, rowOf(key), value)
}

function reset(text: string, key: string): string {
  return withoutKey(text, rowOf(key))
}

function lines(...all: readonly string[]): string {
  return all.join('\n')
}

describe('setting a key', () => {
  it('writes a new file', () => {
    expect(set('', 'deviceSessions.idleTimeout', 60_000)).toBe(
      lines('{', '  "deviceSessions": {', '    "idleTimeout": "00:01:00"', '  }', '}', ''),
    )
    expect(set('// mine\n', 'integrateSessionManagement', false)).toBe(
      lines('// mine', '{', '  "integrateSessionManagement": false', '}', ''),
    )
  })

  it('changes the value where it stands, in whatever spelling, and nothing else', () => {
    const text = lines('{ // fleet', '\t"DeviceSessions": {', '\t\t"IdleTimeout" : 5000 /* short */, // yes', '\t},', '}')
    expect(set(text, 'deviceSessions.idleTimeout', null)).toBe(text.replace('5000', 'null'))
  })

  it('keeps a name in seconds a name in seconds', () => {
    const text = '{"Gateway":{"Worker":{"ShutdownTimeoutSeconds":10}}}'
    expect(set(text, 'deviceSessions.shutdownTimeout', '00:00:02.500')).toBe(text.replace('10', '2.5'))
  })

  it('adds to the section that is there, after its comments, with its indentation and line ends', () => {
    const text = ['{', '    "Pool": {', '        "acquireTimeout": 0 // none', '        // more to come', '    }', '}'].join('\r\n')
    expect(set(text, 'pool.enableSessionPooling', false)).toBe(
      [
        '{',
        '    "Pool": {',
        '        "acquireTimeout": 0, // none',
        '        // more to come',
        '        "enableSessionPooling": false',
        '    }',
        '}',
      ].join('\r\n'),
    )
  })

  it('adds to a trailing comma, to an empty section and to one on a single line', () => {
    expect(set(lines('{', '  "pool": {', '    "acquireTimeout": 0,', '  },', '}'), 'pool.enableSessionPooling', false)).toBe(
      lines('{', '  "pool": {', '    "acquireTimeout": 0,', '    "enableSessionPooling": false', '  },', '}'),
    )
    expect(set(lines('{', '  "pool": {}', '}'), 'pool.enableSessionPooling', false)).toBe(
      lines('{', '  "pool": {', '    "enableSessionPooling": false', '  }', '}'),
    )
    expect(set('{ "pool": { "acquireTimeout": 0 } }', 'pool.enableSessionPooling', false)).toBe(
      '{ "pool": { "acquireTimeout": 0, "enableSessionPooling": false } }',
    )
  })

  it('changes the entry that counts when there are several', () => {
    const text = '{ "sessions": { "maxSessions": 5 }, "deviceSessions": { "maxConcurrentSessions": 6, "MAXCONCURRENTSESSIONS": 7 } }'
    expect(set(text, 'deviceSessions.maxConcurrentSessions', 8)).toBe(text.replace('7', '8'))
  })

  it.each([
    ['deviceSessions.idleTimeout', 0, 'deviceSessions.idleTimeout must be 1 s to 24 days, or null for never.'],
    ['logging.level', 'loud', 'logging.level must be error, warn, info, verbose, debug or silly.'],
    ['metrics.prometheus.port', 80, 'metrics.prometheus.port must be a whole number from 1,024 to 65,535.'],
    ['no.such', 1, "There is no configuration key 'no.such'."],
  ] as const)('refuses %s = %j', (key, value, message) => {
    expect(() => set('{}', key, value)).toThrow(expect.objectContaining({ code: 'ConfigInvalid', message }))
  })

  it('refuses what would break another key', () => {
    const text = '{ "deviceSessions": { "heartbeatInterval": 10000, "heartbeatGrace": 25000 } }'
    expect(() => set(text, 'deviceSessions.heartbeatInterval', 20_000)).toThrow(
      expect.objectContaining({ code: 'ConfigInvalid', message: expect.stringContaining('at least twice') }),
    )
    expect(() => set(text, 'deviceSessions.heartbeatGrace', 19_999)).toThrow(expect.objectContaining({ code: 'ConfigInvalid' }))
  })

  it('refuses to write into a section that is none, or into a file that can’t be understood', () => {
    expect(() => set('{ "pool": 3 }', 'pool.acquireTimeout', 0)).toThrow(expect.objectContaining({ code: 'ConfigInvalid' }))
    expect(() => set('{ "pool": ', 'pool.acquireTimeout', 0)).toThrow(
      expect.objectContaining({ code: 'ConfigInvalid', reason: 'read-only' }),
    )
  })
})

describe('taking a key out', () => {
  it('takes its line, and leaves the comments around it', () => {
    const text = lines(
      '{',
      '  "pool": {',
      '    // how long',
      '    "acquireTimeout": 0,',
      '    // whether',
      '    "enableSessionPooling": true',
      '  }',
      '}',
    )
    expect(reset(text, 'pool.acquireTimeout')).toBe(text.replace('    "acquireTimeout": 0,\n', ''))
    expect(reset(text, 'pool.enableSessionPooling')).toBe(text.replace('0,', '0').replace('    "enableSessionPooling": true\n', ''))
  })

  it('leaves strict JSON strict', () => {
    const strict = '{"pool":{"acquireTimeout":0,"enableSessionPooling":true},"logging":{"level":"warn"}}'
    expect(JSON.parse(reset(strict, 'pool.enableSessionPooling'))).toEqual({ pool: { acquireTimeout: 0 }, logging: { level: 'warn' } })
    expect(JSON.parse(reset(strict, 'logging.level'))).toEqual({ pool: { acquireTimeout: 0, enableSessionPooling: true }, logging: {} })
  })

  it('takes it out under all its names', () => {
    const text =
      '{ "sessions": { "maxSessions": 5, }, "App": { "Sessions": { "MaxSessions": 4 } }, "deviceSessions": { "maxConcurrentSessions": 6 } }'
    const { keys, problems } = readConfig(reset(text, 'deviceSessions.maxConcurrentSessions'))
    expect(keys.find(({ key }) => key === 'deviceSessions.maxConcurrentSessions')).toMatchObject({ value: 64, source: 'default' })
    expect(problems).toEqual([])
  })

  it('changes nothing where it is not', () => {
    expect(reset('{ } // empty', 'logging.level')).toBe('{ } // empty')
  })
})

describe('any sequence of changes', () => {
  const GOOD: readonly (readonly [string, JsonValue])[] = [
    ['deviceSessions.idleTimeout', null],
    ['deviceSessions.idleTimeout', '00:00:10'],
    ['deviceSessions.maxConcurrentSessions', 7],
    ['deviceSessions.shutdownTimeout', '00:00:05'],
    ['pool.enableSessionPooling', false],
    ['transport.allow', ['/dev/ttyACM*', 'COM3']],
    ['filters.default', ['stats', { name: 'a', type: 'rateLimit', settings: { burst: 3 } }]],
    ['filters.textCodec.delimiter', '"\\\r\n//'],
    ['integrateSessionManagement', false],
    ['metrics.prometheus.enabled', true],
  ]
  const START = [
    '',
    '{}',
    '// a comment alone',
    '{"a":1,}',
    '{ /* 1 */ "pool" /* 2 */ : /* 3 */ { /* 4 */ "acquireTimeout" : 0 /* 5 */ , /* 6 */ } /* 7 */ , /* 8 */ } // 9',
    '{\n\t"SESSIONS": { "MaxSessions": 3 }, // 1\n\t// 2\n\t"worker": {\n\t\t"shutdownTimeoutSeconds": 3\n\t}\n}\n',
    '{\r\n  // 1\r\n  "deviceSessions": {\r\n    // 2\r\n  },\r\n  "deviceSessions": { "idleTimeout": 2000 }\r\n}',
  ]
  const change = fc.record({ at: fc.nat(GOOD.length - 1), isReset: fc.boolean() })

  it('says what was set last, keeps every comment and every other key', () => {
    fc.assert(
      fc.property(fc.constantFrom(...START), fc.array(change, { maxLength: 25 }), (start, changes) => {
        const comments = start.match(/\/\*.*?\*\/|\/\/[^\r\n]*/g) ?? []
        let text = start
        let before = readConfig(start).keys
        for (const { at, isReset } of changes) {
          const [key, value] = GOOD[at] ?? ['', null]
          text = isReset ? reset(text, key) : set(text, key, value)
          const { keys, isReadOnly } = readConfig(text)
          expect(isReadOnly).toBe(false)
          // One comparison for all: an assertion for each key took longer than everything else together.
          const others = (all: typeof keys): string => JSON.stringify(all.filter(one => one.key !== key))
          expect(others(keys)).toBe(others(before))
          const changed = keys.find(one => one.key === key)
          expect(changed).toMatchObject(isReset ? { source: 'default', value: changed?.default } : { source: 'file', value })
          for (const comment of comments) expect(text).toContain(comment)
          before = keys
        }
      }),
    )
  })

  it('can be made with every key', () => {
    for (const { key } of CONFIG_KEYS) {
      const value = readConfig('').keys.find(one => one.key === key)?.value ?? null
      expect(readConfig(set('', key, value)).problems).toEqual([])
      expect(readConfig(reset(set('', key, value), key)).keys).toEqual(readConfig('').keys)
    }
  })
})
