import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OutputBuffer } from '../../../electron/core/sessions/output/output-buffer'
import { MAX_MESSAGE_BYTES, OUTPUT_BUFFER_BYTES, OUTPUT_JOIN_MS } from '../../../shared/limits'
import type { OutputItem } from '../../../shared/model'
import { FakeClock } from '../../fakes/fake-clock'
import { bytesOf } from '../../fakes/fake-protocol'
import { processorMs } from '../../fakes/processor-time'
import { failureOf, SessionBench } from './session-bench'

const rethrow = (error: unknown): never => {
  throw error
}

function make(limits?: { bytes: number; items: number }): { clock: FakeClock; buffer: OutputBuffer } {
  const clock = new FakeClock()
  return { clock, buffer: new OutputBuffer(clock, rethrow, limits) }
}

function show(items: readonly OutputItem[]): readonly string[] {
  return items.map(item => (item.type === 'bytes' ? new TextDecoder().decode(item.bytes) : `<${item.type}>`))
}

const mark = (number: number) => ({ type: 'started', at: 0, number }) as const

describe('the output buffer', () => {
  it('is empty at first', () => {
    const { buffer } = make()
    expect(buffer.read(0, 100)).toEqual({ items: [], upTo: 0, missedBytes: 0 })
    expect([buffer.start, buffer.end, buffer.droppedBytes]).toEqual([0, 0, 0])
  })

  it('counts every byte and every mark as one place, and reads on from any of them', () => {
    const { buffer } = make()
    buffer.append('stdout', bytesOf('abc'))
    buffer.mark(mark(1))
    buffer.append('stdout', bytesOf('def'))
    expect(buffer.end).toBe(7)
    const rest = Array.from({ length: 8 }, (_, after) => show(buffer.read(after, 100).items))
    expect(rest).toEqual([
      ['abc', '<started>', 'def'],
      ['bc', '<started>', 'def'],
      ['c', '<started>', 'def'],
      ['<started>', 'def'],
      ['def'],
      ['ef'],
      ['f'],
      [],
    ])
    expect(buffer.read(99, 100)).toEqual({ items: [], upTo: 7, missedBytes: 0 })
  })

  it('joins what comes close together on one channel, and nothing else', async () => {
    const { clock, buffer } = make()
    buffer.append('stdout', bytesOf('a'))
    buffer.append('stdout', bytesOf('b'))
    await clock.advance(OUTPUT_JOIN_MS)
    buffer.append('stdout', bytesOf('c'))
    await clock.advance(1)
    buffer.append('stdout', bytesOf('d'))
    buffer.append('exception', bytesOf('e'))
    buffer.append('stdout', bytesOf('f'))
    buffer.mark(mark(1))
    buffer.append('stdout', bytesOf('g'))
    buffer.append('stdout', new Uint8Array(0))
    expect(show(buffer.read(0, 1_000).items)).toEqual(['abc', 'd', 'e', 'f', '<started>', 'g'])
    expect(buffer.read(0, 1_000).items.map(item => item.at - clock.now())).toEqual([-9, 0, 0, 0, -clock.now(), 0])
  })

  it('cuts large items, gives at least one, and hands out copies', () => {
    const { buffer } = make()
    buffer.append('stdout', bytesOf('0123456789'))
    const first = buffer.read(0, 4)
    expect(show(first.items)).toEqual(['0123'])
    expect(first.upTo).toBe(4)
    expect(show(buffer.read(4, 0).items)).toEqual(['4'])
    if (first.items[0]?.type === 'bytes') first.items[0].bytes.fill(0)
    expect(show(buffer.read(0, 4).items)).toEqual(['0123'])
  })

  it('drops the oldest when it is full, counts it, and tells a reader what it missed', () => {
    const { buffer } = make({ bytes: 10, items: 100 })
    buffer.mark(mark(1))
    buffer.append('stdout', bytesOf('0123456789'))
    expect(buffer.start).toBe(0)
    buffer.append('exception', bytesOf('abc'))
    expect([buffer.start, buffer.end, buffer.droppedBytes]).toEqual([4, 14, 3])
    const read = buffer.read(0, 1_000)
    expect(show(read.items)).toEqual(['3456789', 'abc'])
    expect(read.missedBytes).toBe(3)
    expect(buffer.read(2, 1_000).missedBytes).toBe(2)
    expect(buffer.read(4, 1_000).missedBytes).toBe(0)
    buffer.append('stdout', bytesOf('X'.repeat(25)))
    expect(show(buffer.read(0, 1_000).items)).toEqual(['X'.repeat(10)])
    expect(buffer.droppedBytes).toBe(28)
  })

  it('what the user cleared is neither dropped nor missed', () => {
    const { buffer } = make({ bytes: 10, items: 100 })
    buffer.append('stdout', bytesOf('0123456789ab'))
    buffer.clear()
    expect([buffer.start, buffer.end, buffer.droppedBytes]).toEqual([12, 12, 2])
    buffer.append('stdout', bytesOf('cd'))
    expect(buffer.read(0, 100)).toMatchObject({ upTo: 14, missedBytes: 0 })
    buffer.append('stdout', bytesOf('0123456789'))
    expect(buffer.read(0, 100).missedBytes).toBe(2)
    expect(buffer.droppedBytes).toBe(4)
  })

  it('holds a bounded number of items as well', async () => {
    const { clock, buffer } = make({ bytes: 1_000, items: 3 })
    for (const text of ['a', 'bb', 'c']) {
      buffer.append('stdout', bytesOf(text))
      await clock.advance(1_000)
    }
    buffer.mark(mark(1))
    expect(show(buffer.read(0, 100).items)).toEqual(['bb', 'c', '<started>'])
    buffer.mark(mark(2))
    expect([buffer.start, buffer.droppedBytes, buffer.read(0, 100).missedBytes]).toEqual([3, 3, 3])
  })

  it('tells that something was added, and an ended listener no more', () => {
    const { buffer } = make()
    let told = 0
    const listening = buffer.onAppended(() => {
      told += 1
    })
    buffer.append('stdout', bytesOf('a'))
    buffer.mark(mark(1))
    listening.dispose()
    buffer.mark(mark(2))
    expect(told).toBe(2)
    expect(buffer.listenerCount).toBe(0)
  })

  it('every reader gets every byte once, or is told that it missed it, whatever comes and however it reads', () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('append' as const), size: fc.integer({ min: 1, max: 40 }), channel: fc.boolean() }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('mark' as const) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), size: fc.integer({ min: 1, max: 60 }) }) },
    )
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 120 }),
        fc.integer({ min: 2, max: 50 }),
        fc.integer({ min: 2, max: 12 }),
        (steps, bytes, items) => {
          const { buffer } = make({ bytes, items })
          const written: (number | 'mark')[] = []
          const got: (number | 'mark')[] = []
          let position = 0
          let missed = 0
          let next = 0
          const read = (size: number): void => {
            const from = buffer.read(position, size)
            const gone = Math.max(0, buffer.start - position)
            expect(from.missedBytes).toBe(written.slice(position, position + gone).filter(item => item !== 'mark').length)
            const to = Math.min(buffer.end, Math.max(position, buffer.start) + 7)
            const skipped = buffer.skip(position, to)
            expect(skipped.missedBytes).toBe(written.slice(position, to).filter(item => item !== 'mark').length)
            expect(skipped.marks).toHaveLength(written.slice(Math.max(position, buffer.start), to).filter(item => item === 'mark').length)
            const seen = from.items.flatMap((item): (number | 'mark')[] => (item.type === 'bytes' ? [...item.bytes] : ['mark']))
            expect(seen).toEqual(written.slice(position + gone, from.upTo))
            missed += from.missedBytes
            got.push(...seen)
            position = from.upTo
          }
          for (const action of steps) {
            if (action.do === 'append') {
              const chunk = Uint8Array.from({ length: action.size }, () => next++ & 0xff)
              written.push(...chunk)
              buffer.append(action.channel ? 'stdout' : 'outside', chunk)
            } else if (action.do === 'mark') {
              written.push('mark')
              buffer.mark(mark(1))
            } else {
              read(action.size)
            }
            expect(buffer.end).toBe(written.length)
            expect(buffer.end - buffer.start).toBeLessThanOrEqual(bytes + items)
          }
          while (position < buffer.end) read(1_000)
          expect(got.filter(item => item !== 'mark').length + missed).toBe(written.filter(item => item !== 'mark').length)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('a flood of 50 MB stays bounded in memory and is as quick at its end as at its beginning', async () => {
    const bench = new SessionBench()
    const { sessionId } = await bench.open('/dev/ttyACM0', { options: { operationTimeoutMs: 3_600_000 } })
    const running = failureOf(bench.manager.execute(sessionId, 'flood', {}))
    const output = bench.manager.output(sessionId)
    const chunk = new Uint8Array(1_024).fill(0x78)
    const flood = async (megabytes: number): Promise<number> => {
      const begun = processorMs()
      for (let sent = 0; sent < megabytes * 1_024; sent++) {
        bench.protocols.latest.print(chunk)
        if (sent % 64 === 0) await bench.clock.advance(1)
      }
      return processorMs() - begun
    }
    await flood(8)
    const before = process.memoryUsage()
    const early = await flood(10)
    await flood(22)
    const late = await flood(10)
    const after = process.memoryUsage()
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(8 * OUTPUT_BUFFER_BYTES)
    expect(after.heapUsed - before.heapUsed).toBeLessThan(64 * 1_024 * 1_024)
    expect(late).toBeLessThan(10 * early + 100)
    expect(output.end - output.start).toBeLessThanOrEqual(OUTPUT_BUFFER_BYTES + 2)
    expect(output.droppedBytes).toBe(50 * 1_024 * 1_024 - OUTPUT_BUFFER_BYTES)
    bench.protocols.latest.finish()
    const { info } = await running
    expect(info).toMatchObject({ code: 'OperationFailed', reason: 'reply-too-large' })
    expect(info.output?.length).toBe(MAX_MESSAGE_BYTES)
  })

  it('byte after byte does not become item after item', async () => {
    const { clock, buffer } = make()
    const byte = Uint8Array.of(0x78)
    for (let sent = 0; sent < 200_000; sent++) {
      buffer.append('stdout', byte)
      if (sent % 40 === 0) await clock.advance(1)
    }
    expect(buffer.read(0, 1_000_000).items.length).toBeLessThan(1_000)
  }, 20_000)
})
