import { ATTRIBUTE_KEY_MAX_CHARS, ATTRIBUTE_MAX_BYTES } from '../../../shared/limits'
import type { JsonValue } from '../../../shared/model'
import { formatBytes, formatCount } from '../../ui/format'

/** Longer values are written on several lines. */
const ONE_LINE_CHARS = 80

export function jsonText(value: JsonValue): string {
  const line = JSON.stringify(value)
  return line.length > ONE_LINE_CHARS ? JSON.stringify(value, null, 2) : line
}

/** Undefined for what is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

export function checkJson(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed === '') return 'A value is JSON: a number, text in quotes, true, false, null, a list or an object.'
  if (parseJson(trimmed) === undefined) {
    return /^[\w .-]+$/.test(trimmed)
      ? `Text stands in quotes: ${JSON.stringify(trimmed)}`
      : `This is not JSON yet: ${whatIsWrong(trimmed)}`
  }
  const bytes = new TextEncoder().encode(JSON.stringify(parseJson(trimmed))).length
  return bytes > ATTRIBUTE_MAX_BYTES ? `A value has at most ${formatBytes(ATTRIBUTE_MAX_BYTES)}; this one has ${formatBytes(bytes)}.` : null
}

export function checkAttributeKey(key: string, present: readonly string[]): string | null {
  if (present.includes(key)) return `There is already an attribute called ${key}: change it in its row.`
  return key.length > ATTRIBUTE_KEY_MAX_CHARS
    ? `A key has at most ${ATTRIBUTE_KEY_MAX_CHARS} characters; this one has ${formatCount(key.length)}.`
    : null
}

function whatIsWrong(text: string): string {
  try {
    JSON.parse(text)
    return ''
  } catch (error) {
    return error instanceof Error ? `${error.message}.` : ''
  }
}
