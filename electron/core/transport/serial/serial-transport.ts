import {
  PORT_CLOSE_DRAIN_MS,
  PORT_CLOSE_TIMEOUT_MS,
  RESET_PULSE_MS,
  SERIAL_READ_EAGER_BYTES,
  ZOMBIE_PORT_MS,
} from '../../../../shared/limits'
import { type Clock, delay, settlesWithin } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import { Emitter } from '../../base/emitter'
import type { Logger } from '../../base/logger'
import type { LineSettings } from '../line-settings'
import type { Transport, TransportError } from '../transport'
import { explainOpenFailure } from './explain-failure'
import { cancelled, lost, notOnThisSystem, notOpen, writeTimedOut } from './open-error'
import type { OpenHandle } from './open-handle'
import type { PathWatch } from './path-watch'
import { examinePortNode, type PortNode } from './port-node'
import { ReadGate } from './read-gate'
import { ReadPacer } from './read-pacer'
import type { CloseOptions, SerialHandle } from './serial-handle'
import { WriteQueue } from './write-queue'

export interface SerialTransportOptions {
  readonly port: string
  readonly baudRate: number
  readonly line: LineSettings
  readonly writeTimeoutMs: number
  readonly clock: Clock
  readonly logger: Logger
  readonly pathWatch: PathWatch
  readonly openHandle: OpenHandle
  readonly platform?: NodeJS.Platform
}

interface OpenPort {
  readonly handle: SerialHandle
  /** Null on Windows, where ports are no files. */
  readonly node: PortNode | null
  readonly hasLines: boolean
}

interface Connection extends OpenPort {
  readonly writes: WriteQueue
  readonly pacer: ReadPacer
}

/** In `closing` queued writes still go out; `ended` is every port that was closed, killed, lost or could not be opened. */
type State = 'new' | 'opening' | 'open' | 'closing' | 'ended'

/** A board on a serial port: any path that the system can open as one. */
export class SerialTransport implements Transport {
  readonly backend = 'serial'
  readonly port: string
  readonly released: Promise<void>

  private state: State = 'new'
  private connection: Connection | null = null
  private closing: Promise<void> | null = null
  private watch: Disposable | null = null
  private resolveReleased: () => void = () => {}
  private readonly abandoned = new AbortController()
  private readonly over = new AbortController()
  private pulse: Promise<boolean> | null = null
  private readonly gate = new ReadGate()
  private readonly data = new Emitter<Uint8Array>()
  private readonly lost = new Emitter<TransportError>()

  readonly onData = this.data.event
  readonly onLost = this.lost.event

  constructor(private readonly options: SerialTransportOptions) {
    this.port = options.port
    this.released = new Promise(resolve => {
      this.resolveReleased = resolve
    })
  }

  get isOpen(): boolean {
    return this.state === 'open'
  }

  get hasBackPressure(): boolean {
    return this.connection?.node?.isPseudoTerminal ?? false
  }

  get pendingWriteBytes(): number {
    return this.connection?.writes.pendingBytes ?? 0
  }

  async open(signal: AbortSignal): Promise<void> {
    if (this.state !== 'new') throw cancelled(this.port)
    this.state = 'opening'
    const abandon = (): void => this.abandoned.abort()
    signal.addEventListener('abort', abandon)
    if (signal.aborted) abandon()
    const opening = this.openPort()
    try {
      const opened = await Promise.race([opening, rejectOnAbort(this.abandoned.signal, cancelled(this.port))])
      if (this.abandoned.signal.aborted) throw cancelled(this.port)
      this.start(opened)
    } catch (error) {
      // The system's open can't be called back: a port that it opens after all is closed at once.
      const closeLate = opening.then(({ handle }) => handle.close({ discard: true, lowerLines: false }))
      this.finish(closeLate.catch(() => {}))
      throw error
    } finally {
      signal.removeEventListener('abort', abandon)
    }
  }

  /** The bytes must not be changed before the promise settles. */
  write(bytes: Uint8Array): Promise<void> {
    const { connection } = this
    const open = this.isOpen && connection !== null
    if (open) connection.pacer.expectAnswer()
    const written = open ? connection.writes.add(bytes) : Promise.reject(notOpen(this.port))
    // A caller that does not wait for its write learns of the loss by `onLost`; it must not end the process.
    written.catch(() => {})
    return written
  }

  close(): Promise<void> {
    this.closing ??= this.closeInTime()
    return this.closing
  }

  kill(): void {
    this.end({ discard: true, lowerLines: false }, notOpen(this.port))
  }

  /** An unplug is noticed meanwhile too, by the port's path. */
  setPaused(paused: boolean): void {
    this.gate.setShut(paused)
  }

  pulseReset(): Promise<boolean> {
    this.pulse ??= this.holdReset().finally(() => {
      this.pulse = null
    })
    return this.pulse
  }

  private async openPort(): Promise<OpenPort> {
    const { port, baudRate, line, clock, logger, openHandle, platform = process.platform } = this.options
    if (platform !== 'win32') refuseWindowsSettings(port, line)
    const node = platform === 'win32' ? null : await examinePortNode(port)
    if (this.abandoned.signal.aborted) throw cancelled(port)
    const handle = await openHandle(port, baudRate, line).catch(async error => {
      throw await explainOpenFailure(port, error, clock, platform)
    })
    if (line.leaveLines === true) return { handle, node, hasLines: false }
    const hasLines = await handle.setLines(line)
    if (!hasLines) logger.debug('A port has no modem lines that could be set', { port })
    return { handle, node, hasLines }
  }

  private start(opened: OpenPort): void {
    const { clock, writeTimeoutMs } = this.options
    const connection: Connection = {
      ...opened,
      writes: new WriteQueue({
        handle: opened.handle,
        clock,
        timeoutMs: writeTimeoutMs,
        onFailure: error => this.fail(reasonOf(error)),
        onTimeout: () => this.fail('it takes nothing', writeTimedOut(this.port, writeTimeoutMs)),
      }),
      pacer: new ReadPacer(clock),
    }
    this.connection = connection
    this.state = 'open'
    if (opened.node !== null) this.watch = this.options.pathWatch.watch(opened.node.path, () => this.fail('its node is gone'))
    void this.read(connection)
  }

  private async read({ handle, pacer }: Connection): Promise<void> {
    const buffer = Buffer.allocUnsafeSlow(this.options.line.readBufferSize)
    const smallBytes = Math.min(SERIAL_READ_EAGER_BYTES, buffer.length)
    try {
      while (this.isOpen) {
        const count = await handle.read(buffer)
        if (count === 0) {
          this.fail('hung up')
          return
        }
        // During a pause one read more is made, so that a hang-up of a silent board is noticed; what it brings waits here.
        await this.gate.pass()
        if (!this.isOpen) return
        this.data.fire(new Uint8Array(buffer.subarray(0, count)))
        if (count < smallBytes) await pacer.afterSmallRead()
      }
    } catch (error) {
      this.fail(reasonOf(error))
    }
  }

  /** The port is of no more use. Only an open one is lost; one that is being closed is just closed sooner. */
  private fail(cause: string, error = lost(this.port)): void {
    const wasOpen = this.isOpen
    // After a time-out the port is still there, with bytes that nobody takes.
    this.end({ discard: this.pendingWriteBytes > 0, lowerLines: false }, error)
    if (!wasOpen) return
    this.options.logger.info('A port is lost', { port: this.port, cause })
    this.lost.fire(error)
  }

  private async holdReset(): Promise<boolean> {
    const { clock, line } = this.options
    const { handle } = this.connection ?? {}
    if (handle === undefined || !this.isOpen) return false
    // The circuit (Espressif's "Boot Mode Selection"): RTS alone pulls the reset pin, both alike release it and the boot pin.
    if (!(await handle.setLines({ dtr: false, rts: true }))) return false
    await delay(clock, RESET_PULSE_MS, this.over.signal)
    const isOwn = line.leaveLines !== true
    const raised = isOwn && line.dtr && line.rts
    const isReleased = await handle.setLines({ dtr: raised, rts: raised })
    if (isReleased && isOwn && line.dtr !== line.rts) await handle.setLines(line)
    return isReleased
  }

  private async closeInTime(): Promise<void> {
    const { clock } = this.options
    const { connection } = this
    if (connection !== null && this.isOpen) {
      this.state = 'closing'
      await settlesWithin(clock, PORT_CLOSE_DRAIN_MS, Promise.all([connection.writes.drained(), this.pulse]))
    }
    const { dtr, hangupOnClose } = this.options.line
    const lowerLines = connection?.hasLines === true && dtr && hangupOnClose
    this.end({ discard: this.pendingWriteBytes > 0, lowerLines }, notOpen(this.port))
    await settlesWithin(clock, PORT_CLOSE_TIMEOUT_MS - PORT_CLOSE_DRAIN_MS, this.released)
  }

  private end(how: CloseOptions, reason: TransportError): void {
    if (this.state === 'ended') return
    if (this.connection === null) {
      // With an open under way, that open sees to the rest.
      if (this.state === 'opening') this.abandoned.abort()
      else this.finish(Promise.resolve())
      return
    }
    const { handle, writes, pacer } = this.connection
    this.finish(handle.close(how))
    writes.end(reason)
    pacer.dispose()
  }

  private finish(release: Promise<void>): void {
    this.state = 'ended'
    this.over.abort()
    this.watch?.dispose()
    this.gate.dispose()
    const { clock, logger } = this.options
    const zombie = clock.after(ZOMBIE_PORT_MS, () => {
      logger.warn('The system has not let go of a port', { port: this.port, afterMs: ZOMBIE_PORT_MS })
      this.resolveReleased()
    })
    const onReleased = (): void => {
      zombie.dispose()
      this.resolveReleased()
    }
    release.then(onReleased, error => {
      logger.warn('A port was not closed cleanly', { port: this.port, error: reasonOf(error) })
      onReleased()
    })
  }
}

function refuseWindowsSettings(port: string, { parity, stopBits }: LineSettings): void {
  if (parity === 'mark' || parity === 'space') throw notOnThisSystem(port, `${parity} parity`)
  if (stopBits === 1.5) throw notOnThisSystem(port, '1.5 stop bits')
}

function rejectOnAbort(signal: AbortSignal, error: Error): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(error)
    else signal.addEventListener('abort', () => reject(error), { once: true })
  })
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
