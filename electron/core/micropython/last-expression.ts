/**
 * Finds the last statement of a snippet, far enough into Python's grammar to tell an expression from everything else.
 * The tokens are those of MicroPython's `py/lexer.c`: prefixes of strings don't change where a string ends, a raw string's
 * backslash keeps a quote from ending it too, and `\r`, `\n` and both together end a line.
 */

/** Statements that hold others: what follows the colon, and the lines below that are indented, belong to them. */
const COMPOUND_WORDS = new Set(['if', 'elif', 'else', 'while', 'for', 'try', 'except', 'finally', 'with', 'def', 'class', 'async'])
const SIMPLE_WORDS = new Set(['import', 'from', 'del', 'pass', 'break', 'continue', 'return', 'raise', 'global', 'nonlocal', 'assert'])
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const WORD = /[\w\u0080-\uffff]+/y
const SPACE = /[ \t\f\v]+/y

/** One statement of a line, between semicolons. */
interface Statement {
  readonly start: number
  readonly firstWord: string
  /** It has no assignment, no annotation and no colon of a compound statement. */
  readonly isPlain: boolean
}

/** Where the last top-level statement begins, if it is an expression; else null, also for code that can't be read. */
export function lastExpressionStart(code: string): number | null {
  const scanner = new LineScanner(code)
  let last: Statement | null = null
  for (let line = scanner.next(); line !== null; line = scanner.next()) {
    const isTopLevel = !line.isIndented && !isCompound(code, line.statements[0])
    last = isTopLevel ? (line.statements.at(-1) ?? last) : null
  }
  if (scanner.isBroken || last === null) return null
  return last.isPlain && !SIMPLE_WORDS.has(last.firstWord) && !COMPOUND_WORDS.has(last.firstWord) ? last.start : null
}

function isCompound(code: string, first: Statement | undefined): boolean {
  return first !== undefined && (COMPOUND_WORDS.has(first.firstWord) || code[first.start] === '@')
}

interface LogicalLine {
  readonly isIndented: boolean
  readonly statements: readonly Statement[]
}

/** Reads logical lines: those that brackets, backslashes and long strings join are one. */
class LineScanner {
  private at = 0
  private readonly brackets: string[] = []
  /** An open bracket, an unfinished string or a stray backslash: what the statements are is not known. */
  isBroken = false

  constructor(private readonly code: string) {}

  /** The next line that holds anything; null at the end. */
  next(): LogicalLine | null {
    while (!this.isBroken && this.at < this.code.length) {
      const isIndented = this.skip(SPACE)
      const statements = this.readLine()
      if (statements.length > 0) return { isIndented, statements }
    }
    return null
  }

  private readLine(): Statement[] {
    const statements: Statement[] = []
    while (!this.isBroken) {
      const statement = this.readStatement()
      if (statement !== null) statements.push(statement)
      const end = this.code[this.at]
      if (end !== ';') {
        this.skipLineEnd()
        break
      }
      this.at++
    }
    if (this.at >= this.code.length && this.brackets.length > 0) this.isBroken = true
    return statements
  }

  /** Up to the semicolon or line end, which is left. Null when there is nothing. */
  private readStatement(): Statement | null {
    const { code } = this
    let start = -1
    let firstWord = ''
    let isPlain = true
    /** Lambdas whose colon has not come: until then an `=` is that of a default. */
    let lambdas = 0
    while (this.at < code.length && !this.isBroken) {
      const character = code[this.at] ?? ''
      const isNested = this.brackets.length > 0
      if (isLineEnd(character)) {
        if (!isNested) break
        this.skipLineEnd()
        continue
      }
      if (character === ';' && !isNested) break
      if (this.skipBlank(character)) continue
      const from = this.at
      if (start === -1) start = from
      const word = this.readToken(character)
      if (isNested) continue
      if (from === start) firstWord = word
      if (word === 'lambda') lambdas++
      else if (word === ':' && lambdas > 0) lambdas--
      else if (word === ':' || word === ':=' || (word === '=' && lambdas === 0)) isPlain = false
    }
    return start === -1 ? null : { start, firstWord, isPlain }
  }

  /** Spaces, comments and joined lines. */
  private skipBlank(character: string): boolean {
    if (character === '#') {
      while (this.at < this.code.length && !isLineEnd(this.code[this.at])) this.at++
      return true
    }
    if (character === '\\') {
      this.at++
      if (!isLineEnd(this.code[this.at])) this.isBroken = true
      this.skipLineEnd()
      return true
    }
    return this.skip(SPACE)
  }

  /** Returns the words and operators that matter; of the others any part. */
  private readToken(character: string): string {
    const { code } = this
    if (character === '"' || character === "'") return this.readString(character)
    WORD.lastIndex = this.at
    const [word] = WORD.exec(code) ?? ['']
    if (word !== '') {
      this.at += word.length
      return word
    }
    const next = code[this.at + 1]
    if ((character === '<' || character === '>') && next === character) return this.take(2)
    if (':=!<>'.includes(character) && next === '=') return this.take(2)
    const closing = CLOSING[character]
    if (closing !== undefined) this.brackets.push(closing)
    else if (')]}'.includes(character) && this.brackets.pop() !== character) this.isBroken = true
    return this.take(1)
  }

  private readString(quote: string): string {
    const isLong = this.code.startsWith(quote.repeat(3), this.at)
    const end = isLong ? quote.repeat(3) : quote
    this.at += end.length
    while (this.at < this.code.length) {
      if (this.code.startsWith(end, this.at)) return this.take(end.length)
      if (!isLong && isLineEnd(this.code[this.at])) break
      if (this.code[this.at] !== '\\') this.at++
      else if (this.code.startsWith('\r\n', this.at + 1)) this.at += 3
      else this.at += 2
    }
    this.isBroken = true
    return ''
  }

  private take(length: number): string {
    this.at += length
    return this.code.slice(this.at - length, this.at)
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    const [text] = pattern.exec(this.code) ?? ['']
    this.at += text.length
    return text !== ''
  }

  private skipLineEnd(): void {
    if (this.code.startsWith('\r\n', this.at)) this.at += 2
    else if (isLineEnd(this.code[this.at])) this.at++
  }
}

function isLineEnd(character: string | undefined): boolean {
  return character === '\n' || character === '\r'
}
