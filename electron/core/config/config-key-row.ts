import type { Rule } from './rules'
import type { Settings } from './settings'

/** One key of `muster.config.json`. Its default stands in `DEFAULT_SETTINGS`, at its place. */
export interface ConfigKeyRow {
  readonly key: string
  /** Other names it is known by, such as those of the systems that Muster's sessions come from. */
  readonly aliases: readonly string[]
  /** The heading under which a person finds it. */
  readonly group: string
  /** Where the settings hold it. `defaultTimeout` has no place of its own: it is what other keys fall back on. */
  readonly place: SettingPlace | typeof DEFAULT_TIMEOUT
  readonly rule: Rule<unknown>
  readonly description: string
  /** True: at once. False: sessions opened from now on. */
  readonly live: boolean
}

/** Every path to a single setting, for example `session.idleTimeoutMs`. */
export type SettingPlace = PlacesIn<Settings>
type PlacesIn<T, Path extends string = ''> = {
  [K in keyof T & string]: T[K] extends Leaf ? `${Path}${K}` : PlacesIn<T[K], `${Path}${K}.`>
}[keyof T & string]
type Leaf = string | number | boolean | null | readonly unknown[]
type SettingAt<P extends string, T = Settings> = P extends `${infer K}.${infer Rest}`
  ? K extends keyof T
    ? SettingAt<Rest, T[K]>
    : never
  : P extends keyof T
    ? T[P]
    : never

export const DEFAULT_TIMEOUT = 'defaultTimeout'

type Extras = Partial<Pick<ConfigKeyRow, 'aliases' | 'live'>>
type RowInGroup = Omit<ConfigKeyRow, 'group'>

/** One row. A rule that does not fit the setting does not compile. */
export function key<P extends SettingPlace>(
  key: string,
  place: P,
  rule: Rule<SettingAt<P>>,
  description: string,
  extras?: Extras,
): RowInGroup
export function key(key: string, place: typeof DEFAULT_TIMEOUT, rule: Rule<number>, description: string, extras?: Extras): RowInGroup
export function key(
  key: string,
  place: ConfigKeyRow['place'],
  rule: Rule<unknown>,
  description: string,
  { aliases = [], live = false }: Extras = {},
): RowInGroup {
  return { key, place, rule, description, aliases, live }
}

/** Rows under one heading. */
export function group(name: string, rows: readonly RowInGroup[]): readonly ConfigKeyRow[] {
  return rows.map(row => ({ ...row, group: name }))
}
