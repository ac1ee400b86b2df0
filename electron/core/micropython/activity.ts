import type { Clock } from '../base/clock'
import type { TransportError } from '../transport/transport'
import type { ProtocolError } from './board-protocol'
import type { ByteEvent } from './event-run'
import type { ControlEvent } from './raw-repl-events'

export type OutputSink = (output: ByteEvent) => void
export type LinkFailure = ProtocolError | TransportError

/** One thing at a time that is done with the board. Once stopped, every wait of it rejects, now and later. */
export class Activity {
  private readonly events: ControlEvent[] = []
  private stoppedBy: LinkFailure | null = null
  private wake: (() => void) | null = null
  /** Sees all that comes, before it is read. */
  onBytes: ((bytes: Uint8Array) => void) | null = null

  constructor(
    private readonly clock: Clock,
    public sink: OutputSink,
  ) {}

  push(event: ControlEvent): void {
    this.events.push(event)
    this.wake?.()
  }

  stop(error: LinkFailure): void {
    if (this.stoppedBy !== null) return
    this.stoppedBy = error
    this.wake?.()
  }

  /** Forgets what has come so far. */
  forgetEvents(): void {
    this.events.length = 0
  }

  /** The next event; null when the time is up first. Without a time it waits until the activity is stopped. */
  async next(timeoutMs?: number): Promise<ControlEvent | null> {
    this.throwIfStopped()
    if (this.events.length === 0) await this.sleep(timeoutMs)
    this.throwIfStopped()
    return this.events.shift() ?? null
  }

  /** The next event of a type, or null when the time is up first; others are passed over. */
  async nextOf<T extends ControlEvent['type']>(type: T, timeoutMs: number): Promise<Extract<ControlEvent, { type: T }> | null> {
    const isSought = (event: ControlEvent): event is Extract<ControlEvent, { type: T }> => event.type === type
    const endMs = this.clock.monotonicMs() + timeoutMs
    for (;;) {
      const event = await this.next(endMs - this.clock.monotonicMs())
      if (event === null || isSought(event)) return event
    }
  }

  /** The next event if there is one already. */
  poll(): ControlEvent | null {
    return this.events.shift() ?? null
  }

  /** Waits, no matter what comes. */
  async pause(durationMs: number): Promise<void> {
    const endMs = this.clock.monotonicMs() + durationMs
    for (let leftMs = durationMs; leftMs > 0; leftMs = endMs - this.clock.monotonicMs()) {
      this.throwIfStopped()
      await this.sleep(leftMs)
    }
    this.throwIfStopped()
  }

  /** Waits for something that can't be cancelled, but no longer than the activity goes on. */
  async waitFor(work: Promise<void>): Promise<void> {
    let done = false
    const finish = (): void => {
      done = true
      this.wake?.()
    }
    work.then(finish, finish)
    while (!done) {
      this.throwIfStopped()
      await this.sleep()
    }
    this.throwIfStopped()
  }

  private sleep(timeoutMs?: number): Promise<void> {
    return new Promise(resolve => {
      const finish = (): void => {
        timer?.dispose()
        this.wake = null
        resolve()
      }
      const timer = timeoutMs === undefined ? null : this.clock.after(timeoutMs, finish)
      this.wake = finish
    })
  }

  private throwIfStopped(): void {
    if (this.stoppedBy !== null) throw this.stoppedBy
  }
}
