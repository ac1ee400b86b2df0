const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** `[d.]hh:mm:ss[.f]`, as .NET writes a TimeSpan. More than a day of hours is refused: there, it would mean days. */
const CLOCK_TEXT = /^(?:(\d{1,3})\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/

/** Whole milliseconds; undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = CLOCK_TEXT.exec(text.trim())
  if (match === null) return undefined
  const [days, hours, minutes, seconds] = match.slice(1, 5).map(part => Number(part ?? 0)) as [number, number, number, number]
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  const fractionMs = Math.round(Number(`0.${match[5] ?? '0'}`) * SECOND_MS)
  return days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS + fractionMs
}

/** The shortest text that `parseDuration` reads as this: `00:05:00`, `00:00:00.250`, `1.00:00:00`. */
export function formatDuration(durationMs: number): string {
  const days = Math.floor(durationMs / DAY_MS)
  const clock = new Date(durationMs % DAY_MS).toISOString().slice(11, 23).replace('.000', '')
  return days === 0 ? clock : `${days}.${clock}`
}

/** For a sentence: `500 ms`, `30 s`, `10 min`, `24 days`; the largest unit that says it exactly. */
export function durationInWords(durationMs: number): string {
  if (durationMs === 0) return '0'
  if (durationMs % DAY_MS === 0) return durationMs === DAY_MS ? '1 day' : `${durationMs / DAY_MS} days`
  if (durationMs % HOUR_MS === 0) return `${durationMs / HOUR_MS} h`
  if (durationMs % MINUTE_MS === 0) return `${durationMs / MINUTE_MS} min`
  if (durationMs % SECOND_MS === 0) return `${durationMs / SECOND_MS} s`
  return `${durationMs} ms`
}
