import { MusterError } from '../../../../shared/errors'
import type { ExecutionResult, SamplerInfo } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import { numbersIn, SamplerSeries } from './sampler-series'

export interface SamplerRequest {
  readonly code: string
  readonly intervalMs: number
  readonly retryMs: number
  readonly timeoutMs: number | undefined
}

/** What a sampler needs of its session. */
export interface SampledSession {
  readonly sessionId: string
  readonly isReady: boolean
  execute(
    code: string,
    options: { readonly timeoutMs?: number; readonly expect: 'json'; readonly signal: AbortSignal },
  ): Promise<ExecutionResult>
}

/**
 * A snippet that is run again and again: now, and each time the interval after the run before has ended, or the shorter
 * retry after one that failed. No failure ends it. While its session is not ready it waits for that.
 *
 * A run is a use of the session like any other: a person wished for it, so it keeps the session from its idle time-out.
 */
export class Sampler implements Disposable {
  readonly series = new SamplerSeries()
  private readonly stopped = new AbortController()
  private readonly startedAt: number
  private waiting: Disposable | null = null
  private nextAt: number | null = null
  private running = false
  /** Its time has come, but the session is not ready. */
  private isDue = true
  private runs = 0
  private failures = 0
  private lastError: string | null = null

  constructor(
    private readonly session: SampledSession,
    private readonly request: SamplerRequest,
    private readonly clock: Clock,
    /** After every run; `rows` new ones, and whether there is a new name among the columns. */
    private readonly onRun: (change: { readonly rows: number; readonly hasNewName: boolean }) => void,
  ) {
    this.startedAt = clock.now()
  }

  get info(): SamplerInfo {
    const { code, intervalMs, retryMs } = this.request
    return Object.freeze({
      sessionId: this.session.sessionId,
      code,
      intervalMs,
      retryMs,
      startedAt: this.startedAt,
      nextAt: this.nextAt,
      runs: this.runs,
      failures: this.failures,
      lastError: this.lastError,
    })
  }

  /** To be called at the start, and whenever the session may have become ready. */
  runIfDue(): void {
    if (this.isDue && !this.running && !this.stopped.signal.aborted && this.session.isReady) void this.run()
  }

  /** Also cancels a run under way. */
  dispose(): void {
    this.waiting?.dispose()
    this.stopped.abort()
  }

  private async run(): Promise<void> {
    const { code, timeoutMs, intervalMs, retryMs } = this.request
    const { signal } = this.stopped
    this.isDue = false
    this.running = true
    this.nextAt = null
    let failure: string | null = null
    let change = { rows: 0, hasNewName: false }
    try {
      const result = await this.session.execute(code, { ...(timeoutMs !== undefined && { timeoutMs }), expect: 'json', signal })
      if (signal.aborted) return
      failure = failureIn(result)
      if (failure === null) change = { rows: 1, hasNewName: this.series.add(this.clock.now() / 1_000, numbersIn(result.value)) }
    } catch (error) {
      if (signal.aborted) return
      failure = error instanceof MusterError ? error.message : 'Muster met an error of its own.'
    } finally {
      this.running = false
    }
    this.runs += 1
    if (failure !== null) this.failures += 1
    this.lastError = failure
    this.waitFor(failure === null ? intervalMs : retryMs)
    this.onRun(change)
  }

  private waitFor(delayMs: number): void {
    this.nextAt = this.clock.now() + delayMs
    this.waiting = this.clock.after(delayMs, () => {
      this.isDue = true
      this.nextAt = null
      this.runIfDue()
    })
  }
}

function failureIn(result: ExecutionResult): string | null {
  if (result.outcome === 'exception') return result.traceback?.trim().split('\n').at(-1) ?? 'The snippet ended with an exception.'
  if (numbersIn(result.value).size > 0) return null
  return 'The snippet returned no number. Let its last line be a number, or a dictionary with numbers in it.'
}
