import { describe, expect, it } from 'vitest'
import { EventReaders } from '../../../electron/core/sessions/output/event-reader'
import { RECONNECT_DELAY_MS } from '../../../shared/limits'
import { FakeClock, settle } from '../../fakes/fake-clock'
import { bytesOf } from '../../fakes/fake-protocol'
import { OpenBench, readAll } from './open-bench'

function readers(): { readonly readers: EventReaders; readonly reads: () => number } {
  let reads = 0
  return {
    readers: new EventReaders(new FakeClock(), () => {
      reads += 1
    }),
    reads: () => reads,
  }
}

describe('readers of messages', () => {
  it('E-43: each has a queue of its own; one that is slow loses the oldest and is told how many', async () => {
    const { readers: all } = readers()
    const slow = all.open(3)
    const fast = all.open(100)
    for (let index = 0; index < 10; index++) all.publish(String(index))
    all.dispose()
    const missed = { type: 'missed', count: 7 }
    expect(await readAll(slow)).toMatchObject([missed, { message: '7' }, { message: '8' }, { message: '9' }])
    expect(await readAll(fast)).toHaveLength(10)
  })

  it('every message comes once and in order, whoever is ahead: the reader or the board', async () => {
    const { readers: all, reads } = readers()
    const reader = all.open(10_000)
    const early = [reader.next(), reader.next()]
    for (let index = 0; index < 5_000; index++) all.publish(String(index))
    const first = await Promise.all(early)
    const rest = []
    for (let index = 2; index < 5_000; index++) rest.push(await reader.next())
    expect([...first, ...rest].map(result => (result.value?.type === 'message' ? result.value.message : null))).toEqual(
      Array.from({ length: 5_000 }, (_, index) => String(index)),
    )
    expect(reads()).toBe(5_000)
  })

  it('one that leaves is forgotten, and whoever waits is told the end', async () => {
    const { readers: all } = readers()
    const left = all.open(10)
    for await (const event of {
      [Symbol.asyncIterator]: () => {
        all.publish('x')
        return left
      },
    }) {
      expect(event).toMatchObject({ type: 'message', message: 'x' })
      break
    }
    expect(all.count).toBe(0)
    const waiting = all.open(10)
    const ends = [waiting.next(), waiting.next()]
    all.dispose()
    expect(await Promise.all(ends)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ])
    expect(await waiting.next()).toEqual({ done: true, value: undefined })
  })
})

describe('reading the events of a session', () => {
  function open(bench: OpenBench) {
    return bench.manager.readEvents(bench.sessionId)
  }

  it('G-16, E-43: stays open over a reconnect, with a mark where bytes may be missing, and ends when the session closes', async () => {
    const bench = await OpenBench.onUsb()
    const reading = readAll(open(bench))
    bench.transport.deliver(bytesOf('before'))
    bench.transport.unplug()
    await bench.clock.advance(RECONNECT_DELAY_MS)
    bench.transport.deliver(bytesOf('after'))
    await bench.manager.close(bench.sessionId, { mode: 'now' })
    expect(await reading).toMatchObject([
      { type: 'message', message: bytesOf('before') },
      { type: 'gap' },
      { type: 'message', message: bytesOf('after') },
    ])
  })

  it('G-16: gets what the filters make of the bytes', async () => {
    const bench = await OpenBench.create()
    await bench.manager.filters(bench.sessionId).add({ name: 'lines', type: 'textCodec' }, { at: 'last' })
    const events = open(bench)
    bench.transport.deliver(bytesOf('one\ntw'))
    bench.transport.deliver(bytesOf('o\n'))
    expect([await events.next(), await events.next()]).toMatchObject([{ value: { message: 'one' } }, { value: { message: 'two' } }])
  })

  it('G-13: reading is use of the session', async () => {
    const bench = await OpenBench.with({ idleTimeoutMs: 10_000 })
    const events = open(bench)
    await bench.clock.advance(9_000)
    bench.transport.deliver(bytesOf('x'))
    await events.next()
    expect(bench.info.lastUsedAt).toBe(bench.clock.now())
    await bench.clock.advance(9_000)
    expect(bench.info.state).toBe('Connected')
  })

  it('G-04, E-43: needs a session that is ready', async () => {
    const bench = await OpenBench.onUsb()
    bench.unplug()
    expect(() => open(bench)).toThrow('Error')
    await bench.manager.close(bench.sessionId, { mode: 'now' })
    expect(() => open(bench)).toThrow('Disposed')
  })

  it('is bounded by the capacity that the session was opened with', async () => {
    const bench = await OpenBench.with({ eventQueueCapacity: 16 })
    const events = open(bench)
    for (let index = 0; index < 100; index++) bench.transport.deliver(bytesOf('x'))
    await settle()
    expect(await events.next()).toMatchObject({ value: { type: 'missed', count: 84 } })
  })
})
