import { createStore, type StoreApi } from 'zustand/vanilla'
import { OPERATION_TIMEOUT_MS } from '../../shared/limits'

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
}

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
}

/** Unreadable or foreign values give the defaults; what can't be stored is kept for this run. */
export function createPreferencesStore(storage: KeyValueStorage): PreferencesStore {
  const store = createStore<Preferences>(() => read(storage))
  store.subscribe(preferences => {
    try {
      storage.setItem(KEY, JSON.stringify(preferences))
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
  }
}

function parse(storage: KeyValueStorage): Partial<Record<keyof Preferences, unknown>> {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? '{}')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
