import { RAW_WRITE_BLOCK_BYTES, RAW_WRITE_CHUNK_BYTES, RAW_WRITE_PAUSE_MS } from '../../../shared/limits'
import { type Clock, delay } from '../base/clock'

interface Waiting {
  readonly bytes: Uint8Array
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * Bytes on their way to what runs on the board: in the order of the calls, paced like code, and never in between the
 * bytes with which the protocol itself talks to the board. While it does, what comes anew waits.
 */
export class BoardInput {
  private readonly waiting: Waiting[] = []
  /** So many of those that wait may go now. */
  private allowed = Number.POSITIVE_INFINITY
  private isPumping = false
  private pause = new AbortController()
  private readonly drains: (() => void)[] = []

  constructor(
    private readonly clock: Clock,
    private readonly hasBackPressure: boolean,
    /** Rejects when the bytes could not be written. */
    private readonly write: (bytes: Uint8Array) => Promise<void>,
  ) {}

  /** Nothing is on its way that was allowed to go. */
  get isDrained(): boolean {
    return !this.isPumping
  }

  /** Resolves when the system has taken the bytes; without a byte, when it is their turn. */
  add(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ bytes, resolve, reject })
      this.pump()
    })
  }

  /** What was added so far may still go; what comes later waits until `release`. */
  holdBack(): void {
    this.allowed = this.waiting.length
  }

  /** Nothing more goes, not even the rest of what has begun. */
  holdAll(): void {
    this.allowed = 0
  }

  release(): void {
    this.allowed = Number.POSITIVE_INFINITY
    this.pump()
  }

  /** Resolves when nothing that was allowed to go is on its way any more. */
  drained(): Promise<void> {
    return this.isPumping ? new Promise(resolve => this.drains.push(resolve)) : Promise.resolve()
  }

  /** Rejects all that waits, also the rest of what has begun. */
  drop(error: Error): void {
    if (this.allowed !== Number.POSITIVE_INFINITY) this.allowed = 0
    for (const { reject } of this.waiting.splice(0)) reject(error)
    this.pause.abort()
    this.pause = new AbortController()
  }

  private pump(): void {
    if (this.isPumping || this.waiting.length === 0 || this.allowed === 0) return
    this.isPumping = true
    void this.send().finally(() => {
      this.isPumping = false
      for (const resolve of this.drains.splice(0)) resolve()
      this.pump()
    })
  }

  private async send(): Promise<void> {
    const chunkBytes = this.hasBackPressure ? RAW_WRITE_BLOCK_BYTES : RAW_WRITE_CHUNK_BYTES
    for (let first = this.waiting[0]; first !== undefined && this.allowed > 0; first = this.waiting[0]) {
      const chunk = first.bytes.subarray(0, chunkBytes)
      const rest = first.bytes.subarray(chunk.length)
      // The rest stands in line before it is known how the write went: then it can be dropped, and held.
      if (rest.length > 0) this.waiting[0] = { ...first, bytes: rest }
      try {
        await this.write(chunk)
      } catch (error) {
        // What comes after a gap means something else.
        this.drop(error instanceof Error ? error : new Error(String(error)))
        return
      }
      if (!this.hasBackPressure && chunk.length > 0) await delay(this.clock, RAW_WRITE_PAUSE_MS, this.pause.signal)
      if (rest.length > 0 || this.waiting[0] !== first) continue
      this.waiting.shift()
      this.allowed--
      first.resolve()
    }
  }
}
