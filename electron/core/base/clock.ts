import { type Disposable, toDisposable } from './disposable'

/** Time as the core sees it. Injected, so that tests move it by hand. */
export interface Clock {
  /** Wall-clock milliseconds since the epoch. For showing, never for measuring. */
  now(): number
  /** Milliseconds that never jump. For durations and deadlines. */
  monotonicMs(): number
  /** Calls back once. Disposing the result cancels it. */
  after(delayMs: number, callback: () => void): Disposable
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return toDisposable(() => clearTimeout(timer))
  },
}

/** Calls back again and again, each wait beginning when the call has returned; never two at once. */
export function every(clock: Clock, intervalMs: number, callback: () => void): Disposable {
  let waiting: Disposable
  let ended = false
  const arm = (): void => {
    waiting = clock.after(intervalMs, () => {
      callback()
      if (!ended) arm()
    })
  }
  arm()
  return toDisposable(() => {
    ended = true
    waiting.dispose()
  })
}

/** Resolves after the delay, or as soon as the signal aborts. Never rejects; never leaves a timer behind. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const finish = (): void => {
      timer.dispose()
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = clock.after(delayMs, finish)
    signal?.addEventListener('abort', finish, { once: true })
  })
}

/**
 * Waits for a promise, but not for ever: true when it has settled in time, false when not or when the signal aborts first.
 * Never rejects; leaves no timer behind.
 */
export async function settlesWithin(clock: Clock, limitMs: number, promise: Promise<unknown>, signal?: AbortSignal): Promise<boolean> {
  const waiting = new AbortController()
  let inTime = false
  const stop = (): void => waiting.abort()
  const settle = (): void => {
    inTime = true
    stop()
  }
  promise.then(settle, settle)
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop)
  await delay(clock, limitMs, waiting.signal)
  signal?.removeEventListener('abort', stop)
  return inTime
}
