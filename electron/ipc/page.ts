import { MusterError } from '../../shared/errors'
import { NOTIFY_SUBSCRIPTIONS_MAX } from '../../shared/limits'
import type { Notice } from '../../shared/model'
import type { Disposable } from '../core/base/disposable'
import { Emitter, type Event } from '../core/base/emitter'
import type { NotificationService } from './services'

/**
 * What one window's page has under way: calls that wait, its notification streams, and what it has from the pool. All of it
 * ends when the page is reloaded, crashes or goes with its window; sessions are not the page's and go on.
 */
export class Page implements Disposable {
  /** Each call that waits, and when it has been answered. */
  private readonly running = new Map<AbortController, Promise<void>>()
  /** Tokens of the pool. */
  private readonly lent = new Set<string>()
  private readonly streams = new Map<string, Disposable>()
  private readonly notices: Emitter<Notice>

  constructor(
    private readonly notifications: NotificationService,
    /** Gives a session back to the pool. */
    private readonly release: (token: string) => Promise<unknown>,
    onListenerError: (error: unknown) => void,
  ) {
    this.notices = new Emitter(onListenerError)
  }

  /** The notices of all streams, as they come. */
  get onNotice(): Event<Notice> {
    return this.notices.event
  }

  /** Calls that wait, and streams. */
  get activityCount(): number {
    return this.running.size + this.streams.size
  }

  /** Makes a call whose signal aborts when the page goes. A signal of its own: none gathers listeners. */
  async run<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController()
    let answered = (): void => {}
    const answer = new Promise<void>(resolve => {
      answered = resolve
    })
    this.running.set(controller, answer)
    try {
      return await call(controller.signal)
    } finally {
      this.running.delete(controller)
      answered()
    }
  }

  /** Nobody else knows the token: without the page nobody could give the session back. */
  borrowed(token: string): void {
    this.lent.add(token)
  }

  gaveBack(token: string): void {
    this.lent.delete(token)
  }

  openStream(kind: 'start' | 'stop', dataSource: string): string {
    if (this.streams.size >= NOTIFY_SUBSCRIPTIONS_MAX) {
      throw new MusterError({
        code: 'bad-request',
        message: `This window has ${NOTIFY_SUBSCRIPTIONS_MAX} notification streams, which is all it may have.`,
      })
    }
    const stream = this.notifications.subscribe(kind, dataSource, notice => this.notices.fire(notice))
    this.streams.set(stream.subscriptionId, stream)
    return stream.subscriptionId
  }

  /** False when this page has no such stream. */
  closeStream(subscriptionId: string): boolean {
    this.streams.get(subscriptionId)?.dispose()
    return this.streams.delete(subscriptionId)
  }

  /** The page has gone; another may come. */
  endAll(): void {
    for (const subscriptionId of [...this.streams.keys()]) this.closeStream(subscriptionId)
    const answered = Promise.all(this.running.values())
    for (const controller of [...this.running.keys()]) controller.abort()
    this.running.clear()
    const tokens = [...this.lent]
    this.lent.clear()
    // What it still runs comes to its end first: a session at work would be closed instead of kept.
    if (tokens.length > 0) void answered.then(() => this.giveBack(tokens))
  }

  dispose(): void {
    this.endAll()
    this.notices.dispose()
  }

  private async giveBack(tokens: readonly string[]): Promise<void> {
    // It fails only when all sessions are closed anyway.
    await Promise.all(tokens.map(token => this.release(token).catch(() => undefined)))
  }
}
