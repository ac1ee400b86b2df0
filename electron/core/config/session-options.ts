import type { SessionOptions } from '../../../shared/model'
import type { ConfigKeyRow } from './config-key-row'
import { CONFIG_KEYS } from './config-keys'

const PREFIX = 'session.'

/** The keys that are options of a session, by the option's name. */
const ROWS: ReadonlyMap<string, ConfigKeyRow> = new Map(
  CONFIG_KEYS.filter(({ place }) => place.startsWith(PREFIX)).map(row => [row.place.slice(PREFIX.length), row]),
)

/**
 * What is wrong with the options of one session, as a sentence about the first bad one; null when all of them obey the
 * rules of the configuration. Options that are undefined count as not said. How the grace and the interval of heartbeats
 * agree is not judged here: that takes the options as a whole.
 */
export function checkSessionOptions(partial: Partial<SessionOptions>): string | null {
  for (const [name, value] of Object.entries(partial)) {
    if (value === undefined) continue
    const row = ROWS.get(name)
    if (row === undefined) return `A session has no option '${name.slice(0, 64)}'.`
    if (!row.rule.allows(value)) return `The option ${name} must be ${row.rule.text}.`
  }
  return null
}

/** Whether a grace for heartbeats leaves room for one that is missed. */
export function isGraceEnough(heartbeatGraceMs: number, heartbeatIntervalMs: number | null): boolean {
  return heartbeatIntervalMs === null || heartbeatGraceMs >= 2 * heartbeatIntervalMs
}
