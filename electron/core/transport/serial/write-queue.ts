import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import type { SerialHandle } from './serial-handle'

interface QueuedWrite {
  readonly bytes: Uint8Array
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

export interface WriteQueueOptions {
  readonly handle: SerialHandle
  readonly clock: Clock
  /** How long the port may take nothing while there is something to take. */
  readonly timeoutMs: number
  onFailure(error: unknown): void
  /** Called once; what waits is rejected by `end`. */
  onTimeout(): void
}

/** Writes one after the other, as a port takes one at a time. */
export class WriteQueue {
  private readonly queue: QueuedWrite[] = []
  private pending = 0
  private running = false
  private ended: Error | null = null
  private onEmpty: (() => void) | null = null
  private progressMs = 0
  private watchdog: Disposable | null = null

  constructor(private readonly options: WriteQueueOptions) {}

  /** Bytes the system has not taken yet. */
  get pendingBytes(): number {
    return this.pending
  }

  add(bytes: Uint8Array): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      if (this.ended !== null) {
        reject(this.ended)
        return
      }
      // A port that had nothing to take was not slow: its time counts from here.
      if (this.queue.length === 0) this.noteProgress()
      this.queue.push({ bytes, resolve, reject })
      this.pending += bytes.length
    })
    void this.run()
    return written
  }

  /** Resolves when everything is written, or when the queue has ended. */
  async drained(): Promise<void> {
    if (this.queue.length === 0) return
    await new Promise<void>(resolve => {
      this.onEmpty = resolve
    })
  }

  /** Rejects what waits and everything that comes. */
  end(error: Error): void {
    this.ended ??= error
    this.pending = 0
    this.stopWatch()
    for (const write of this.queue.splice(0)) write.reject(error)
    this.onEmpty?.()
  }

  private async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      for (let write = this.queue[0]; write !== undefined; write = this.queue[0]) {
        for (let offset = 0; offset < write.bytes.length && this.ended === null; ) {
          this.watch()
          const taken = await this.options.handle.write(write.bytes.subarray(offset))
          offset += taken
          if (this.ended === null) this.pending -= taken
          this.noteProgress()
        }
        if (this.ended !== null) return
        this.queue.shift()
        write.resolve()
      }
      this.onEmpty?.()
    } catch (error) {
      if (this.ended === null) this.options.onFailure(error)
    } finally {
      this.running = false
      this.stopWatch()
    }
  }

  private noteProgress(): void {
    this.progressMs = this.options.clock.monotonicMs()
  }

  /** One timer for a whole queue: when it fires, what the port has taken meanwhile counts. */
  private watch(): void {
    if (this.watchdog !== null || this.ended !== null) return
    const { clock, timeoutMs, onTimeout } = this.options
    const leftMs = this.progressMs + timeoutMs - clock.monotonicMs()
    this.watchdog = clock.after(leftMs, () => {
      this.watchdog = null
      if (clock.monotonicMs() - this.progressMs >= timeoutMs) onTimeout()
      else this.watch()
    })
  }

  private stopWatch(): void {
    this.watchdog?.dispose()
    this.watchdog = null
  }
}
