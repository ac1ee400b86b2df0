import { randomBytes } from 'node:crypto'
import { MusterError } from '../../../../shared/errors'
import { NOTIFY_SUBSCRIPTIONS_MAX } from '../../../../shared/limits'
import type { Notice, SessionSnapshot } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import type { Logger } from '../../base/logger'
import { managerNotAvailable } from '../session-errors'
import { integrationOff } from './manager-errors'

interface Subscription {
  readonly subscriptionId: string
  readonly kind: Notice['kind']
  readonly dataSource: string
  readonly listener: (notice: Notice) => void
  seq: number
}

/**
 * The start and stop streams. A notice goes out in the very moment, to those who have subscribed to exactly this data
 * source before; there is no past and no batch. Each start is followed by exactly one stop.
 */
export class SessionNotifications implements Disposable {
  private readonly subscriptions = new Map<string, Subscription>()
  private readonly started = new Set<string>()
  private hasEnded = false

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly isEnabled: () => boolean,
    private readonly newId: () => string = () => randomBytes(16).toString('hex'),
  ) {}

  get subscriptionCount(): number {
    return this.subscriptions.size
  }

  /**
   * Throws `InvalidArgument` for an empty data source, `ServiceDisabled` when the configuration turned the streams off, and
   * `ManagerDisposed` at the end: nothing would ever come.
   */
  subscribe(
    kind: Notice['kind'],
    dataSource: string,
    listener: (notice: Notice) => void,
  ): Disposable & { readonly subscriptionId: string } {
    if (this.hasEnded) throw managerNotAvailable('Disposed')
    if (!this.isEnabled()) throw integrationOff('Subscribing to the starts and stops of sessions')
    if (dataSource.trim() === '') throw new MusterError({ code: 'InvalidArgument', message: 'A data source must not be empty.' })
    if (this.subscriptions.size >= NOTIFY_SUBSCRIPTIONS_MAX) {
      throw new MusterError({
        code: 'InvalidArgument',
        message: `There are ${NOTIFY_SUBSCRIPTIONS_MAX} streams of starts and stops already.`,
        hint: 'End some of them first.',
      })
    }
    const subscriptionId = `notify-${this.newId()}`
    this.subscriptions.set(subscriptionId, { subscriptionId, kind, dataSource, listener, seq: 0 })
    return { subscriptionId, dispose: () => void this.subscriptions.delete(subscriptionId) }
  }

  /** The session is open. A second call for the same session, as after a reconnect, tells nothing. */
  start(session: SessionSnapshot): void {
    if (this.started.has(session.sessionId)) return
    this.started.add(session.sessionId)
    this.tell('start', session)
  }

  /** The session is closed. One that was never told to have started is not told to have stopped. */
  stop(session: SessionSnapshot): void {
    if (this.started.delete(session.sessionId)) this.tell('stop', session)
  }

  dispose(): void {
    this.hasEnded = true
    this.subscriptions.clear()
    this.started.clear()
  }

  private tell(kind: Notice['kind'], { sessionId, metadata }: SessionSnapshot): void {
    const at = this.clock.now()
    for (const subscription of [...this.subscriptions.values()]) {
      const { subscriptionId, dataSource, listener } = subscription
      if (subscription.kind !== kind || dataSource !== metadata.dataSource || !this.subscriptions.has(subscriptionId)) continue
      subscription.seq += 1
      try {
        listener(Object.freeze({ subscriptionId, kind, dataSource, sessionKey: sessionId, seq: subscription.seq, at }))
      } catch (error) {
        this.logger.error('A listener of starts and stops failed.', { sessionId, subscriptionId, error })
      }
    }
  }
}
