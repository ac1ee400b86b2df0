import { type ErrorReason, MusterError } from '../../../shared/errors'
import type { JsonValue } from '../../../shared/model'
import { addProperty, removeProperty, replaceValue, withNewObject } from './config-edit'
import type { ConfigKeyRow } from './config-key-row'
import { CONFIG_KEYS } from './config-keys'
import { deciding, readConfig } from './config-reading'
import { type ConfigEntry, type ConfigTree, parseConfigText } from './config-text'

export function configInvalid(message: string, reason?: ErrorReason, cause?: unknown): MusterError {
  return new MusterError({ code: 'ConfigInvalid', message, ...(reason !== undefined && { reason }) }, { cause })
}

/** Throws `ConfigInvalid` for a key that there is not. */
export function rowOf(key: string): ConfigKeyRow {
  const row = CONFIG_KEYS.find(row => row.key === key)
  if (row === undefined) throw configInvalid(`There is no configuration key '${key.slice(0, 64)}'.`)
  return row
}

/**
 * The file's text with another value for a key, where the file says it, else at the end of its section. Throws
 * `ConfigInvalid` when the value breaks a rule.
 */
export function withValue(text: string, row: ConfigKeyRow, value: JsonValue): string {
  const read = row.rule.read(value)
  if (read === undefined) throw configInvalid(`${row.key} must be ${row.rule.text}.`)
  const shown = row.rule.show(read)
  const tree = treeOf(text)
  const entry = deciding(entriesOf(tree, row))
  const changed =
    entry === undefined ? added(text, tree, row.key.split('.'), shown) : replaceValue(text, entry.property, formFor(entry, shown, read))
  return checked(text, changed, row, shown)
}

/** The file's text without a key, under whatever names it stands there. */
export function withoutKey(text: string, row: ConfigKeyRow): string {
  let changed = text
  for (;;) {
    const entry = entriesOf(treeOf(changed), row).at(-1)
    if (entry === undefined) return changed === text ? text : checked(text, changed, row, undefined)
    changed = removeProperty(changed, entry.property)
  }
}

function treeOf(text: string): ConfigTree {
  const tree = parseConfigText(text)
  if ('problem' in tree) throw configInvalid(`The configuration file can't be understood at ${tree.problem}`, 'read-only')
  return tree
}

function entriesOf(tree: ConfigTree, row: ConfigKeyRow): readonly ConfigEntry[] {
  return tree.entries.filter(entry => entry.row === row)
}

/** A name that counts in seconds stays one, so that the file still means what it says. */
function formFor({ seconds }: ConfigEntry, shown: JsonValue, read: unknown): JsonValue {
  return seconds && typeof read === 'number' ? read / 1_000 : shown
}

/** Goes down the sections that are there, whatever their spelling, and adds the rest. */
function added(text: string, { root }: ConfigTree, path: readonly string[], value: JsonValue): string {
  const nested = (names: readonly string[]): JsonValue => names.reduceRight<JsonValue>((inner, name) => ({ [name]: inner }), value)
  if (root === undefined) return withNewObject(text, nested(path))
  let object = root
  for (const [depth, name] of path.entries()) {
    const property = object.children?.find(({ children }) => String(children?.[0]?.value).toLowerCase() === name.toLowerCase())
    if (property === undefined || depth === path.length - 1) return addProperty(text, object, name, nested(path.slice(depth + 1)))
    const inner = property.children?.[1]
    if (inner?.type !== 'object')
      throw configInvalid(`In the configuration file, ${name} is no object that could hold ${path.join('.')}. Mend it by hand.`)
    object = inner
  }
  return text
}

/**
 * Never lets a change out that breaks the file or another key. `expected`: what the key says then, in the file's form;
 * undefined where its default is to hold.
 */
function checked(before: string, after: string, row: ConfigKeyRow, expected: JsonValue | undefined): string {
  const known = new Set(readConfig(before).problems.map(({ message }) => message))
  const { problems, keys } = readConfig(after)
  const problem = problems.find(({ severity, message }) => severity === 'error' && !known.has(message))
  if (problem !== undefined) throw configInvalid(problem.message)
  const now = keys.find(({ key }) => key === row.key)
  const isDone = expected === undefined ? now?.source === 'default' : JSON.stringify(now?.value) === JSON.stringify(expected)
  if (!isDone) throw configInvalid(`The configuration file could not be changed for ${row.key}. Change it by hand.`)
  return after
}
