import { createScanner, getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser'
import { CONFIG_MAX_DEPTH } from '../../../shared/limits'
import type { JsonValue } from '../../../shared/model'
import { isSection, type KnownName, lookUpName } from './config-names'

/** A place in the file that says something of a known key. */
export interface ConfigEntry extends KnownName {
  /** As the file spells it. */
  readonly path: readonly string[]
  readonly value: JsonValue
  readonly property: Node
}

export interface ConfigTree {
  /** Undefined where the file holds nothing but comments. */
  readonly root: Node | undefined
  /** In the file's order. */
  readonly entries: readonly ConfigEntry[]
  readonly unknownPaths: readonly (readonly string[])[]
  /** Known sections that hold something else than keys. */
  readonly brokenSections: readonly (readonly string[])[]
}

/** Reads JSON with comments and trailing commas. Never throws: what can't be read is told as a sentence. */
export function parseConfigText(text: string): ConfigTree | { readonly problem: string } {
  const tooDeepAt = firstTooDeep(text)
  if (tooDeepAt !== null) return { problem: `${place(text, tooDeepAt)}: more than ${CONFIG_MAX_DEPTH} levels are nested here.` }
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true })
  const [error] = errors
  if (error !== undefined) return { problem: `${place(text, error.offset)}: ${WHAT_IS_WRONG[error.error] ?? 'this is no JSON'}.` }
  if (root !== undefined && root.type !== 'object') return { problem: `${place(text, root.offset)}: the file must hold one object.` }
  const tree = { root, entries: [], unknownPaths: [], brokenSections: [] }
  if (root !== undefined) collect(root, [], tree)
  return tree
}

interface Collected {
  readonly entries: ConfigEntry[]
  readonly unknownPaths: (readonly string[])[]
  readonly brokenSections: (readonly string[])[]
}

function collect(object: Node, outer: readonly string[], into: Collected): void {
  for (const property of object.children ?? []) {
    const [name, value] = property.children ?? []
    if (name === undefined || value === undefined) continue
    const path = [...outer, String(name.value)]
    const known = lookUpName(path)
    if (known !== undefined) into.entries.push({ ...known, path, value: getNodeValue(value) as JsonValue, property })
    else if (value.type === 'object' && (isSection(path) || value.children?.length)) collect(value, path, into)
    else if (isSection(path)) into.brokenSections.push(path)
    else into.unknownPaths.push(path)
  }
}

/** The scanner's numbers for `{`, `}`, `[`, `]` and the end: `SyntaxKind` is a type only. */
const OPENING = [1, 3]
const CLOSING = [2, 4]
const END = 17

/** Where the nesting goes beyond its limit. The parser calls itself for every level, so this must be known before. */
function firstTooDeep(text: string): number | null {
  const scanner = createScanner(text, true)
  let depth = 0
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    if (OPENING.includes(token)) depth++
    if (CLOSING.includes(token)) depth--
    if (depth > CONFIG_MAX_DEPTH) return scanner.getTokenOffset()
  }
  return null
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/)
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** In words, by the parser's `ParseErrorCode`. */
const WHAT_IS_WRONG: Readonly<Record<number, string>> = {
  1: 'a word stands here that JSON does not know',
  2: 'this is no number',
  3: 'a name in quotes is missing',
  4: 'a value is missing',
  5: 'a colon is missing',
  6: 'a comma is missing',
  7: 'a closing brace is missing',
  8: 'a closing bracket is missing',
  9: 'the file should end here',
  11: 'a comment does not end',
  12: 'a text does not end',
  13: 'a number does not end',
  14: 'a \\u must be followed by four hex digits',
  15: 'a backslash is followed by a character that it can’t stand before',
  16: 'a character stands here that JSON does not allow',
}
