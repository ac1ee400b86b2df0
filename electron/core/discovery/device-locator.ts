import { ABSENT_SCAN_INTERVAL_MS } from '../../../shared/limits'
import type { PortInfo, PortList } from '../../../shared/model'
import { type Clock, every } from '../base/clock'
import { type Disposable, DisposableStore, toDisposable } from '../base/disposable'
import { Emitter, type Event } from '../base/emitter'

export interface DeviceLocatorOptions {
  readonly ports: {
    readonly current: PortList
    readonly onChanged: Event<PortList>
    /** While this is held, the list is kept up to date at this interval, whether anyone sees it or not. */
    watchClosely(intervalMs: number): Disposable
  }
  readonly clock: Clock
  /** Whether there is anything at this path; never rejects. */
  readonly exists: (path: string) => Promise<boolean>
}

const PATH_KEY = 'path:'

/** Tells where a device is now, from the list of ports, and for a path that was never in it from the file system. */
export class PortDeviceLocator implements Disposable {
  private readonly changed = new Emitter<void>()
  private readonly owned = new DisposableStore()
  private watchers = 0
  private watching: Disposable | null = null
  /** Paths that the list does not know, and whether there was something at the last look. */
  private readonly unlisted = new Map<string, boolean>()
  private readonly looking = new Set<string>()

  readonly onChanged = this.changed.event

  constructor(private readonly options: DeviceLocatorOptions) {
    this.owned.add(options.ports.onChanged(() => this.changed.fire()))
  }

  /**
   * The port of the device with this key. Null while it is not there, and when more than one port has it: which of two
   * boards with the same number is meant is not for us to guess.
   */
  locate(deviceKey: string): string | null {
    const { ports } = this.options.ports.current
    if (deviceKey.startsWith(PATH_KEY)) return this.locatePath(deviceKey.slice(PATH_KEY.length), ports)
    const candidates = ports.filter(port => port.present && port.deviceKey === deviceKey)
    const listed = candidates.filter(port => port.source !== 'typed')
    // A typed path is another name of a listed port, unless that one may not be opened.
    const found = listed.length > 0 ? listed : candidates
    return found.length === 1 ? (found[0]?.path ?? null) : null
  }

  watchClosely(): Disposable {
    this.watchers += 1
    this.watching ??= this.startWatching()
    return toDisposable(() => {
      this.watchers -= 1
      if (this.watchers > 0) return
      this.watching?.dispose()
      this.watching = null
      this.unlisted.clear()
    })
  }

  dispose(): void {
    this.watching?.dispose()
    this.owned.dispose()
    this.changed.dispose()
  }

  private locatePath(path: string, ports: readonly PortInfo[]): string | null {
    const known = ports.find(port => port.path === path)
    if (known !== undefined) return known.present ? path : null
    // Simulated boards are all in the list.
    if (path.startsWith('simulated:')) return null
    const isThere = this.unlisted.get(path)
    if (isThere === undefined) void this.look(path)
    return isThere === true ? path : null
  }

  private startWatching(): Disposable {
    const watching = new DisposableStore()
    watching.add(this.options.ports.watchClosely(ABSENT_SCAN_INTERVAL_MS))
    watching.add(
      every(this.options.clock, ABSENT_SCAN_INTERVAL_MS, () => {
        for (const path of this.unlisted.keys()) void this.look(path)
      }),
    )
    return watching
  }

  /** One look at a path at a time: the file system may take its time. */
  private async look(path: string): Promise<void> {
    if (this.looking.has(path)) return
    this.looking.add(path)
    const isThere = await this.options.exists(path)
    this.looking.delete(path)
    const before = this.unlisted.get(path) ?? false
    // Kept for those who watch; anyone else asks anew.
    if (this.watchers > 0) this.unlisted.set(path, isThere)
    if (isThere !== before) this.changed.fire()
  }
}
