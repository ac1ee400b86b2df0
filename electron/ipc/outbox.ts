import { EVENT_BATCH_MS } from '../../shared/limits'
import type { EventMessage, SubscriptionId } from '../../shared/wire'
import type { Clock } from '../core/base/clock'
import type { Disposable } from '../core/base/disposable'

/** A subscription that may have something to deliver. */
export interface Sender {
  readonly subscription: SubscriptionId
  /** Takes what is due off the sender, oldest first. Called at most once a message. */
  take(): readonly unknown[]
}

/**
 * One window's way out. Senders say by when they want to be asked; what several have ready travels in one message.
 * There is a timer only while somebody waits.
 */
export class Outbox implements Disposable {
  /** When each waiting sender is due, on the monotonic clock. A map keeps the order in which they asked. */
  private readonly dueAtMs = new Map<Sender, number>()
  private timer: { readonly atMs: number; readonly wait: Disposable } | null = null
  private ended = false

  constructor(
    private readonly clock: Clock,
    private readonly post: (message: EventMessage) => void,
  ) {}

  /** Asks for the sender to be heard within `delayMs`. An earlier wish stands. */
  request(sender: Sender, delayMs: number): void {
    if (this.ended) return
    const atMs = this.clock.monotonicMs() + delayMs
    const earlier = this.dueAtMs.get(sender)
    if (earlier !== undefined && earlier <= atMs) return
    this.dueAtMs.set(sender, atMs)
    this.arm(atMs)
  }

  withdraw(sender: Sender): void {
    this.dueAtMs.delete(sender)
    if (this.dueAtMs.size === 0) this.disarm()
  }

  /** Sends what is due by now or soon after: a message that goes out anyway takes the next tick's along. */
  flush(): void {
    this.disarm()
    const horizonMs = this.clock.monotonicMs() + EVENT_BATCH_MS
    const message: (readonly [SubscriptionId, unknown])[] = []
    for (const [sender, atMs] of [...this.dueAtMs]) {
      if (atMs > horizonMs) continue
      this.dueAtMs.delete(sender)
      for (const payload of sender.take()) message.push([sender.subscription, payload])
    }
    if (message.length > 0) this.post(message)
    if (this.dueAtMs.size > 0) this.arm(Math.min(...this.dueAtMs.values()))
  }

  dispose(): void {
    this.ended = true
    this.dueAtMs.clear()
    this.disarm()
  }

  private arm(atMs: number): void {
    if (this.timer !== null && this.timer.atMs <= atMs) return
    this.disarm()
    const delayMs = Math.max(0, atMs - this.clock.monotonicMs())
    this.timer = { atMs, wait: this.clock.after(delayMs, () => this.flush()) }
  }

  private disarm(): void {
    this.timer?.wait.dispose()
    this.timer = null
  }
}
