import type { FilterSpec } from '../../../../shared/model'
import { badFilterSetting } from './filter-errors'

/** What one setting of a filter may be. */
export type SettingRule =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'text'; readonly minChars: number; readonly maxChars: number }
  | { readonly kind: 'choice'; readonly of: readonly string[] }

export type SettingRules = Readonly<Record<string, SettingRule>>

/** Throws `InvalidArgument` for a setting that the type does not have or that breaks its rule. */
export function checkSettings(spec: FilterSpec, rules: SettingRules): void {
  for (const [key, value] of Object.entries(spec.settings ?? {})) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
    const known = Object.keys(rules).join(', ')
    if (rule === undefined) {
      const has = known === '' ? 'has no settings' : `has the settings ${known}`
      throw badFilterSetting(`A filter of type ${spec.type} ${has}, and not '${key.slice(0, 64)}'.`)
    }
    if (!fits(value, rule)) throw badFilterSetting(`The setting ${key} of filter '${spec.name}' ${demand(rule)}.`)
  }
}

export function numberSetting(spec: FilterSpec, key: string, fallback: number): number {
  const value = spec.settings?.[key]
  return typeof value === 'number' ? value : fallback
}

export function textSetting(spec: FilterSpec, key: string, fallback: string): string {
  const value = spec.settings?.[key]
  return typeof value === 'string' ? value : fallback
}

function fits(value: string | number | boolean, rule: SettingRule): boolean {
  switch (rule.kind) {
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && value >= rule.min && value <= rule.max
    case 'text':
      return typeof value === 'string' && value.length >= rule.minChars && value.length <= rule.maxChars
    case 'choice':
      return typeof value === 'string' && rule.of.includes(value)
  }
}

function demand(rule: SettingRule): string {
  switch (rule.kind) {
    case 'integer':
      return `must be a whole number from ${rule.min} to ${rule.max}`
    case 'text':
      return `must be text of ${rule.minChars} to ${rule.maxChars} characters`
    case 'choice':
      return `must be one of ${rule.of.join(', ')}`
  }
}
