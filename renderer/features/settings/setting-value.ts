import type { ConfigKey, JsonValue } from '../../../shared/model'
import { formatCount } from '../../ui/format'
import { formatPeriod, parsePeriod } from '../../ui/periods'

/** What a field shows for a value, and what it means when it has been typed. Main has the last word on both. */

export function fieldText({ kind }: Pick<ConfigKey, 'kind'>, value: JsonValue): string {
  if (value === null) return ''
  if (kind === 'list')
    return Array.isArray(value) ? value.map(item => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n') : ''
  if (typeof value !== 'string') return JSON.stringify(value)
  return value
}

/** Undefined where it can't be meant: the sentence says why. An empty field is null where there may be none. */
export function fieldValue(
  key: Pick<ConfigKey, 'kind' | 'nullable'>,
  text: string,
): { readonly value: JsonValue } | { readonly error: string } {
  const trimmed = text.trim()
  if (key.kind === 'list') {
    return {
      value: text
        .split('\n')
        .map(line => line.trim())
        .filter(Boolean),
    }
  }
  if (key.kind === 'text') return { value: text }
  if (trimmed === '') return key.nullable ? { value: null } : { error: 'A value is needed here.' }
  if (key.kind === 'duration') {
    // With a unit it is as a person writes it; without, as the file does.
    return { value: (/[a-z]/i.test(trimmed) ? parsePeriod(trimmed) : null) ?? trimmed }
  }
  const number = Number(trimmed.replaceAll(',', ''))
  return Number.isFinite(number) ? { value: number } : { error: `“${trimmed}” is not a number.` }
}

/** A value in a sentence: `5 min`, `on`, `none`. */
export function valueInWords({ kind }: Pick<ConfigKey, 'kind'>, value: JsonValue): string {
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (kind === 'duration') return durationInWords(value)
  if (typeof value === 'number') return Number.isInteger(value) ? formatCount(value) : String(value)
  if (typeof value === 'string') return value === '' ? 'empty' : escaped(value)
  if (Array.isArray(value))
    return value.length === 0 ? 'empty' : value.map(item => (typeof item === 'string' ? item : JSON.stringify(item))).join(', ')
  return JSON.stringify(value)
}

/** `00:05:00` → `5 min`; what is no length of time stays as it is. */
function durationInWords(value: JsonValue): string {
  const durationMs = typeof value === 'number' ? value : parsePeriod(String(value))
  if (durationMs === null) return String(value)
  return durationMs === 0 ? 'off' : formatPeriod(durationMs)
}

/** Control characters as a person types them: a line break is `\n`. */
export function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
}

export function unescaped(text: string): string {
  return text.replace(/\\([nrt\\])/g, (_whole, sign: string) => ({ n: '\n', r: '\r', t: '\t' })[sign] ?? '\\')
}
