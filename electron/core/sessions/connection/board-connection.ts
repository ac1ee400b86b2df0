import { HANDSHAKE_MARGIN_MS, IDENTIFY_TIMEOUT_MS, LEAVE_TIMEOUT_MS } from '../../../../shared/limits'
import type { BoardIdentity, ConnectPhase, SessionAttachment } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import { DisposableStore } from '../../base/disposable'
import type { Logger } from '../../base/logger'
import type { BoardHabits } from '../../micropython/board-habits'
import type { BoardProtocol, BoardProtocolFactory, OutputChunk } from '../../micropython/board-protocol'
import { type Transport, TransportError } from '../../transport/transport'
import { seconds } from '../session-errors'
import { abortedError, unlessAborted } from '../waiting'
import { FilteredTransport } from './filtered-transport'
import { WriteLimit } from './write-limit'

const NOTHING = new Uint8Array(0)

export interface ConnectionListener {
  onPhase(phase: ConnectPhase): void
  /** Bytes from the port, on their way into the filter chain. */
  onReceived(bytes: Uint8Array): void
  /** So many bytes were taken by the system. */
  onSent(byteCount: number): void
  onOutput(chunk: OutputChunk): void
  /** At most once, and never after the connection's end. */
  onLost(error: TransportError): void
}

/** The near side of the filter chain, as the protocol meets it. */
export interface ChainSide {
  sendBytes(bytes: Uint8Array): Promise<void>
  readonly pendingWriteBytes: number
  /** Whether the port is not to be read now. */
  readonly isPaused: boolean
}

export interface ConnectionOptions {
  readonly createProtocol: BoardProtocolFactory
  readonly habits: BoardHabits
  readonly clock: Clock
  readonly logger: Logger
  readonly writeTimeoutMs: number
  readonly chain: ChainSide
  readonly listener: ConnectionListener
}

/** One attempt at a board: the transport and the protocol over it, from the first byte to the last. */
export class BoardConnection {
  private readonly owned = new DisposableStore()
  private readonly filtered: FilteredTransport
  private readonly writeLimit: WriteLimit
  private protocol: BoardProtocol | null = null
  private hasEnded = false

  constructor(
    private readonly transport: Transport,
    private readonly options: ConnectionOptions,
  ) {
    const { chain, clock, listener, logger } = options
    this.filtered = new FilteredTransport(
      transport,
      bytes => chain.sendBytes(bytes),
      () => chain.pendingWriteBytes,
      error => logger.error('The protocol failed on what a board sent.', { error }),
    )
    const waitingBytes = (): number => transport.pendingWriteBytes
    this.writeLimit = this.owned.add(new WriteLimit(clock, options.writeTimeoutMs, waitingBytes, () => this.writeTimedOut()))
    this.owned.add(transport.onData(bytes => listener.onReceived(bytes)))
    this.owned.add(transport.onLost(error => listener.onLost(error)))
  }

  get isOpen(): boolean {
    return !this.hasEnded && this.transport.isOpen
  }

  /** Bytes that the port was given and the system has not taken, and in how many writes. */
  get pending(): { readonly writes: number; readonly bytes: number } {
    return this.hasEnded ? { writes: 0, bytes: 0 } : { writes: this.writeLimit.pending, bytes: this.transport.pendingWriteBytes }
  }

  /** Resolves when the system holds nothing of the port any more; not before `close` or `kill`. */
  get released(): Promise<void> {
    return this.transport.released
  }

  /**
   * Opens the port, reaches the prompt, asks the board who it is. Rejects as soon as the signal aborts, whatever it waits for.
   * To watch, it opens the port and sends nothing: null, for a board that nobody has asked. `onPortOpen` comes before a byte is sent.
   */
  async open(
    limitMs: number,
    signal: AbortSignal,
    nonce: string,
    attachment: SessionAttachment,
    onPortOpen: () => Promise<void> = async () => {},
  ): Promise<BoardIdentity | null> {
    const { clock, listener, createProtocol, habits } = this.options
    const deadlineMs = clock.monotonicMs() + limitMs
    const leftMs = (): number => Math.max(1, deadlineMs - clock.monotonicMs())
    const enter = (phase: ConnectPhase): void => {
      // What was waited for may have come in the same moment as the end of the attempt.
      if (signal.aborted) throw abortedError()
      listener.onPhase(phase)
    }

    enter('waitingForPort')
    await unlessAborted(this.transport.open(signal), signal)
    if (this.options.chain.isPaused) this.transport.setPaused(true)
    await unlessAborted(onPortOpen(), signal)

    if (attachment === 'prompt') enter('handshaking')
    const protocol = createProtocol(this.filtered, habits)
    this.protocol = protocol
    this.owned.add(protocol.onOutput(chunk => listener.onOutput(chunk)))
    if (attachment === 'watching') {
      protocol.watch()
      return null
    }
    const handshakeMs = Math.max(1, leftMs() - HANDSHAKE_MARGIN_MS)
    await unlessAborted(protocol.enter({ timeoutMs: handshakeMs, signal }), signal)

    enter('initializing')
    return await unlessAborted(protocol.identify({ timeoutMs: Math.min(IDENTIFY_TIMEOUT_MS, leftMs()), nonce }), signal)
  }

  /** The conversation itself. Throws before the connection is open. */
  get board(): BoardProtocol {
    return this.needProtocol()
  }

  /** A pulse on RTS. False where this port can't. */
  async pulseReset(): Promise<boolean> {
    return (await this.transport.pulseReset?.()) ?? false
  }

  /** Has the protocol prove its prompt before the next execution: bytes that are not its own are about to be sent. */
  async expectForeignBytes(): Promise<void> {
    await this.needProtocol().write(NOTHING)
  }

  /** Bytes that have come through the filter chain. */
  deliver(bytes: Uint8Array): void {
    this.filtered.deliver(bytes)
  }

  /** Bytes that have left the filter chain. Rejects with a `TransportError`. */
  async writeToPort(bytes: Uint8Array): Promise<void> {
    if (this.hasEnded) throw new TransportError('disconnected', `The connection to ${this.transport.port} has ended.`)
    await this.writeLimit.watch(this.transport.write(bytes), bytes.length)
    this.options.listener.onSent(bytes.length)
  }

  setPaused(paused: boolean): void {
    if (this.isOpen) this.transport.setPaused(paused)
  }

  /** Leaves the board at its friendly prompt where that works, then closes the port. Rejects only if the port does. */
  async close(): Promise<void> {
    if (this.isOpen) {
      const leaving = this.protocol?.leave(LEAVE_TIMEOUT_MS)
      await leaving?.catch(error => this.options.logger.debug('Leaving the board failed.', { error }))
    }
    await this.transport.close()
    this.end(() => {})
  }

  /** Ends everything at once. Does nothing after an end. */
  kill(): void {
    this.end(() => this.transport.kill())
  }

  private end(endTransport: () => void): void {
    if (this.hasEnded) return
    this.hasEnded = true
    const { port } = this.transport
    const steps = [
      () => this.protocol?.dispose(),
      endTransport,
      () => this.owned.dispose(),
      () => this.writeLimit.fail(new TransportError('disconnected', `The connection to ${port} has ended.`)),
    ]
    for (const step of steps) {
      try {
        step()
      } catch (error) {
        this.options.logger.error('A step of ending a connection failed.', { error })
      }
    }
  }

  private writeTimedOut(): void {
    const { port } = this.transport
    const message = `${port} took no bytes for ${seconds(this.options.writeTimeoutMs)}.`
    const error = new TransportError('timeout', message, 'Reset the board, or unplug it and plug it in again.')
    this.writeLimit.fail(error)
    this.options.listener.onLost(error)
  }

  private needProtocol(): BoardProtocol {
    if (this.protocol === null) throw new Error('The board is talked to before it was connected.')
    return this.protocol
  }
}
