import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { Outbox } from '../../electron/ipc/outbox'
import { OutputStream } from '../../electron/ipc/output-stream'
import {
  OUTPUT_BATCH_BYTES,
  OUTPUT_BATCH_HIDDEN_MS,
  OUTPUT_BATCH_VISIBLE_MS,
  OUTPUT_BEHIND_MAX_BYTES,
  OUTPUT_RESUME_BYTES,
  OUTPUT_UNACKED_HIGH_BYTES,
  OUTPUT_UNACKED_LOW_BYTES,
} from '../../shared/limits'
import type { OutputBatch } from '../../shared/model'
import { FakeClock } from '../fakes/fake-clock'
import { FakeOutput, SESSION_ID } from './support/fake-services'

let clock: FakeClock
let source: FakeOutput
let outbox: Outbox
let batches: OutputBatch[]

beforeEach(() => {
  clock = new FakeClock()
  source = new FakeOutput()
  batches = []
  outbox = new Outbox(clock, message => batches.push(...message.map(([, payload]) => payload as OutputBatch)))
})

function open(options: { after?: number; visible?: boolean; windowVisible?: boolean } = {}): OutputStream {
  const { after = 0, visible = true, windowVisible = true } = options
  return new OutputStream({ subscription: 1, sessionId: SESSION_ID, after, visible, source, outbox }, windowVisible)
}

/** Opens a stream and lets its first batch go. */
async function opened(options: Parameters<typeof open>[0] = {}): Promise<OutputStream> {
  const stream = open(options)
  await clock.advance(OUTPUT_BATCH_VISIBLE_MS)
  batches.length = 0
  return stream
}

function textOf(received: readonly OutputBatch[]): string {
  const items = received.flatMap(batch => batch.items)
  return Buffer.concat(items.map(item => (item.type === 'bytes' ? item.bytes : Buffer.alloc(0)))).toString()
}

function sizeOf(received: readonly OutputBatch[]): number {
  return textOf(received).length
}

describe('batches', () => {
  it.each([
    ['visible', { visible: true, windowVisible: true }, OUTPUT_BATCH_VISIBLE_MS],
    ['behind another tab', { visible: false, windowVisible: true }, OUTPUT_BATCH_HIDDEN_MS],
    ['in a hidden window', { visible: true, windowVisible: false }, OUTPUT_BATCH_HIDDEN_MS],
  ])('join what comes while the reader is %s', async (_what, options, intervalMs) => {
    await opened(options)
    source.append('one ')
    await clock.advance(intervalMs / 2)
    source.append('two')
    await clock.advance(intervalMs / 2 - 1)
    expect(batches).toEqual([])
    await clock.advance(1)
    expect(textOf(batches)).toBe('one two')
    expect(batches).toHaveLength(1)
  })

  it('go out early when one is full', async () => {
    await opened({ visible: false })
    source.append('x'.repeat(OUTPUT_BATCH_BYTES))
    await clock.advance(0)
    expect(sizeOf(batches)).toBe(OUTPUT_BATCH_BYTES)
  })

  it('are cut at the size of one', async () => {
    source.append('x'.repeat(OUTPUT_BATCH_BYTES * 2 + 5))
    open()
    await clock.advance(OUTPUT_BATCH_VISIBLE_MS)
    expect(batches.map(batch => sizeOf([batch]))).toEqual([OUTPUT_BATCH_BYTES, OUTPUT_BATCH_BYTES, 5])
  })

  it('are numbered and say how far they reach', async () => {
    source.append('kept')
    open()
    await clock.advance(OUTPUT_BATCH_VISIBLE_MS)
    source.append(' more')
    await clock.advance(OUTPUT_BATCH_VISIBLE_MS)
    expect(batches.map(({ seq, upTo }) => ({ seq, upTo }))).toEqual([
      { seq: 1, upTo: 4 },
      { seq: 2, upTo: 9 },
    ])
  })

  it('go on where a reader says it is', async () => {
    source.append('old new')
    open({ after: 4 })
    await clock.advance(OUTPUT_BATCH_VISIBLE_MS)
    expect(textOf(batches)).toBe('new')
  })

  it('begin at the beginning for a reader that claims more than there is', async () => {
    source.append('all')
    open({ after: 1_000_000 })
    await clock.advance(OUTPUT_BATCH_VISIBLE_MS)
    expect(textOf(batches)).toBe('all')
  })

  it('come at once when the window is shown again', async () => {
    const stream = await opened({ windowVisible: false })
    source.append('x')
    await clock.advance(1)
    stream.setWindowVisible(true)
    await clock.advance(OUTPUT_BATCH_VISIBLE_MS)
    expect(textOf(batches)).toBe('x')
  })

  it('end with the stream, and leave no timer and no listener', async () => {
    const stream = await opened()
    source.append('x')
    stream.dispose()
    await clock.advance(1_000)
    expect(batches).toEqual([])
    expect(clock.pendingTimers).toBe(0)
    expect(source.appended.listenerCount).toBe(0)
  })

  it('need no timer while the board is silent', async () => {
    await opened()
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('a reader that does not keep up', () => {
  async function flood(bytes: number): Promise<void> {
    for (let sent = 0; sent < bytes; sent += 8_192) {
      source.append('x'.repeat(8_192))
      await clock.advance(1)
    }
    await clock.advance(OUTPUT_BATCH_HIDDEN_MS)
  }

  it('gets nothing more above the high mark, and costs no timer', async () => {
    await opened()
    await flood(OUTPUT_UNACKED_HIGH_BYTES * 3)
    expect(sizeOf(batches)).toBeGreaterThan(OUTPUT_UNACKED_HIGH_BYTES)
    expect(sizeOf(batches)).toBeLessThanOrEqual(OUTPUT_UNACKED_HIGH_BYTES + OUTPUT_BATCH_BYTES)
    expect(clock.pendingTimers).toBe(0)
  })

  it('goes on below the low mark, not above it', async () => {
    const stream = await opened()
    await flood(OUTPUT_UNACKED_HIGH_BYTES * 3)
    const sent = batches.at(-1)?.upTo ?? 0
    const before = batches.length
    stream.acknowledge(sent - OUTPUT_UNACKED_LOW_BYTES - 1)
    await clock.advance(1_000)
    expect(batches).toHaveLength(before)
    stream.acknowledge(sent - OUTPUT_UNACKED_LOW_BYTES)
    await clock.advance(1_000)
    expect(batches.length).toBeGreaterThan(before)
    expect(batches[before]?.missedBytes).toBe(0)
  })

  it.each([
    ['has lapped it', 300 * 1024],
    ['keeps it all', 4 * 1024 * 1024],
  ])('is taken to the latest output, and told how much it missed, when the buffer %s', async (_what, capacity) => {
    source = new FakeOutput(capacity)
    const stream = await opened()
    await flood(2 * 1024 * 1024)
    const sent = batches.at(-1)?.upTo ?? 0
    stream.acknowledge(sent)
    await clock.advance(OUTPUT_BATCH_VISIBLE_MS)
    const missed = batches.reduce((sum, batch) => sum + batch.missedBytes, 0)
    expect(missed).toBe(source.end - OUTPUT_RESUME_BYTES - sent)
    expect(sizeOf(batches)).toBe((batches.at(-1)?.upTo ?? 0) - missed)
  })

  it('misses nothing while it is not far behind', async () => {
    const stream = await opened()
    await flood(OUTPUT_BEHIND_MAX_BYTES)
    for (let turn = 0; turn < 10; turn++) {
      stream.acknowledge(batches.at(-1)?.upTo ?? 0)
      await clock.advance(OUTPUT_BATCH_HIDDEN_MS)
    }
    expect(batches.reduce((sum, batch) => sum + batch.missedBytes, 0)).toBe(0)
    expect(sizeOf(batches)).toBe(source.end)
  })

  it('can not free itself with a position that it was never sent', async () => {
    const stream = await opened()
    await flood(OUTPUT_UNACKED_HIGH_BYTES * 2)
    const sent = batches.at(-1)?.upTo ?? 0
    stream.acknowledge(Number.MAX_SAFE_INTEGER)
    await flood(OUTPUT_UNACKED_HIGH_BYTES * 2)
    expect((batches.at(-1)?.upTo ?? 0) - sent).toBeLessThanOrEqual(OUTPUT_UNACKED_HIGH_BYTES + OUTPUT_BATCH_BYTES)
    stream.acknowledge(0)
    expect(clock.pendingTimers).toBe(0)
  })

  it('misses nothing that it is not told of, whatever the order of writing, waiting and acknowledging', async () => {
    const step = fc.oneof(
      fc.record({ write: fc.integer({ min: 1, max: 200_000 }) }),
      fc.record({ wait: fc.integer({ min: 0, max: 300 }) }),
      fc.record({ acknowledge: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ show: fc.boolean() }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
        clock = new FakeClock()
        source = new FakeOutput(300_000)
        batches = []
        outbox = new Outbox(clock, message => batches.push(...message.map(([, payload]) => payload as OutputBatch)))
        const stream = open()
        for (const action of steps) {
          if ('write' in action) source.append(Buffer.alloc(action.write, 120))
          else if ('wait' in action) await clock.advance(action.wait)
          else if ('show' in action) stream.setWindowVisible(action.show)
          else stream.acknowledge(Math.floor((batches.at(-1)?.upTo ?? 0) * action.acknowledge))
        }
        for (let turn = 0; turn < 20; turn++) {
          stream.acknowledge(batches.at(-1)?.upTo ?? 0)
          await clock.advance(OUTPUT_BATCH_HIDDEN_MS)
        }
        const missed = batches.reduce((sum, batch) => sum + batch.missedBytes, 0)
        expect(sizeOf(batches) + missed).toBe(source.end)
        expect(batches.map(batch => batch.seq)).toEqual(batches.map((_batch, index) => index + 1))
        expect(clock.pendingTimers).toBe(0)
        stream.dispose()
      }),
      { numRuns: 40 },
    )
  })
})
