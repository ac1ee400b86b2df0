import type { JsonValue } from '../../../shared/model'
import { ByteHold } from './byte-hold'
import { ascii, ControlByte, indexOfBytes } from './control-bytes'
import { lastExpressionStart } from './last-expression'

/** More than any value that fits a reply needs; on the board it keeps a value that holds itself from being walked for ever. */
const VALUE_MAX_DEPTH = 32
/** The board gathers so many characters before it prints them: a write each would be slow, and all at once may not fit. */
const PRINT_CHARACTERS = 256
/** What the host keeps of the words after a value: the type that JSON can't say, or what went wrong. */
const TAIL_MAX_BYTES = 1_024

/** The only name that a wrapped snippet needs; it is deleted again. */
const NAME = '_muster_value'

/**
 * Has a snippet print the value of its last top-level expression, after all that it prints itself. The raw REPL tells no
 * values. The code before stands where it stood, so that lines of tracebacks are the snippet's own. Without such an
 * expression the code is left as it is, also where it can't be read: then the board says what is wrong with it.
 *
 * The nonce is a word no board has sent before, for example `newToken()`. The board prints it, the value as JSON, the
 * nonce, `=` and the length of the JSON in bytes (or `!` and why there is no value, as a JSON string), and the nonce.
 */
export function wrapForValue(code: string, nonce: string): { readonly code: string; readonly hasValue: boolean } {
  const start = lastExpressionStart(code)
  if (start === null || hasControlByte(code)) return { code, hasValue: false }
  return { code: `${code.slice(0, start)}${NAME}=${code.slice(start)}\n${printCode(nonce)}`, hasValue: true }
}

/** It is refused before it is sent, and the refusal names a column, which must be the snippet's own. */
function hasControlByte(code: string): boolean {
  for (let at = 0; at < code.length; at++) {
    if (code.charCodeAt(at) <= ControlByte.paste) return true
  }
  return false
}

/**
 * Python that prints the envelope. Names come from `builtins`, because a snippet may have redefined them, and small ports
 * may lack `json`, `float` and a type's `__name__`. The nonce is put together on the board, so that an echo is no answer.
 */
function printCode(nonce: string): string {
  const half = nonce.length >> 1
  return `def ${NAME}(value=${NAME}):
 from builtins import Exception, ValueError, bytes, dict, int, isinstance, len, list, print, repr, str, tuple, type
 try:
  from json import dumps
 except Exception:
  dumps = None
 mark = '${nonce.slice(0, half)}' + '${nonce.slice(half)}'
 waiting = []
 count = 0
 length = 0
 problem = None
 def kind(value):
  return str(type(value))[8:-2]
 def flush():
  nonlocal waiting, count, length
  text = ''.join(waiting)
  waiting = []
  count = 0
  length += len(bytes(text, 'utf-8'))
  print(text, end='')
 def say(text):
  nonlocal count
  waiting.append(text)
  count += len(text)
  if count > ${PRINT_CHARACTERS}:
   flush()
 def quote(text):
  if dumps:
   return dumps(text)
  return '"' + ''.join(['\\\\u%04x' % ord(part) if part < ' ' or part in '"\\\\' else part for part in text]) + '"'
 def fail(reason):
  nonlocal problem
  problem = reason
  raise ValueError
 def walk(value, depth):
  if depth > ${VALUE_MAX_DEPTH}:
   fail('is nested deeper than ${VALUE_MAX_DEPTH} levels')
  if value is None or value is True or value is False:
   say('null' if value is None else 'true' if value else 'false')
  elif isinstance(value, str):
   say(quote(value))
  elif isinstance(value, int):
   say('%d' % value)
  elif isinstance(value, (list, tuple)):
   comma = '['
   for item in value:
    say(comma)
    walk(item, depth + 1)
    comma = ','
   say('[]' if comma == '[' else ']')
  elif isinstance(value, dict):
   comma = '{'
   for key in value:
    if not isinstance(key, (str, int)):
     fail('has a key of type ' + kind(key))
    say(comma + quote(key if isinstance(key, str) else str(key)) + ':')
    walk(value[key], depth + 1)
    comma = ','
   say('{}' if comma == '{' else '}')
  elif kind(value) == 'float':
   text = repr(value)
   if text[-1] in 'nf':
    fail('holds the float ' + text)
   say(text)
  else:
   fail(('is of type ' if depth == 0 else 'holds something of type ') + kind(value))
 print(mark, end='')
 try:
  walk(value, 0)
  flush()
 except Exception as error:
  if problem is None:
   problem = 'could not be written: ' + kind(error) + ' ' + str(error)
 print(mark + ('=' + str(length) if problem is None else '!' + quote(problem)) + mark, end='')
try:
 ${NAME}()
finally:
 del ${NAME}
`
}

export interface TypedResult {
  /** Undefined when there is an error. */
  readonly value: JsonValue | undefined
  /** Why there is no value, as the end of a sentence that begins with "The value". */
  readonly error: string | null
}

/** Takes the envelope of `wrapForValue` out of what a snippet prints, however it is cut into pieces. */
export class ValueReader {
  private readonly mark: Uint8Array
  private place: 'before' | 'value' | 'tail' | 'after' = 'before'
  /** Before the envelope only what may be the beginning of its mark; in it, all of the present part. */
  private readonly held = new ByteHold()
  /** Where in `held` the mark may begin at the earliest. */
  private searched = 0
  private json = new Uint8Array(0)
  private tail = new Uint8Array(0)
  private isTooLarge = false

  /** A value of more than `maxBytes` as JSON is an error. */
  constructor(
    nonce: string,
    private readonly maxBytes = Number.POSITIVE_INFINITY,
  ) {
    this.mark = ascii(nonce)
  }

  /** Returns what of the output is the snippet's own. */
  push(bytes: Uint8Array): Uint8Array {
    if (this.place === 'after') return bytes
    this.held.append(bytes)
    const own: Uint8Array[] = []
    for (let found = this.findMark(); found !== -1; found = this.findMark()) {
      const part = this.held.view().slice(0, found)
      const rest = this.held.view().slice(found + this.mark.length)
      this.held.clear()
      this.searched = 0
      if (this.place === 'before') own.push(part)
      else if (this.place === 'value') this.json = part
      else this.tail = part
      this.place = this.place === 'before' ? 'value' : this.place === 'value' ? 'tail' : 'after'
      if (this.place === 'after') {
        own.push(rest)
        return Buffer.concat(own)
      }
      this.held.append(rest)
    }
    if (this.place === 'before') own.push(this.releaseOwn())
    else this.boundHeld()
    return Buffer.concat(own)
  }

  /** Nothing more comes. `rest` is output that looked like the beginning of an envelope. */
  end(): TypedResult & { readonly rest: Uint8Array } {
    const rest = this.place === 'before' ? this.held.take() : new Uint8Array(0)
    return { ...this.read(), rest }
  }

  private findMark(): number {
    const found = indexOfBytes(this.held.view(), this.mark, this.searched)
    if (found === -1) this.searched = Math.max(0, this.held.length - this.mark.length + 1)
    return found
  }

  /** All that can't be the beginning of the mark. */
  private releaseOwn(): Uint8Array {
    const view = this.held.view()
    let from = this.searched
    while (from < view.length && !view.subarray(from).every((byte, index) => byte === this.mark[index])) from++
    const own = view.slice(0, from)
    const kept = view.slice(from)
    this.held.clear()
    this.held.append(kept)
    this.searched = 0
    return own
  }

  /** Of what is too large, only the end is kept: the mark may begin in it. */
  private boundHeld(): void {
    const limit = this.place === 'value' ? this.maxBytes : TAIL_MAX_BYTES
    if (this.searched <= limit) return
    this.isTooLarge ||= this.place === 'value'
    const end = this.held.view().slice(this.searched)
    this.held.clear()
    this.held.append(end)
    this.searched = 0
  }

  private read(): TypedResult {
    if (this.place === 'before') return failure('did not come: the snippet ended before its last expression.')
    if (this.place !== 'after') return failure('did not come whole.')
    const tail = decode(this.tail)
    if (tail.startsWith('!')) return failure(`can't be said as JSON: it ${readReason(tail.slice(1))}.`)
    if (this.isTooLarge || this.json.length > this.maxBytes) return failure(`is larger than ${this.maxBytes} bytes as JSON.`)
    if (tail !== `=${this.json.length}`) return failure('did not come whole: something else was printed at the same time.')
    return readJson(decode(this.json))
  }
}

/** `ValueReader` for output that has all come. */
export function splitValue(stdout: Uint8Array, nonce: string): TypedResult & { readonly stdout: Uint8Array } {
  const reader = new ValueReader(nonce)
  const own = reader.push(stdout)
  const { value, error, rest } = reader.end()
  return { stdout: Buffer.concat([own, rest]), value, error }
}

function failure(error: string): TypedResult {
  return { value: undefined, error }
}

function readReason(json: string): string {
  const { value } = readJson(json)
  // Shown as it is: control and format characters could reorder or hide what stands next to them.
  return typeof value === 'string' ? value.replace(/\p{C}+/gu, ' ').trim() : 'could not be written'
}

function readJson(text: string): TypedResult {
  let value: JsonValue
  try {
    value = JSON.parse(text)
  } catch {
    return failure('did not come as JSON.')
  }
  const long = firstUnsafeInteger(text)
  if (long !== null) return failure(`holds the int ${long}, which a number can't say exactly. Return it as text.`)
  return { value, error: null }
}

/** JSON.parse rounds large integers without a word. */
function firstUnsafeInteger(json: string): string | null {
  for (const [text] of json.matchAll(/"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
    if (/^-?\d{16,}$/.test(text) && !Number.isSafeInteger(Number(text))) return text.length > 40 ? `${text.slice(0, 40)}…` : text
  }
  return null
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
