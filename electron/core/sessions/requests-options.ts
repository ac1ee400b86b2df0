import {
  CONNECTION_TIMEOUT_MAX_MS,
  CONNECTION_TIMEOUT_MIN_MS,
  FILTERS_MAX,
  HEALTH_CHECK_INTERVAL_MS,
  HEARTBEAT_GRACE_INTERVALS,
  INIT_SNIPPET_MAX_BYTES,
  LONG_RUNNING_HEALTH_CHECK_INTERVAL_MS,
  LONG_RUNNING_HEARTBEAT_INTERVAL_MS,
  OPERATION_TIMEOUT_MAX_MS,
  OPERATION_TIMEOUT_MIN_MS,
} from '../../../shared/limits'
import type { SessionOptions, SessionProfile } from '../../../shared/model'
import { invalidArgument } from './session-errors'

/** What a profile means where nobody said otherwise. */
const PROFILES: Readonly<Record<SessionProfile, Pick<SessionOptions, 'healthCheckIntervalMs' | 'heartbeatIntervalMs'>>> = {
  standard: { healthCheckIntervalMs: HEALTH_CHECK_INTERVAL_MS, heartbeatIntervalMs: null },
  longRunning: {
    healthCheckIntervalMs: LONG_RUNNING_HEALTH_CHECK_INTERVAL_MS,
    heartbeatIntervalMs: LONG_RUNNING_HEARTBEAT_INTERVAL_MS,
  },
}

/** The longest a timer of the runtime can wait; beyond it a time-out would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

interface Range {
  readonly what: string
  readonly min: number
  readonly max: number
  readonly zero?: true
  readonly never?: true
  readonly whole?: true
}

type NumericOption = { [K in keyof SessionOptions]: SessionOptions[K] extends number | null ? K : never }[keyof SessionOptions]

/** The rules of the configuration file, for what a call says. */
const RANGES: Readonly<Record<NumericOption, Range>> = {
  connectionTimeoutMs: { what: 'time limit for connecting', min: CONNECTION_TIMEOUT_MIN_MS, max: CONNECTION_TIMEOUT_MAX_MS },
  operationTimeoutMs: { what: 'time limit of an execution', min: OPERATION_TIMEOUT_MIN_MS, max: OPERATION_TIMEOUT_MAX_MS },
  shutdownTimeoutMs: { what: 'time limit for closing', min: 500, max: 60_000 },
  writeTimeoutMs: { what: 'time limit of a write', min: 100, max: 600_000 },
  idleTimeoutMs: { what: 'idle time-out', min: 1_000, max: LONGEST_MS, never: true },
  readerIdleMs: { what: 'idle time for reading', min: 1_000, max: LONGEST_MS, zero: true },
  writerIdleMs: { what: 'idle time for writing', min: 1_000, max: LONGEST_MS, zero: true },
  bothIdleMs: { what: 'idle time', min: 1_000, max: LONGEST_MS, zero: true },
  maxReconnectAttempts: { what: 'number of attempts to reconnect', min: 0, max: 100, whole: true },
  reconnectDelayMs: { what: 'delay before a reconnect', min: 0, max: 300_000 },
  healthCheckIntervalMs: { what: 'interval of health checks', min: 1_000, max: LONGEST_MS },
  heartbeatIntervalMs: { what: 'interval of heartbeats', min: 1_000, max: LONGEST_MS, never: true },
  heartbeatGraceMs: { what: 'grace for heartbeats', min: 2_000, max: LONGEST_MS },
  leaseDurationMs: { what: 'length of a lease', min: 5_000, max: LONGEST_MS, never: true },
  throughputIntervalMs: { what: 'interval for throughput', min: 250, max: 60_000 },
  maxPendingOperations: { what: 'number of waiting executions', min: 1, max: 10_000, whole: true },
  eventQueueCapacity: { what: 'length of an event queue', min: 16, max: 100_000, whole: true },
  maxMessageBytes: { what: 'size of a reply in bytes', min: 1_024, max: 16 * 1024 * 1024, whole: true },
}

/** What holds for one session: the configuration, and what the call says differently. Throws `InvalidArgument`. */
export function readSessionOptions(given: Partial<SessionOptions> | undefined, configured: SessionOptions): SessionOptions {
  const said = withoutGaps(given ?? {})
  const options = { ...ofProfile(said.profile ?? configured.profile, configured), ...said }
  for (const [key, range] of Object.entries(RANGES) as [NumericOption, Range][]) checkRange(options[key], range)
  const { heartbeatIntervalMs } = options
  if (heartbeatIntervalMs !== null) {
    const isTooShort = options.heartbeatGraceMs < 2 * heartbeatIntervalMs
    if (said.heartbeatGraceMs !== undefined && isTooShort)
      throw invalidArgument('The grace for heartbeats is at least two of their intervals.')
    const isAnotherInterval = heartbeatIntervalMs !== configured.heartbeatIntervalMs
    if (said.heartbeatGraceMs === undefined && (isTooShort || isAnotherInterval)) {
      options.heartbeatGraceMs = HEARTBEAT_GRACE_INTERVALS * heartbeatIntervalMs
    }
  }
  if (Buffer.byteLength(options.initSnippet) > INIT_SNIPPET_MAX_BYTES) {
    throw invalidArgument(`The snippet to run after connecting has at most ${INIT_SNIPPET_MAX_BYTES} bytes.`)
  }
  if (options.filters.length > FILTERS_MAX) throw invalidArgument(`A session has at most ${FILTERS_MAX} filters.`)
  if (new Set(options.filters.map(filter => filter.name)).size < options.filters.length) {
    throw invalidArgument('Two filters of one session have the same name.', 'duplicate-name')
  }
  return Object.freeze(options)
}

/** Another profile than the configured one brings its own intervals, except those that the configuration has set itself. */
function ofProfile(profile: SessionProfile, configured: SessionOptions): { -readonly [K in keyof SessionOptions]: SessionOptions[K] } {
  const from = PROFILES[configured.profile]
  const to = PROFILES[profile]
  const { healthCheckIntervalMs, heartbeatIntervalMs } = configured
  return {
    ...configured,
    profile,
    healthCheckIntervalMs: healthCheckIntervalMs === from.healthCheckIntervalMs ? to.healthCheckIntervalMs : healthCheckIntervalMs,
    heartbeatIntervalMs: heartbeatIntervalMs === from.heartbeatIntervalMs ? to.heartbeatIntervalMs : heartbeatIntervalMs,
  }
}

/** A key that is there without a value counts as one that is not there. */
function withoutGaps(given: Partial<SessionOptions>): Partial<SessionOptions> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function checkRange(value: number | null, { what, min, max, zero, never, whole }: Range): void {
  if (value === null && never) return
  if (value === 0 && zero) return
  if (value !== null && value >= min && value <= max && (!whole || Number.isInteger(value))) return
  const unit = whole ? '' : ' ms'
  const also = never ? ', or null for never' : zero ? ', or 0 for off' : ''
  throw invalidArgument(`The ${what} is ${min} to ${max}${unit}${also}.`)
}
