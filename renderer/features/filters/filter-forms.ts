import type { FilterSpec, FilterType } from '../../../shared/model'

/** One setting of a filter type, as a form asks for it. What is left empty comes from the configuration. */
export type SettingField = {
  readonly key: string
  readonly label: string
  readonly hint: string
} & (
  | { readonly kind: 'integer'; readonly unit: string }
  | { readonly kind: 'delimiter' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
)

export interface FilterForm {
  readonly label: string
  readonly does: string
  readonly fields: readonly SettingField[]
}

const LEVELS = ['off', 'debug', 'info', 'warn', 'error'] as const
const level = (key: string, label: string): SettingField => ({ key, label, kind: 'choice', choices: LEVELS, hint: '' })

export const FILTER_FORMS: Readonly<Record<FilterType, FilterForm>> = {
  stats: { label: 'Statistics', does: 'counts what passes and the time it takes further on', fields: [] },
  logging: {
    label: 'Logging',
    does: 'writes a line for each event to the log',
    fields: [
      level('created', 'Created'),
      level('opened', 'Opened'),
      level('inputClosed', 'Input closed'),
      level('closing', 'Closing'),
      level('closed', 'Closed'),
      level('idle', 'Idle'),
      level('exception', 'Exception'),
      level('received', 'Received'),
      level('sent', 'Sent'),
    ],
  },
  rateLimit: {
    label: 'Rate limit',
    does: 'delays what is sent and pauses the port; loses nothing',
    fields: [
      { key: 'bytesPerSecond', label: 'Rate', kind: 'integer', unit: 'bytes/s', hint: 'bytes/s; 0 for no limit' },
      { key: 'burst', label: 'Burst', kind: 'integer', unit: 'bytes', hint: 'bytes; 0 for one second’s worth' },
    ],
  },
  textCodec: {
    label: 'Text codec',
    does: 'makes lines of UTF-8 text of the bytes; readers behind it get lines',
    fields: [
      { key: 'delimiter', label: 'Line ends with', kind: 'delimiter', hint: 'escapes: \\n, \\r, \\t, \\\\' },
      { key: 'maxLineLength', label: 'Longest line', kind: 'integer', unit: 'bytes', hint: 'bytes; longer ones are cut' },
    ],
  },
}

export const FILTER_TYPES = Object.keys(FILTER_FORMS) as readonly FilterType[]

export type SettingTexts = Readonly<Record<string, string>>

export function settingTexts({ type, settings = {} }: FilterSpec): SettingTexts {
  const entries = FILTER_FORMS[type].fields.map(({ key, kind }): [string, string] => {
    const value = settings[key]
    if (value === undefined) return [key, '']
    return [key, kind === 'delimiter' ? escaped(String(value)) : String(value)]
  })
  return Object.fromEntries(entries)
}

/** What is wrong with one setting, as a sentence; null for nothing. */
export function checkSetting(field: SettingField, text: string): string | null {
  if (text === '' || field.kind !== 'integer') return null
  return /^\d{1,15}$/.test(text.trim()) ? null : `${field.label}: a whole number, 0 or more.`
}

export function specOf(name: string, type: FilterType, texts: SettingTexts): FilterSpec {
  const entries = FILTER_FORMS[type].fields.flatMap(({ key, kind }): [string, string | number][] => {
    const text = texts[key] ?? ''
    if (text === '') return []
    if (kind === 'integer') return [[key, Number(text)]]
    return [[key, kind === 'delimiter' ? unescaped(text) : text]]
  })
  return entries.length === 0 ? { name, type } : { name, type, settings: Object.fromEntries(entries) }
}

/** The type's name, with a number where that is taken. */
export function freeName(type: FilterType, taken: readonly string[]): string {
  let name: string = type
  for (let number = 2; taken.includes(name); number++) name = `${type}-${number}`
  return name
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }

function escaped(text: string): string {
  return text.replace(/[\n\r\t\\]/g, char => ESCAPES[char] ?? char)
}

function unescaped(text: string): string {
  const meaning: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' }
  return text.replace(/\\([nrt\\])/g, (_all, char: string) => meaning[char] ?? char)
}
