import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { MAX_PORT_PATH_CHARS, SETTINGS_SAVE_DELAY_MS } from '../../shared/limits'
import type { Clock } from '../core/base/clock'
import type { Disposable } from '../core/base/disposable'
import type { Logger } from '../core/base/logger'

const TYPED_PORTS_MAX = 256

const pixel = z.int().min(-100_000).max(100_000)
const size = z.int().min(1).max(100_000)
const windowPlace = z.object({ bounds: z.object({ x: pixel, y: pixel, width: size, height: size }), maximized: z.boolean() })

/** A part that can't be understood is as good as missing; the others still count. */
const settingsSchema = z.object({
  window: windowPlace.nullable().catch(null),
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  typedPorts: z.array(z.string().min(1).max(MAX_PORT_PATH_CHARS)).max(TYPED_PORTS_MAX).catch([]),
})

export type Settings = z.output<typeof settingsSchema>

export interface SettingsStoreOptions {
  readonly folder: string
  readonly clock: Clock
  readonly logger: Logger
}

const FILE_NAME = 'settings.json'

/**
 * What the app remembers between starts, as one file that a person can read. It is written beside itself and renamed, so
 * that a crash leaves the old one or the new one; a file that is no JSON is kept aside, and the defaults are used.
 */
export class SettingsStore {
  private readonly file: string
  private waiting: Disposable | null = null
  private writing: Promise<void> = Promise.resolve()

  private constructor(
    private settings: Settings,
    private readonly options: SettingsStoreOptions,
  ) {
    this.file = path.join(options.folder, FILE_NAME)
  }

  /** Never rejects. */
  static async load(options: SettingsStoreOptions): Promise<SettingsStore> {
    return new SettingsStore(settingsSchema.parse(await readObject(options)), options)
  }

  get current(): Settings {
    return this.settings
  }

  /** On disk a moment later, or after `flush`. */
  update(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change }
    this.waiting ??= this.options.clock.after(SETTINGS_SAVE_DELAY_MS, () => void this.flush())
  }

  /** Resolves when what is remembered is on disk, or could not be written. Never rejects. */
  flush(): Promise<void> {
    if (this.waiting !== null) {
      this.waiting.dispose()
      this.waiting = null
      this.writing = this.writing.then(() => this.write())
    }
    return this.writing
  }

  private async write(): Promise<void> {
    const temporary = `${this.file}.${randomBytes(4).toString('hex')}.tmp`
    try {
      await fs.mkdir(this.options.folder, { recursive: true })
      await fs.writeFile(temporary, `${JSON.stringify(this.settings, null, 2)}\n`, { mode: 0o600 })
      await fs.rename(temporary, this.file)
    } catch (error) {
      this.options.logger.warn('The settings could not be saved', { error })
      await fs.rm(temporary, { force: true }).catch(() => undefined)
    }
  }
}

async function readObject({ folder, logger }: SettingsStoreOptions): Promise<object> {
  const file = path.join(folder, FILE_NAME)
  try {
    const parsed: unknown = JSON.parse(await fs.readFile(file, 'utf8'))
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
    throw new Error('The file holds no object.')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    logger.warn('The settings could not be read; they are kept aside and the defaults are used', { error })
    await fs.rename(file, `${file}.unreadable`).catch(() => undefined)
    return {}
  }
}
