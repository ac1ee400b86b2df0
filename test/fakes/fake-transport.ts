import { Emitter } from '../../electron/core/base/emitter'
import { type Transport, TransportError, type TransportFactory } from '../../electron/core/transport/transport'
import type { PortBackend } from '../../shared/model'

export type TransportTarget = Parameters<TransportFactory['create']>[0]

/** A transport that does as its test says, keeps to the interface's promises, and counts. */
export class FakeTransport implements Transport {
  readonly backend: PortBackend
  readonly port: string
  isOpen = false
  hasBackPressure = true
  pendingWriteBytes = 0
  /** `hang` ends only by its signal; `hang-for-ever` not even by that. */
  openAnswer: 'open' | 'hang' | 'hang-for-ever' | Error = 'open'
  closeAnswer: 'close' | 'hang' | Error = 'close'
  writeAnswer: 'take' | 'hang' | Error = 'take'
  /** Whether the system lets go of the port by itself once the transport has ended. */
  releasesItself = true
  isPaused = false
  opens = 0
  closes = 0
  kills = 0
  readonly written: Uint8Array[] = []
  readonly released: Promise<void>
  private letGo: () => void = () => {}
  private hasEnded = false
  private held: Uint8Array[] = []
  private readonly data = new Emitter<Uint8Array>()
  private readonly lost = new Emitter<TransportError>()

  constructor(readonly target: TransportTarget) {
    this.backend = target.backend
    this.port = target.port
    this.released = new Promise(resolve => {
      this.letGo = resolve
    })
  }

  get onData(): Transport['onData'] {
    return this.data.event
  }

  get onLost(): Transport['onLost'] {
    return this.lost.event
  }

  get listenerCount(): number {
    return this.data.listenerCount + this.lost.listenerCount
  }

  async open(signal: AbortSignal): Promise<void> {
    this.opens += 1
    if (this.openAnswer instanceof Error) throw this.openAnswer
    if (this.openAnswer === 'hang-for-ever') await new Promise<never>(() => {})
    if (this.openAnswer === 'hang') await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
    if (signal.aborted || this.hasEnded) throw new TransportError('cancelled', `Opening ${this.port} was cancelled.`)
    this.isOpen = true
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.isOpen) throw new TransportError('disconnected', `${this.port} is closed.`)
    if (this.writeAnswer instanceof Error) throw this.writeAnswer
    if (this.writeAnswer === 'hang') {
      this.pendingWriteBytes += bytes.length
      await new Promise<never>(() => {})
    }
    this.written.push(bytes)
  }

  async close(): Promise<void> {
    if (this.hasEnded) return
    this.closes += 1
    if (this.closeAnswer instanceof Error) throw this.closeAnswer
    if (this.closeAnswer === 'hang') await new Promise<never>(() => {})
    this.end()
  }

  kill(): void {
    if (this.hasEnded) return
    this.kills += 1
    this.end()
  }

  setPaused(paused: boolean): void {
    this.isPaused = paused
    while (!this.isPaused && this.isOpen && this.held.length > 0) this.data.fire(this.held.shift() as Uint8Array)
  }

  /** The board is unplugged. */
  unplug(error = new TransportError('disconnected', `${this.port} was unplugged.`)): void {
    if (this.hasEnded) return
    this.isOpen = false
    this.lost.fire(error)
  }

  deliver(bytes: Uint8Array): void {
    if (!this.isOpen) return
    if (this.isPaused) this.held.push(bytes)
    else this.data.fire(bytes)
  }

  release(): void {
    this.letGo()
  }

  private end(): void {
    this.hasEnded = true
    this.isOpen = false
    if (this.releasesItself) this.letGo()
  }
}
