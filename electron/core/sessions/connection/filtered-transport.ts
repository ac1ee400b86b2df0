import { Emitter } from '../../base/emitter'
import type { Transport } from '../../transport/transport'

/** The transport as the protocol sees it: its bytes go through the session's filter chain, both ways. */
export class FilteredTransport implements Transport {
  private readonly data: Emitter<Uint8Array>

  constructor(
    private readonly inner: Transport,
    /** Into the chain, towards the port. */
    private readonly send: (bytes: Uint8Array) => Promise<void>,
    /** Bytes in the chain that the port has not been given. */
    private readonly waitingBytes: () => number,
    onListenerError: (error: unknown) => void,
  ) {
    this.data = new Emitter(onListenerError)
  }

  /** Bytes that came through the chain. */
  deliver(bytes: Uint8Array): void {
    this.data.fire(bytes)
  }

  /** Nothing is a message of no bytes: no filter needs to see it. */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0) await this.send(bytes)
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
    return this.inner.pendingWriteBytes + this.waitingBytes()
  }

  get released(): Promise<void> {
    return this.inner.released
  }

  get onData(): Transport['onData'] {
    return this.data.event
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

  setPaused(paused: boolean): void {
    this.inner.setPaused(paused)
  }
}
