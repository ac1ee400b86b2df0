import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../electron/core/base/logger'
import type { SampledSession } from '../../../electron/core/sessions/samplers/sampler'
import { Samplers } from '../../../electron/core/sessions/samplers/samplers'
import { MusterError } from '../../../shared/errors'
import { SAMPLER_HISTORY_SAMPLES, SAMPLER_SERIES_MAX } from '../../../shared/limits'
import type { ExecutionResult, JsonValue, SamplerUpdate, SessionEvent } from '../../../shared/model'
import { FakeClock, settle } from '../../fakes/fake-clock'
import { fakeSnapshot } from '../../fakes/fake-snapshot'

const ID = 'session-1'
const EVERY = { code: 'read()', intervalMs: 60_000, retryMs: 30_000 }

type Answer = JsonValue | Error | 'hang' | { readonly traceback: string }

class Bench {
  readonly clock = new FakeClock()
  readonly updates: SamplerUpdate[] = []
  answers: Answer[] = []
  answer: Answer = 1
  isReady = true
  runs: { readonly code: string; readonly timeoutMs?: number; readonly expect: string; readonly signal: AbortSignal }[] = []
  readonly samplers: Samplers

  constructor() {
    const self = this
    const session: SampledSession = {
      sessionId: ID,
      get isReady() {
        return self.isReady
      },
      execute: async (code, options) => {
        this.runs.push({ code, ...options })
        return this.reply(this.answers.shift() ?? this.answer)
      },
    }
    this.samplers = new Samplers({
      clock: this.clock,
      logger: silentLogger,
      find: sessionId => {
        if (sessionId === ID) return session
        throw new MusterError({ code: 'SessionNotFound', message: 'None.' })
      },
    })
    this.samplers.onSamples(update => this.updates.push(update))
  }

  hear(type: SessionEvent['type'], state: 'Connected' | 'Error' | 'Disposed'): void {
    this.samplers.hear({ seq: 1, at: 0, type, sessionId: ID, snapshot: fakeSnapshot({ sessionId: ID, state }) })
  }

  get info(): SamplerUpdate['sampler'] {
    return this.samplers.readAll(ID).sampler
  }

  /** Each row as an object. */
  get rows(): readonly Record<string, number>[] {
    const { names, at, values } = this.samplers.readAll(ID)
    return [...at].map((_at, row) => Object.fromEntries(names.map((name, column) => [name, values[column]?.[row] ?? Number.NaN])))
  }

  private async reply(answer: Answer): Promise<ExecutionResult> {
    if (answer instanceof Error) throw answer
    if (answer === 'hang') await new Promise<never>(() => {})
    const result = { executionId: 'e', number: 1, stdout: '', stdoutBytes: 0, durationMs: 5 }
    if (typeof answer === 'object' && answer !== null && 'traceback' in answer && typeof answer.traceback === 'string') {
      return { ...result, outcome: 'exception', traceback: answer.traceback }
    }
    return { ...result, outcome: 'ok', value: answer as JsonValue }
  }
}

describe('a repeated snippet', () => {
  it('B-10: runs at once and then at its interval, asks for a typed value, and keeps the numbers', async () => {
    const bench = new Bench()
    bench.answers = [
      { temperature: 20.5, humidity: 40, place: 'lab', ok: true },
      { temperature: 21, pressure: 1_013 },
    ]
    bench.samplers.start(ID, { ...EVERY, timeoutMs: 2_000 })
    await settle()
    expect(bench.runs).toMatchObject([{ code: 'read()', timeoutMs: 2_000, expect: 'json' }])
    expect(bench.info).toMatchObject({ runs: 1, failures: 0, lastError: null, nextAt: bench.clock.now() + 60_000 })
    await bench.clock.advance(59_999)
    expect(bench.runs).toHaveLength(1)
    await bench.clock.advance(1)
    expect(bench.rows).toEqual([
      { temperature: 20.5, humidity: 40, pressure: Number.NaN },
      { temperature: 21, humidity: Number.NaN, pressure: 1_013 },
    ])
    expect(bench.samplers.readAll(ID).at[1]).toBe(bench.clock.now() / 1_000)
  })

  it('B-10: a plain number is the column `value`', async () => {
    const bench = new Bench()
    bench.samplers.start(ID, EVERY)
    await settle()
    expect(bench.rows).toEqual([{ value: 1 }])
  })

  it('B-10: after a failure it waits the shorter time; no failure ends it', async () => {
    const bench = new Bench()
    bench.answers = [
      new MusterError({ code: 'OperationTimeout', message: 'Too slow.' }),
      new Error('a defect'),
      { traceback: 'Traceback:\n  line 1\nOSError: 5\n' },
      'no number',
    ]
    bench.samplers.start(ID, EVERY)
    await settle()
    const errors = [bench.info?.lastError]
    for (let failure = 1; failure < 4; failure++) {
      await bench.clock.advance(30_000)
      errors.push(bench.info?.lastError)
    }
    expect(errors).toEqual([
      'Too slow.',
      'Muster met an error of its own.',
      'OSError: 5',
      'The snippet returned no number. Let its last line be a number, or a dictionary with numbers in it.',
    ])
    await bench.clock.advance(30_000)
    expect(bench.info).toMatchObject({ runs: 5, failures: 4, lastError: null })
    expect(bench.rows).toEqual([{ value: 1 }])
    await bench.clock.advance(30_000)
    expect(bench.runs).toHaveLength(5)
  })

  it('B-10: waits while its session is not ready, and goes on when it is', async () => {
    const bench = new Bench()
    bench.samplers.start(ID, EVERY)
    await settle()
    bench.isReady = false
    bench.hear('stateChanged', 'Error')
    await bench.clock.advance(300_000)
    expect(bench.runs).toHaveLength(1)
    expect(bench.info?.nextAt).toBeNull()
    bench.isReady = true
    bench.hear('stateChanged', 'Connected')
    await settle()
    expect(bench.runs).toHaveLength(2)
    bench.hear('stateChanged', 'Connected')
    await settle()
    expect(bench.runs).toHaveLength(2)
  })

  it('B-10: ends with its session, and leaves nothing', async () => {
    const bench = new Bench()
    bench.answer = 'hang'
    bench.samplers.start(ID, EVERY)
    await settle()
    bench.hear('disposed', 'Disposed')
    expect(bench.runs[0]?.signal.aborted).toBe(true)
    expect(bench.samplers.readAll(ID)).toMatchObject({ kind: 'all', sampler: null, names: [] })
    await bench.clock.advance(300_000)
    expect([bench.runs.length, bench.clock.pendingTimers]).toEqual([1, 0])
  })

  it('B-10: stopping cancels the run under way, and what it brought stays to be seen', async () => {
    const bench = new Bench()
    bench.answers = [7, 'hang']
    bench.samplers.start(ID, EVERY)
    await bench.clock.advance(60_000)
    expect(bench.samplers.stop(ID)).toBe(true)
    expect(bench.samplers.stop(ID)).toBe(false)
    expect(bench.runs[1]?.signal.aborted).toBe(true)
    expect(bench.info).toBeNull()
    expect(bench.rows).toEqual([{ value: 7 }])
    expect(bench.clock.pendingTimers).toBe(0)
  })

  it('a new one takes the place of the old', async () => {
    const bench = new Bench()
    bench.samplers.start(ID, EVERY)
    await settle()
    bench.samplers.start(ID, { code: 'other()', intervalMs: 1_000 })
    await bench.clock.advance(3_000)
    expect(bench.runs.map(run => run.code)).toEqual(['read()', 'other()', 'other()', 'other()', 'other()'])
    expect(bench.info).toMatchObject({ code: 'other()', retryMs: 1_000 })
    bench.samplers.dispose()
  })

  it('tells each row as it comes, and everything anew when a name comes to the columns', async () => {
    const bench = new Bench()
    bench.answers = [{ a: 1 }, { a: 2 }, { a: 3, b: 4 }]
    bench.samplers.start(ID, { code: 'x', intervalMs: 1_000 })
    await bench.clock.advance(2_000)
    expect(bench.updates.map(({ kind, at, names }) => [kind, at.length, names.join()])).toEqual([
      ['all', 0, ''],
      ['all', 1, 'a'],
      ['more', 1, 'a'],
      ['all', 3, 'a,b'],
    ])
    bench.samplers.dispose()
  })

  it('keeps a bounded number of columns and rows', async () => {
    const bench = new Bench()
    bench.answer = Object.fromEntries(Array.from({ length: SAMPLER_SERIES_MAX + 4 }, (_, index) => [`n${index}`, index]))
    bench.samplers.start(ID, { code: 'x', intervalMs: 100 })
    for (let run = 0; run < SAMPLER_HISTORY_SAMPLES + 5; run++) await bench.clock.advance(100)
    const { names, at, values } = bench.samplers.readAll(ID)
    expect([names.length, at.length, values[0]?.length]).toEqual([SAMPLER_SERIES_MAX, SAMPLER_HISTORY_SAMPLES, SAMPLER_HISTORY_SAMPLES])
    bench.samplers.dispose()
  }, 20_000)

  it.each([
    ['an interval too short', ID, { code: 'x', intervalMs: 99 }, 'InvalidArgument'],
    ['an interval that is none', ID, { code: 'x', intervalMs: Number.NaN }, 'InvalidArgument'],
    ['a retry too short', ID, { code: 'x', intervalMs: 1_000, retryMs: 0 }, 'InvalidArgument'],
    ['no code', ID, { code: ' ', intervalMs: 1_000 }, 'InvalidArgument'],
    ['a session that nobody knows', 'session-2', { code: 'x', intervalMs: 1_000 }, 'SessionNotFound'],
  ])('is refused with %s', (_what, sessionId, request, code) => {
    const bench = new Bench()
    expect(() => bench.samplers.start(sessionId, request)).toThrow(expect.objectContaining({ code }))
    expect([bench.runs.length, bench.updates.length]).toEqual([0, 0])
  })
})
