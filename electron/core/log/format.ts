import type { LogData } from '../base/logger'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** `2026-01-01T00:00:00.000Z warn  text` */
export function formatLine(at: Date, level: string, text: string): string {
  return `${at.toISOString()} ${level.padEnd(5)} ${text}\n`
}

/**
 * One entry's text. Line breaks are indented, so that no text, wherever it comes from, can look like an entry of its
 * own; other control characters are spelled out.
 */
export function formatEntry(message: string, data?: LogData): string {
  const details = data === undefined ? '' : ` ${detailsOf(data)}`
  return `${message}${details}`.replace(/\r\n|\r|\n/g, '\n    ').replace(CONTROL_CHARACTERS, spelledOut)
}

function detailsOf(data: LogData): string {
  try {
    return JSON.stringify(data, (_key, value: unknown) => {
      if (value instanceof Error) return value.stack ?? `${value.name}: ${value.message}`
      return typeof value === 'bigint' ? String(value) : value
    })
  } catch {
    return '{"details":"could not be written"}'
  }
}

const CONTROL_CHARACTERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g

function spelledOut(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
