import electronLog from 'electron-log/node'
import type { Clock } from '../core/base/clock'
import type { LogData, Logger } from '../core/base/logger'
import type { LogLevel } from '../core/config/settings'
import { formatEntry, formatLine } from '../core/log/format'
import { LogFile } from '../core/log/log-file'
import { composeRedactors, redactHome, redactSecrets } from '../core/log/redact'

export interface AppLog {
  readonly logger: Logger
  readonly folder: string
  /** From here on, what is less grave is not written down. At first: `info`. */
  setLevel(level: LogLevel): void
  /** Resolves when everything logged so far is on disk. Never rejects. */
  flush(): Promise<void>
}

export interface LogOptions {
  readonly folder: string
  readonly homeFolder: string
  readonly clock: Clock
  /** Warnings and errors also go to the terminal. */
  readonly toConsole: boolean
}

/**
 * The library's levels and console, with a file of our own: its file transport writes synchronously, keeps one old
 * file, and leaves both for all to read. `initialize` is never called: it would write a preload script.
 */
export function openLog({ folder, homeFolder, clock, toConsole }: LogOptions): AppLog {
  const file = new LogFile({ folder, baseName: 'muster', clock })
  const redact = composeRedactors(redactHome(homeFolder), redactSecrets)
  const log = electronLog.create({ logId: 'muster' })
  for (const transport of Object.values(log.transports)) if (transport) transport.level = false
  log.transports.console.level = toConsole ? 'warn' : false
  log.transports.console.format = '[muster] {text}'
  // Before any transport, so that none gets a text that is not redacted.
  log.hooks.push(message => {
    const [text, data] = message.data as [string, LogData | undefined]
    return { ...message, data: [redact(formatEntry(text, data))] }
  })
  const toFile = Object.assign(
    (message: { readonly date: Date; readonly level: string; readonly data: readonly unknown[] }) =>
      file.append(formatLine(message.date, message.level, String(message.data[0]))),
    { level: 'info' as LogLevel, transforms: [] },
  )
  log.transports.muster = toFile
  const logger: Logger = {
    debug: (message, data) => log.debug(message, data),
    info: (message, data) => log.info(message, data),
    warn: (message, data) => log.warn(message, data),
    error: (message, data) => log.error(message, data),
  }
  return {
    logger,
    folder,
    setLevel(level) {
      toFile.level = level
    },
    flush: () => file.flush(),
  }
}
