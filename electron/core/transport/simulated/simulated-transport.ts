import { Emitter } from '../../base/emitter'
import { type Transport, TransportError } from '../transport'
import type { SimulatedBoard } from './simulated-board'

type State = 'new' | 'open' | 'ended'

/** The line to a simulated board. Closing it leaves the board running, as unplugging a tool from a powered board would. */
export class SimulatedTransport implements Transport {
  readonly backend = 'simulated'
  readonly hasBackPressure = true
  /** The board is free at once. */
  readonly released: Promise<void>

  private state: State = 'new'
  private board: SimulatedBoard | null = null
  private isPaused = false
  private resolveReleased: () => void = () => {}
  private readonly data = new Emitter<Uint8Array>()
  private readonly lost = new Emitter<TransportError>()

  readonly onData = this.data.event
  readonly onLost = this.lost.event

  /** `findBoard` knows the boards that run. */
  constructor(
    readonly port: string,
    private readonly findBoard: (path: string) => SimulatedBoard | undefined,
  ) {
    this.released = new Promise(resolve => {
      this.resolveReleased = resolve
    })
  }

  get isOpen(): boolean {
    return this.state === 'open'
  }

  get pendingWriteBytes(): number {
    return this.board?.pendingWriteBytes ?? 0
  }

  /** A simulated board is there at once, or not at all. */
  async open(signal: AbortSignal): Promise<void> {
    if (this.state !== 'new') throw this.cancelled()
    try {
      this.holdBoard(signal)
    } catch (error) {
      this.finish()
      throw error
    }
  }

  /** The bytes must not be changed before the promise settles. */
  write(bytes: Uint8Array): Promise<void> {
    const written = this.isOpen && this.board !== null ? this.board.write(bytes) : Promise.reject(this.notOpen())
    // A caller that does not wait for its write learns of the loss by `onLost`; it must not end the process.
    written.catch(() => {})
    return written
  }

  async close(): Promise<void> {
    this.kill()
    await this.released
  }

  kill(): void {
    if (this.state === 'ended') return
    this.board?.release(this.notOpen())
    this.finish()
  }

  setPaused(paused: boolean): void {
    this.isPaused = paused
    this.board?.setPaused(paused)
  }

  private holdBoard(signal: AbortSignal): void {
    if (signal.aborted) throw this.cancelled()
    const board = this.findBoard(this.port)
    if (board === undefined) throw notFound(this.port)
    if (board.isHeld)
      throw new TransportError('port-in-use', `${this.port} is in use by this app itself.`, 'Close its session, then try again.')
    board.hold({
      onData: bytes => this.data.fire(bytes),
      onLost: why => this.onBoardLost(why),
    })
    this.board = board
    this.state = 'open'
    if (this.isPaused) board.setPaused(true)
  }

  private onBoardLost(why: string): TransportError {
    const error = new TransportError(
      'disconnected',
      `The simulated board ${this.port} is gone: ${why}.`,
      'Start a simulated board, then connect again. Its files are lost.',
    )
    this.finish()
    this.lost.fire(error)
    return error
  }

  private finish(): void {
    this.state = 'ended'
    this.board = null
    this.data.dispose()
    this.resolveReleased()
  }

  private cancelled(): TransportError {
    return new TransportError('cancelled', `Opening ${this.port} was cancelled.`)
  }

  private notOpen(): TransportError {
    return new TransportError('disconnected', `${this.port} is not open.`)
  }
}

function notFound(path: string): TransportError {
  return new TransportError(
    'not-found',
    `There is no simulated board ${path}.`,
    'Start a simulated board, then open the port that it is listed with.',
  )
}
