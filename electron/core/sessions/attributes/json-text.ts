/** Deeper values are refused: whoever walks one must not run out of stack. */
const MAX_DEPTH = 64

/** The value as JSON, if reading that gives the same value again; else null. */
export function jsonText(value: unknown): string | null {
  try {
    return isJson(value, MAX_DEPTH) ? JSON.stringify(value) : null
  } catch {
    // A property that throws when it is read.
    return null
  }
}

function isJson(value: unknown, depthLeft: number): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depthLeft === 0) return false
  if (Array.isArray(value)) {
    // By index: `every` would step over holes, which JSON makes null of.
    for (let index = 0; index < value.length; index++) if (!isJson(value[index], depthLeft - 1)) return false
    return true
  }
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false
  return Object.values(value).every(item => isJson(item, depthLeft - 1))
}
