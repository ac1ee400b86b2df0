import { describe, expect, it } from 'vitest'
import type { Filter, Message, Next } from '../../../../electron/core/sessions/filters/filter'
import { FILTERS_MAX } from '../../../../shared/limits'
import { settle } from '../../../fakes/fake-clock'
import { bytes, ChainBench, Gate } from './chain-bench'

const CODEC = { name: 'codec', type: 'textCodec' } as const
const LIMIT = { name: 'limit', type: 'rateLimit' } as const

/** A filter that writes down each hook that is called. */
function hooked(name: string, events: string[], failing: readonly string[] = []): Partial<Filter> {
  const hook = (what: string) => async () => {
    events.push(`${what} ${name}`)
    if (failing.includes(what)) throw new Error(`${what} does not work`)
  }
  return { preAdd: hook('preAdd'), postAdd: hook('postAdd'), preRemove: hook('preRemove'), postRemove: hook('postRemove') }
}

/** Holds every incoming message until its gate is opened. */
function holding(gates: Gate[]): Partial<Filter> {
  return {
    async received(message: Message, next: Next) {
      const gate = new Gate()
      gates.push(gate)
      await gate.opened
      await next(message)
    },
  }
}

describe('changing a chain', () => {
  it('M-10 M-11 adds at the beginning, at the end, before and after another', async () => {
    const bench = new ChainBench()
    await bench.add('b', {})
    await bench.add('d', {}, { at: 'last' })
    await bench.add('a', {}, { at: 'first' })
    await bench.add('c', {}, { before: 'd' })
    await bench.add('e', {}, { after: 'd' })
    expect(bench.names).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('M-11 removes, replaces, moves and clears', async () => {
    const bench = new ChainBench()
    for (const name of ['a', 'b', 'c']) await bench.add(name, {})
    await bench.chain.move('a', { at: 'last' })
    expect(bench.names).toEqual(['b', 'c', 'a'])
    await bench.chain.move('a', { before: 'c' })
    expect(bench.names).toEqual(['b', 'a', 'c'])
    await bench.chain.move('a', { after: 'a' })
    expect(bench.names).toEqual(['b', 'a', 'c'])
    await bench.chain.replace('a', bench.spec('x', {}))
    expect(bench.names).toEqual(['b', 'x', 'c'])
    await bench.chain.replace('x', bench.spec('x', {}))
    await bench.chain.remove('b')
    expect(bench.names).toEqual(['x', 'c'])
    await bench.chain.clear()
    expect(bench.names).toEqual([])
    bench.chain.receive(bytes('through'))
    expect(bench.readers).toEqual(['through'])
  })

  it('M-10 lists each filter with what it takes and gives', async () => {
    const bench = new ChainBench()
    await bench.chain.install([LIMIT, { ...CODEC, settings: { delimiter: ';' } }, { name: 'log', type: 'logging' }])
    expect(bench.chain.list()).toMatchObject([
      { name: 'limit', type: 'rateLimit', accepts: 'bytes', produces: 'bytes' },
      { name: 'codec', type: 'textCodec', accepts: 'bytes', produces: 'text', settings: { delimiter: ';' } },
      { name: 'log', type: 'logging', accepts: 'message', produces: 'message' },
    ])
  })

  it.each([
    ['a name twice', (b: ChainBench) => b.chain.add({ name: 'codec', type: 'stats' }), 'duplicate-name'],
    [
      'a replacement with the name of another',
      (b: ChainBench) => b.chain.replace('log', { name: 'codec', type: 'stats' }),
      'duplicate-name',
    ],
    ['an unknown type', (b: ChainBench) => b.chain.add({ name: 'x', type: 'constructor' as 'stats' }), 'unknown-filter'],
    ['removing what is not there', (b: ChainBench) => b.chain.remove('x'), 'unknown-filter'],
    ['moving what is not there', (b: ChainBench) => b.chain.move('x', { at: 'first' }), 'unknown-filter'],
    ['replacing what is not there', (b: ChainBench) => b.chain.replace('x', LIMIT), 'unknown-filter'],
    ['a place beside what is not there', (b: ChainBench) => b.chain.add(LIMIT, { after: 'x' }), 'unknown-filter'],
    ['a move beside what is not there', (b: ChainBench) => b.chain.move('log', { before: 'x' }), 'unknown-filter'],
    ['a second codec', (b: ChainBench) => b.chain.add({ name: 'codec 2', type: 'textCodec' }), 'type-mismatch'],
    ['bytes wanted where text flows', (b: ChainBench) => b.chain.add(LIMIT, { after: 'codec' }), 'type-mismatch'],
    ['a move to where nothing fits', (b: ChainBench) => b.chain.move('codec', { after: 'lines' }), 'type-mismatch'],
    ['E-38 removing a codec that others need', (b: ChainBench) => b.chain.remove('codec'), 'type-mismatch'],
  ])('M-11 refuses %s and changes nothing', async (_, change, reason) => {
    const bench = new ChainBench()
    await bench.chain.install([CODEC, { name: 'log', type: 'logging' }])
    await bench.add('lines', { accepts: 'text', produces: 'text' })
    await expect(change(bench)).rejects.toMatchObject({ code: 'FilterError', reason, info: { message: expect.stringMatching(/^\S.*\.$/) } })
    expect(bench.names).toEqual(['codec', 'log', 'lines'])
  })

  it('refuses a bad name, and more filters than there may be', async () => {
    const bench = new ChainBench()
    for (const name of ['', 'x'.repeat(65)])
      await expect(bench.chain.add({ name, type: 'stats' })).rejects.toMatchObject({ code: 'InvalidArgument' })
    for (let count = 0; count < FILTERS_MAX; count++) await bench.add(`${count}`, {})
    await expect(bench.add('one more', {})).rejects.toMatchObject({ code: 'InvalidArgument' })
    expect(bench.names).toHaveLength(FILTERS_MAX)
  })

  it('M-11 calls the hooks round a change', async () => {
    const bench = new ChainBench()
    const events: string[] = []
    await bench.add('a', hooked('a', events))
    await bench.chain.replace('a', bench.spec('b', hooked('b', events)))
    await bench.chain.remove('b')
    expect(events).toEqual(['preAdd a', 'postAdd a', 'preAdd b', 'postAdd b', 'preRemove a', 'postRemove a', 'preRemove b', 'postRemove b'])
  })

  it.each(['preAdd', 'postAdd'])('M-11 takes a filter out again whose %s fails', async hook => {
    const bench = new ChainBench()
    const events: string[] = []
    await bench.add('old', hooked('old', events))
    const bad = hooked('bad', events, [hook])
    const failure = { code: 'FilterError', reason: 'hook-failed', message: expect.stringContaining(`${hook} does not work.`) }
    await expect(bench.add('bad', bad)).rejects.toMatchObject(failure)
    expect(bench.names).toEqual(['old'])
    await expect(bench.chain.replace('old', bench.spec('bad', bad))).rejects.toMatchObject(failure)
    expect(bench.names).toEqual(['old'])
    // The old one has not been told that it goes.
    expect(events.filter(event => event.endsWith('Remove old'))).toEqual([])
    bench.chain.receive(bytes('through'))
    expect(bench.readers).toEqual(['through'])
  })

  it('M-11 leaves a filter in whose preRemove fails, and takes one out whose postRemove does', async () => {
    const bench = new ChainBench()
    await bench.add('a', hooked('a', [], ['preRemove']))
    await expect(bench.chain.remove('a')).rejects.toMatchObject({ reason: 'hook-failed' })
    await expect(bench.chain.replace('a', bench.spec('b', {}))).rejects.toMatchObject({ reason: 'hook-failed' })
    expect(bench.names).toEqual(['a'])

    await bench.add('c', hooked('c', [], ['postRemove']))
    await bench.chain.remove('c')
    expect(bench.names).toEqual(['a'])
    expect(bench.lines).toMatchObject([{ level: 'warn' }])
  })

  it('gives up a hook that never ends, and the next change has its turn', async () => {
    const bench = new ChainBench()
    const stuck = expect(bench.add('stuck', { preAdd: () => new Promise(() => {}) })).rejects.toMatchObject({ reason: 'hook-failed' })
    const next = bench.add('next', {})
    await bench.clock.advance(bench.settings.session.connectionTimeoutMs)
    await stuck
    await next
    expect(bench.names).toEqual(['next'])
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('makes changes one after the other', async () => {
    const bench = new ChainBench()
    const gate = new Gate()
    const events: string[] = []
    const first = bench.add('first', { postAdd: () => gate.opened.then(() => void events.push('first is in')) })
    const second = bench.add('second', { preAdd: () => void events.push('second begins') })
    await settle()
    expect(events).toEqual([])
    gate.open()
    await Promise.all([first, second])
    expect(events).toEqual(['first is in', 'second begins'])
  })
})

describe('messages during a change', () => {
  it('M-10 a change applies from the next message on: one under way walks the chain as it was', async () => {
    const bench = new ChainBench()
    const gates: Gate[] = []
    await bench.add('hold', holding(gates))
    await bench.add('old', { received: (message, next) => next(bytes(`${Buffer.from(message as Uint8Array)} old`)) })
    bench.chain.receive(bytes('1'))
    await bench.chain.remove('old')
    await bench.add('new', { received: (message, next) => next(bytes(`${Buffer.from(message as Uint8Array)} new`)) })
    bench.chain.receive(bytes('2'))
    gates[0]?.open()
    await settle()
    gates[1]?.open()
    await settle()
    expect(bench.readers).toEqual(['1 old', '2 new'])
  })

  it('E-38 a change of what flows at the tail waits for what is under way, and what comes meanwhile waits for it', async () => {
    const bench = new ChainBench()
    await bench.chain.add(CODEC)
    const gates: Gate[] = []
    await bench.add('hold', holding(gates))
    bench.chain.receive(bytes('line 1\n'))
    let isDone = false
    const removed = bench.chain.remove('codec').then(() => {
      isDone = true
    })
    await settle()
    bench.chain.receive(bytes('line 2\n'))
    const written = bench.chain.send('out')
    await settle()
    expect([isDone, bench.readers, bench.port, bench.names]).toEqual([false, [], [], ['codec', 'hold']])
    gates[0]?.open()
    await Promise.all([removed, written])
    gates[1]?.open()
    await settle()
    // Neither text as bytes nor bytes as text: each message is of one kind all of its way.
    expect(bench.readers).toEqual(["'line 1'", 'line 2\n'])
    expect(bench.port).toEqual(['out'])
  })

  it('E-38 gives up a change when what is under way does not end, and leaves the chain as it was', async () => {
    const bench = new ChainBench()
    await bench.add('hold', holding([]))
    bench.chain.receive(bytes('stuck'))
    const added = expect(bench.chain.add(CODEC)).rejects.toMatchObject({ code: 'FilterError', reason: 'timeout' })
    await bench.clock.advance(bench.settings.session.connectionTimeoutMs)
    await added
    expect(bench.names).toEqual(['hold'])
    await bench.chain.send('still goes')
    expect(bench.port).toEqual(['still goes'])
    // Without the connection there is nothing under way.
    bench.chain.abandon(new Error('unplugged'))
    await bench.chain.add(CODEC)
    expect(bench.names).toEqual(['hold', 'codec'])
  })

  it('E-37 passes the remainder of a removed codec on as text, before anything that follows', async () => {
    const bench = new ChainBench()
    await bench.chain.add(CODEC)
    await bench.add('mark', { received: (message, next) => next(typeof message === 'string' ? `${message}!` : message) })
    bench.chain.receive(bytes('a\nunfinished '))
    bench.chain.receive(Uint8Array.of(0xe2, 0x82))
    await bench.chain.remove('codec')
    bench.chain.receive(bytes('next'))
    expect(bench.readers).toEqual(["'a!'", "'unfinished �!'", 'next'])
  })

  it.each(['replace', 'clear'] as const)('E-37 passes the remainder on at %s too', async how => {
    const bench = new ChainBench()
    await bench.chain.add(CODEC)
    bench.chain.receive(bytes('rest'))
    if (how === 'clear') await bench.chain.clear()
    else await bench.chain.replace('codec', { name: 'codec', type: 'textCodec', settings: { delimiter: ';' } })
    bench.chain.receive(bytes('a;b'))
    expect(bench.readers).toEqual(["'rest'", how === 'clear' ? 'a;b' : "'a'"])
  })

  it('E-37 a filter of bytes hands its remainder on behind what is under way and before what waits', async () => {
    const bench = new ChainBench()
    const gates: Gate[] = []
    await bench.add('keep', { preRemove: flush => flush(bytes('remainder')) })
    await bench.add('hold', holding(gates))
    bench.chain.receive(bytes('under way'))
    bench.chain.receive(bytes('waiting'))
    await bench.chain.remove('keep')
    for (let count = 0; count < 3; count++) {
      gates[count]?.open()
      await settle()
    }
    expect(bench.readers).toEqual(['under way', 'remainder', 'waiting'])
  })
})
