import { HEARTBEAT_GRACE_INTERVALS } from '../../../../shared/limits'
import type { SessionOptions, SessionProfile } from '../../../../shared/model'
import { PROFILES } from '../../config/profiles'
import { checkSessionOptions, isGraceEnough } from '../../config/session-options'
import { invalidArgument } from '../session-errors'

type Draft = { -readonly [K in keyof SessionOptions]: SessionOptions[K] }

/**
 * What holds for one session: the configuration, and what the call says differently. The same rules hold for both.
 * Throws `InvalidArgument`.
 */
export function readSessionOptions(given: Partial<SessionOptions> | undefined, configured: SessionOptions): SessionOptions {
  const said = withoutGaps(given ?? {})
  const problem = checkSessionOptions(said)
  if (problem !== null) throw invalidArgument(problem)
  const options: Draft = { ...ofProfile(said.profile ?? configured.profile, configured), ...said }
  if (said.heartbeatGraceMs === undefined) options.heartbeatGraceMs = graceOf(options, configured)
  if (isGraceEnough(options.heartbeatGraceMs, options.heartbeatIntervalMs)) return Object.freeze(options)
  throw invalidArgument('The option heartbeatGraceMs must be at least twice heartbeatIntervalMs.')
}

/** Another profile than the configured one brings its own intervals, except where the configuration has set one itself. */
function ofProfile(profile: SessionProfile, configured: SessionOptions): Draft {
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

/** Follows an interval that is another one than the configured. */
function graceOf({ heartbeatIntervalMs }: SessionOptions, configured: SessionOptions): number {
  const isAsConfigured = heartbeatIntervalMs === null || heartbeatIntervalMs === configured.heartbeatIntervalMs
  return isAsConfigured ? configured.heartbeatGraceMs : HEARTBEAT_GRACE_INTERVALS * heartbeatIntervalMs
}

/** A key that is there without a value counts as one that is not there. */
function withoutGaps(given: Partial<SessionOptions>): Partial<SessionOptions> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
