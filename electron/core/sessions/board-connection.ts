import { HANDSHAKE_MARGIN_MS, IDENTIFY_TIMEOUT_MS, LEAVE_TIMEOUT_MS } from '../../../shared/limits'
import type { BoardIdentity, ConnectPhase } from '../../../shared/model'
import type { Clock } from '../base/clock'
import { DisposableStore } from '../base/disposable'
import type { Logger } from '../base/logger'
import type { BoardProtocol, BoardProtocolFactory, ExecutionEnd, OutputChunk } from '../micropython/board-protocol'
import type { Transport, TransportError } from '../transport/transport'
import { CountedTransport } from './counted-transport'
import { abortedError, unlessAborted } from './waiting'

export interface ConnectionListener {
  onPhase(phase: ConnectPhase): void
  onReceived(byteCount: number): void
  onSent(byteCount: number): void
  onOutput(chunk: OutputChunk): void
  /** At most once, and never after the connection's end. */
  onLost(error: TransportError): void
}

/** One attempt at a board: the transport and the protocol over it, from the first byte to the last. */
export class BoardConnection {
  private readonly owned = new DisposableStore()
  private protocol: BoardProtocol | null = null
  private hasEnded = false

  constructor(
    private readonly transport: Transport,
    private readonly createProtocol: BoardProtocolFactory,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly listener: ConnectionListener,
  ) {
    this.owned.add(transport.onData(bytes => listener.onReceived(bytes.length)))
    this.owned.add(transport.onLost(error => listener.onLost(error)))
  }

  get isOpen(): boolean {
    return !this.hasEnded && this.transport.isOpen
  }

  get pendingWriteBytes(): number {
    return this.hasEnded ? 0 : this.transport.pendingWriteBytes
  }

  /** Resolves when the system holds nothing of the port any more; not before `close` or `kill`. */
  get released(): Promise<void> {
    return this.transport.released
  }

  /** Opens the port, reaches the prompt, asks the board who it is. Rejects as soon as the signal aborts, whatever it waits for. */
  async open(limitMs: number, signal: AbortSignal): Promise<BoardIdentity> {
    const deadlineMs = this.clock.monotonicMs() + limitMs
    const leftMs = (): number => Math.max(1, deadlineMs - this.clock.monotonicMs())
    const enter = (phase: ConnectPhase): void => {
      // What was waited for may have come in the same moment as the end of the attempt.
      if (signal.aborted) throw abortedError()
      this.listener.onPhase(phase)
    }

    enter('waitingForPort')
    await unlessAborted(this.transport.open(signal), signal)

    enter('handshaking')
    const protocol = this.createProtocol(new CountedTransport(this.transport, byteCount => this.listener.onSent(byteCount)))
    this.protocol = protocol
    this.owned.add(protocol.onOutput(chunk => this.listener.onOutput(chunk)))
    const handshakeMs = Math.max(1, leftMs() - HANDSHAKE_MARGIN_MS)
    await unlessAborted(protocol.enter({ timeoutMs: handshakeMs, signal }), signal)

    enter('initializing')
    return await unlessAborted(protocol.identify({ timeoutMs: Math.min(IDENTIFY_TIMEOUT_MS, leftMs()) }), signal)
  }

  execute(code: string): Promise<ExecutionEnd> {
    return this.needProtocol().execute(code)
  }

  interrupt(timeoutMs: number): Promise<boolean> {
    return this.needProtocol().interrupt(timeoutMs)
  }

  /** Leaves the board at its friendly prompt where that works, then closes the port. Rejects only if the port does. */
  async close(): Promise<void> {
    if (this.isOpen) {
      await this.protocol?.leave(LEAVE_TIMEOUT_MS).catch(error => this.logger.debug('Leaving the board failed.', { error }))
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
    const steps = [() => this.protocol?.dispose(), endTransport, () => this.owned.dispose()]
    for (const step of steps) {
      try {
        step()
      } catch (error) {
        this.logger.error('A step of ending a connection failed.', { error })
      }
    }
  }

  private needProtocol(): BoardProtocol {
    if (this.protocol === null) throw new Error('The board is talked to before it was connected.')
    return this.protocol
  }
}
