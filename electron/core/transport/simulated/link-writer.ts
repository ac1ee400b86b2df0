import type { BoardLink } from './board-link'

interface PendingWrite {
  readonly bytes: Uint8Array
  sent: number
  readonly resolve: () => void
  readonly reject: (reason: Error) => void
}

/** Writes to a simulated board, in order; what its input ring has no room for waits here. */
export class LinkWriter {
  private queue: PendingWrite[] = []
  private waitingBytes = 0

  constructor(private readonly link: BoardLink) {}

  get pendingBytes(): number {
    return this.waitingBytes
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({ bytes, sent: 0, resolve, reject })
      this.waitingBytes += bytes.length
      this.pump()
    })
  }

  /** To be called when the board has taken something. */
  pump(): void {
    let hasSent = false
    for (let write = this.queue[0]; write !== undefined; write = this.queue[0]) {
      const count = this.link.input.write(write.bytes, write.sent, write.bytes.length)
      write.sent += count
      this.waitingBytes -= count
      hasSent ||= count > 0
      if (write.sent === write.bytes.length) {
        this.queue.shift()
        write.resolve()
        continue
      }
      this.link.wantRoom()
      // The board may have read everything just before the question; then nobody would answer it.
      if (this.link.input.free === 0 || !this.link.takeRoomWanted()) break
    }
    if (hasSent) this.link.kick()
  }

  /** What has not been sent never will be. */
  abandon(reason: Error): void {
    const abandoned = this.queue
    this.queue = []
    this.waitingBytes = 0
    for (const write of abandoned) write.reject(reason)
  }
}
