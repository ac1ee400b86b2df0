import { type Disposable, toDisposable } from './disposable'

/** Subscribes a listener; the result ends the subscription. */
export type Event<T> = (listener: (value: T) => void) => Disposable

/**
 * One event with many listeners. A listener that throws is reported and does not keep the others from hearing.
 * `listenerCount` exists so that tests can prove that nothing is left behind.
 */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>()

  constructor(private readonly onListenerError: (error: unknown) => void = reportLater) {}

  readonly event: Event<T> = listener => {
    // Wrapped: the same function subscribed twice is two subscriptions.
    const entry = (value: T): void => listener(value)
    this.listeners.add(entry)
    return toDisposable(() => this.listeners.delete(entry))
  }

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      if (!this.listeners.has(listener)) continue
      try {
        listener(value)
      } catch (error) {
        this.onListenerError(error)
      }
    }
  }

  get listenerCount(): number {
    return this.listeners.size
  }

  dispose(): void {
    this.listeners.clear()
  }
}

/** Surfaces as an uncaught exception of its own, outside of the caller's stack. */
function reportLater(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
