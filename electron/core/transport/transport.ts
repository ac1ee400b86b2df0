import type { ErrorReason } from '../../../shared/errors'
import type { PortBackend } from '../../../shared/model'
import type { Event } from '../base/emitter'
import type { LineSettings } from './line-settings'

/** Why an open or a write failed, in the words of the contract. */
export class TransportError extends Error {
  override readonly name = 'TransportError'

  constructor(
    readonly reason: Extract<
      ErrorReason,
      'not-found' | 'not-a-serial-port' | 'permission-denied' | 'port-in-use' | 'port-error' | 'disconnected' | 'cancelled' | 'timeout'
    >,
    /** A full sentence that names the port. */
    message: string,
    /** What to do next. */
    readonly hint?: string,
  ) {
    super(message)
  }
}

/**
 * One board's bytes. An instance is good for one open: a new attempt takes a new instance.
 *
 * Order of life: `open` once; then `onData` until either `onLost` fires once (never after `close` or `kill`) or
 * `close` or `kill` ends it. After its end no event fires any more and every pending or later write rejects.
 */
export interface Transport {
  readonly backend: PortBackend
  readonly port: string
  readonly isOpen: boolean
  /** Whether the far side takes bytes only as fast as it can, so that writes need no pacing. */
  readonly hasBackPressure: boolean
  /** Bytes handed to `write` that the system has not taken yet. */
  readonly pendingWriteBytes: number

  /** Rejects with a `TransportError`; aborting ends the attempt with reason `cancelled` and leaves nothing open. */
  open(signal: AbortSignal): Promise<void>
  /** Resolves when the system has taken the bytes, in order of the calls. Rejects with a `TransportError`. */
  write(bytes: Uint8Array): Promise<void>
  /** Graceful; ends within `PORT_CLOSE_TIMEOUT_MS` even with a blocked write. Idempotent. Never rejects. */
  close(): Promise<void>
  /** At once, without waiting for the system. Idempotent. `released` resolves when the port is really free. */
  kill(): void
  /** Stops and goes on delivering `onData`. What arrives meanwhile waits in the system, which holds the board back. */
  setPaused(paused: boolean): void
  /**
   * Holds RTS alone for `RESET_PULSE_MS`, which resets a board behind a bridge with the auto-reset circuit, then brings both lines
   * back to how the port is used. True if the lines could be driven, which does not prove that the board was reset. Missing
   * where there can be no such lines. Never rejects.
   */
  pulseReset?(): Promise<boolean>
  /** Resolves when the system holds nothing of this port any more; after `close` or `kill`. Never rejects. */
  readonly released: Promise<void>

  /** Bytes as they come; boundaries mean nothing. The buffer is the listener's to keep. */
  readonly onData: Event<Uint8Array>
  /** The board is gone: unplugged, hung up, or its interpreter has died. */
  readonly onLost: Event<TransportError>
}

/** Makes transports; the manager knows nothing else about them. */
export interface TransportFactory {
  create(target: {
    readonly port: string
    readonly backend: PortBackend
    readonly baudRate: number
    /** Default: 8 data bits, no parity, 1 stop bit, no flow control, DTR and RTS on. */
    readonly line?: LineSettings
    readonly writeTimeoutMs?: number
  }): Transport
}
