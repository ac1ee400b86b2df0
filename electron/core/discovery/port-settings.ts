import { MusterError } from '../../../shared/errors'
import { BAUD_RATE_MAX, BAUD_RATE_MIN, MAX_PORT_PATH_CHARS, PORT_SETTINGS_MAX } from '../../../shared/limits'
import type { LinePolicy, PortSettings } from '../../../shared/model'
import type { Logger } from '../base/logger'

/** Of a port for which the user has set nothing. */
export const DEFAULT_PORT_SETTINGS: PortSettings = Object.freeze({ lines: 'raise', baudRate: null })

const LINE_POLICIES: readonly LinePolicy[] = ['raise', 'lower', 'leave']

/** Where the settings are kept between starts. What is loaded is not trusted: anything may have become of it. */
export interface PortSettingsStorage {
  load(): Promise<unknown>
  save(settings: Readonly<Record<string, PortSettings>>): Promise<void>
}

/** What the user has set for boards and ports, by their device key. What was set first is forgotten first. */
export class PortSettingsBook {
  private readonly byKey = new Map<string, PortSettings>()
  private loading: Promise<void> | null = null
  private saving: Promise<void> = Promise.resolve()

  constructor(
    private readonly storage: PortSettingsStorage,
    private readonly logger: Logger,
  ) {}

  /** Never rejects. */
  load(): Promise<void> {
    this.loading ??= this.storage.load().then(
      stored => this.take(stored),
      error => this.logger.warn('The settings of the ports could not be read', { error: String(error) }),
    )
    return this.loading
  }

  of(deviceKey: string): PortSettings {
    return this.byKey.get(deviceKey) ?? DEFAULT_PORT_SETTINGS
  }

  /** What is not given stays. Throws `InvalidArgument`, and changes nothing then. */
  change(deviceKey: string, change: Partial<PortSettings>): void {
    const settings = readSettings({ ...this.of(deviceKey), ...withoutGaps(change) })
    if (settings === null) {
      throw new MusterError({
        code: 'InvalidArgument',
        message: 'These are no settings of a port.',
        hint: `The lines can be raised, lowered or left alone; the speed is a whole number from ${BAUD_RATE_MIN} to ${BAUD_RATE_MAX}.`,
      })
    }
    this.put(deviceKey, settings)
  }

  /** Resolves when all that was changed until now is kept, or could not be. Never rejects. */
  save(): Promise<void> {
    this.saving = this.saving
      .then(() => this.storage.save(Object.fromEntries(this.byKey)))
      // They hold for this run all the same.
      .catch(error => this.logger.warn('The settings of the ports could not be stored', { error: String(error) }))
    return this.saving
  }

  private put(deviceKey: string, settings: PortSettings): void {
    this.byKey.delete(deviceKey)
    if (isDefault(settings)) return
    this.byKey.set(deviceKey, Object.freeze(settings))
    const [oldest] = this.byKey.keys()
    if (this.byKey.size > PORT_SETTINGS_MAX && oldest !== undefined) this.byKey.delete(oldest)
  }

  private take(stored: unknown): void {
    if (typeof stored !== 'object' || stored === null) return
    for (const [deviceKey, value] of Object.entries(stored).slice(-PORT_SETTINGS_MAX)) {
      const settings = readSettings(value)
      if (settings !== null && deviceKey !== '' && deviceKey.length <= 2 * MAX_PORT_PATH_CHARS) this.put(deviceKey, settings)
    }
  }
}

function readSettings(value: unknown): PortSettings | null {
  if (typeof value !== 'object' || value === null) return null
  const { lines, baudRate = null } = value as Readonly<Record<string, unknown>>
  const policy = LINE_POLICIES.find(known => known === lines)
  if (policy === undefined) return null
  if (baudRate === null) return { lines: policy, baudRate }
  const isRate = typeof baudRate === 'number' && Number.isInteger(baudRate) && baudRate >= BAUD_RATE_MIN && baudRate <= BAUD_RATE_MAX
  return isRate ? { lines: policy, baudRate } : null
}

/** An undefined member is one that was not given. */
function withoutGaps({ lines, baudRate }: Partial<PortSettings>): Partial<PortSettings> {
  return { ...(lines !== undefined && { lines }), ...(baudRate !== undefined && { baudRate }) }
}

function isDefault({ lines, baudRate }: PortSettings): boolean {
  return lines === DEFAULT_PORT_SETTINGS.lines && baudRate === DEFAULT_PORT_SETTINGS.baudRate
}
