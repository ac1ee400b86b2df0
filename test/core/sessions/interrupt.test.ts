import { describe, expect, it } from 'vitest'
import { INTERRUPT_ONCE_MS, INTERRUPT_SOFT_RESET_MS, INTERRUPT_TIMEOUT_MS } from '../../../shared/limits'
import { settle } from '../../fakes/fake-clock'
import { OpenBench } from './open-bench'
import { failureOf } from './session-bench'

const ALL_MS = INTERRUPT_TIMEOUT_MS + INTERRUPT_SOFT_RESET_MS

/** A session whose board heeds no interrupt, with an execution on the wire. */
async function stubborn(prepare: (bench: OpenBench) => void = () => {}) {
  const bench = await OpenBench.create()
  bench.board.interruptAnswer = 'climb'
  prepare(bench)
  const failing = failureOf(bench.run('while True: pass', 60_000))
  await settle()
  return { bench, failing }
}

const rungsOf = (bench: OpenBench): readonly string[] =>
  bench.events.flatMap(({ interrupt }) => (interrupt === undefined ? [] : [interrupt.rung + (interrupt.until === null ? ' held' : '')]))

describe('the way to an end (fault 22)', () => {
  it('E-15, T8: a cancel climbs all rungs, each is told, and then the board is lost, with what is left to do', async () => {
    const { bench, failing } = await stubborn()
    const waiting = failureOf(bench.run('next'))
    const cancelling = bench.manager.cancel(bench.sessionId)
    await settle()
    expect(bench.info.running).toMatchObject({ interrupting: true, interrupt: { rung: 'interrupt', since: bench.clock.now() } })
    expect(bench.board.signals).toEqual(['interrupt'])
    await bench.clock.advance(INTERRUPT_ONCE_MS)
    expect(bench.info.running?.interrupt).toMatchObject({ rung: 'interrupt-again' })
    await bench.clock.advance(INTERRUPT_TIMEOUT_MS - INTERRUPT_ONCE_MS)
    expect(bench.info).toMatchObject({ state: 'Active', running: { interrupt: { rung: 'soft-reset' } } })
    await bench.clock.advance(INTERRUPT_SOFT_RESET_MS - 1)
    expect(bench.info.state).toBe('Active')
    await bench.clock.advance(1)
    expect(await cancelling).toEqual({ cancelled: false })
    expect(bench.info).toMatchObject({ state: 'Error', running: null, fault: { reason: 'no-reply', final: false } })
    expect(bench.info.fault?.message).toContain('nor after a soft reset')
    expect(bench.info.fault?.hint).toMatch(/hard reset[\s\S]*close the session/)
    expect(rungsOf(bench)).toEqual(['interrupt', 'interrupt-again', 'soft-reset'])
    expect((await failing).info).toMatchObject({ code: 'OperationFailed', reason: 'no-reply' })
    expect((await waiting).info).toMatchObject({ code: 'OperationFailed', reason: 'no-reply' })
    expect(bench.outputItems.filter(({ type }) => type === 'ended')).toHaveLength(1)
    expect(bench.logged.filter(line => line === 'A board is being interrupted.')).toHaveLength(3)
  })

  it('T8: a time limit goes no further than its two seconds', async () => {
    const bench = await OpenBench.create()
    bench.board.interruptAnswer = 'climb'
    const failing = failureOf(bench.run('while True: pass', 1_000))
    await bench.clock.advance(1_000 + INTERRUPT_TIMEOUT_MS - 1)
    expect(bench.info.state).toBe('Active')
    await bench.clock.advance(1)
    expect((await failing).code).toBe('OperationTimeout')
    expect(bench.info).toMatchObject({ state: 'Error', fault: { code: 'OperationTimeout', reason: 'no-reply' } })
    expect(rungsOf(bench)).toEqual(['interrupt', 'interrupt-again'])
    expect(bench.board.signals).not.toContain('end')
  })

  it.each(['execution', 'task'] as const)(
    'E-15: the signal of an %s counts also where whoever hears of the start aborts it',
    async what => {
      const bench = await OpenBench.create()
      const abort = new AbortController()
      bench.manager.onEvent(({ snapshot }) => {
        if (snapshot.state === 'Active') abort.abort()
      })
      const { signal } = abort
      const failing =
        what === 'task'
          ? bench.manager.runTask(bench.sessionId, 'Waiting', () => new Promise<never>(() => {}), { signal })
          : bench.manager.execute(bench.sessionId, 'x', { signal })
      expect((await failureOf(failing)).info).toMatchObject({ code: 'OperationCancelled', reason: 'cancelled' })
      expect(bench.info.state).toBe('Idle')
    },
  )

  it('E-29: who is no longer there to look on gets no soft reset either', async () => {
    const bench = await OpenBench.create()
    bench.board.interruptAnswer = 'climb'
    const page = new AbortController()
    const failing = failureOf(bench.manager.execute(bench.sessionId, 'x', { timeoutMs: 60_000, signal: page.signal }))
    await settle()
    page.abort()
    await bench.clock.advance(INTERRUPT_TIMEOUT_MS)
    expect((await failing).reason).toBe('no-reply')
    expect(rungsOf(bench)).not.toContain('soft-reset')
  })

  it.each([
    ['interrupt', 'interrupt', 0],
    ['interrupt-again', 'ask', INTERRUPT_ONCE_MS],
    ['soft-reset', 'end', INTERRUPT_TIMEOUT_MS],
  ] as const)('an execution that ends on the rung %s is cancelled, once, and the session goes on', async (rung, heeded, afterMs) => {
    const { bench, failing } = await stubborn(({ board }) => {
      board.heeds = heeded
    })
    const cancelling = bench.manager.cancel(bench.sessionId)
    await bench.clock.advance(afterMs + 300)
    expect(await cancelling).toEqual({ cancelled: true })
    expect((await failing).info).toMatchObject({ code: 'OperationCancelled', reason: 'cancelled' })
    expect(bench.info).toMatchObject({ state: 'Idle', running: null, fault: null })
    expect(rungsOf(bench).at(-1)).toBe(rung)
    expect(bench.outputItems.some(item => item.type === 'note' && /soft reset/.test(item.text))).toBe(rung === 'soft-reset')
    bench.board.interruptAnswer = 'prompt'
    const next = bench.run()
    bench.board.finish()
    expect((await next).outcome).toBe('ok')
  })

  it('is held for as long as a person wants, and goes on when told', async () => {
    const { bench, failing } = await stubborn()
    const cancelling = bench.manager.cancel(bench.sessionId)
    await bench.clock.advance(500)
    expect(bench.manager.stepInterrupt(bench.sessionId, 'hold')).toEqual({ changed: true })
    expect(bench.manager.stepInterrupt(bench.sessionId, 'hold')).toEqual({ changed: false })
    await bench.clock.advance(3_600_000)
    expect(bench.info.running).toMatchObject({ interrupting: true, interrupt: { rung: 'interrupt-again', until: null } })
    expect(bench.manager.stepInterrupt(bench.sessionId, 'next')).toEqual({ changed: true })
    expect(bench.info.running?.interrupt).toMatchObject({ rung: 'soft-reset', until: bench.clock.now() + INTERRUPT_SOFT_RESET_MS })
    bench.board.finish()
    expect(await cancelling).toEqual({ cancelled: true })
    expect((await failing).code).toBe('OperationCancelled')
    expect(rungsOf(bench)).toEqual(['interrupt', 'interrupt-again', 'interrupt-again held', 'soft-reset'])
  })

  it('a person in a hurry is at the end in three steps', async () => {
    const { bench, failing } = await stubborn()
    const cancelling = bench.manager.cancel(bench.sessionId)
    for (let step = 0; step < 3; step++) expect(bench.manager.stepInterrupt(bench.sessionId, 'next')).toEqual({ changed: true })
    expect(bench.manager.stepInterrupt(bench.sessionId, 'next')).toEqual({ changed: false })
    expect(await cancelling).toEqual({ cancelled: false })
    expect((await failing).reason).toBe('no-reply')
  })

  it('without an interrupt there is nothing to hold', async () => {
    const bench = await OpenBench.create()
    expect(bench.manager.stepInterrupt(bench.sessionId, 'hold')).toEqual({ changed: false })
    const running = bench.run()
    expect(bench.manager.stepInterrupt(bench.sessionId, 'next')).toEqual({ changed: false })
    bench.board.finish()
    await running
  })

  it.each(['close', 'kill', 'unplug'] as const)('that is held ends with a %s, and leaves nothing', async how => {
    const { bench, failing } = await stubborn()
    const cancelling = bench.manager.cancel(bench.sessionId)
    await bench.clock.advance(100)
    bench.manager.stepInterrupt(bench.sessionId, 'hold')
    let ending: Promise<unknown> = Promise.resolve()
    if (how === 'close') ending = bench.manager.close(bench.sessionId, { mode: 'now' })
    else if (how === 'kill') ending = bench.manager.kill(bench.sessionId)
    else bench.transport.unplug()
    await bench.clock.advance(ALL_MS)
    await ending
    expect(await cancelling).toEqual({ cancelled: how !== 'unplug' })
    expect((await failing).code).toBe(how === 'unplug' ? 'OperationFailed' : 'OperationCancelled')
    await bench.manager.kill(bench.sessionId)
    await bench.quiet()
    expect(bench.leftovers).toEqual({ listeners: 0, timers: 0 })
  })

  it('is in the history, rung by rung', async () => {
    const { bench, failing } = await stubborn()
    const { tellOf } = await import('../../../electron/core/sessions/history/history-sentences')
    void bench.manager.cancel(bench.sessionId)
    await bench.clock.advance(100)
    bench.manager.stepInterrupt(bench.sessionId, 'hold')
    bench.manager.stepInterrupt(bench.sessionId, 'next')
    bench.manager.stepInterrupt(bench.sessionId, 'next')
    bench.manager.stepInterrupt(bench.sessionId, 'next')
    await failing
    const texts = bench.events.filter(({ interrupt }) => interrupt !== undefined).map(event => tellOf(event).text)
    expect(texts).toEqual([
      'Execution 1 on the board on /dev/ttyACM0 is to end: Ctrl-C was sent.',
      expect.stringContaining('nothing more is done until somebody says so'),
      expect.stringContaining('Ctrl-C is sent again and again'),
      expect.stringContaining('a soft reset is tried'),
    ])
  })
})
