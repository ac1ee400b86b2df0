import type { Message } from './filter'

/** One message on its way out, and what becomes of it: what the port says to all that is made of it. */
export class Sending {
  private readonly size: number
  private handedOver = 0
  private written: Promise<void> | null = null
  private failure: { readonly error: unknown } | null = null
  private isFinished = false
  private settle: { resolve(written: Promise<void>): void; reject(error: unknown): void } | null = null

  constructor(
    readonly message: Message,
    /** Where it enters the chain. */
    readonly from: 'tail' | 'protocol',
  ) {
    this.size = typeof message === 'string' ? Buffer.byteLength(message) : message.length
  }

  /** Bytes of it that the port has not been given. */
  get bytesLeft(): number {
    return Math.max(0, this.size - this.handedOver)
  }

  /** A part of it has been given to the port. */
  add(written: Promise<void>, byteCount: number): void {
    this.handedOver += byteCount
    this.written = this.written === null ? written : bothOf(this.written, written)
    if (this.settle !== null) ignoreUntilAsked(this.written)
  }

  /** A filter failed on it. The first failure is the one that is told. */
  fail(error: unknown): void {
    this.failure ??= { error }
  }

  /** It has gone all of its way. */
  finish(): void {
    this.isFinished = true
    if (this.failure !== null) this.settle?.reject(this.failure.error)
    else this.settle?.resolve(this.written ?? Promise.resolve())
  }

  /** It goes no further. */
  reject(error: unknown): void {
    this.isFinished = true
    this.failure = { error }
    this.settle?.reject(error)
  }

  /** To be asked once. Where no filter waits it is the port's own answer. */
  outcome(): Promise<void> {
    if (this.written !== null && (!this.isFinished || this.failure !== null)) ignoreUntilAsked(this.written)
    if (!this.isFinished) {
      return new Promise((resolve, reject) => {
        this.settle = { resolve, reject }
      })
    }
    return this.failure === null ? (this.written ?? Promise.resolve()) : Promise.reject(this.failure.error)
  }
}

async function bothOf(first: Promise<void>, second: Promise<void>): Promise<void> {
  await Promise.all([first, second])
}

/** A part that fails before the rest has gone its way must not count as a failure that nobody looks at. */
function ignoreUntilAsked(written: Promise<void>): void {
  written.catch(() => {})
}
