const LINE_FEED = '\n'
const CARRIAGE_RETURN = '\r'

/**
 * Cuts text into lines, however it arrives. A line that grows beyond the limit is handed on in pieces of the limit:
 * nothing is lost, and a board that never ends its line costs no more memory than that.
 */
export class LineSplitter {
  /** Of the unfinished line: what holds no part of a delimiter any more, … */
  private line = ''
  /** … and what may be the beginning of one. */
  private tail = ''
  private cutCount = 0

  constructor(
    private readonly delimiter: string,
    private readonly maxChars: number,
  ) {}

  /** How often a line was too long. */
  get cuts(): number {
    return this.cutCount
  }

  /** The lines that this text finishes, without their delimiters. With `\n` as delimiter a line may end in `\r\n` too. */
  push(text: string): readonly string[] {
    const { delimiter } = this
    const lines: string[] = []
    const scanned = this.tail + text
    let start = 0
    for (let end = scanned.indexOf(delimiter); end !== -1; end = scanned.indexOf(delimiter, start)) {
      this.addLine(lines, this.line + scanned.slice(start, end))
      this.line = ''
      start = end + delimiter.length
    }
    const rest = Math.max(start, scanned.length - (delimiter.length - 1))
    this.line += scanned.slice(start, rest)
    this.tail = scanned.slice(rest)
    // A carriage return at the very end may belong to the delimiter.
    while (this.line.length > this.maxChars + 1) this.line = this.cut(lines, this.line)
    return lines
  }

  /** The unfinished line; it is forgotten here. */
  takeRest(): string {
    const rest = this.line + this.tail
    this.line = ''
    this.tail = ''
    return rest
  }

  private addLine(lines: string[], line: string): void {
    let rest = this.delimiter === LINE_FEED && line.endsWith(CARRIAGE_RETURN) ? line.slice(0, -1) : line
    while (rest.length > this.maxChars) rest = this.cut(lines, rest)
    lines.push(rest)
  }

  /** Adds one piece of the limit; gives what is left. */
  private cut(lines: string[], line: string): string {
    this.cutCount++
    // Between the halves of a surrogate pair there is no character's end.
    const end = this.maxChars > 1 && isHighSurrogate(line, this.maxChars - 1) ? this.maxChars - 1 : this.maxChars
    lines.push(line.slice(0, end))
    return line.slice(end)
  }
}

function isHighSurrogate(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800
}
