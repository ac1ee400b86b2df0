import { Emitter } from '../../electron/core/base/emitter'
import { DEFAULT_SETTINGS } from '../../electron/core/config/default-settings'
import type { Settings, SettingsSource } from '../../electron/core/config/settings'

/** The configuration in a test's hands. */
export class FakeSettings implements SettingsSource {
  current: Settings
  private readonly changed = new Emitter<Settings>()

  readonly onChanged = this.changed.event

  constructor(changes: Partial<Settings> = {}) {
    this.current = { ...DEFAULT_SETTINGS, ...changes }
  }

  get listenerCount(): number {
    return this.changed.listenerCount
  }

  /** What is not said stays. */
  change(changes: Partial<Settings>): void {
    this.current = { ...this.current, ...changes }
    this.changed.fire(this.current)
  }

  /** The options that sessions opened from now on have. */
  changeSession(changes: Partial<Settings['session']>): void {
    this.change({ session: { ...this.current.session, ...changes } })
  }
}
