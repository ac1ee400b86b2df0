import { DETAIL_KEY_MAX_CHARS, DETAIL_VALUE_MAX_CHARS, DETAILS_MAX_KEYS } from '../../../shared/limits'
import { formatCount } from '../../ui/format'

export function checkDetailKey(key: string, present: readonly string[]): string | null {
  if (present.includes(key)) return `There is already a detail called ${key}: change it in its row.`
  if (key.length > DETAIL_KEY_MAX_CHARS) return tooLong('A key', DETAIL_KEY_MAX_CHARS, key.length)
  return present.length >= DETAILS_MAX_KEYS ? `A session has at most ${DETAILS_MAX_KEYS} details. Remove one first.` : null
}

export function checkDetailValue(value: string): string | null {
  return value.length > DETAIL_VALUE_MAX_CHARS ? tooLong('A value', DETAIL_VALUE_MAX_CHARS, value.length) : null
}

function tooLong(what: string, maxChars: number, chars: number): string {
  return `${what} has at most ${formatCount(maxChars)} characters; this one has ${formatCount(chars)}.`
}
