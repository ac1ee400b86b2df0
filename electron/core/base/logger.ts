/** Where the core says what it does. No console, no Electron: the shell passes an implementation in. */
export interface Logger {
  debug(message: string, data?: LogData): void
  info(message: string, data?: LogData): void
  warn(message: string, data?: LogData): void
  error(message: string, data?: LogData): void
}

export type LogData = Readonly<Record<string, unknown>>

/** The same, with what every entry is about. */
export function scopedLogger(logger: Logger, scope: string): Logger {
  const at =
    (level: keyof Logger) =>
    (message: string, data?: LogData): void =>
      logger[level](message, { scope, ...data })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }
