import type { SerialHandle } from './serial-handle'

interface QueuedWrite {
  readonly bytes: Uint8Array
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Writes one after the other, as a port takes one at a time. */
export class WriteQueue {
  private readonly queue: QueuedWrite[] = []
  private pending = 0
  private running = false
  private ended: Error | null = null
  private onEmpty: (() => void) | null = null

  constructor(
    private readonly handle: SerialHandle,
    private readonly onFailure: (error: unknown) => void,
  ) {}

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
    for (const write of this.queue.splice(0)) write.reject(error)
    this.onEmpty?.()
  }

  private async run(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      for (let write = this.queue[0]; write !== undefined; write = this.queue[0]) {
        for (let offset = 0; offset < write.bytes.length && this.ended === null; ) {
          const taken = await this.handle.write(write.bytes.subarray(offset))
          offset += taken
          if (this.ended === null) this.pending -= taken
        }
        if (this.ended !== null) return
        this.queue.shift()
        write.resolve()
      }
      this.onEmpty?.()
    } catch (error) {
      if (this.ended === null) this.onFailure(error)
    } finally {
      this.running = false
    }
  }
}
