import { toDisposable } from '../../electron/core/base/disposable'
import { Emitter } from '../../electron/core/base/emitter'
import type { DeviceLocator } from '../../electron/core/sessions/session-needs'

/** Where devices are, as the test says. A `path:` key is its own port, unless the test says otherwise. */
export class FakeDevices implements DeviceLocator {
  readonly places = new Map<string, string | null>()
  closeWatches = 0
  private readonly changed = new Emitter<void>()

  readonly onChanged = this.changed.event

  get listenerCount(): number {
    return this.changed.listenerCount
  }

  locate(deviceKey: string): string | null {
    const place = this.places.get(deviceKey)
    if (place !== undefined) return place
    return deviceKey.startsWith('path:') ? deviceKey.slice('path:'.length) : null
  }

  watchClosely(): { dispose(): void } {
    this.closeWatches += 1
    return toDisposable(() => {
      this.closeWatches -= 1
    })
  }

  /** The device is on this port from now on; null: nowhere. */
  put(deviceKey: string, port: string | null): void {
    this.places.set(deviceKey, port)
    this.changed.fire()
  }
}
