import { CONFIG_PROBLEMS_MAX } from '../../../shared/limits'
import type { ConfigKey, ConfigProblem } from '../../../shared/model'
import type { ConfigKeyRow } from './config-key-row'
import { CONFIG_KEYS } from './config-keys'
import { type ConfigEntry, type ConfigTree, parseConfigText } from './config-text'
import { formatDuration } from './duration'
import { isGraceEnough } from './session-options'
import type { Settings } from './settings'
import { defaultsFor, type SaidValues, settingsFrom } from './settings-values'

/** What a configuration file says: whole settings in every case, and what a person should know about it. */
export interface ConfigReading {
  readonly settings: Settings
  /** The file can't be read as a configuration: the defaults hold, and nothing may be written to it. */
  readonly isReadOnly: boolean
  readonly problems: readonly ConfigProblem[]
  readonly keys: readonly ConfigKey[]
}

const NOTHING_SAID: SaidValues = new Map()

/** Reads the text of a file, in which anything may stand. Never throws. */
export function readConfig(text: string): ConfigReading {
  const tree = parseConfigText(text)
  if ('problem' in tree) return unreadableConfig(`It can't be understood at ${tree.problem}`)
  const said = new Map<ConfigKeyRow['place'], unknown>()
  const problems: ConfigProblem[] = []
  for (const row of CONFIG_KEYS) {
    const entries = tree.entries.filter(entry => entry.row === row)
    const entry = deciding(entries)
    if (entry === undefined) continue
    if (entries.length > 1) problems.push(conflict(entries, entry))
    const value = row.rule.read(entry.value, entry.seconds)
    if (value === undefined) problems.push(badValue(entry, text))
    else said.set(row.place, value)
  }
  problems.push(...dropShortGrace(said))
  const settings = settingsFrom(said)
  problems.push(...unknownParts(tree), ...doubtful(settings))
  return { settings, isReadOnly: false, problems: inBounds(problems), keys: keysOf(said) }
}

/** The reading of a file that can't be had as text. `why` is a sentence about the file. */
export function unreadableConfig(why: string): ConfigReading {
  const message = `${why} The defaults hold, and nothing can be changed here, until the file is mended.`
  return {
    settings: settingsFrom(NOTHING_SAID),
    isReadOnly: true,
    problems: [{ severity: 'error', key: null, message }],
    keys: keysOf(NOTHING_SAID),
  }
}

/** A key's own name counts more than an alias; among equals, the last one does. */
export function deciding(entries: readonly ConfigEntry[]): ConfigEntry | undefined {
  return entries.filter(({ isOwn }) => isOwn).at(-1) ?? entries.at(-1)
}

function keysOf(said: SaidValues): readonly ConfigKey[] {
  const defaultOf = defaultsFor(said)
  return CONFIG_KEYS.map(row => {
    const { key, group, rule, description, live } = row
    const shownDefault = rule.show(defaultOf(row))
    return {
      key,
      group,
      kind: rule.kind,
      value: said.has(row.place) ? rule.show(said.get(row.place)) : shownDefault,
      default: shownDefault,
      source: said.has(row.place) ? 'file' : 'default',
      rule: rule.text,
      description,
      choices: rule.choices,
      nullable: rule.nullable,
      live,
    }
  })
}

function badValue({ row, path, property }: ConfigEntry, text: string): ConfigProblem {
  const value = property.children?.[1]
  const written = value === undefined ? '' : text.slice(value.offset, value.offset + value.length)
  return {
    severity: 'error',
    key: row.key,
    message: `${named(path)} must be ${row.rule.text}. The file says ${shortened(written)}; the default is used instead.`,
  }
}

function conflict(entries: readonly ConfigEntry[], used: ConfigEntry): ConfigProblem {
  const others = [...new Set(entries.filter(entry => entry !== used).map(({ path }) => named(path)))]
  return {
    severity: 'warning',
    key: used.row.key,
    message: `The file says ${used.row.key} more than once: ${named(used.path)} counts, ${shortened(others.join(', '))} does not.`,
  }
}

/** A grace must leave room for a heartbeat that is missed, which its own rule can't know. */
function dropShortGrace(said: Map<ConfigKeyRow['place'], unknown>): ConfigProblem[] {
  const { heartbeatGraceMs, heartbeatIntervalMs } = settingsFrom(said).session
  if (!said.has('session.heartbeatGraceMs') || isGraceEnough(heartbeatGraceMs, heartbeatIntervalMs)) return []
  said.delete('session.heartbeatGraceMs')
  const message = 'deviceSessions.heartbeatGrace must be at least twice deviceSessions.heartbeatInterval. The default is used instead.'
  return [{ severity: 'error', key: 'deviceSessions.heartbeatGrace', message }]
}

function unknownParts({ unknownPaths, brokenSections }: ConfigTree): ConfigProblem[] {
  return [
    ...brokenSections.map(
      (path): ConfigProblem => ({ severity: 'error', key: named(path), message: `${named(path)} must be an object that holds keys.` }),
    ),
    ...unknownPaths.map(
      (path): ConfigProblem => ({ severity: 'warning', key: named(path), message: `${named(path)} is no key of Muster's; it is ignored.` }),
    ),
  ]
}

/** Values that are allowed, and yet are rarely meant. */
function doubtful({ session }: Settings): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const warn = (key: string, message: string): void => void problems.push({ severity: 'warning', key, message: `${key} ${message}` })
  if (session.connectionTimeoutMs <= SHORT_CONNECTION_MS) {
    const length = formatDuration(session.connectionTimeoutMs)
    warn('deviceSessions.connectionTimeout', `is ${length}. A board that restarts when it is connected takes longer.`)
  }
  if (session.healthChecks && session.healthCheckIntervalMs <= session.operationTimeoutMs) {
    const [interval, timeout] = [formatDuration(session.healthCheckIntervalMs), formatDuration(session.operationTimeoutMs)]
    warn(
      'deviceSessions.healthCheckInterval',
      `is ${interval}, no longer than one execution may take (deviceSessions.operationTimeout, ${timeout}).`,
    )
  }
  return problems
}

const SHORT_CONNECTION_MS = 1_000

/** Errors first. Nobody reads a thousand of them, and nobody should be made to carry them. */
function inBounds(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const sorted = [...problems].sort((left, right) => Number(left.severity === 'warning') - Number(right.severity === 'warning'))
  if (sorted.length <= CONFIG_PROBLEMS_MAX) return sorted
  const more = sorted.length - CONFIG_PROBLEMS_MAX
  return [
    ...sorted.slice(0, CONFIG_PROBLEMS_MAX),
    { severity: 'warning', key: null, message: `There are ${more} more problems like these.` },
  ]
}

function named(path: readonly string[]): string {
  return shortened(path.join('.'))
}

const SHOWN_CHARS = 100

function shortened(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text
}
