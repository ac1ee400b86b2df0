import type { Transport } from '../transport/transport'

/** The same transport, telling how much the system has taken of each write. Reads are counted by listening to `onData`. */
export class CountedTransport implements Transport {
  constructor(
    private readonly inner: Transport,
    private readonly onSent: (byteCount: number) => void,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    await this.inner.write(bytes)
    this.onSent(bytes.length)
  }

  get backend(): Transport['backend'] {
    return this.inner.backend
  }

  get port(): string {
    return this.inner.port
  }

  get isOpen(): boolean {
    return this.inner.isOpen
  }

  get hasBackPressure(): boolean {
    return this.inner.hasBackPressure
  }

  get pendingWriteBytes(): number {
    return this.inner.pendingWriteBytes
  }

  get released(): Promise<void> {
    return this.inner.released
  }

  get onData(): Transport['onData'] {
    return this.inner.onData
  }

  get onLost(): Transport['onLost'] {
    return this.inner.onLost
  }

  open(signal: AbortSignal): Promise<void> {
    return this.inner.open(signal)
  }

  close(): Promise<void> {
    return this.inner.close()
  }

  kill(): void {
    this.inner.kill()
  }
}
