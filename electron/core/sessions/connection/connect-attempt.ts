import type { MusterError } from '../../../../shared/errors'
import type { Clock } from '../../base/clock'
import { abortedError } from '../waiting'

/** One try to connect, which can be ended from outside. The first cause of its failure is the one that is told. */
export class ConnectAttempt {
  private readonly controller = new AbortController()
  private firstFailure: MusterError | null = null

  /** Ends the attempt, if it has not failed already; says why it failed. */
  abort(failure: MusterError): MusterError {
    this.firstFailure ??= failure
    this.controller.abort()
    return this.firstFailure
  }

  /** Throws when the attempt was ended: to be asked after every wait. */
  check(): void {
    if (this.controller.signal.aborted) throw abortedError()
  }

  /** `onLate` is called when the time is up; it is to abort the attempt. */
  async run<T>(clock: Clock, limitMs: number, onLate: () => void, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    // Whoever heard of the beginning may have ended it again.
    this.check()
    const limit = clock.after(limitMs, onLate)
    try {
      return await work(this.controller.signal)
    } finally {
      limit.dispose()
    }
  }
}
