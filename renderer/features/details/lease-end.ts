import { parsePeriod } from '../../ui/periods'

const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/
const DATE_AND_TIME = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$/

/** Reads `20 min` as so far from now, `14:30` as the next such time of day, and a date with a time as that moment. */
export function parseEnd(text: string, now: number): number | null {
  const trimmed = text.trim()
  const date = DATE_AND_TIME.exec(trimmed)
  if (date !== null) return moment(date.slice(1).map(part => Number(part ?? 0)))
  const time = TIME.exec(trimmed)
  if (time === null) {
    const periodMs = parsePeriod(trimmed)
    return periodMs === null ? null : now + periodMs
  }
  const today = new Date(now)
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()] as const
  const clock = time.slice(1).map(part => Number(part ?? 0))
  const at = moment([...day, ...clock])
  return at === null || at > now ? at : moment([day[0], day[1], day[2] + 1, ...clock], true)
}

/** Null for the 31st of April and the 25th hour, unless what is too much is to be carried over. */
function moment([year = 0, month = 1, day = 1, hours = 0, minutes = 0, seconds = 0]: readonly number[], carries = false): number | null {
  const time = new Date(year, month - 1, day, hours, minutes, seconds)
  const isSame = time.getDate() === day && time.getHours() === hours && time.getMinutes() === minutes && time.getSeconds() === seconds
  return isSame || carries ? time.getTime() : null
}
