import type { PortBackend, SessionOptions } from '../../../shared/model'
import type { Event } from '../base/emitter'
import type { LineSettings } from '../transport/line-settings'

/** The configuration as the core reads it: every key of `muster.config.json`, with its default filled in. Frozen. */
export interface Settings {
  /** Off: every open answers `ServiceDisabled`. */
  readonly enableSessionManagement: boolean
  /** Off: details, associations and notification streams answer `ServiceDisabled`. */
  readonly integrateSessionManagement: boolean
  readonly maxConcurrentSessions: number
  readonly tombstoneLimit: number
  readonly closeOnWindowClose: boolean
  /** What a session is opened with unless the call says otherwise. */
  readonly session: SessionOptions
  readonly metadata: {
    readonly type: string
    readonly version: number
    readonly utcOffsetSeconds: number
    /** Empty: the device key. */
    readonly dataSource: string
  }
  readonly pool: { readonly enabled: boolean; readonly acquireTimeoutMs: number }
  readonly lease: { readonly sweepIntervalMs: number }
  readonly transport: TransportSettings
  readonly filters: {
    readonly rateLimit: { readonly bytesPerSecond: number; readonly burst: number }
    readonly textCodec: { readonly delimiter: string; readonly maxLineLength: number }
  }
  readonly prometheus: { readonly enabled: boolean; readonly port: number }
  readonly logging: { readonly level: LogLevel; readonly snippets: boolean }
}

export type LogLevel = 'error' | 'warn' | 'info' | 'verbose' | 'debug' | 'silly'

export interface TransportSettings {
  readonly defaultPort: string
  readonly defaultBackend: PortBackend
  readonly defaultBaudRate: number
  /** Path globs, or `vid:pid`; `block` wins. Empty `allow`: everything. */
  readonly allow: readonly string[]
  readonly block: readonly string[]
  readonly portScanIntervalMs: number
  readonly line: LineSettings
}

/** Where the core asks for the configuration. `current` is always whole; live keys are read anew at every use. */
export interface SettingsSource {
  readonly current: Settings
  readonly onChanged: Event<Settings>
}
