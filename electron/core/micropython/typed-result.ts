import type { ExpectedValue } from '../../../shared/model'
import { ByteHold } from './byte-hold'
import { ascii, ControlByte, indexOfBytes } from './control-bytes'
import { lastExpressionStart } from './last-expression'
import { VALUE_NAME, valueCode } from './value-code'
import { failure, readReason, readValue, type TypedResult } from './value-text'

/** What the host keeps of the words after a value: the type that can't be said, or what went wrong. */
const TAIL_MAX_BYTES = 1_024

/**
 * Has a snippet print the value of its last top-level expression, after all that it prints itself. The raw REPL tells no
 * values. The code before stands where it stood, so that lines of tracebacks are the snippet's own. Without such an
 * expression the code is left as it is, also where it can't be read: then the board says what is wrong with it.
 *
 * The nonce is a word no board has sent before, for example `newToken()`. The board prints it, the value as JSON, the
 * nonce, `=` and the length of the JSON in bytes (or `!` and why there is no value, as a JSON string), and the nonce.
 */
export function wrapForValue(
  code: string,
  nonce: string,
  expect: ExpectedValue = 'json',
): { readonly code: string; readonly hasValue: boolean } {
  const start = lastExpressionStart(code)
  if (start === null || hasControlByte(code)) return { code, hasValue: false }
  return { code: `${code.slice(0, start)}${VALUE_NAME}=${code.slice(start)}\n${valueCode(nonce, expect)}`, hasValue: true }
}

/** It is refused before it is sent, and the refusal names a column, which must be the snippet's own. */
function hasControlByte(code: string): boolean {
  for (let at = 0; at < code.length; at++) {
    if (code.charCodeAt(at) <= ControlByte.paste) return true
  }
  return false
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
    private readonly expect: ExpectedValue = 'json',
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
    if (tail.startsWith('!')) {
      return failure(`can't be ${this.expect === 'json' ? 'said as JSON' : 'sent'}: it ${readReason(tail.slice(1))}.`)
    }
    if (this.isTooLarge || this.json.length > this.maxBytes) return failure(`is larger than ${this.maxBytes} bytes as JSON.`)
    if (tail !== `=${this.json.length}`) return failure('did not come whole: something else was printed at the same time.')
    return readValue(decode(this.json), this.expect)
  }
}

/** `ValueReader` for output that has all come. */
export function splitValue(
  stdout: Uint8Array,
  nonce: string,
  expect: ExpectedValue = 'json',
): TypedResult & { readonly stdout: Uint8Array } {
  const reader = new ValueReader(nonce, Number.POSITIVE_INFINITY, expect)
  const own = reader.push(stdout)
  const { value, error, rest } = reader.end()
  return { stdout: Buffer.concat([own, rest]), value, error }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
