/** Where the core says what it does. No console, no Electron: the shell passes an implementation in. */
export interface Logger {
  debug(message: string, data?: LogData): void
  info(message: string, data?: LogData): void
  warn(message: string, data?: LogData): void
  error(message: string, data?: LogData): void
}

export type LogData = Readonly<Record<string, unknown>>

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }
