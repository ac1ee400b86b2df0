import { randomBytes } from 'node:crypto'
import type { CloseResult, PoolRole, PoolStats, SessionSnapshot, SessionState } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import type { Logger } from '../../base/logger'
import type { SessionMetrics } from '../../metrics/session-metrics'
import type { OpenRequest } from '../requests/requests'
import type { CloseOptions } from '../session-needs'
import { type Acquire, type Acquired, type Outcome, PoolWaiter } from './pool-waiter'

/** What the pool needs of a session. */
export interface PooledSession {
  readonly sessionId: string
  readonly state: SessionState
  readonly snapshot: SessionSnapshot
  /** Lending and giving back are use: its idle time-out begins anew. */
  touch(): void
  setPoolRole(role: PoolRole): void
  clearForPool(): Promise<void>
  close(options: CloseOptions): Promise<CloseResult>
}

export interface PoolHost<S extends PooledSession> {
  hasRoom(): boolean
  isTaken(request: OpenRequest): boolean
  /** Admits at once, or throws; `ready` settles as the open does. `prepare` is called before anyone hears of the session. */
  begin(request: OpenRequest, prepare: (session: S) => void): { readonly session: S; readonly ready: Promise<unknown> }
  /** Its user has given it back: what that one left to be done in it is done no more. */
  givenBack(sessionId: string): void
  /** Resolves when nothing of this session stands in the way of the next one any more. */
  gone(sessionId: string): Promise<void>
}

export interface SessionPoolOptions<S extends PooledSession> {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: SessionMetrics
  readonly isEnabled: () => boolean
  readonly host: PoolHost<S>
  /** Another number waits or is warm. */
  readonly onChanged: () => void
  readonly newToken?: () => string
}

/** A session that the pool has handed out or keeps. */
interface Pooled<S> {
  readonly session: S
  readonly deviceKey: string
  /** Null while it is warm, and while it is between two users. */
  token: string | null
  client: string
  isWarm: boolean
}

/**
 * Sessions that stay open between two users, so that the second one need not wait for a connect.
 *
 * A session belongs to its device. Who has its token has it alone; a warm one is handed to the next who asks for the
 * device, and gives way to whoever needs its place. Those who have to wait are served in the order of their coming, as
 * soon as they can be; they hold no place meanwhile.
 */
export class SessionPool<S extends PooledSession> implements Disposable {
  /** In the order of their last use: the first warm one is the least recently used. */
  private readonly pooled = new Map<string, Pooled<S>>()
  private readonly waiters: PoolWaiter<S>[] = []
  /** On their way out to make room. */
  private readonly leaving = new Map<string, Promise<void>>()
  private readonly newToken: () => string
  private readonly counts = { acquired: 0, reused: 0, evicted: 0, timedOut: 0 }

  constructor(private readonly options: SessionPoolOptions<S>) {
    this.newToken = options.newToken ?? (() => `pool-${randomBytes(16).toString('hex')}`)
  }

  get stats(): PoolStats {
    const ids = (warm: boolean): readonly string[] =>
      [...this.pooled.values()].filter(entry => (warm ? entry.isWarm : entry.token !== null)).map(({ session }) => session.sessionId)
    return Object.freeze({
      enabled: this.options.isEnabled(),
      warm: ids(true),
      inUse: ids(false),
      waiting: this.waiters.length,
      ...this.counts,
    })
  }

  get warmCount(): number {
    return this.warm.length
  }

  get waitingCount(): number {
    return this.waiters.length
  }

  /** Whether anyone has a token for this session. */
  isInUse(sessionId: string): boolean {
    return this.pooled.get(sessionId)?.isWarm === false
  }

  /** Rejects with `PoolTimeout`, `OperationCancelled`, what `fail` was told, or what the open rejects with. */
  acquire(wish: Acquire): Promise<Acquired<S>> {
    const waiter = new PoolWaiter<S>(this.options.clock, wish, outcome => this.settled(waiter, outcome))
    this.waiters.push(waiter)
    if (!wish.signal?.aborted) this.serve()
    waiter.wait()
    if (!waiter.isSettled) this.options.onChanged()
    return waiter.promise
  }

  /** Idempotent by token. Resolves when the session is warm or closed. Never rejects. */
  async release(token: string): Promise<{ readonly released: boolean }> {
    const entry = [...this.pooled.values()].find(candidate => candidate.token === token)
    if (entry === undefined) return { released: false }
    entry.token = null
    if (!(await this.makeReady(entry))) await this.close(entry, 'client-close')
    return { released: true }
  }

  /** Gives back, closed, what this client holds. */
  async releaseAllOf(client: string): Promise<void> {
    const held = [...this.pooled.values()].filter(entry => entry.token !== null && entry.client === client)
    await Promise.all(held.map(entry => this.close(entry, 'client-close')))
  }

  /** The warm session that must go before this can be opened directly; null when none has to, or none can. */
  victimFor(request: OpenRequest): S | null {
    if (request.backend === 'none') return null
    const same = this.warm.find(entry => entry.deviceKey === request.deviceKey)
    if (same !== undefined) return same.session
    return this.options.host.hasRoom() ? null : (this.warm[0]?.session ?? null)
  }

  /** Closes a warm session that is in the way. Resolves when its place and its port are free. Never rejects. */
  async evict(sessionId: string): Promise<void> {
    const entry = this.pooled.get(sessionId)
    if (entry?.isWarm) this.counts.evicted += 1
    if (entry !== undefined) await this.close(entry, 'pool-evicted')
  }

  /** Pooling was turned off: what is warm goes. */
  evictAll(): void {
    for (const { session } of this.warm) void this.evict(session.sessionId)
  }

  /** The session is gone, by whatever way. */
  forget(sessionId: string): void {
    this.pooled.delete(sessionId)
  }

  /** Hands over, opens or makes room, for everyone who waits, the oldest first. To be called whenever something became free. */
  serve(): void {
    let roomInSight = this.leaving.size
    for (const waiter of [...this.waiters]) {
      // Serving one is heard of, and whoever hears may have served another.
      if (!this.waiters.includes(waiter)) continue
      const { deviceKey } = waiter.wish.request
      const own = this.warm.find(entry => entry.deviceKey === deviceKey)
      if (own !== undefined) this.handOver(own, waiter)
      else if (this.options.host.isTaken(waiter.wish.request)) continue
      else if (this.options.host.hasRoom()) this.openFor(waiter)
      else if (roomInSight > 0) roomInSight -= 1
      else if (this.warm[0] !== undefined) void this.evict(this.warm[0].session.sessionId)
    }
  }

  /** No one is served any more. */
  fail(error: Error): void {
    for (const waiter of [...this.waiters]) waiter.reject('failed', error)
  }

  dispose(): void {
    this.pooled.clear()
  }

  private get warm(): readonly Pooled<S>[] {
    return [...this.pooled.values()].filter(entry => entry.isWarm)
  }

  private handOver(entry: Pooled<S>, waiter: PoolWaiter<S>): void {
    const { session } = entry
    if (!isUsable(session)) {
      // Its device is taken until it is gone; then the waiter's turn comes again.
      void this.close(entry, 'pool-evicted')
      return
    }
    entry.isWarm = false
    entry.token = this.newToken()
    entry.client = waiter.wish.client
    session.touch()
    session.setPoolRole('inUse')
    this.counts.reused += 1
    waiter.resolve('reused', { ticket: { token: entry.token, session: session.snapshot }, session })
  }

  private openFor(waiter: PoolWaiter<S>): void {
    const token = this.newToken()
    const { client, reread } = waiter.wish
    const enter = (session: S): void => {
      this.pooled.set(session.sessionId, { session, deviceKey: session.snapshot.deviceKey, token, client, isWarm: false })
      session.setPoolRole('inUse')
    }
    // From here on it waits for its own session; being cancelled closes that one.
    this.leaveQueue(waiter)
    try {
      const { session, ready } = this.options.host.begin(reread(), enter)
      waiter.onCancelled(() => void this.closeQuietly(session, 'client-close'))
      ready.then(
        () => {
          if (waiter.isSettled) void this.closeQuietly(session, 'client-close')
          else waiter.resolve('opened', { ticket: { token, session: session.snapshot }, session })
        },
        (error: Error) => waiter.reject('failed', error),
      )
    } catch (error) {
      waiter.reject('failed', error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** Warm and clean, or not to be had again. */
  private async makeReady(entry: Pooled<S>): Promise<boolean> {
    const { session } = entry
    if (!this.options.isEnabled() || !isUsable(session)) return false
    this.options.host.givenBack(session.sessionId)
    try {
      await session.clearForPool()
    } catch (error) {
      this.options.logger.warn('A session could not be made ready for its next user.', { sessionId: session.sessionId, error })
      return false
    }
    // Whatever has become of it meanwhile.
    if (!this.options.isEnabled() || !isUsable(session) || this.pooled.get(session.sessionId) !== entry) return false
    this.pooled.delete(session.sessionId)
    this.pooled.set(session.sessionId, entry)
    entry.isWarm = true
    session.touch()
    session.setPoolRole('warm')
    this.options.onChanged()
    this.serve()
    return true
  }

  private close(entry: Pooled<S>, reason: CloseOptions['reason']): Promise<void> {
    const { session } = entry
    const { sessionId } = session
    const underWay = this.leaving.get(sessionId)
    if (underWay !== undefined) return underWay
    entry.token = null
    entry.isWarm = false
    this.pooled.delete(sessionId)
    session.setPoolRole('none')
    const leaving = (async () => {
      await this.closeQuietly(session, reason)
      await this.options.host.gone(sessionId)
      this.leaving.delete(sessionId)
      this.serve()
    })()
    this.leaving.set(sessionId, leaving)
    return leaving
  }

  private async closeQuietly(session: S, reason: CloseOptions['reason']): Promise<void> {
    try {
      await session.close({ mode: 'now', reason })
    } catch (error) {
      this.options.logger.warn('A session of the pool did not close in order.', { sessionId: session.sessionId, error })
    }
  }

  private settled(waiter: PoolWaiter<S>, outcome: Outcome): void {
    this.leaveQueue(waiter)
    if (outcome === 'opened' || outcome === 'reused') this.counts.acquired += 1
    if (outcome === 'timeout') this.counts.timedOut += 1
    this.options.metrics.acquire(outcome)
    this.options.onChanged()
  }

  private leaveQueue(waiter: PoolWaiter<S>): void {
    const index = this.waiters.indexOf(waiter)
    if (index >= 0) this.waiters.splice(index, 1)
  }
}

/** Healthy, and with nothing of its last user under way. */
function isUsable({ state, snapshot }: PooledSession): boolean {
  const isQuiet = state === 'Connected' || state === 'Idle'
  const hasPrompt = snapshot.attachment === 'prompt'
  return isQuiet && hasPrompt && snapshot.health.isHealthy && snapshot.running === null && snapshot.queuedExecutions === 0
}
