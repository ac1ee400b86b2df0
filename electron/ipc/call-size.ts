import { MAX_CALL_BYTES, MAX_CALL_DEPTH } from '../../shared/limits'

/** Every value costs at least this much, so that the walk is bounded by the size it measures. */
const VALUE_BYTES = 16

export type InputVerdict = 'fits' | 'too-large' | 'not-plain'

interface Visit {
  readonly value: unknown
  readonly depth: number
}

/**
 * Walks an input before its schema sees it. Schemas describe keys; this decides whether it is worth reading them:
 * only `null`, booleans, numbers, strings, plain objects, arrays and byte views, each object at one place, without
 * accessors, and in all at most `MAX_CALL_BYTES` as UTF-8. Work is bounded by the limit, not by the input: no
 * recursion, no step into a cycle, and no loop over an array's length before that length is paid for.
 */
export function inspectInput(input: unknown, maxBytes: number = MAX_CALL_BYTES): InputVerdict {
  const waiting: Visit[] = [{ value: input, depth: 0 }]
  const seen = new Set<object>()
  let bytes = 0
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    const { value, depth } = visit
    bytes += VALUE_BYTES
    switch (typeof value) {
      case 'undefined':
      case 'boolean':
      case 'number':
        break
      case 'string':
        bytes += textBytes(value, maxBytes)
        break
      case 'object': {
        if (value === null) break
        if (seen.has(value)) return 'not-plain'
        seen.add(value)
        if (depth >= MAX_CALL_DEPTH) return 'too-large'
        if (ArrayBuffer.isView(value)) {
          bytes += value.byteLength
          break
        }
        if (!isPlain(value)) return 'not-plain'
        const room = Math.floor((maxBytes - bytes) / VALUE_BYTES) - waiting.length
        if (Array.isArray(value) && value.length > room) return 'too-large'
        const keys = Object.keys(value)
        if (keys.length > room) return 'too-large'
        for (const key of keys) {
          const property = Object.getOwnPropertyDescriptor(value, key)
          if (property === undefined || !('value' in property)) return 'not-plain'
          bytes += textBytes(key, maxBytes)
          waiting.push({ value: property.value, depth: depth + 1 })
        }
        break
      }
      default:
        return 'not-plain'
    }
    if (bytes > maxBytes) return 'too-large'
  }
  return 'fits'
}

/** Looks at the length first: a string that is too long anyway is not measured. */
function textBytes(text: string, maxBytes: number): number {
  return text.length > maxBytes ? text.length : Buffer.byteLength(text)
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
