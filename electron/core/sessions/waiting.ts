import type { Clock } from '../base/clock'

/** A promise that someone else settles. It never rejects, so nobody has to listen. */
export class Deferred<T> {
  readonly promise: Promise<T>
  private settle: (value: T) => void = () => {}

  constructor() {
    this.promise = new Promise(resolve => {
      this.settle = resolve
    })
  }

  resolve(value: T): void {
    this.settle(value)
  }
}

/** Whether the work settled, either way, before the time was up. Never rejects; leaves no timer behind. */
export function settledWithin(clock: Clock, work: Promise<unknown>, limitMs: number): Promise<boolean> {
  return new Promise(resolve => {
    const limit = clock.after(limitMs, () => resolve(false))
    const settled = (): void => {
      limit.dispose()
      resolve(true)
    }
    work.then(settled, settled)
  })
}

/** The work's result, unless the signal aborts first: then a rejection, and whatever the work does later is nobody's concern. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(abortedError())
    if (signal.aborted) aborted()
    else signal.addEventListener('abort', aborted, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted))
  })
}

export function abortedError(): Error {
  return new Error('Aborted.')
}
