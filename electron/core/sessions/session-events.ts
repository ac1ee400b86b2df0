import type { SessionEvent } from '../../../shared/model'
import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'
import { Emitter } from '../base/emitter'

/** What a session tells; number and time are added on the way out. */
export type Happening = Omit<SessionEvent, 'seq' | 'at' | 'sessionId'>

/**
 * The one stream of session events. Every listener hears all events in the same order, also when a listener does
 * something that makes the next event: that one waits until all have heard the present one.
 */
export class SessionEvents implements Disposable {
  private readonly emitter: Emitter<SessionEvent>
  private readonly waiting: SessionEvent[] = []
  private delivering = false
  private seq = 0

  constructor(
    private readonly clock: Clock,
    onListenerError: (error: unknown) => void,
  ) {
    this.emitter = new Emitter(onListenerError)
  }

  get event(): Emitter<SessionEvent>['event'] {
    return this.emitter.event
  }

  get listenerCount(): number {
    return this.emitter.listenerCount
  }

  publish(happenings: readonly Happening[]): void {
    const at = this.clock.now()
    for (const happening of happenings) {
      this.seq += 1
      this.waiting.push(Object.freeze({ seq: this.seq, at, sessionId: happening.snapshot.sessionId, ...happening }))
    }
    if (this.delivering) return
    this.delivering = true
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) this.emitter.fire(next)
    this.delivering = false
  }

  dispose(): void {
    this.emitter.dispose()
  }
}
