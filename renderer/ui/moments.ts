import { formatClock, formatClockMs } from './format'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `13:40:22` of today, `20 Nov 13:40:22` of another day. */
export function formatMoment(at: number, now = Date.now()): string {
  return isSameDay(at, now) ? formatClock(at) : `${formatDay(at)} ${formatClock(at)}`
}

/** For a column of its own, always as wide: `14:02:11.042` today, `20 Nov 14:02` before. */
export function formatMomentShort(at: number, now = Date.now()): string {
  return isSameDay(at, now) ? formatClockMs(at) : `${formatDay(at)} ${formatClock(at).slice(0, 5)}`
}

/** `1 Jan 2026, 14:02:11.042`, for where there is room. */
export function formatMomentFull(at: number): string {
  return `${formatDay(at)} ${new Date(at).getFullYear()}, ${formatClockMs(at)}`
}

/** `+02:00`, as in ISO 8601. */
export function formatUtcOffset(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60)
  const clock = [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0')).join(':')
  return `${seconds < 0 ? '−' : '+'}${clock}`
}

function formatDay(at: number): string {
  const time = new Date(at)
  return `${time.getDate()} ${MONTHS[time.getMonth()]}`
}

function isSameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString()
}
