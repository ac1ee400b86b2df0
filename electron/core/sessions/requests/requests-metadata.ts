import {
  DETAIL_KEY_MAX_CHARS,
  DETAIL_VALUE_MAX_CHARS,
  DETAILS_MAX_KEYS,
  MAX_PORT_PATH_CHARS,
  UTC_OFFSET_MAX_SECONDS,
} from '../../../../shared/limits'
import type { SessionMetadata } from '../../../../shared/model'
import type { Settings } from '../../config/settings'
import { invalidArgument } from '../session-errors'

/** Texts that a client gives a session: long enough for any name, short enough for a row. */
const TEXT_MAX_CHARS = MAX_PORT_PATH_CHARS

/** The metadata of a new session. Whether its associates are known is the manager's to say. Throws `InvalidArgument`. */
export function readMetadata(
  given: Partial<SessionMetadata> | undefined,
  defaults: Settings['metadata'],
  deviceKey: string,
): SessionMetadata {
  const { version = defaults.version, utcOffsetSeconds = defaults.utcOffsetSeconds, details = {} } = given ?? {}
  if (given?.dataSource !== undefined && given.dataSource.trim() === '') throw invalidArgument('A data source must not be empty.')
  if (!Number.isInteger(version) || version < 1) throw invalidArgument('The version of a session is a whole number from 1 on.')
  if (!Number.isFinite(utcOffsetSeconds) || Math.abs(utcOffsetSeconds) > UTC_OFFSET_MAX_SECONDS) {
    throw invalidArgument('An offset from UTC is at most 14 hours, given in seconds.')
  }
  return Object.freeze({
    dataSource: readText(given?.dataSource ?? (defaults.dataSource || deviceKey), 'data source'),
    type: readText(given?.type?.trim() || defaults.type, 'type'),
    version,
    utcOffsetSeconds,
    identifier: readText(given?.identifier ?? '', 'identifier'),
    details: Object.freeze(readDetails(details)),
    associateSessionKeys: Object.freeze([...new Set(given?.associateSessionKeys ?? [])]),
  })
}

function readDetails(details: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(details)
  if (entries.length > DETAILS_MAX_KEYS) throw invalidArgument(`A session has at most ${DETAILS_MAX_KEYS} details.`)
  for (const [key, value] of entries) {
    if (key === '' || key.length > DETAIL_KEY_MAX_CHARS) {
      throw invalidArgument(`The name of a detail has 1 to ${DETAIL_KEY_MAX_CHARS} characters.`)
    }
    if (typeof value !== 'string' || value.length > DETAIL_VALUE_MAX_CHARS) {
      throw invalidArgument(`The detail “${key}” is no text of at most ${DETAIL_VALUE_MAX_CHARS} characters.`)
    }
  }
  return Object.fromEntries(entries)
}

function readText(text: string, what: string): string {
  if (text.length <= TEXT_MAX_CHARS) return text
  throw invalidArgument(`The ${what} of a session has at most ${TEXT_MAX_CHARS} characters.`)
}
