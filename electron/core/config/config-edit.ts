import { createScanner, type Node } from 'jsonc-parser'
import type { JsonValue } from '../../../shared/model'

/**
 * Changes of one place in a text of JSON with comments: everything else, comments and line ends included, stays as it
 * is. The library's own edits take neighbouring comments along and trip over trailing commas.
 */

/** Puts another value in a property's place. */
export function replaceValue(text: string, property: Node, value: JsonValue): string {
  const old = property.children?.[1] ?? property
  return spliced(text, old.offset, old.offset + old.length, written(value, indentAt(text, property.offset), styleOf(text)))
}

/** Takes a property out of its object, with its comma, and the line if nothing else stands on it. */
export function removeProperty(text: string, property: Node): string {
  const end = property.offset + property.length
  const commaEnd = commaAfter(text, end)
  if (commaEnd !== null) return spliced(text, ...wholeLine(text, property.offset, commaEnd))
  const without = spliced(text, ...wholeLine(text, property.offset, end))
  const siblings = property.parent?.children ?? []
  const previous = siblings[siblings.indexOf(property) - 1]
  if (previous === undefined) return without
  // Of the commas, the one before has become the last: the file may be strict JSON.
  const previousEnd = previous.offset + previous.length
  const previousComma = commaAfter(text, previousEnd)
  return previousComma === null ? without : spliced(without, previousComma - 1, previousComma, '')
}

/** Adds a property at the end of an object, on a line of its own unless the object stands on one line. */
export function addProperty(text: string, object: Node, name: string, value: JsonValue): string {
  const style = styleOf(text)
  const close = object.offset + object.length - 1
  const last = object.children?.at(-1)
  const outerIndent = indentAt(text, object.offset)
  const isOneLine = last !== undefined && !text.slice(object.offset, close).includes('\n')
  const indent = last !== undefined && !isOneLine ? indentAt(text, last.offset) : outerIndent + style.unit
  const property = `${JSON.stringify(name)}: ${written(value, indent, style)}`

  const contentEnd = text.slice(0, close).trimEnd().length
  const tail = text.slice(contentEnd, close)
  const before = isOneLine ? ' ' : `${style.lineEnd}${indent}`
  const after = isOneLine || tail.includes('\n') ? tail : `${style.lineEnd}${outerIndent}`
  const withProperty = spliced(text, contentEnd, close, `${before}${property}${after}`)
  if (last === undefined) return withProperty
  const lastEnd = last.offset + last.length
  return commaAfter(text, lastEnd) === null ? spliced(withProperty, lastEnd, lastEnd, ',') : withProperty
}

/** A text for a file that holds no object yet: what stands in it, comments at most, stays on top. */
export function withNewObject(text: string, value: JsonValue): string {
  const style = styleOf(text)
  const head = text.trim() === '' ? '' : `${text.trimEnd()}${style.lineEnd}`
  return `${head}${written(value, '', style)}${style.lineEnd}`
}

interface Style {
  readonly unit: string
  readonly lineEnd: string
}

function styleOf(text: string): Style {
  const unit = /^([ \t]+)"/m.exec(text)?.[1] ?? '  '
  return { unit: unit.startsWith('\t') ? '\t' : unit, lineEnd: text.includes('\r\n') ? '\r\n' : '\n' }
}

function written(value: JsonValue, indent: string, { unit, lineEnd }: Style): string {
  return JSON.stringify(value, null, unit).replaceAll('\n', `${lineEnd}${indent}`)
}

/** The white space at the beginning of the line. */
function indentAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? ''
}

/** The scanner's number for a comma: `SyntaxKind` is a type only. */
const COMMA = 5

/** The end of the comma that comes next, comments aside; null where something else does. */
function commaAfter(text: string, offset: number): number | null {
  const scanner = createScanner(text, true)
  scanner.setPosition(offset)
  const token: number = scanner.scan()
  return token === COMMA ? scanner.getPosition() : null
}

/** The given range, or the lines it stands on with their end, if it has them to itself. */
function wholeLine(text: string, from: number, to: number): [number, number, string] {
  const lineStart = text.lastIndexOf('\n', from - 1) + 1
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(to))?.[0]
  const hasLineToItself = rest !== undefined && lineStart > 0 && text.slice(lineStart, from).trim() === ''
  return hasLineToItself ? [lineStart, to + rest.length, ''] : [from, to, '']
}

function spliced(text: string, from: number, to: number, insert: string): string {
  return text.slice(0, from) + insert + text.slice(to)
}
