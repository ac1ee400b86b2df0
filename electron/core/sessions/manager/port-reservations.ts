import { ZOMBIE_PORT_MS } from '../../../../shared/limits'
import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import { Emitter } from '../../base/emitter'
import { Deferred } from '../waiting'

/**
 * Who has which port, decided before the system is asked: two opens at once would both be told "free" by it.
 *
 * A reservation covers the device and the path, so that neither a second path of the same device nor the same path
 * under another key gets through. On Windows `COM3` and `com3` are one port.
 */
export class PortReservations implements Disposable {
  private readonly byKey = new Map<string, PortReservation>()
  private readonly freed = new Emitter<void>()

  /** Some device or path can be had again. */
  readonly onFreed = this.freed.event

  constructor(
    private readonly clock: Clock,
    private readonly platform: NodeJS.Platform,
  ) {}

  /** The reservation that stands in the way, if any. */
  find(deviceKey: string, port: string): PortReservation | undefined {
    return this.byKey.get(this.normal(deviceKey)) ?? this.byKey.get(this.normal(`path:${port}`))
  }

  /** Only after `find` found nothing, in the same tick. */
  reserve(deviceKey: string, port: string, sessionId: string): PortReservation {
    return new PortReservation(sessionId, { deviceKey: this.normal(deviceKey), pathKey: this.normal(`path:${port}`) }, this.clock, {
      pathKeyOf: path => this.normal(`path:${path}`),
      holderOf: key => this.byKey.get(key),
      hold: (key, holder) => void this.byKey.set(key, holder),
      free: keys => {
        for (const key of keys) this.byKey.delete(key)
        this.freed.fire()
      },
    })
  }

  /** Resolves when this session has neither device nor path any more; at once when it has none. */
  async ended(sessionId: string): Promise<void> {
    await [...this.byKey.values()].find(reservation => reservation.sessionId === sessionId)?.ended
  }

  get count(): number {
    return new Set(this.byKey.values()).size
  }

  dispose(): void {
    this.freed.dispose()
    for (const reservation of new Set(this.byKey.values())) reservation.release()
  }

  private normal(key: string): string {
    return this.platform === 'win32' ? key.toLowerCase() : key
  }
}

/** Where reservations are written down. */
interface Ledger {
  pathKeyOf(path: string): string
  holderOf(key: string): PortReservation | undefined
  hold(key: string, holder: PortReservation): void
  free(keys: readonly string[]): void
}

/** One session's hold on its device and its port. It ends when both are done with the port: the session and the system. */
export class PortReservation {
  private readonly deviceKey: string
  /** Null while the session waits for its device to turn up somewhere. */
  private pathKey: string | null
  private readonly done = new Deferred<void>()
  /** Transports that the system has not let go of. */
  private held = 0
  private released = false
  private isAbandoned = false
  /** The path is to be freed, as soon as the system has let go of it. */
  private isLeaving = false
  private expiry: Disposable | null = null

  constructor(
    readonly sessionId: string,
    keys: { readonly deviceKey: string; readonly pathKey: string },
    private readonly clock: Clock,
    private readonly ledger: Ledger,
  ) {
    this.deviceKey = keys.deviceKey
    this.pathKey = keys.pathKey
    ledger.hold(keys.deviceKey, this)
    ledger.hold(keys.pathKey, this)
  }

  /** Resolves when nothing is reserved by this any more. */
  get ended(): Promise<void> {
    return this.done.promise
  }

  /** The session is done with the port, but the system may not be yet. */
  get isZombie(): boolean {
    return this.isAbandoned && !this.released
  }

  /** The port is the system's until this resolves. */
  releaseWhen(portReleased: Promise<void>): void {
    this.held += 1
    void portReleased.then(() => {
      this.held -= 1
      if (this.held === 0) this.portIsFree()
    })
  }

  /**
   * The device has gone, but stays the session's: its path can be had by another device. Only a device with a number of
   * its own can turn up elsewhere; any other keeps its path.
   */
  leavePort(): void {
    if (this.isAbandoned || this.pathKey === null || !this.deviceKey.startsWith('usb:')) return
    this.isLeaving = true
    if (this.held === 0) this.freePath()
    else this.expire(() => this.freePath())
  }

  /** Takes the path where the device is now. False when another session has it. */
  takePort(path: string): boolean {
    if (this.isAbandoned) return false
    const key = this.ledger.pathKeyOf(path)
    const holder = this.ledger.holderOf(key)
    if (holder !== undefined && holder !== this) return false
    this.stopExpiry()
    this.isLeaving = false
    if (this.pathKey !== null && this.pathKey !== key && this.pathKey !== this.deviceKey) this.freePath()
    this.pathKey = key
    this.ledger.hold(key, this)
    return true
  }

  /** The session is done with the port: from here on the system has a limited time to let go of it. */
  abandon(): void {
    if (this.isAbandoned) return
    this.isAbandoned = true
    this.isLeaving = false
    if (this.held === 0) this.release()
    else this.expire(() => this.release())
  }

  release(): void {
    if (this.released) return
    this.released = true
    this.stopExpiry()
    this.ledger.free(this.pathKey === null ? [this.deviceKey] : [this.deviceKey, this.pathKey])
    this.done.resolve()
  }

  private portIsFree(): void {
    if (this.isAbandoned) this.release()
    else if (this.isLeaving) this.freePath()
  }

  private freePath(): void {
    this.stopExpiry()
    this.isLeaving = false
    if (this.pathKey === null) return
    const key = this.pathKey
    this.pathKey = null
    this.ledger.free([key])
  }

  private expire(then: () => void): void {
    this.stopExpiry()
    this.expiry = this.clock.after(ZOMBIE_PORT_MS, then)
  }

  private stopExpiry(): void {
    this.expiry?.dispose()
    this.expiry = null
  }
}
