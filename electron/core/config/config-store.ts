import { randomBytes } from 'node:crypto'
import { type FSWatcher, watch } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { CONFIG_FILE_MAX_BYTES, CONFIG_RELOAD_DELAY_MS } from '../../../shared/limits'
import type { ConfigReport, JsonValue } from '../../../shared/model'
import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'
import { Emitter } from '../base/emitter'
import type { Logger } from '../base/logger'
import { configInvalid, rowOf, withoutKey, withValue } from './config-change'
import { type ConfigReading, readConfig, unreadableConfig } from './config-reading'
import type { Settings, SettingsSource } from './settings'

export const CONFIG_FILE_NAME = 'muster.config.json'

export interface ConfigStoreOptions {
  readonly folder: string
  readonly clock: Clock
  readonly logger: Logger
}

/** What stands in the file: its text, or why there is none. A missing file is an empty one. */
type FileContent = { readonly text: string } | { readonly problem: string }

/**
 * `muster.config.json`: read at the start, and again whenever another program has changed it; changed key by key, with
 * everything else in it left as it is. It is written beside itself and renamed, so that a crash leaves the old file or
 * the new one.
 */
export class ConfigStore implements SettingsSource, Disposable {
  private readonly file: string
  private readonly changed: Emitter<Settings>
  private readonly reported: Emitter<ConfigReport>
  private watcher: FSWatcher | null = null
  private waiting: Disposable | null = null
  private work: Promise<unknown> = Promise.resolve()
  private settings: Settings
  private latest: ConfigReport
  private isDisposed = false

  private constructor(
    private readonly options: ConfigStoreOptions,
    content: FileContent,
  ) {
    this.file = path.join(options.folder, CONFIG_FILE_NAME)
    const onListenerError = (error: unknown): void => options.logger.error('A listener to the configuration failed', { error })
    this.changed = new Emitter(onListenerError)
    this.reported = new Emitter(onListenerError)
    const reading = readContent(content)
    this.settings = reading.settings
    this.latest = this.reportOf(reading)
    this.log(this.latest.problems)
    this.watcher = this.watch()
  }

  /** Never rejects: where there is no file, or no good one, the defaults hold. */
  static async load(options: ConfigStoreOptions): Promise<ConfigStore> {
    await fs.mkdir(options.folder, { recursive: true }).catch(() => undefined)
    return new ConfigStore(options, await readFile(path.join(options.folder, CONFIG_FILE_NAME)))
  }

  get current(): Settings {
    return this.settings
  }

  get onChanged(): SettingsSource['onChanged'] {
    return this.changed.event
  }

  get report(): ConfigReport {
    return this.latest
  }

  get onReport(): Emitter<ConfigReport>['event'] {
    return this.reported.event
  }

  /** Rejects with `ConfigInvalid` when the value breaks a rule or the file can't be written; nothing is changed then. */
  set(key: string, value: JsonValue): Promise<ConfigReport> {
    return this.edit(key, (text, row) => withValue(text, row, value))
  }

  /** Takes the key out of the file, so that its default holds. Rejects as `set` does. */
  reset(key: string): Promise<ConfigReport> {
    return this.edit(key, withoutKey)
  }

  dispose(): void {
    this.isDisposed = true
    this.watcher?.close()
    this.watcher = null
    this.waiting?.dispose()
    this.changed.dispose()
    this.reported.dispose()
  }

  private edit(key: string, change: (text: string, row: ReturnType<typeof rowOf>) => string): Promise<ConfigReport> {
    return this.inTurn(async () => {
      const row = rowOf(key)
      const content = await readFile(this.file)
      // What another program has just written counts as well.
      this.apply(content)
      if ('problem' in content) throw configInvalid(`${content.problem} Nothing is changed in it until it is mended.`, 'read-only')
      const text = withByteOrderMark(content.text, text => change(text, row))
      if (Buffer.byteLength(text) > CONFIG_FILE_MAX_BYTES)
        throw configInvalid(`The file would become larger than ${CONFIG_FILE_MAX_BYTES} bytes.`)
      if (text !== content.text) {
        await this.write(text)
        this.apply({ text })
      }
      return this.latest
    })
  }

  private async write(text: string): Promise<void> {
    // A file that is kept elsewhere, and only linked to, is to be changed where it is.
    const target = await fs.realpath(this.file).catch(() => this.file)
    const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`
    try {
      await refuseIfProtected(target)
      await fs.writeFile(temporary, text, { mode: 0o600 })
      await fs.rename(temporary, target)
    } catch (error) {
      await fs.rm(temporary, { force: true }).catch(() => undefined)
      this.options.logger.warn('The configuration could not be saved', { error })
      throw configInvalid(`${this.file} can't be written (${reasonOf(error)}). Nothing is changed.`, 'read-only', error)
    }
  }

  private apply(content: FileContent): void {
    if (this.isDisposed) return
    const reading = readContent(content)
    const report = this.reportOf(reading)
    const isOther = !isSame(reading.settings, this.settings)
    const isReportOther = !isSame(report, this.latest)
    const known = new Set(this.latest.problems.map(({ message }) => message))
    this.log(report.problems.filter(({ message }) => !known.has(message)))
    if (isOther) this.settings = reading.settings
    if (isReportOther) this.latest = report
    if (isOther) this.changed.fire(this.settings)
    if (isReportOther) this.reported.fire(this.latest)
  }

  private reportOf({ isReadOnly, problems, keys }: ConfigReading): ConfigReport {
    return { file: this.file, isReadOnly, problems, keys }
  }

  private log(problems: ConfigReport['problems']): void {
    for (const { severity, key, message } of problems) {
      this.options.logger[severity === 'error' ? 'error' : 'warn'](`Configuration: ${message}`, { key })
    }
  }

  /** The folder, not the file: editors replace files, and there may be none yet. */
  private watch(): FSWatcher | null {
    const { folder, logger } = this.options
    const giveUp = (error: unknown): void =>
      logger.warn('Changes of the configuration file will not be noticed before the next start', { error })
    try {
      const watcher = watch(folder, (_, name) => {
        if (name === null || name === CONFIG_FILE_NAME) this.readSoon()
      })
      watcher.on('error', error => {
        watcher.close()
        giveUp(error)
      })
      return watcher
    } catch (error) {
      giveUp(error)
      return null
    }
  }

  /** After the file has been quiet for a moment: a program may write it in several steps. */
  private readSoon(): void {
    if (this.isDisposed) return
    this.waiting?.dispose()
    this.waiting = this.options.clock.after(CONFIG_RELOAD_DELAY_MS, () => {
      this.waiting = null
      void this.inTurn(async () => this.apply(await readFile(this.file)))
    })
  }

  private inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.work.then(step)
    this.work = result.catch(() => undefined)
    return result
  }
}

async function readFile(file: string): Promise<FileContent> {
  try {
    const found = await fs.stat(file)
    if (!found.isFile()) return { problem: 'It is no regular file.' }
    if (found.size > CONFIG_FILE_MAX_BYTES) return { problem: `It is larger than ${CONFIG_FILE_MAX_BYTES} bytes.` }
    const bytes = await fs.readFile(file)
    const text = bytes.toString('utf8')
    // Writing a text back that was no UTF-8 would spoil what it was.
    return Buffer.from(text).equals(bytes) ? { text } : { problem: 'It is not written in UTF-8.' }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { text: '' }
    return { problem: `It can't be read (${reasonOf(error)}).` }
  }
}

function readContent(content: FileContent): ConfigReading {
  return 'problem' in content ? unreadableConfig(content.problem) : readConfig(content.text.replace(BYTE_ORDER_MARK, ''))
}

const BYTE_ORDER_MARK = /^\ufeff/

function withByteOrderMark(text: string, change: (text: string) => string): string {
  const mark = BYTE_ORDER_MARK.exec(text)?.[0] ?? ''
  return mark + change(text.slice(mark.length))
}

/** Renaming over a file asks only its folder; a file that was protected on purpose must not be replaced so. */
async function refuseIfProtected(file: string): Promise<void> {
  try {
    const handle = await fs.open(file, 'r+')
    await handle.close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}

/** Both are made of plain values in a fixed order. */
function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
