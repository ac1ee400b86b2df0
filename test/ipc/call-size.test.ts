import { describe, expect, it } from 'vitest'
import { inspectInput } from '../../electron/ipc/call-size'
import { MAX_CALL_BYTES, MAX_CODE_BYTES } from '../../shared/limits'

describe('size and form of an input (security row 11)', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['nested plain data', { a: [1, 'two', { three: null }], b: false }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['bytes', new Uint8Array(1_000)],
    ['the longest snippet', { code: 'x'.repeat(MAX_CODE_BYTES) }],
  ])('lets %s through', (_what, input) => {
    expect(inspectInput(input)).toBe('fits')
  })

  it.each([
    ['a long text', 'x'.repeat(MAX_CALL_BYTES)],
    ['a text that is long only as UTF-8', '\u{1F40D}'.repeat(MAX_CALL_BYTES / 4)],
    ['a long key', { ['k'.repeat(MAX_CALL_BYTES)]: 1 }],
    ['many small texts', Array.from({ length: MAX_CALL_BYTES / 16 }, () => 'x')],
    ['a long array with nothing in it', new Array(2 ** 32 - 1)],
    ['a huge byte view', new Uint8Array(MAX_CALL_BYTES)],
    ['many keys', Object.fromEntries(Array.from({ length: MAX_CALL_BYTES / 16 }, (_, index) => [index, null]))],
  ])('finds %s too large', (_what, input) => {
    expect(inspectInput(input)).toBe('too-large')
  })

  it('ends on nesting of any depth without recursion', () => {
    let nested: unknown = 1
    for (let level = 0; level < 200_000; level++) nested = { nested }
    expect(inspectInput(nested)).toBe('too-large')
    let list: unknown = []
    for (let level = 0; level < 200_000; level++) list = [list]
    expect(inspectInput(list)).toBe('too-large')
  })

  it('refuses cycles and objects that stand in two places', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    expect(inspectInput(cycle)).toBe('not-plain')
    // Doubling 40 times would be a million million visits.
    let doubled: unknown = []
    for (let level = 0; level < 10; level++) doubled = [doubled, doubled]
    expect(inspectInput(doubled)).toBe('not-plain')
  })

  it('never runs an accessor', () => {
    let reads = 0
    const input = Object.defineProperty({}, 'port', {
      enumerable: true,
      get() {
        reads++
        return '/dev/ttyACM0'
      },
    })
    expect(inspectInput(input)).toBe('not-plain')
    expect(reads).toBe(0)
  })

  it.each([
    ['a map', new Map([['port', 'a']])],
    ['a set', new Set([1])],
    ['a date', new Date(0)],
    ['an expression', /x/],
    ['an error', new Error('x')],
    [
      'a class instance',
      new (class Open {
        port = 'a'
      })(),
    ],
    ['an object with inherited keys', Object.create({ port: 'a' })],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a big integer', 1n],
    ['a buffer', new ArrayBuffer(8)],
    ['one of them deep inside', { a: [{ b: new Map() }] }],
  ])('does not take %s for plain data', (_what, input) => {
    expect(inspectInput(input)).toBe('not-plain')
  })
})
