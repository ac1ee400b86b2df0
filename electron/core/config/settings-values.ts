import { CONNECTION_TIMEOUT_MS, HEARTBEAT_GRACE_INTERVALS, LONG_RUNNING_HEARTBEAT_INTERVAL_MS } from '../../../shared/limits'
import { type ConfigKeyRow, DEFAULT_TIMEOUT } from './config-key-row'
import { DEFAULT_SETTINGS } from './default-settings'
import { PROFILES } from './profiles'
import type { Settings } from './settings'

/** What is said of single settings, by their place. Every value has been read by the rule of its key. */
export type SaidValues = ReadonlyMap<ConfigKeyRow['place'], unknown>

type Tree = { [name: string]: unknown }

/** The settings as they are when just this is said. Frozen. */
export function settingsFrom(said: SaidValues): Settings {
  const settings = defaultsBeside(said)
  for (const [place, value] of said) if (place !== DEFAULT_TIMEOUT) put(settings, place, value)
  return frozen(settings) as unknown as Settings
}

/** What each key is when it is not said itself, beside everything else that is. */
export function defaultsFor(said: SaidValues): (row: ConfigKeyRow) => unknown {
  const defaults = defaultsBeside(said)
  return ({ place }) => (place === DEFAULT_TIMEOUT ? CONNECTION_TIMEOUT_MS : valueAt(defaults, place))
}

/** Defaults that depend on what is said: the profile brings its intervals, and three of a heartbeat's are its grace. */
function defaultsBeside(said: SaidValues): Tree {
  const settings = JSON.parse(JSON.stringify(DEFAULT_SETTINGS)) as Tree
  const profile = PROFILES[said.get('session.profile') as keyof typeof PROFILES] ?? PROFILES[DEFAULT_SETTINGS.session.profile]
  put(settings, 'session.healthCheckIntervalMs', profile.healthCheckIntervalMs)
  put(settings, 'session.heartbeatIntervalMs', profile.heartbeatIntervalMs)
  const interval = said.has('session.heartbeatIntervalMs') ? said.get('session.heartbeatIntervalMs') : profile.heartbeatIntervalMs
  const graceInterval = typeof interval === 'number' ? interval : LONG_RUNNING_HEARTBEAT_INTERVAL_MS
  put(settings, 'session.heartbeatGraceMs', HEARTBEAT_GRACE_INTERVALS * graceInterval)
  const timeout = said.get(DEFAULT_TIMEOUT)
  if (timeout !== undefined) {
    put(settings, 'session.connectionTimeoutMs', timeout)
    put(settings, 'pool.acquireTimeoutMs', timeout)
  }
  return settings
}

function put(tree: Tree, place: string, value: unknown): void {
  const names = place.split('.')
  const last = names.pop() ?? place
  const holder = names.reduce((inner, name) => inner[name] as Tree, tree)
  holder[last] = value
}

function valueAt(tree: Tree, place: string): unknown {
  return place.split('.').reduce<unknown>((inner, name) => (inner as Tree)[name], tree)
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner)
    Object.freeze(value)
  }
  return value
}
