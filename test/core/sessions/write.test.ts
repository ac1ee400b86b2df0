import { describe, expect, it } from 'vitest'
import { WriteLimit } from '../../../electron/core/sessions/connection/write-limit'
import { TransportError } from '../../../electron/core/transport/transport'
import { WRITE_QUEUE_MAX_BYTES, WRITE_TIMEOUT_MS } from '../../../shared/limits'
import { FakeClock, settle } from '../../fakes/fake-clock'
import { OpenBench } from './open-bench'
import { failureOf } from './session-bench'

describe('writing to the board', () => {
  const written = (bench: OpenBench): string => Buffer.concat(bench.transport.written.slice(1)).toString()

  it('M-16: text goes as UTF-8, bytes as they are; the answer says how many', async () => {
    const bench = await OpenBench.create()
    expect(await bench.manager.write(bench.sessionId, 'Grüße\r')).toEqual({ bytes: 8 })
    expect(await bench.manager.write(bench.sessionId, Uint8Array.of(0x41, 0x42))).toEqual({ bytes: 2 })
    expect(written(bench)).toBe('Grüße\rAB')
    expect(bench.info.statistics).toMatchObject({ bytesOut: 12, messagesOut: 2, operations: 0, pendingWrites: 0 })
  })

  it('the protocol is told first, so that it proves its prompt before the next execution', async () => {
    const bench = await OpenBench.create()
    const seen: [told: number, written: number][] = []
    bench.board.write = async bytes => void seen.push([bytes.length, bench.transport.written.length])
    await bench.manager.write(bench.sessionId, 'x')
    expect(seen).toEqual([[0, 1]])
    expect(bench.transport.written).toHaveLength(2)
  })

  it('M-16: nothing, and after the close anything, is refused', async () => {
    const bench = await OpenBench.create()
    for (const nothing of ['', new Uint8Array(0)]) {
      expect((await failureOf(bench.manager.write(bench.sessionId, nothing))).code).toBe('InvalidArgument')
    }
    await bench.manager.close(bench.sessionId, { mode: 'now' })
    expect((await failureOf(bench.manager.write(bench.sessionId, 'x'))).code).toBe('SessionNotReady')
  })

  it('goes through the filters', async () => {
    const bench = await OpenBench.create()
    await bench.manager.filters(bench.sessionId).add({ name: 'lines', type: 'textCodec' }, { at: 'last' })
    await bench.manager.write(bench.sessionId, 'one')
    await bench.manager.write(bench.sessionId, 'two')
    expect(written(bench)).toBe('one\ntwo\n')
  })

  it('a running execution reads it as its input', async () => {
    const bench = await OpenBench.create()
    const running = bench.run('input()')
    await bench.manager.write(bench.sessionId, 'answer\r')
    expect(written(bench)).toBe('answer\r')
    bench.board.finish()
    expect((await running).outcome).toBe('ok')
  })

  it('T8: a write that the port refuses fails, and the board is lost', async () => {
    const bench = await OpenBench.create()
    bench.transport.writeAnswer = new TransportError('port-error', 'EIO on /dev/ttyACM0.')
    expect((await failureOf(bench.manager.write(bench.sessionId, 'x'))).info).toMatchObject({ code: 'WriteFailed', reason: 'port-error' })
    expect(bench.latest(3)).toEqual(['Connected > Error', 'disconnected unexpected', 'error'])
    expect(bench.info.fault).toMatchObject({ code: 'WriteFailed', final: false })
  })

  it('E-33, T8: a write that nobody takes fails after the time-out, and the board is lost', async () => {
    const bench = await OpenBench.with({ healthChecks: false, idleTimeoutMs: null, autoReconnect: false })
    // Long after the last write: the quiet before it does not count.
    await bench.clock.advance(10 * WRITE_TIMEOUT_MS)
    bench.transport.writeAnswer = 'hang'
    const first = failureOf(bench.manager.write(bench.sessionId, 'first'))
    await bench.clock.advance(WRITE_TIMEOUT_MS / 2)
    const second = failureOf(bench.manager.write(bench.sessionId, 'second'))
    await settle()
    expect(bench.info.statistics).toMatchObject({ pendingWrites: 2 })
    await bench.clock.advance(WRITE_TIMEOUT_MS / 2 - 1)
    expect(bench.info.state).toBe('Connected')
    await bench.clock.advance(1)
    expect((await first).info).toMatchObject({ code: 'WriteFailed', reason: 'timeout' })
    expect((await second).code).toBe('WriteFailed')
    expect(bench.info).toMatchObject({ state: 'Error', fault: { code: 'WriteFailed' }, statistics: { pendingWrites: 0 } })
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('M-16: what waits to be sent is bounded; what is refused changes nothing', async () => {
    const bench = await OpenBench.create()
    bench.transport.writeAnswer = 'hang'
    const waiting = failureOf(bench.manager.write(bench.sessionId, new Uint8Array(WRITE_QUEUE_MAX_BYTES)))
    await settle()
    expect((await failureOf(bench.manager.write(bench.sessionId, 'x'))).info).toMatchObject({ code: 'QueueFull', retry: true })
    expect(bench.info).toMatchObject({ state: 'Connected', statistics: { pendingWrites: 1, pendingWriteBytes: WRITE_QUEUE_MAX_BYTES } })
    await bench.manager.close(bench.sessionId, { mode: 'now' })
    expect((await waiting).code).toBe('WriteFailed')
  })

  it('a flushing close waits until all is written; one that does not wait ends it', async () => {
    const bench = await OpenBench.create()
    let take = (): void => {}
    bench.transport.write = () =>
      new Promise(resolve => {
        take = resolve
      })
    const writing = bench.manager.write(bench.sessionId, 'last words')
    const closing = bench.manager.close(bench.sessionId, { mode: 'flush' })
    await settle()
    expect(bench.info.state).toBe('Disconnecting')
    take()
    expect(await writing).toEqual({ bytes: 10 })
    expect(await closing).toMatchObject({ killed: false })

    const hasty = await OpenBench.create()
    hasty.transport.writeAnswer = 'hang'
    const failing = failureOf(hasty.manager.write(hasty.sessionId, 'x'))
    await hasty.manager.close(hasty.sessionId, { mode: 'now' })
    expect((await failing).code).toBe('WriteFailed')
  })
})

describe('the limit of writes', () => {
  it('E-33: counts from the last write that was taken', async () => {
    const clock = new FakeClock()
    let expired = 0
    const onExpired = (): void => {
      expired += 1
      limit.fail(new Error('too late'))
    }
    const limit = new WriteLimit(clock, 1_000, () => limit.pending, onExpired)
    const takes: (() => void)[] = []
    const write = (): Promise<void> => {
      const taken = new Promise<void>(resolve => takes.push(resolve))
      return limit.watch(taken, 1)
    }
    const all = [write(), write(), write()]
    await clock.advance(900)
    takes[0]?.()
    await all[0]
    await clock.advance(900)
    expect([expired, limit.pending]).toEqual([0, 2])
    takes[1]?.()
    await all[1]
    const last = all[2]?.catch(error => error)
    await clock.advance(999)
    expect(expired).toBe(0)
    await clock.advance(1)
    expect(expired).toBe(1)
    expect(await last).toMatchObject({ message: 'too late' })
    takes[2]?.()
    await settle()
    expect(clock.pendingTimers).toBe(0)
  })

  it('E-33: of a large write, what the port takes now and then counts', async () => {
    const clock = new FakeClock()
    let expired = 0
    let waitingBytes = 1_000
    const limit = new WriteLimit(
      clock,
      1_000,
      () => waitingBytes,
      () => {
        expired += 1
        limit.fail(new Error('too late'))
      },
    )
    const write = limit.watch(new Promise(() => {}), 1_000).catch(error => error)
    for (let turn = 0; turn < 5; turn++) {
      waitingBytes -= 10
      await clock.advance(1_000)
      expect(expired).toBe(0)
    }
    await clock.advance(1_000)
    expect(expired).toBe(1)
    expect(await write).toMatchObject({ message: 'too late' })
    expect(clock.pendingTimers).toBe(0)
  })
})
