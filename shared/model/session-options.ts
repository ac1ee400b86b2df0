import type { FilterSpec } from './filters'

/** `longRunning`: a heartbeat every 30 s and a health check every 5 min instead of every minute. */
export type SessionProfile = 'standard' | 'longRunning'

/**
 * What a session was opened with: defaults, then the configuration file, then what the call said. Frozen, except for
 * what `sessions:configure` may change.
 */
export interface SessionOptions {
  /** Bounds every attempt to connect, and every awaited hook. */
  readonly connectionTimeoutMs: number
  /** Limit of an execution that says none of its own. */
  readonly operationTimeoutMs: number
  readonly shutdownTimeoutMs: number
  readonly writeTimeoutMs: number
  /** Closes a session that nobody has used for so long; null for never. */
  readonly idleTimeoutMs: number | null
  readonly readerIdleMs: number
  readonly writerIdleMs: number
  readonly bothIdleMs: number
  readonly autoReconnect: boolean
  /** 0 for none. */
  readonly maxReconnectAttempts: number
  readonly reconnectDelayMs: number
  readonly profile: SessionProfile
  readonly healthChecks: boolean
  readonly healthCheckIntervalMs: number
  /** Null for no heartbeat. */
  readonly heartbeatIntervalMs: number | null
  readonly heartbeatGraceMs: number
  /** A lease of this length from the open on, renewed by every use; null for none. */
  readonly leaseDurationMs: number | null
  readonly throughputIntervalMs: number
  readonly maxPendingOperations: number
  /** Entries that wait in one reader of a session's output. */
  readonly eventQueueCapacity: number
  /** Output of one execution that its reply may carry; more fails the execution. */
  readonly maxMessageBytes: number
  /** Runs after every connect, before the session is handed over. Empty for none. */
  readonly initSnippet: string
  /** Run on the board between two pieces of a file, for example `wdt.feed()`: a watchdog would reset it. Empty for none. */
  readonly watchdogFeed: string
  readonly attributeStore: 'memory' | 'file'
  /** `watch`: the board's program is not interrupted; only what it prints is read, until `sessions:takeOver`. */
  readonly attach: 'interrupt' | 'watch'
  readonly filters: readonly FilterSpec[]
}

/** The part of the options that a person may change while the session is open. */
export type LiveSessionOptions = Pick<
  SessionOptions,
  'autoReconnect' | 'idleTimeoutMs' | 'readerIdleMs' | 'writerIdleMs' | 'bothIdleMs' | 'watchdogFeed'
>
