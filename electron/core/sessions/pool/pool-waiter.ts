import type { PoolTicket } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import type { SessionMetrics } from '../../metrics/session-metrics'
import { acquireCancelled, poolTimedOut } from '../manager/manager-errors'
import type { OpenRequest } from '../requests/requests'

export type Outcome = Parameters<SessionMetrics['acquire']>[0]

export interface Acquired<S> {
  readonly ticket: PoolTicket
  readonly session: S
}

/** What is wanted of the pool. */
export interface Acquire {
  readonly request: OpenRequest
  /** Reads the request anew: its device may be on another port by the time there is a place for it. */
  readonly reread: () => OpenRequest
  readonly client: string
  /** 0: now or not at all. */
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** One caller that wants a session of the pool: settled once, by whatever comes first. */
export class PoolWaiter<S> {
  readonly promise: Promise<Acquired<S>>
  private settle: { readonly resolve: (acquired: Acquired<S>) => void; readonly reject: (error: Error) => void } | null = null
  private limit: Disposable | null = null
  private cancelOpening: () => void = () => {}
  private isOpening = false

  constructor(
    private readonly clock: Clock,
    readonly wish: Acquire,
    private readonly onSettled: (outcome: Outcome) => void,
  ) {
    this.promise = new Promise((resolve, reject) => {
      this.settle = { resolve, reject }
    })
    wish.signal?.addEventListener('abort', this.cancel, { once: true })
  }

  get isSettled(): boolean {
    return this.settle === null
  }

  /** It was not served at once: from here on its time runs, unless its session is being opened already. */
  wait(): void {
    const { timeoutMs, signal, request } = this.wish
    if (signal?.aborted) this.cancel()
    if (this.isSettled || this.isOpening) return
    const timeOut = (): void => this.reject('timeout', poolTimedOut(request.name, timeoutMs))
    if (timeoutMs <= 0) timeOut()
    else this.limit = this.clock.after(timeoutMs, timeOut)
  }

  /** It waits no longer for its turn: opening has a time limit of its own. */
  onCancelled(cancelOpening: () => void): void {
    this.isOpening = true
    this.cancelOpening = cancelOpening
    this.limit?.dispose()
  }

  resolve(outcome: Outcome, acquired: Acquired<S>): void {
    this.finish(outcome)?.resolve(acquired)
  }

  reject(outcome: Outcome, error: Error): void {
    this.finish(outcome)?.reject(error)
  }

  private readonly cancel = (): void => {
    this.reject('cancelled', acquireCancelled(this.wish.request.name))
    this.cancelOpening()
  }

  private finish(outcome: Outcome): { readonly resolve: (acquired: Acquired<S>) => void; readonly reject: (error: Error) => void } | null {
    const settle = this.settle
    if (settle === null) return null
    this.settle = null
    this.limit?.dispose()
    this.wish.signal?.removeEventListener('abort', this.cancel)
    this.onSettled(outcome)
    return settle
  }
}
