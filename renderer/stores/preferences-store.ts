import { createStore, type StoreApi } from 'zustand/vanilla'
import {
  OPERATION_TIMEOUT_MS,
  SAMPLER_INTERVAL_MAX_MS,
  SAMPLER_INTERVAL_MIN_MS,
  SAMPLER_INTERVAL_MS,
  SAMPLER_RETRY_MS,
} from '../../shared/limits'

export type MetricRangeMinutes = 1 | 5 | 15

/** What the window remembers between starts. */
export interface Preferences {
  /** Pixels; null for the width that fits the window. */
  readonly fleetWidth: number | null
  /** Percent of the console's height. */
  readonly editorShare: number
  readonly collapsedGroups: readonly string[]
  readonly timeLimitMs: number
  readonly timestamps: boolean
  readonly metricRangeMinutes: MetricRangeMinutes
  /** How often code is repeated, and what is waited instead after a failure. */
  readonly repeatIntervalMs: number
  readonly repeatRetryMs: number
  /** What follows a line that is sent to a board. */
  readonly lineEnding: LineEnding
}

export const LINE_ENDINGS = ['crlf', 'lf', 'none'] as const
export type LineEnding = (typeof LINE_ENDINGS)[number]

export type PreferencesStore = StoreApi<Preferences>
export type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem'>

const KEY = 'muster.preferences'

export const DEFAULT_PREFERENCES: Preferences = {
  fleetWidth: null,
  editorShare: 30,
  collapsedGroups: [],
  timeLimitMs: OPERATION_TIMEOUT_MS,
  timestamps: false,
  metricRangeMinutes: 1,
  repeatIntervalMs: SAMPLER_INTERVAL_MS,
  repeatRetryMs: SAMPLER_RETRY_MS,
  lineEnding: 'crlf',
}

/**
 * Unreadable or foreign values give the defaults; what can't be stored is kept for this run. Another window writes to the
 * same storage: each writes what it has changed itself and leaves the rest as the other left it.
 */
export function createPreferencesStore(storage: KeyValueStorage): PreferencesStore {
  const store = createStore<Preferences>(() => read(storage))
  store.subscribe((preferences, before) => {
    const keys = (Object.keys(preferences) as (keyof Preferences)[]).filter(key => preferences[key] !== before[key])
    const changes = Object.fromEntries(keys.map(key => [key, preferences[key]]))
    try {
      storage.setItem(KEY, JSON.stringify({ ...parse(storage), ...changes }))
    } catch {
      // A full or forbidden storage costs the memory of sizes, nothing else.
    }
  })
  return store
}

function read(storage: KeyValueStorage): Preferences {
  const stored = parse(storage)
  const range = stored.metricRangeMinutes
  return {
    fleetWidth: typeof stored.fleetWidth === 'number' ? stored.fleetWidth : DEFAULT_PREFERENCES.fleetWidth,
    editorShare: typeof stored.editorShare === 'number' ? stored.editorShare : DEFAULT_PREFERENCES.editorShare,
    collapsedGroups: Array.isArray(stored.collapsedGroups)
      ? stored.collapsedGroups.filter((group): group is string => typeof group === 'string')
      : DEFAULT_PREFERENCES.collapsedGroups,
    timeLimitMs: typeof stored.timeLimitMs === 'number' ? stored.timeLimitMs : DEFAULT_PREFERENCES.timeLimitMs,
    timestamps: stored.timestamps === true,
    metricRangeMinutes: range === 1 || range === 5 || range === 15 ? range : DEFAULT_PREFERENCES.metricRangeMinutes,
    repeatIntervalMs: readInterval(stored.repeatIntervalMs, DEFAULT_PREFERENCES.repeatIntervalMs),
    repeatRetryMs: readInterval(stored.repeatRetryMs, DEFAULT_PREFERENCES.repeatRetryMs),
    lineEnding: LINE_ENDINGS.find(ending => ending === stored.lineEnding) ?? DEFAULT_PREFERENCES.lineEnding,
  }
}

function readInterval(stored: unknown, usual: number): number {
  const isInRange = typeof stored === 'number' && stored >= SAMPLER_INTERVAL_MIN_MS && stored <= SAMPLER_INTERVAL_MAX_MS
  return isInRange ? stored : usual
}

function parse(storage: KeyValueStorage): Partial<Record<keyof Preferences, unknown>> {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? '{}')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
