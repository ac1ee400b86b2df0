import { IDENTIFY_TIMEOUT_MS, PORT_CLOSE_TIMEOUT_MS } from '../../../../shared/limits'
import type { BoardIdentity, SessionAttachment } from '../../../../shared/model'
import type { BoardProtocol, ExecutionEnd } from '../../micropython/board-protocol'
import type { BoardTalk } from '../../micropython/board-talk'
import type { InterruptLadder } from '../../micropython/interrupt-ladder'
import { TransportError } from '../../transport/transport'
import type { Message } from '../filters/filter'
import { FilterChain } from '../filters/filter-chain'
import type { OpenRequest } from '../requests/requests'
import { anotherBoard, type Subject } from '../session-errors'
import type { SessionNeeds } from '../session-needs'
import { settledWithin, unlessAborted } from '../waiting'
import { BoardConnection, type ConnectionListener } from './board-connection'
import type { Wire } from './wire'

export interface LineListener extends Omit<ConnectionListener, 'onReceived'> {
  onReceived(byteCount: number): void
  /** A message has come out at the near end of the filter chain. */
  onMessage(message: Message): void
  /** A message or an operation goes into the near end. */
  onMessageSent(): void
  /** The port is not read, or is again. */
  onPaused(paused: boolean): void
  /** A filter failed; the chain goes on. */
  onFilterFailed(error: unknown): void
}

/**
 * The way between a session and its board, over all of its connections: port, filter chain, protocol. The chain stays for
 * the session's life; transports and protocols are made anew for each attempt.
 */
export class BoardLine implements Wire {
  readonly chain: FilterChain
  private connection: BoardConnection | null = null
  /** A reset that is waited for until there is a port to give it by. */
  private onPulsed: ((hasWorked: boolean) => void) | null = null
  /** Of the first board that told one. Only this board is ever talked to again. */
  private knownUniqueId: string | null = null
  private lastWrite: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly subject: Subject,
    private readonly request: OpenRequest,
    /** What the board is to echo when it is asked who it is. */
    private readonly nonce: string,
    private readonly needs: SessionNeeds,
    private readonly listener: LineListener,
  ) {
    const { clock, logger, settings } = needs
    this.chain = new FilterChain({
      sessionId: subject.sessionId,
      name: subject.name,
      clock,
      logger,
      settings,
      ends: {
        toProtocol: bytes => this.connection?.deliver(bytes),
        toReaders: message => listener.onMessage(message),
        toPort: bytes => this.connection?.writeToPort(bytes) ?? Promise.reject(this.notConnected()),
        setPaused: paused => {
          listener.onPaused(paused)
          this.connection?.setPaused(paused)
        },
        onException: error => listener.onFilterFailed(error),
      },
    })
  }

  /**
   * Has the board reset by its reset line: at once where its port is open, else as soon as it is opened. Resolves then, with false
   * where the port has no such line; not at all where it is never opened. One request at a time; the latest holds.
   */
  pulseWhenOpen(): Promise<boolean> {
    return new Promise(resolve => {
      this.onPulsed = resolve
      if (this.isOpen) void this.givePulse()
    })
  }

  /** Nobody waits for a pulse any more: what opens the port from here on is not to reset the board. */
  forgetPulse(): void {
    this.onPulsed = null
  }

  private async givePulse(): Promise<void> {
    const { onPulsed } = this
    this.onPulsed = null
    if (onPulsed !== null) onPulsed(await this.pulseReset().catch(() => false))
  }

  /** There was a connection, or at least an attempt at one. */
  get wasMade(): boolean {
    return this.connection !== null
  }

  get isOpen(): boolean {
    return this.connection?.isOpen === true
  }

  /** Bytes that are to be sent and that the system has not taken, and in how many writes. */
  get pending(): { readonly writes: number; readonly bytes: number } {
    const { writes, bytes } = this.connection?.pending ?? { writes: 0, bytes: 0 }
    return { writes: writes + this.chain.pendingWrites, bytes: bytes + this.chain.pendingWriteBytes }
  }

  /**
   * Opens the port and proves the prompt, then that this is the board it was, then opens the filters: nothing of the user's
   * reaches another board. Rejects as soon as the signal aborts. To watch: null, and which board it is, is seen when it is taken over.
   */
  async connect(port: string, limitMs: number, signal: AbortSignal, attachment: SessionAttachment): Promise<BoardIdentity | null> {
    const { clock, logger, transports, createProtocol, habits, reservation } = this.needs
    const { backend, baudRate, line, options } = this.request
    if (backend === 'none') throw new Error('A group session has no board to connect to.')
    const { writeTimeoutMs } = options
    await this.previousReleased()
    if (signal.aborted) throw new Error('The attempt was given up.')
    const transport = transports.create({ port, backend, baudRate, line, writeTimeoutMs })
    reservation?.releaseWhen(transport.released)
    const connection = new BoardConnection(transport, {
      createProtocol,
      habits,
      clock,
      logger,
      writeTimeoutMs,
      chain: this.chain,
      listener: {
        ...this.listener,
        onReceived: bytes => {
          this.listener.onReceived(bytes.length)
          this.chain.receive(bytes)
        },
      },
    })
    this.connection = connection
    const board = await connection.open(limitMs, signal, this.nonce, attachment, () => this.givePulse())
    if (board !== null) await unlessAborted(this.prove(board, connection), signal)
    await unlessAborted(this.chain.opened(), signal)
    return board
  }

  execute(code: string): Promise<ExecutionEnd> {
    this.listener.onMessageSent()
    return this.board.execute(code)
  }

  async interrupt(ladder: InterruptLadder): Promise<boolean> {
    return await this.board.interrupt(ladder)
  }

  get talk(): BoardTalk {
    return this.board.talk
  }

  get isBusy(): boolean {
    return this.board.isBusy
  }

  /** Throws where there never was a connection. */
  get board(): BoardProtocol {
    return this.needConnection().board
  }

  pulseReset(): Promise<boolean> {
    return this.needConnection().pulseReset()
  }

  /** Asks the board anew who it is. Rejects with `OpenFailed` when it is another one than it was: nothing more is to be sent to it. */
  async identify(limitMs = IDENTIFY_TIMEOUT_MS): Promise<BoardIdentity> {
    const board = await this.board.identify({ timeoutMs: Math.min(IDENTIFY_TIMEOUT_MS, limitMs), nonce: this.nonce })
    if (this.isAnother(board)) throw anotherBoard(this.subject)
    this.knownUniqueId ??= board.uniqueId
    return board
  }

  /** Through all filters to the board. Rejects with a `TransportError`, or with a filter's. */
  write(message: Message): Promise<void> {
    this.listener.onMessageSent()
    const written = this.needConnection()
      .expectForeignBytes()
      .then(() => this.chain.send(message))
    this.lastWrite = written.catch(() => {})
    return written
  }

  /** Resolves when all that was written has been taken, or has failed. */
  async written(): Promise<void> {
    await this.lastWrite
  }

  /** Ends the connection at once; another may follow. */
  drop(): void {
    this.connection?.kill()
    this.chain.abandon(this.notConnected())
  }

  /** Leaves the board and closes the port. Rejects only if the port does. */
  async close(): Promise<void> {
    await this.connection?.close()
  }

  /** So that the port can be opened again right away, unless the system takes its time. `instead` ends the waiting. */
  async released(instead: Promise<unknown>): Promise<void> {
    if (this.connection === null) return
    await settledWithin(this.needs.clock, Promise.race([this.connection.released, instead]), PORT_CLOSE_TIMEOUT_MS)
  }

  private async previousReleased(): Promise<void> {
    if (this.connection !== null) await settledWithin(this.needs.clock, this.connection.released, PORT_CLOSE_TIMEOUT_MS)
  }

  private isAnother({ uniqueId }: BoardIdentity): boolean {
    return uniqueId !== null && this.knownUniqueId !== null && uniqueId !== this.knownUniqueId
  }

  private async prove(board: BoardIdentity, connection: BoardConnection): Promise<void> {
    if (!this.isAnother(board)) {
      this.knownUniqueId ??= board.uniqueId
      return
    }
    // It is left as it was found. Whether that works is no concern of this session.
    await connection.close().catch(() => connection.kill())
    throw anotherBoard(this.subject)
  }

  private needConnection(): BoardConnection {
    if (this.connection === null) throw new Error('A board is talked to that was never connected.')
    return this.connection
  }

  private notConnected(): TransportError {
    return new TransportError('disconnected', `The connection to ${this.subject.name} has ended.`)
  }
}
