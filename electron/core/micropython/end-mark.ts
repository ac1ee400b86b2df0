import { randomBytes } from 'node:crypto'
import { CARRIAGE_RETURN, LINE_FEED } from './control-bytes'

/** Hardly ever printed, so that hardly anything is ever kept back for looking like the beginning of a mark. */
const FIRST_BYTE = 0x1f
/** Eleven characters of base64url. */
const WORD_RANDOM_BYTES = 8
/** So many at a time: asking the system for each would take as long as sending it. */
const WORDS_DRAWN = 256
const BACKSLASH = 0x5c

/**
 * Code that says by itself that it has come to its end: a last statement prints a word that nobody could know before.
 *
 * The statement binds no name and takes no memory while it runs. It is not a call of `print`, which snippets redefine; what
 * it prints is bytes, because MicroPython keeps short strings for ever (py/parse.c); and the escape keeps the code itself,
 * should a port echo it, from holding the word.
 */
export class MarkedCode {
  /** Twelve bytes with 64 random bits, of which none but the first is a control byte. */
  readonly mark: Uint8Array
  readonly bytes: Uint8Array
  /** Line of the last statement, from 1: none of the snippet's own code is on it. */
  readonly markLine: number

  constructor(readonly source: Uint8Array) {
    const word = newWord()
    this.mark = Buffer.from(`\x1f${word}`, 'latin1')
    const isAtLineStart = isLineEnd(source[source.length - 1])
    const last = Buffer.from(`${isAtLineStart ? '' : '\n'}__import__('sys').stdout.write(b'\\x1f${word}')`, 'latin1')
    this.bytes = Buffer.concat([source, last])
    this.markLine = countLineEnds(source) + (isAtLineStart ? 1 : 2)
  }

  /** Whether a statement after this code is a statement of its own: a backslash at the end would join the two. */
  static canFollow(source: Uint8Array): boolean {
    let last = source.length - 1
    while (last >= 0 && (source[last] ?? 0) <= 0x20) last--
    return source[last] !== BACKSLASH
  }
}

/** The board has compiled nothing and run nothing, and the line that it names may not be the snippet's: one near the last statement. */
export function isRefusedAtEnd(exception: string, markLine: number): boolean {
  const line =
    /^Traceback \(most recent call last\):\r?\n {2}File "<stdin>", line (\d+)\r?\n(?:SyntaxError|IndentationError)\b[^\r\n]*\r?\n$/.exec(
      exception,
    )?.[1]
  return line !== undefined && Number(line) >= markLine - 1
}

/** The exception is that of the last statement: the snippet itself had ended without one. */
export function isOfMark(exception: string, markLine: number): boolean {
  const line = /^Traceback \(most recent call last\):\r?\n {2}File "<stdin>", line (\d+), in <module>\r?\n/.exec(exception)?.[1]
  return line !== undefined && Number(line) === markLine
}

export type PassRange = (bytes: Uint8Array, from: number, to: number) => void

/** Takes the mark out of output, however it is cut into pieces. Only what may still become the mark is kept back. */
export class MarkScanner {
  private mark: Uint8Array | null = null
  private matched = 0
  private hasCome = false
  private found = false

  /** `passKept`: for the beginning of what turned out to be no mark. */
  constructor(private readonly passKept: (bytes: Uint8Array) => void) {}

  /** The mark to look for; null for none. */
  expect(mark: Uint8Array | null): void {
    this.mark = mark
    this.matched = 0
    this.found = false
    this.hasCome = false
  }

  /** What has come proves nothing of what comes next. A mark that has not come may still come late, and is looked for. */
  forgetSeen(): void {
    this.found = false
    this.hasCome = false
  }

  /** The mark was in the output. */
  get wasSeen(): boolean {
    return this.hasCome
  }

  /** Nothing was printed after the mark. */
  get isLast(): boolean {
    return this.found
  }

  /** `pass` is given what is not the mark's. */
  scan(bytes: Uint8Array, from: number, to: number, pass: PassRange): void {
    if (from === to) return
    this.found = false
    if (this.mark === null) pass(bytes, from, to)
    else this.look(this.mark, bytes, from, to, pass)
  }

  /** Passes on what was kept back: it is no mark. */
  flush(): void {
    if (this.matched === 0 || this.mark === null) return
    const kept = this.mark.slice(0, this.matched)
    this.matched = 0
    this.passKept(kept)
  }

  private look(mark: Uint8Array, bytes: Uint8Array, from: number, to: number, pass: PassRange): void {
    /** Where that begins which was not passed on yet: a match, or what follows a match that failed. */
    let waitingFrom = from
    let index = from
    while (index < to) {
      if (this.matched === 0) {
        const start = bytes.indexOf(FIRST_BYTE, index)
        if (start === -1 || start >= to) break
        pass(bytes, waitingFrom, start)
        waitingFrom = start
        index = start
      }
      if (bytes[index] === mark[this.matched]) {
        index++
        this.matched++
        if (this.matched < mark.length) continue
        this.expect(null)
        this.hasCome = true
        this.found = index === to
        pass(bytes, index, to)
        return
      }
      // Its first byte is nowhere else in the mark: only from here on another one can begin.
      const hasBegunHere = index - waitingFrom >= this.matched
      if (hasBegunHere) this.matched = 0
      else {
        this.flush()
        waitingFrom = index
      }
    }
    if (this.matched === 0) pass(bytes, waitingFrom, to)
  }
}

let drawn = Buffer.alloc(0)

function newWord(): string {
  if (drawn.length === 0) drawn = randomBytes(WORD_RANDOM_BYTES * WORDS_DRAWN)
  const word = drawn.toString('base64url', 0, WORD_RANDOM_BYTES)
  drawn = drawn.subarray(WORD_RANDOM_BYTES)
  return word
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN
}

/** As MicroPython's lexer counts them: `\r`, `\n` and both together are one. */
function countLineEnds(source: Uint8Array): number {
  let count = 0
  for (let at = 0; at < source.length; at++) {
    if (source[at] === LINE_FEED || (source[at] === CARRIAGE_RETURN && source[at + 1] !== LINE_FEED)) count++
  }
  return count
}
