import { DETAIL_KEY_MAX_CHARS, DETAIL_VALUE_MAX_CHARS, DETAILS_MAX_KEYS, MAX_PORT_PATH_CHARS } from '../../../shared/limits'
import type { SessionMetadata } from '../../../shared/model'
import { invalidArgument } from './session-errors'

type Details = SessionMetadata['details']

/** Merges key by key; null deletes a key. Gives the same object back when nothing changes. Throws `InvalidArgument`. */
export function mergeDetails(details: Details, patch: Readonly<Record<string, string | null>>): Details {
  const merged = new Map(Object.entries(details))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(checkKey(key), checkValue(key, value))
  }
  if (merged.size > DETAILS_MAX_KEYS) throw invalidArgument(`A session has at most ${DETAILS_MAX_KEYS} details.`)
  const isSame = merged.size === Object.keys(details).length && [...merged].every(([key, value]) => details[key] === value)
  return isSame ? details : Object.freeze(Object.fromEntries(merged))
}

/** Throws `InvalidArgument`. */
export function checkIdentifier(identifier: string): string {
  if (identifier.length <= MAX_PORT_PATH_CHARS) return identifier
  throw invalidArgument(`The identifier of a session has at most ${MAX_PORT_PATH_CHARS} characters.`)
}

function checkKey(key: string): string {
  if (key !== '' && key.length <= DETAIL_KEY_MAX_CHARS) return key
  throw invalidArgument(`The name of a detail has 1 to ${DETAIL_KEY_MAX_CHARS} characters.`)
}

function checkValue(key: string, value: string): string {
  if (typeof value === 'string' && value.length <= DETAIL_VALUE_MAX_CHARS) return value
  throw invalidArgument(`The detail “${key}” is no text of at most ${DETAIL_VALUE_MAX_CHARS} characters.`)
}
