import { realpath, stat } from 'node:fs/promises'
import { MusterError } from '../../../shared/errors'
import { PORT_SCAN_TIMEOUT_MS } from '../../../shared/limits'
import type { PortInfo, PortList, PortSettings } from '../../../shared/model'
import { type Clock, settlesWithin } from '../base/clock'
import { type Disposable, toDisposable } from '../base/disposable'
import { Emitter, type Event } from '../base/emitter'
import type { Logger } from '../base/logger'
import type { SettingsSource } from '../config/settings'
import { describeListedPorts, describeTypedPort, type ListedPort, type PortLister } from './listed-port'
import { comparePortPaths, examplePortPath, normalizePortPath } from './port-path'
import { isPortAllowed } from './port-rules'
import { DEFAULT_PORT_SETTINGS, type PortSettingsBook } from './port-settings'

export interface PortDirectoryOptions {
  readonly lister: PortLister
  readonly simulated: { list(): readonly PortInfo[]; readonly onChanged: Event<void> }
  readonly storage: TypedPathStorage
  /** What the user has set for ports. */
  readonly portSettings: PortSettingsBook
  /** How often to scan, and which ports may be shown: both hold as soon as they are changed. */
  readonly settings: SettingsSource
  readonly clock: Clock
  readonly logger: Logger
  readonly platform?: NodeJS.Platform
  /** Where a typed path leads to; null where nothing is there. */
  readonly resolvePath?: (path: string) => Promise<string | null>
}

export interface TypedPathStorage {
  load(): Promise<readonly string[]>
  save(paths: readonly string[]): Promise<void>
}

/**
 * The ports there are: those the system lists, those the user typed, and the simulated ones, in the order of their paths,
 * without those that the configuration forbids. Scans at intervals once started, except while paused, and on demand.
 */
export class PortDirectory implements Disposable {
  private list: PortList = { ports: [], scannedAt: null, stale: null }
  /** Also those that the configuration leaves out of the list. */
  private everything: readonly PortInfo[] = []
  /** As the system has listed them last. */
  private listed: readonly PortInfo[] = []
  /** Each typed path with where it leads to, null for nowhere. */
  private readonly typed = new Map<string, string | null>()
  private readonly changed = new Emitter<PortList>()
  private readonly disposed = new AbortController()
  private readonly subscriptions: readonly Disposable[]
  private readonly platform: NodeJS.Platform
  private readonly resolvePath: (path: string) => Promise<string | null>

  private loading: Promise<void> | null = null
  private scanning: Promise<void> | null = null
  /** The system at work on a list. It can't be stopped, may outlive the scan that asked for it, and must not be asked twice at once. */
  private looking: Promise<void> | null = null
  private nextScan: Disposable | null = null
  /** When the last scan ended; before the first, when this was made. */
  private scannedMs: number
  private running = false
  /** How often those want the list who watch it closely. */
  private readonly closeWatches = new Set<{ readonly intervalMs: number }>()

  readonly onChanged = this.changed.event

  constructor(private readonly options: PortDirectoryOptions) {
    this.scannedMs = options.clock.monotonicMs()
    this.platform = options.platform ?? process.platform
    this.resolvePath = options.resolvePath ?? resolveNode
    this.subscriptions = [
      options.simulated.onChanged(() => this.publish()),
      options.settings.onChanged(() => {
        this.publish()
        this.scheduleScan()
      }),
    ]
  }

  get current(): PortList {
    return this.list
  }

  /** Scans now and at intervals from now on. Also what ends a pause. */
  resume(): void {
    if (this.disposed.signal.aborted) return
    this.running = true
    void this.refresh()
  }

  /** For when nobody looks: scans on demand only, and for those who watch closely. */
  pause(): void {
    this.running = false
    this.scheduleScan()
  }

  /** Scans at least this often while the result is held, also while paused. */
  watchClosely(intervalMs: number): Disposable {
    const watch = { intervalMs }
    this.closeWatches.add(watch)
    this.scheduleScan()
    return toDisposable(() => {
      this.closeWatches.delete(watch)
      this.scheduleScan()
    })
  }

  /** A port by any way to write its path, also one that is left out of the list. */
  find(typed: string): PortInfo | undefined {
    const path = normalizePortPath(typed, this.platform) ?? typed
    return this.everything.find(port => port.path === path)
  }

  /** What is known of a path that nobody has listed or typed: it may be another name of a port, or have settings. Never rejects. */
  async identify(path: string): Promise<PortInfo | undefined> {
    const target = await this.resolvePath(path)
    const device = this.listed.find(port => port.path === target)
    const port = this.withSettings(describeTypedPort(path, target !== null, device))
    return device !== undefined || port.settings !== DEFAULT_PORT_SETTINGS ? port : undefined
  }

  /** Whether there is anything at a path. Never rejects. */
  async exists(path: string): Promise<boolean> {
    return (await this.resolvePath(path)) !== null
  }

  /** The sentence that says why a port may not be opened; null when it may. */
  refusal(port: Pick<PortInfo, 'path' | 'backend' | 'usb'>): string | null {
    if (isPortAllowed(port, this.options.settings.current.transport, this.platform)) return null
    return `${port.path} may not be opened: the settings “transport.allow” and “transport.block” leave it out.`
  }

  /** Never rejects: when the system gives no list in time, the result is the last one, marked stale. */
  async refresh(): Promise<PortList> {
    this.scanning ??= this.scan()
    await this.scanning
    return this.list
  }

  /** Keeps a path in the list until it is removed, whether it exists or not. Rejects with `InvalidArgument` for what can't be a port. */
  async add(typed: string): Promise<PortInfo> {
    const path = this.readPath(typed)
    await this.load()
    if (!this.typed.has(path)) {
      this.typed.set(path, await this.resolvePath(path))
      this.publish()
      await this.save()
    }
    return this.list.ports.find(port => port.path === path) ?? describeTypedPort(path, false, undefined)
  }

  /**
   * For every port of this device, and for this device on every port. What is not given stays. Rejects with `InvalidArgument` for
   * what is no setting, and for a port that has none.
   */
  async configure(typed: string, settings: Partial<PortSettings>): Promise<PortInfo> {
    if (this.find(typed)?.backend === 'simulated') {
      throw new MusterError({ code: 'InvalidArgument', message: `${typed} is a simulated board: it has no lines and no speed.` })
    }
    const path = this.readPath(typed)
    await this.load()
    const port = this.find(path) ?? (await this.identify(path)) ?? describeTypedPort(path, false, undefined)
    this.options.portSettings.change(port.deviceKey, settings)
    this.publish()
    await this.options.portSettings.save()
    return this.withSettings(port)
  }

  /** Forgets a typed path; a port that the system lists stays in the list. */
  async remove(path: string): Promise<void> {
    await this.load()
    if (!this.typed.delete(normalizePortPath(path, this.platform) ?? path)) return
    this.publish()
    await this.save()
  }

  dispose(): void {
    this.disposed.abort()
    this.pause()
    for (const subscription of this.subscriptions) subscription.dispose()
    this.changed.dispose()
  }

  private readPath(typed: string): string {
    const path = normalizePortPath(typed, this.platform)
    if (path !== null) return path
    throw new MusterError({
      code: 'InvalidArgument',
      message: `“${typed.slice(0, 80)}” is not the path of a port.`,
      hint: `Type the full path, such as ${examplePortPath(this.platform)}.`,
    })
  }

  private async scan(): Promise<void> {
    const { clock } = this.options
    this.nextScan?.dispose()
    await this.load()
    this.looking ??= this.look().finally(() => {
      this.looking = null
    })
    if (!(await settlesWithin(clock, PORT_SCAN_TIMEOUT_MS, this.looking, this.disposed.signal))) {
      this.markStale(`The system has not listed its ports within ${PORT_SCAN_TIMEOUT_MS / 1_000} seconds.`)
    }
    this.scanning = null
    this.scannedMs = clock.monotonicMs()
    this.scheduleScan()
  }

  /**
   * Counted from the last scan, so that none is put off for ever by watches that come and go. Not while a scan is under way: that one
   * schedules the next itself.
   */
  private scheduleScan(): void {
    this.nextScan?.dispose()
    this.nextScan = null
    if (this.scanning !== null || this.disposed.signal.aborted) return
    const wanted = [...this.closeWatches].map(watch => watch.intervalMs)
    if (this.running) wanted.push(this.options.settings.current.transport.portScanIntervalMs)
    if (wanted.length === 0) return
    const { clock } = this.options
    const dueMs = this.scannedMs + Math.min(...wanted)
    this.nextScan = clock.after(Math.max(0, dueMs - clock.monotonicMs()), () => void this.refresh())
  }

  /** What comes late counts as well. */
  private async look(): Promise<void> {
    let listed: readonly ListedPort[]
    try {
      ;[listed] = await Promise.all([this.options.lister(), this.resolveTyped()])
    } catch (error) {
      this.markStale(`The system could not list its ports: ${error instanceof Error ? error.message : String(error)}.`)
      return
    }
    this.listed = describeListedPorts(listed, this.listed)
    this.publish(null, this.options.clock.now())
  }

  private async resolveTyped(): Promise<void> {
    const resolve = async (path: string): Promise<void> => {
      const target = await this.resolvePath(path)
      // It may have been removed meanwhile.
      if (this.typed.has(path)) this.typed.set(path, target)
    }
    await Promise.all([...this.typed.keys()].map(resolve))
  }

  private markStale(reason: string): void {
    const since = this.list.stale?.since ?? this.options.clock.now()
    if (this.list.stale === null) this.options.logger.warn('The list of ports is stale', { reason })
    this.publish({ since, message: `${reason} What is shown is as of the last answer.` })
  }

  /** Tells the list when it is another one; the first scan is told also when it has found nothing. */
  private publish(stale = this.list.stale, scannedAt = this.list.scannedAt): void {
    if (this.disposed.signal.aborted) return
    const before = this.list
    const known = new Map(this.everything.map(port => [port.path, port]))
    this.everything = this.compose().map(port => sameOr(known.get(port.path) ?? port, port))
    const { transport } = this.options.settings.current
    const ports = this.everything.filter(port => isPortAllowed(port, transport, this.platform))
    this.list = { ports, scannedAt, stale: sameOr(before.stale, stale) }
    const isSame =
      (before.scannedAt === null) === (scannedAt === null) &&
      this.list.stale === before.stale &&
      ports.length === before.ports.length &&
      ports.every((port, index) => port === before.ports[index])
    if (!isSame) this.changed.fire(this.list)
  }

  private compose(): readonly PortInfo[] {
    const ports = new Map(this.listed.map(port => [port.path, port]))
    const devices = new Map(ports)
    for (const [path, target] of this.typed) {
      if (!ports.has(path)) ports.set(path, describeTypedPort(path, target !== null, devices.get(target ?? path)))
    }
    const serial = [...ports.values()].map(port => this.withSettings(port))
    return [...serial, ...this.options.simulated.list()].sort((a, b) => comparePortPaths(a.path, b.path))
  }

  private withSettings(port: PortInfo): PortInfo {
    return { ...port, settings: this.options.portSettings.of(port.deviceKey) }
  }

  private load(): Promise<void> {
    this.loading ??= Promise.all([this.loadTyped(), this.options.portSettings.load()]).then(() => {})
    return this.loading
  }

  private loadTyped(): Promise<void> {
    return this.options.storage.load().then(
      paths => {
        for (const path of paths) {
          const normal = normalizePortPath(path, this.platform)
          if (normal !== null) this.typed.set(normal, null)
        }
      },
      error => this.options.logger.warn('The typed ports could not be read', { error: String(error) }),
    )
  }

  private async save(): Promise<void> {
    try {
      await this.options.storage.save([...this.typed.keys()])
    } catch (error) {
      // They stay in the list of this run; nothing that the user asked for has failed yet.
      this.options.logger.warn('The typed ports could not be stored', { error: String(error) })
    }
  }
}

/** The value known before where the new one says the same, so that who keeps it sees no change. */
function sameOr<T>(known: T, fresh: T): T {
  return JSON.stringify(known) === JSON.stringify(fresh) ? known : fresh
}

async function resolveNode(path: string): Promise<string | null> {
  try {
    await stat(path)
    return await realpath(path)
  } catch {
    return null
  }
}
