/**
 * Numbers and times as people read them. Everything is fixed to one notation (comma for thousands, decimal point,
 * 24 hours), so that columns line up and pictures do not depend on the machine's language.
 */

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

/** `1 line`, `1,204 lines`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${Math.round(count) === 1 ? one : many}`
}

/** Three significant figures at most: `0.8`, `12.4`, `184`. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size >= 100) return formatCount(value)
  const rounded = value.toFixed(size >= 0.1 || size === 0 ? 1 : 2)
  return rounded.endsWith('.0') ? rounded.slice(0, -2) : rounded
}

/** Decimal units, as on disks and lines: `96 B`, `38.2 kB`, `4.1 MB`, `1.5 GB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–'
  if (bytes < 1_000) return `${Math.round(bytes)} B`
  if (bytes < 999_950) return `${(bytes / 1_000).toFixed(1)} kB`
  if (bytes < 999_950_000) return `${(bytes / 1_000_000).toFixed(1)} MB`
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`
}

export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`
}

/** How long something took: `12.4 ms`, `2.1 s`, `3 min 5 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < SECOND_MS) return `${durationMs < 100 ? durationMs.toFixed(1) : Math.round(durationMs)} ms`
  if (durationMs < MINUTE_MS) return `${(Math.floor(durationMs / 100) / 10).toFixed(1)} s`
  const seconds = Math.floor((durationMs % MINUTE_MS) / SECOND_MS)
  if (durationMs < HOUR_MS) return `${Math.floor(durationMs / MINUTE_MS)} min ${seconds} s`
  return `${Math.floor(durationMs / HOUR_MS)} h ${Math.floor((durationMs % HOUR_MS) / MINUTE_MS)} min`
}

/** How long something has lasted, coarse: `3 s`, `12 min`, `2 h`, `4 d`. */
export function formatAge(ageMs: number): string {
  const age = Math.max(0, ageMs)
  if (age < MINUTE_MS) return `${Math.floor(age / SECOND_MS)} s`
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min`
  if (age < DAY_MS) return `${Math.floor(age / HOUR_MS)} h`
  return `${Math.floor(age / DAY_MS)} d`
}

/** How long something has been running: a tenth of a second matters in the first minute. */
export function formatRunning(ageMs: number): string {
  const age = Math.max(0, ageMs)
  return age < MINUTE_MS ? `${(Math.floor(age / 100) / 10).toFixed(1)} s` : formatDuration(age)
}

/** Local wall-clock time, `14:02:11`. */
export function formatClock(at: number): string {
  const time = new Date(at)
  return `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}:${twoDigits(time.getSeconds())}`
}

/** Local wall-clock time to the millisecond, `14:02:11.042`. */
export function formatClockMs(at: number): string {
  return `${formatClock(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`
}

/** Hex in pairs, as printed on labels: `7c:df:a1`. */
export function formatUniqueId(hex: string): string {
  return hex.match(/.{1,2}/g)?.join(':') ?? hex
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
