import { MusterError } from '../../../../shared/errors'
import { SAMPLER_INTERVAL_MAX_MS, SAMPLER_INTERVAL_MIN_MS, SAMPLER_RETRY_MS } from '../../../../shared/limits'
import type { SamplerInfo, SamplerUpdate, SessionEvent } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import { Emitter, type Event } from '../../base/emitter'
import type { Logger } from '../../base/logger'
import { readExecuteRequest } from '../requests/requests'
import { isReadyState } from '../session-states'
import { type SampledSession, Sampler, type SamplerRequest } from './sampler'
import { SamplerSeries } from './sampler-series'

export interface SamplersOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Throws `SessionNotFound`, or `SessionNotReady` for a session that is closed or has no board. */
  readonly find: (sessionId: string) => SampledSession
}

interface Kept {
  /** Null once it was stopped: what it has brought stays to be looked at. */
  readonly sampler: Sampler | null
  readonly series: SamplerSeries
}

/** At most one repeated snippet a session. It ends with the session, and so does what it has brought. */
export class Samplers implements Disposable {
  private readonly kept = new Map<string, Kept>()
  private readonly samples: Emitter<SamplerUpdate>

  constructor(private readonly options: SamplersOptions) {
    this.samples = new Emitter<SamplerUpdate>(error => options.logger.error('A listener of samples failed.', { error }))
  }

  get onSamples(): Event<SamplerUpdate> {
    return this.samples.event
  }

  /** Replaces what the session repeated before. Throws also `InvalidArgument`. */
  start(
    sessionId: string,
    {
      code,
      intervalMs,
      retryMs = Math.min(SAMPLER_RETRY_MS, intervalMs),
      timeoutMs,
    }: Partial<SamplerRequest> & { readonly code: string; readonly intervalMs: number },
  ): SamplerInfo {
    const session = this.options.find(sessionId)
    checkInterval(intervalMs)
    checkInterval(retryMs)
    readExecuteRequest(code, timeoutMs, intervalMs)
    this.kept.get(sessionId)?.sampler?.dispose()
    const sampler: Sampler = new Sampler(session, { code, intervalMs, retryMs, timeoutMs }, this.options.clock, change => {
      if (change.hasNewName) this.tellAll(sessionId)
      else this.tell(sessionId, 'more', sampler.series, change.rows)
    })
    this.kept.set(sessionId, { sampler, series: sampler.series })
    this.tellAll(sessionId)
    sampler.runIfDue()
    return sampler.info
  }

  /** False when nothing was repeated. */
  stop(sessionId: string): boolean {
    const kept = this.kept.get(sessionId)
    if (kept === undefined || kept.sampler === null) return false
    kept.sampler.dispose()
    this.kept.set(sessionId, { sampler: null, series: kept.series })
    this.tell(sessionId, 'more', kept.series, 0)
    return true
  }

  readAll(sessionId: string): SamplerUpdate {
    const kept = this.kept.get(sessionId)
    return updateOf(sessionId, 'all', kept?.sampler?.info ?? null, kept?.series ?? new SamplerSeries())
  }

  /** Follows the sessions: goes on when one is ready again, ends when one is gone. */
  hear({ type, sessionId, snapshot }: SessionEvent): void {
    if (type === 'disposed') {
      this.kept.get(sessionId)?.sampler?.dispose()
      this.kept.delete(sessionId)
    } else if (type === 'stateChanged' && isReadyState(snapshot.state)) {
      this.kept.get(sessionId)?.sampler?.runIfDue()
    }
  }

  dispose(): void {
    for (const { sampler } of this.kept.values()) sampler?.dispose()
    this.kept.clear()
    this.samples.dispose()
  }

  private tellAll(sessionId: string): void {
    this.samples.fire(this.readAll(sessionId))
  }

  private tell(sessionId: string, kind: SamplerUpdate['kind'], series: SamplerSeries, rows: number): void {
    this.samples.fire(updateOf(sessionId, kind, this.kept.get(sessionId)?.sampler?.info ?? null, series, rows))
  }
}

function updateOf(
  sessionId: string,
  kind: SamplerUpdate['kind'],
  sampler: SamplerInfo | null,
  series: SamplerSeries,
  rows?: number,
): SamplerUpdate {
  return Object.freeze({ sessionId, kind, sampler, ...series.read(rows) })
}

function checkInterval(intervalMs: number): void {
  if (intervalMs >= SAMPLER_INTERVAL_MIN_MS && intervalMs <= SAMPLER_INTERVAL_MAX_MS) return
  throw new MusterError({
    code: 'InvalidArgument',
    message: `A snippet can be repeated every ${SAMPLER_INTERVAL_MIN_MS} ms at the most often, and once a day at the least.`,
  })
}
