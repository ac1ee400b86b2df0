import type { JsonValue } from './json'

/** One key of the configuration: what it is, what it says now, and why. */
export interface ConfigKey {
  /** For example `deviceSessions.idleTimeout`. */
  readonly key: string
  readonly group: string
  readonly kind: 'boolean' | 'integer' | 'number' | 'duration' | 'text' | 'choice' | 'list'
  /** As the file says it: durations as `hh:mm:ss` text or null. */
  readonly value: JsonValue
  readonly default: JsonValue
  readonly source: 'default' | 'file'
  /** What is allowed, in words. */
  readonly rule: string
  readonly description: string
  readonly choices: readonly string[]
  /** Null is a value of its own here, for example "never". */
  readonly nullable: boolean
  /** True: at once. False: sessions opened from now on. */
  readonly live: boolean
}

export interface ConfigProblem {
  readonly severity: 'error' | 'warning'
  /** Null for the file as a whole. */
  readonly key: string | null
  readonly message: string
}

export interface ConfigReport {
  readonly file: string
  /** The file can't be parsed: it is left alone until a person has mended it. */
  readonly isReadOnly: boolean
  readonly problems: readonly ConfigProblem[]
  readonly keys: readonly ConfigKey[]
}
