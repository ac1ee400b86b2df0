import { FILTER_NAME_MAX_CHARS, FILTERS_MAX } from '../../../shared/limits'
import type { FilterSpec, FilterType, JsonValue } from '../../../shared/model'
import { flowProblem } from '../sessions/filters/filter-list'
import { checkSettings } from '../sessions/filters/filter-settings'
import { FILTER_TYPES } from '../sessions/filters/filter-types'
import type { Rule } from './rules'

const SPEC_KEYS = ['name', 'type', 'settings']

/** A whole chain. The file names a type where a filter is called like its type and has no settings of its own. */
export function filterChain(): Rule<readonly FilterSpec[]> {
  return {
    kind: 'list',
    text: `a list of at most ${FILTERS_MAX} of ${Object.keys(FILTER_TYPES).join(', ')}, with unique names, each taking what the one before it hands on`,
    choices: Object.keys(FILTER_TYPES),
    nullable: false,
    read(value) {
      const specs = Array.isArray(value) ? value.map(specOf) : undefined
      return specs !== undefined && isChain(specs) ? specs : undefined
    },
    allows: value => Array.isArray(value) && isChain(value),
    show: filters =>
      filters.map(({ name, type, settings }) =>
        name === type && settings === undefined ? type : { name, type, ...(settings && { settings }) },
      ),
  }
}

function specOf(item: JsonValue): JsonValue {
  return typeof item === 'string' ? { name: item, type: item } : item
}

function isChain(specs: readonly unknown[]): specs is readonly FilterSpec[] {
  if (specs.length > FILTERS_MAX || !specs.every(isSpec)) return false
  if (new Set(specs.map(({ name }) => name)).size < specs.length) return false
  return flowProblem(specs.map(spec => ({ spec, ...FILTER_TYPES[spec.type] }))) === null
}

function isSpec(item: unknown): item is FilterSpec {
  if (typeof item !== 'object' || item === null || !Object.keys(item).every(key => SPEC_KEYS.includes(key))) return false
  const { name, type, settings } = item as { readonly name?: unknown; readonly type?: unknown; readonly settings?: unknown }
  if (typeof name !== 'string' || name === '' || name.length > FILTER_NAME_MAX_CHARS) return false
  if (typeof type !== 'string' || !Object.hasOwn(FILTER_TYPES, type)) return false
  if (settings === undefined) return true
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return false
  try {
    checkSettings(item as FilterSpec, FILTER_TYPES[type as FilterType].settings)
    return true
  } catch {
    return false
  }
}
