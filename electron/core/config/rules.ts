import type { ConfigKey, JsonValue } from '../../../shared/model'
import { durationInWords, formatDuration, parseDuration } from './duration'

/** What a key of the configuration may be: how the file says it, and how the settings hold it. */
export interface Rule<T> {
  readonly kind: ConfigKey['kind']
  /** What is allowed, in words that follow "must be". */
  readonly text: string
  readonly choices: readonly string[]
  readonly nullable: boolean
  /** From the file's form; undefined where it breaks the rule. `seconds`: bare numbers are seconds, not milliseconds. */
  read(value: JsonValue, seconds?: boolean): T | undefined
  /** Whether a value in the settings' form obeys. */
  allows(value: unknown): boolean
  /** In the file's form, as a person would write it. */
  show(value: T): JsonValue
}

const PLAIN = { choices: [], nullable: false } as const

/** A rule whose two forms are the same. */
function sameForm<T extends JsonValue>(kind: ConfigKey['kind'], text: string, allows: (value: unknown) => boolean): Rule<T> {
  return { ...PLAIN, kind, text, allows, read: value => (allows(value) ? (value as T) : undefined), show: value => value }
}

export function boolean(): Rule<boolean> {
  return sameForm('boolean', 'true or false', value => typeof value === 'boolean')
}

export function integer(min: number, max: number, unit = ''): Rule<number> {
  const text = `a whole number from ${grouped(min)} to ${grouped(max)}${unit && ` ${unit}`}`
  return sameForm('integer', text, value => Number.isInteger(value) && isWithin(value as number, min, max))
}

export interface DurationLimits {
  readonly minMs: number
  readonly maxMs: number
  /** 0 is allowed beside the range, and means this. */
  readonly zero?: string
  /** Null is allowed, and means this. */
  readonly none?: string
}

export function duration(limits: DurationLimits & { readonly none: string }): Rule<number | null>
export function duration(limits: DurationLimits): Rule<number>
export function duration({ minMs, maxMs, zero, none }: DurationLimits): Rule<number> | Rule<number | null> {
  const range = `${durationInWords(minMs)} to ${durationInWords(maxMs)}`
  const allows = (value: unknown): boolean => {
    if (value === null) return none !== undefined
    return Number.isInteger(value) && (isWithin(value as number, minMs, maxMs) || (value === 0 && zero !== undefined))
  }
  return {
    kind: 'duration',
    text: [range, zero && `0 for ${zero}`, none && `null for ${none}`].filter(Boolean).join(', or '),
    choices: [],
    nullable: none !== undefined,
    allows,
    read(value, seconds = false) {
      const durationMs = typeof value === 'string' ? parseDuration(value) : numberOfMs(value, seconds)
      return allows(durationMs) ? (durationMs as number) : undefined
    },
    show: (value: number | null) => (value === null ? null : formatDuration(value)),
  }
}

function numberOfMs(value: JsonValue, seconds: boolean): JsonValue {
  return typeof value === 'number' && seconds ? Math.round(value * 1_000) : value
}

export interface TextLimits {
  readonly minChars?: number
  readonly maxChars: number
  /** A limit of its own for the size as UTF-8. */
  readonly maxBytes?: number
  /** Line feeds and other control characters are part of it. */
  readonly controls?: boolean
}

const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/

export function text({ minChars = 0, maxChars, maxBytes, controls = false }: TextLimits): Rule<string> {
  const size = maxBytes === undefined ? `${grouped(maxChars)} characters` : `${grouped(maxBytes)} bytes`
  const words = minChars > 0 ? `text of ${minChars} to ${size}` : `text of at most ${size}`
  return sameForm('text', controls ? words : `${words} on one line`, value => {
    if (typeof value !== 'string' || value.length < minChars || value.length > maxChars) return false
    if (!controls && CONTROL_CHARACTER.test(value)) return false
    return maxBytes === undefined || Buffer.byteLength(value) <= maxBytes
  })
}

/** One of a few texts or numbers. Upper and lower case count as equal, and so do a number and its text. */
export function choice<const T extends string | number>(...values: readonly T[]): Rule<T> {
  const find = (value: unknown): T | undefined =>
    typeof value === 'string' || typeof value === 'number'
      ? values.find(one => String(one).toLowerCase() === String(value).toLowerCase())
      : undefined
  return {
    ...PLAIN,
    kind: 'choice',
    text: inWords(values.map(String)),
    choices: values.map(String),
    allows: value => values.includes(value as T),
    read: find,
    show: value => value,
  }
}

/** Texts, of which each obeys a rule of its own. */
export function textList(maxItems: number, items: Rule<string>, what: string): Rule<readonly string[]> {
  return sameForm(
    'list',
    `a list of at most ${maxItems} ${what}`,
    value => Array.isArray(value) && value.length <= maxItems && value.every(item => items.allows(item)),
  )
}

/** A time difference in whole seconds; the file may also say it as `-05:30:00`. */
export function offsetSeconds(maxSeconds: number): Rule<number> {
  const seconds = integer(-maxSeconds, maxSeconds)
  return {
    ...seconds,
    text: `${seconds.text} seconds`,
    read(value) {
      if (typeof value !== 'string') return seconds.read(value)
      const offsetMs = parseDuration(value.replace(/^[+-]/, ''))
      return offsetMs === undefined ? undefined : seconds.read(((value.startsWith('-') ? -1 : 1) * offsetMs) / 1_000)
    },
  }
}

function isWithin(value: number, min: number, max: number): boolean {
  return value >= min && value <= max
}

function grouped(value: number): string {
  return value.toLocaleString('en-US')
}

function inWords(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}
