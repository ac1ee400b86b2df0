import { ascii, CARRIAGE_RETURN, LINE_FEED } from './control-bytes'

/**
 * What a board prints when its interpreter starts: the words of a soft reset, and the last line of the banner with which it
 * greets at its friendly prompt. A board prints the banner once a start, after its program has ended, and for every 02.
 */
export type StartSign = 'soft-reboot' | 'banner'

/** Of each line so much is looked at; the longest sign is shorter. */
const LINE_BYTES = 48
const BANNER = 'Type "help()" for more information.'
/** CircuitPython says it without the first word. */
const SOFT_REBOOT = /^(?:MPY: )?soft reboot$/

/** First letters of the above: most lines need no closer look. */
const BEGINNINGS = new Set(ascii('TMs'))

/** Finds whole lines that say that an interpreter starts, however the bytes are cut. Pure. */
export class RestartScanner {
  private readonly line = new Uint8Array(LINE_BYTES)
  private length = 0
  /** The line has more than can be kept of it. */
  private isLonger = false

  constructor(private readonly onSign: (sign: StartSign) => void) {}

  add(bytes: Uint8Array): void {
    let from = 0
    while (from < bytes.length) {
      const lineFeed = bytes.indexOf(LINE_FEED, from)
      const to = lineFeed === -1 ? bytes.length : lineFeed
      const taken = bytes.subarray(from, Math.min(to, from + LINE_BYTES - this.length))
      this.line.set(taken, this.length)
      this.length += taken.length
      if (taken.length < to - from) this.isLonger = true
      if (lineFeed === -1) return
      this.endLine()
      from = lineFeed + 1
    }
  }

  /** What comes next begins a line. */
  forget(): void {
    this.length = 0
    this.isLonger = false
  }

  private endLine(): void {
    const { isLonger, length } = this
    this.forget()
    if (isLonger) return
    let from = 0
    let to = length
    while (from < to && this.line[from] === CARRIAGE_RETURN) from++
    if (!BEGINNINGS.has(this.line[from] ?? 0)) return
    while (to > from && this.line[to - 1] === CARRIAGE_RETURN) to--
    const text = String.fromCharCode(...this.line.subarray(from, to))
    if (SOFT_REBOOT.test(text)) this.onSign('soft-reboot')
    else if (text === BANNER) this.onSign('banner')
  }
}
