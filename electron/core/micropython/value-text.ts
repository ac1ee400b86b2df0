import type { BoardValue, ExpectedValue, JsonValue } from '../../../shared/model'
import { TAG, TAGGED, VALUE_MAX_DEPTH } from './value-code'

/** A number as long as a reply would take the app seconds to read. */
const INT_MAX_DIGITS = 10_000

export interface TypedResult {
  /** Undefined when there is an error. */
  readonly value: BoardValue | undefined
  /** Why there is no value, as the end of a sentence that begins with "The value". */
  readonly error: string | null
}

export function failure(error: string): TypedResult {
  return { value: undefined, error }
}

/** What `valueCode` has printed between its marks. */
export function readValue(text: string, expect: ExpectedValue): TypedResult {
  const json = parse(text)
  if (json === undefined) return failure('did not come as JSON.')
  if (expect === 'json') {
    const long = firstUnsafeInteger(text)
    if (long !== null) return failure(`holds the int ${long}, which a number can't say exactly. Return it as text.`)
    return { value: json, error: null }
  }
  try {
    return { value: untag(json, 0), error: null }
  } catch (error) {
    if (error instanceof UnreadableValue) return failure(error.message)
    throw error
  }
}

/** Why there is no value, in the board's words. */
export function readReason(text: string): string {
  const value = parse(text)
  // Shown as it is: control and format characters could reorder or hide what stands next to them.
  return typeof value === 'string' ? value.replace(/\p{C}+/gu, ' ').trim() : 'could not be written'
}

class UnreadableValue extends Error {}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** JSON.parse rounds large integers without a word. */
function firstUnsafeInteger(json: string): string | null {
  for (const [text] of json.matchAll(/"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
    if (/^-?\d{16,}$/.test(text) && !Number.isSafeInteger(Number(text))) return text.length > 40 ? `${text.slice(0, 40)}…` : text
  }
  return null
}

function untag(json: JsonValue, depth: number): BoardValue {
  if (depth > VALUE_MAX_DEPTH + 1) throw new UnreadableValue('is nested too deep.')
  if (typeof json === 'string') return json.startsWith(TAG) ? readTagged(json.slice(TAG.length)) : json
  if (Array.isArray(json)) return json.map(item => untag(item, depth + 1))
  if (typeof json !== 'object' || json === null) return json
  // Not by assignment: a key of the board's may be `__proto__`.
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, untag(item, depth + 1)]))
}

function readTagged(text: string): BoardValue {
  const rest = text.slice(1)
  switch (text[0]) {
    case TAG:
      return text
    case TAGGED.int:
      return readInt(rest)
    case TAGGED.float:
      return readFloat(rest)
    case TAGGED.bytes:
      if (rest.length % 2 !== 0 || !/^[0-9a-f]*$/.test(rest)) throw new UnreadableValue('holds bytes that did not come whole.')
      return new Uint8Array(Buffer.from(rest, 'hex'))
    default:
      throw new UnreadableValue('holds something of a kind that is not known here.')
  }
}

function readInt(digits: string): number | bigint {
  if (!/^-?\d+$/.test(digits)) throw new UnreadableValue('holds an int that did not come whole.')
  if (digits.length > INT_MAX_DIGITS) throw new UnreadableValue(`holds an int of more than ${INT_MAX_DIGITS} digits.`)
  const value = BigInt(digits)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function readFloat(text: string): number {
  const value = { nan: Number.NaN, '-nan': Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY }[text]
  if (value === undefined) throw new UnreadableValue('holds a float that did not come whole.')
  return value
}
