/** Lengths of time as a person writes them: `500 ms`, `90 s`, `1 h 30 min`, `00:05:00`. */

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  sec: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** In the largest units that say it exactly: `5 min`, `1 h 30 min`, `1.5 s`. */
export function formatPeriod(durationMs: number): string {
  if (durationMs < 1_000) return `${durationMs} ms`
  const parts: string[] = []
  let left = durationMs
  for (const unit of ['d', 'h', 'min'] as const) {
    const size = UNITS_MS[unit] ?? 1
    if (left < size) continue
    parts.push(`${Math.floor(left / size)} ${unit}`)
    left %= size
  }
  if (left > 0) parts.push(`${left / 1_000} s`)
  return parts.join(' ')
}

/** Milliseconds; null for what is no length of time. A number alone is seconds. */
export function parsePeriod(text: string): number | null {
  const trimmed = text.trim().toLowerCase()
  const clock = /^(\d{1,4}):([0-5]?\d):([0-5]?\d(?:\.\d{1,3})?)$/.exec(trimmed)
  if (clock !== null) return Math.round((Number(clock[1]) * 3_600 + Number(clock[2]) * 60 + Number(clock[3])) * 1_000)
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 1_000)
  if (!/^(\d+(\.\d+)?\s*[a-z]+\s*)+$/.test(trimmed)) return null
  let sumMs = 0
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    if (unit === undefined || !Object.hasOwn(UNITS_MS, unit)) return null
    sumMs += Number(amount) * (UNITS_MS[unit] ?? 0)
  }
  return Math.round(sumMs)
}
