import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import type { BoardTalk } from '../../../electron/core/micropython/board-talk'
import { TransportError } from '../../../electron/core/transport/transport'
import { MusterError } from '../../../shared/errors'
import { MAX_PENDING_OPERATIONS } from '../../../shared/limits'
import { settle } from '../../fakes/fake-clock'
import { OpenBench } from './open-bench'
import { failureOf } from './session-bench'

/** A task that ends when the test says so. */
function held(bench: OpenBench, title = 'Writing main.py') {
  let finish: (value: string) => void = () => {}
  let fail: (error: unknown) => void = () => {}
  const seen: { signal: AbortSignal | null; board: BoardTalk | null } = { signal: null, board: null }
  const result = bench.manager.runTask(bench.sessionId, title, (board, signal) => {
    Object.assign(seen, { board, signal })
    return new Promise<string>((resolve, reject) => {
      finish = resolve
      fail = reject
    })
  })
  result.catch(() => {})
  return { result, seen, finish: (value: string) => finish(value), fail: (error: unknown) => fail(error) }
}

describe('tasks', () => {
  it('have the board to themselves, are shown, and are no operation', async () => {
    const bench = await OpenBench.create()
    const task = held(bench)
    const next = bench.run('next')
    await settle()
    expect(bench.info).toMatchObject({
      state: 'Active',
      running: null,
      task: { title: 'Writing main.py', startedAt: bench.clock.now(), taskId: `${bench.sessionId}:task-1` },
      queuedExecutions: 1,
    })
    expect(bench.board.codes).toEqual([])
    task.finish('done')
    expect(await task.result).toBe('done')
    await settle()
    expect(bench.info).toMatchObject({ task: null, running: { number: 1 } })
    bench.board.finish()
    await next
    expect(bench.info).toMatchObject({ state: 'Idle', statistics: { operations: 1, errors: 0 } })
    expect(bench.outputItems.map(({ type }) => type)).toEqual(['started', 'ended'])
    expect(bench.metrics.of('operation')).toHaveLength(1)
  })

  it('take their turn behind what runs and what waits', async () => {
    const bench = await OpenBench.create()
    const order: string[] = []
    bench.board.answer = code => {
      order.push(code)
      return code === 'first' ? null : {}
    }
    const work = [
      bench.run('first'),
      bench.manager.runTask(bench.sessionId, 'A', async () => void order.push('A')),
      bench.run('second'),
      bench.manager.runTask(bench.sessionId, 'B', board => board.ask('B', { timeoutMs: 1 })),
    ]
    await settle()
    expect(order).toEqual(['first'])
    bench.board.finish()
    await Promise.all(work)
    expect(order).toEqual(['first', 'A', 'second', 'B'])
  })

  it('have no time limit, neither waiting nor running', async () => {
    const bench = await OpenBench.create()
    const running = held(bench)
    const waiting = held(bench, 'Reading log.txt')
    await bench.clock.advance(3_600_000)
    expect(bench.info.task?.title).toBe('Writing main.py')
    running.finish('a')
    await settle()
    expect(bench.info.task?.title).toBe('Reading log.txt')
    await bench.clock.advance(3_600_000)
    waiting.finish('b')
    expect(await waiting.result).toBe('b')
  })

  it('that wait can be cancelled, by id or by their signal, and are not begun', async () => {
    const bench = await OpenBench.create()
    const running = held(bench)
    const waiting = held(bench)
    const abort = new AbortController()
    const third = failureOf(bench.manager.runTask(bench.sessionId, 'Third', async () => 3, { signal: abort.signal }))
    expect(await bench.manager.cancel(bench.sessionId, `${bench.sessionId}:task-2`)).toEqual({ cancelled: true })
    abort.abort()
    expect((await failureOf(waiting.result)).info).toMatchObject({ code: 'OperationCancelled', reason: 'cancelled' })
    expect((await third).info.message).toContain('Third')
    expect(waiting.seen.signal).toBeNull()
    expect((await failureOf(bench.manager.runTask(bench.sessionId, 'X', async () => 4, { signal: abort.signal }))).code).toBe(
      'OperationCancelled',
    )
    expect(bench.board.interrupts).toBe(0)
    running.finish('')
    await running.result
  })

  it.each<[string, (signal: AbortSignal) => Promise<never>]>([
    ['goes on as if nothing were', () => new Promise<never>(() => {})],
    ['throws why it was called off', signal => rejectedBy(signal, () => signal.reason)],
    ['throws an error of its own', signal => rejectedBy(signal, () => new MusterError({ code: 'FileFailed', message: 'No.' }))],
    ['throws what the board made of it', signal => rejectedBy(signal, () => new ProtocolError('no-reply', 'Nothing.'))],
  ])('that run and are cancelled are interrupted; the board stays although the work %s', async (_how, work) => {
    const bench = await OpenBench.create()
    const failing = failureOf(bench.manager.runTask(bench.sessionId, 'Writing main.py', (_board, signal) => work(signal)))
    await settle()
    const next = bench.run()
    expect(await bench.manager.cancel(bench.sessionId)).toEqual({ cancelled: true })
    expect((await failing).info).toMatchObject({
      code: 'OperationCancelled',
      reason: 'cancelled',
      message: expect.stringContaining('Writing main.py'),
    })
    expect(bench.board.interrupts).toBe(1)
    await settle()
    bench.board.finish()
    expect((await next).outcome).toBe('ok')
    expect(bench.info).toMatchObject({ state: 'Idle', fault: null })
  })

  it('that were cancelled do nothing more with the board', async () => {
    const bench = await OpenBench.create()
    const task = held(bench)
    await settle()
    await bench.manager.cancel(bench.sessionId)
    await expect(task.seen.board?.ask('late', { timeoutMs: 1_000 })).rejects.toThrow(/called off/)
    expect(bench.board.codes).toEqual([])
  })

  it('that ended do nothing more with the board', async () => {
    const bench = await OpenBench.create()
    const task = held(bench)
    await settle()
    task.finish('')
    await task.result
    await expect(task.seen.board?.ask('late', { timeoutMs: 1_000 })).rejects.toThrow(/has ended/)
  })

  it('T8: whose board does not come back from the interrupt have lost it', async () => {
    const bench = await OpenBench.create()
    bench.board.interruptAnswer = 'no-prompt'
    const task = held(bench)
    await settle()
    expect(await bench.manager.cancel(bench.sessionId)).toEqual({ cancelled: false })
    expect((await failureOf(task.result)).info).toMatchObject({ code: 'OperationFailed', reason: 'no-reply' })
    expect(bench.info.state).toBe('Error')
  })

  it('T8: whose port fails while they are called off have lost the board by that, and not by its silence', async () => {
    const bench = await OpenBench.create()
    bench.board.interruptAnswer = 'hang'
    const task = held(bench)
    await settle()
    const cancelling = bench.manager.cancel(bench.sessionId)
    task.fail(new TransportError('port-error', 'The port refused the bytes.'))
    await settle()
    expect(bench.info).toMatchObject({ state: 'Error', task: null, fault: { code: 'WriteFailed' } })
    expect((await failureOf(task.result)).message).toContain('The port refused the bytes.')
    expect(await cancelling).toEqual({ cancelled: false })
  })

  it.each<[string, unknown, object]>([
    [
      'an error of the task',
      new MusterError({ code: 'FileFailed', reason: 'disk-full', message: 'Full.' }),
      { code: 'FileFailed', reason: 'disk-full' },
    ],
    ['too slow an answer', new ProtocolError('timeout', 'Slow.'), { code: 'OperationFailed', reason: 'timeout' }],
    ['code that can not be sent', new ProtocolError('control-character', 'No.'), { code: 'InvalidArgument', reason: 'control-character' }],
    ['a restart of the board', new ProtocolError('restarted', 'It restarted.'), { code: 'OperationFailed', reason: 'restarted' }],
    ['a defect', new TypeError('undefined is no function'), { code: 'OperationFailed' }],
  ])('that fail by %s fail alone', async (_what, error, info) => {
    const bench = await OpenBench.create()
    const task = held(bench)
    const next = bench.run()
    await settle()
    task.fail(error)
    expect((await failureOf(task.result)).info).toMatchObject(info)
    await settle()
    bench.board.finish()
    expect((await next).outcome).toBe('ok')
    expect(bench.info).toMatchObject({ state: 'Idle', fault: null, task: null, statistics: { operations: 1, errors: 0 } })
    expect(bench.logged.some(line => line.includes('that it should not'))).toBe(error instanceof TypeError)
  })

  it.each<[string, unknown]>([
    ['a board that says nothing', new ProtocolError('no-reply', 'Nothing.')],
    ['a board that is gone', new ProtocolError('disconnected', 'Gone.')],
    ['a port that refuses', new TransportError('timeout', 'No.')],
  ])('T8: that fail by %s have lost it', async (_what, error) => {
    const bench = await OpenBench.create()
    const task = held(bench)
    const next = failureOf(bench.run())
    await settle()
    task.fail(error)
    expect((await failureOf(task.result)).code).toBe('OperationFailed')
    expect((await next).code).toBe('OperationFailed')
    expect(bench.info.state).toBe('Error')
  })

  it('that leave a program running on the board have it ended', async () => {
    const bench = await OpenBench.create()
    const result = bench.manager.runTask(bench.sessionId, 'Sloppy', async board => {
      void board.ask('while True: pass', { timeoutMs: 1_000 }).catch(() => {})
      return 'left'
    })
    expect(await result).toBe('left')
    expect(bench.board.interrupts).toBe(1)
    expect(bench.info.state).toBe('Idle')
  })

  it('E-02: end with the board, whatever they do', async () => {
    const bench = await OpenBench.create()
    const running = held(bench)
    const waiting = held(bench)
    await settle()
    bench.transport.unplug()
    for (const { result } of [running, waiting]) {
      expect((await failureOf(result)).info).toMatchObject({ code: 'OperationFailed', reason: 'disconnected' })
    }
    expect(running.seen.signal?.aborted).toBe(true)
    expect(bench.info).toMatchObject({ state: 'Error', task: null })
    running.finish('late')
    await settle()
    expect(bench.info.state).not.toBe('Idle')
  })

  it('are waited for by a close that flushes, and cut off by one that does not', async () => {
    const bench = await OpenBench.create()
    const first = held(bench)
    const second = held(bench)
    await settle()
    const closing = bench.manager.close(bench.sessionId, { mode: 'flush' })
    expect((await failureOf(second.result)).info).toMatchObject({ code: 'OperationCancelled', reason: 'session-closed' })
    await bench.clock.advance(1_000)
    expect(bench.info.state).toBe('Disconnecting')
    first.finish('whole')
    expect(await first.result).toBe('whole')
    expect((await closing).killed).toBe(false)

    const { sessionId } = await bench.open()
    bench.sessionId = sessionId
    const third = held(bench)
    await settle()
    await bench.manager.close(sessionId, { mode: 'now' })
    expect((await failureOf(third.result)).info).toMatchObject({ code: 'OperationCancelled', reason: 'session-closed' })
    expect(bench.board.interrupts).toBe(1)
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('wait in the same line as executions, and no more than fit', async () => {
    const bench = await OpenBench.create()
    const running = held(bench)
    const waiting = Array.from({ length: MAX_PENDING_OPERATIONS }, () => held(bench))
    expect((await failureOf(bench.manager.runTask(bench.sessionId, 'X', async () => 1))).code).toBe('QueueFull')
    running.finish('')
    for (const { result, finish } of waiting) {
      await settle()
      finish('')
      await result
    }
    expect(bench.info).toMatchObject({ state: 'Idle', queuedExecutions: 0 })
  })

  it('E-09: a lease that ends meanwhile closes the session after them', async () => {
    const bench = await OpenBench.create()
    const task = held(bench)
    await settle()
    bench.manager.extendLease(bench.sessionId, bench.clock.now() + 1_000)
    await bench.clock.advance(1_000)
    await bench.manager.closeExpiredLeases(bench.clock.now())
    expect(bench.info).toMatchObject({ state: 'Active', lease: { isPending: true } })
    task.finish('')
    await task.result
    await settle()
    expect(bench.manager.list({ includeClosed: false })).toEqual([])
  })

  it('E-18: keep the health check away', async () => {
    const bench = await OpenBench.with({ healthCheckIntervalMs: 1_000 })
    const task = held(bench)
    await bench.clock.advance(10_000)
    expect(bench.board.codes).toEqual([])
    task.finish('')
    await task.result
    await bench.clock.advance(2_000)
    expect(bench.board.codes).toHaveLength(1)
  })

  it('E-01: are refused where there is no board to have', async () => {
    const bench = await OpenBench.create()
    bench.transport.unplug()
    expect((await failureOf(bench.manager.runTask(bench.sessionId, 'X', async () => 1))).code).toBe('SessionNotReady')
    expect((await failureOf(bench.manager.runTask('session-none', 'X', async () => 1))).code).toBe('SessionNotFound')
    const group = await bench.manager.open({ backend: 'none', clientSessionName: 'g' })
    expect((await failureOf(bench.manager.runTask(group.sessionId, 'X', async () => 1))).reason).toBe('group-session')
  })
})

function rejectedBy(signal: AbortSignal, error: () => unknown): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(error()), { once: true }))
}
