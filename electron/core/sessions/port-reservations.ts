import { ZOMBIE_PORT_MS } from '../../../shared/limits'
import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'

/**
 * Who has which port, decided before the system is asked: two opens at once would both be told "free" by it.
 *
 * A reservation covers the device and the path, so that neither a second path of the same device nor the same path
 * under another key gets through. On Windows `COM3` and `com3` are one port.
 */
export class PortReservations implements Disposable {
  private readonly byKey = new Map<string, PortReservation>()

  constructor(
    private readonly clock: Clock,
    private readonly platform: NodeJS.Platform,
  ) {}

  /** The reservation that stands in the way, if any. */
  find(deviceKey: string, port: string): PortReservation | undefined {
    const keys = this.keysOf(deviceKey, port)
    return keys.map(key => this.byKey.get(key)).find(reservation => reservation !== undefined)
  }

  /** Only after `find` found nothing, in the same tick. */
  reserve(deviceKey: string, port: string, sessionId: string): PortReservation {
    const keys = this.keysOf(deviceKey, port)
    const reservation = new PortReservation(sessionId, this.clock, () => {
      for (const key of keys) this.byKey.delete(key)
    })
    for (const key of keys) this.byKey.set(key, reservation)
    return reservation
  }

  get count(): number {
    return new Set(this.byKey.values()).size
  }

  dispose(): void {
    for (const reservation of new Set(this.byKey.values())) reservation.release()
  }

  private keysOf(deviceKey: string, port: string): readonly string[] {
    const keys = [deviceKey, `path:${port}`]
    return this.platform === 'win32' ? keys.map(key => key.toLowerCase()) : keys
  }
}

/** One session's hold on its port. It ends when both are done with the port: the session and the system. */
export class PortReservation {
  private released = false
  private isPortFree = false
  private isAbandoned = false
  private expiry: Disposable | null = null

  constructor(
    readonly sessionId: string,
    private readonly clock: Clock,
    private readonly free: () => void,
  ) {}

  /** The session is done with the port, but the system may not be yet. */
  get isZombie(): boolean {
    return this.expiry !== null
  }

  /** The port is the system's until this resolves. */
  releaseWhen(portReleased: Promise<void>): void {
    void portReleased.then(() => {
      this.isPortFree = true
      if (this.isAbandoned) this.release()
    })
  }

  /** The session is done with the port: from here on the system has a limited time to let go of it. */
  abandon(): void {
    if (this.isAbandoned) return
    this.isAbandoned = true
    if (this.isPortFree) this.release()
    else this.expiry = this.clock.after(ZOMBIE_PORT_MS, () => this.release())
  }

  release(): void {
    if (this.released) return
    this.released = true
    this.expiry?.dispose()
    this.expiry = null
    this.free()
  }
}
