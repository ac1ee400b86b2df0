import { FILTER_DELIMITER_MAX_CHARS, FILTER_QUEUE_BYTES, FILTER_RATE_MAX_BYTES } from '../../../../shared/limits'
import type { FilterSpec, FilterType, FlowType } from '../../../../shared/model'
import type { Filter } from './filter'
import type { FilterContext } from './filter-context'
import { unknownFilterType } from './filter-errors'
import { checkSettings, type SettingRules } from './filter-settings'
import { createLoggingFilter, LOGGING_SETTINGS } from './logging-filter'
import { createRateLimitFilter } from './rate-limit-filter'
import { createStatsFilter } from './stats-filter'
import { createTextCodec } from './text-codec-filter'

export interface FilterTypeEntry {
  /** What it takes in and hands on, seen from the port. `message`: whatever comes, and the same. */
  readonly accepts: FlowType
  readonly produces: FlowType
  readonly settings: SettingRules
  /** The settings have been checked. */
  create(spec: FilterSpec, context: FilterContext): Filter
}

export type FilterTypes = Readonly<Record<FilterType, FilterTypeEntry>>

/** Every filter that a chain may hold. What a setting leaves open comes from the configuration. */
export const FILTER_TYPES: FilterTypes = {
  stats: { accepts: 'message', produces: 'message', settings: {}, create: createStatsFilter },
  logging: { accepts: 'message', produces: 'message', settings: LOGGING_SETTINGS, create: createLoggingFilter },
  rateLimit: {
    accepts: 'bytes',
    produces: 'bytes',
    settings: {
      // 0: no limit, and a burst of one second's worth.
      bytesPerSecond: { kind: 'integer', min: 0, max: FILTER_RATE_MAX_BYTES },
      burst: { kind: 'integer', min: 0, max: FILTER_RATE_MAX_BYTES },
    },
    create: createRateLimitFilter,
  },
  textCodec: {
    accepts: 'bytes',
    produces: 'text',
    settings: {
      delimiter: { kind: 'text', minChars: 1, maxChars: FILTER_DELIMITER_MAX_CHARS },
      // 0: as long as a chain can hold.
      maxLineLength: { kind: 'integer', min: 0, max: FILTER_QUEUE_BYTES },
    },
    create: createTextCodec,
  },
}

/** Throws `FilterError` (`unknown-filter`) or `InvalidArgument`. */
export function createFilter(spec: FilterSpec, context: FilterContext, types: FilterTypes): Filter {
  const entry = Object.hasOwn(types, spec.type) ? types[spec.type] : undefined
  if (entry === undefined) throw unknownFilterType(spec.type, Object.keys(types))
  checkSettings(spec, entry.settings)
  return entry.create(spec, context)
}
