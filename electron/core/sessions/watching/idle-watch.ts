import type { IdleCounts, IdleKind, SessionOptions } from '../../../../shared/model'
import type { Clock } from '../../base/clock'

type IdlePeriods = Pick<SessionOptions, 'readerIdleMs' | 'writerIdleMs' | 'bothIdleMs'>

interface Watched {
  count: number
  lastAt: number | null
  /** The last byte of this kind, or the last time that the period had passed since. */
  baseMs: number
}

/** In the order in which they are told. */
const KINDS: readonly IdleKind[] = ['both', 'read', 'write']

/**
 * How long nothing was read, nothing written, or neither. Each kind fires when its period has passed, and again after
 * every further one. Timestamps are compared, never ticks counted: several periods missed at once fire once.
 */
export class IdleWatch {
  private readonly watched: Record<IdleKind, Watched>

  constructor(
    private readonly clock: Clock,
    private readonly periods: () => IdlePeriods,
  ) {
    this.watched = { both: this.fresh(), read: this.fresh(), write: this.fresh() }
  }

  get counts(): IdleCounts {
    const { both, read, write } = this.watched
    return Object.freeze({ read: countOf(read), write: countOf(write), both: countOf(both) })
  }

  wasRead(): void {
    this.moved('read')
  }

  wasWritten(): void {
    this.moved('write')
  }

  /** Which kinds have become idle, or have stayed so for another period. */
  tick(): readonly { readonly kind: IdleKind; readonly count: number }[] {
    const nowMs = this.clock.monotonicMs()
    const periods = this.periods()
    return KINDS.filter(kind => isOver(periodOf(periods, kind), nowMs - this.watched[kind].baseMs)).map(kind => {
      const watched = this.watched[kind]
      watched.count += 1
      watched.lastAt = this.clock.now()
      watched.baseMs = nowMs
      return { kind, count: watched.count }
    })
  }

  /** Other periods hold now: a kind without one is never idle. */
  reconfigured(): void {
    const periods = this.periods()
    for (const kind of KINDS) if (periodOf(periods, kind) === 0) Object.assign(this.watched[kind], { count: 0, lastAt: null })
  }

  /** Begins anew, as after a connect. */
  restart(): void {
    for (const kind of KINDS) this.watched[kind] = this.fresh()
  }

  /** The computer slept: that nothing moved meanwhile says nothing. */
  rebase(): void {
    for (const kind of KINDS) this.watched[kind].baseMs = this.clock.monotonicMs()
  }

  private moved(kind: 'read' | 'write'): void {
    const nowMs = this.clock.monotonicMs()
    for (const watched of [this.watched[kind], this.watched.both]) {
      watched.count = 0
      watched.baseMs = nowMs
    }
  }

  private fresh(): Watched {
    return { count: 0, lastAt: null, baseMs: this.clock.monotonicMs() }
  }
}

function countOf({ count, lastAt }: Watched): { readonly count: number; readonly lastAt: number | null } {
  return Object.freeze({ count, lastAt })
}

/** A kind without a period is never idle. */
function isOver(periodMs: number, passedMs: number): boolean {
  return periodMs > 0 && passedMs >= periodMs
}

function periodOf(periods: IdlePeriods, kind: IdleKind): number {
  switch (kind) {
    case 'read':
      return periods.readerIdleMs
    case 'write':
      return periods.writerIdleMs
    case 'both':
      return periods.bothIdleMs
  }
}
