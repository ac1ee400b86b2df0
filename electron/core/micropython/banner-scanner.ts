import { ascii, RAW_BANNER_TEXT } from './control-bytes'

/** Where a scan stopped, and whether it stopped because a banner was complete. */
export interface ScanStop {
  readonly end: number
  readonly bannerFound: boolean
}

const FIRST = RAW_BANNER_TEXT[0] ?? 0

/** What the raw REPL prints when it is entered: with `\r\n>` at its end, and with `\r\r\n>` on W600 firmware. */
export const RAW_BANNERS: readonly Uint8Array[] = ['\r\n>', '\r\r\n>'].map(end => Uint8Array.from([...RAW_BANNER_TEXT, ...ascii(end)]))

/**
 * Takes raw REPL banners out of a stream, however it is cut into pieces. Text that is no banner is passed on at once;
 * only what may still become a banner is kept back, and nothing is ever lost.
 */
export class BannerScanner {
  /** The beginning of what may be a banner, from earlier pieces. */
  private kept: Uint8Array = new Uint8Array(0)
  /** The banners it may still become. */
  private possible = RAW_BANNERS

  constructor(private readonly onText: (bytes: Uint8Array, from: number, to: number) => void) {}

  /** Reads up to `to`, or up to the end of the first complete banner. */
  scan(bytes: Uint8Array, from: number, to: number): ScanStop {
    let matchFrom = from
    let index = from
    while (index < to) {
      const position = this.kept.length + index - matchFrom
      if (position === 0) {
        const start = bytes.indexOf(FIRST, index)
        if (start === -1 || start >= to) {
          this.pass(bytes, from, to)
          return { end: to, bannerFound: false }
        }
        matchFrom = start
        index = start
      }
      const fitting = this.possible.filter(banner => banner[position] === bytes[index])
      if (fitting.length === 0) {
        // The same byte is looked at again as a beginning. Nothing else can match: a banner's first letter is nowhere else in it.
        this.flush()
        this.possible = RAW_BANNERS
        matchFrom = index
        continue
      }
      this.possible = fitting
      index++
      if (fitting.some(banner => banner.length === position + 1)) {
        this.pass(bytes, from, matchFrom)
        this.kept = new Uint8Array(0)
        this.possible = RAW_BANNERS
        return { end: index, bannerFound: true }
      }
    }
    this.pass(bytes, from, matchFrom)
    this.kept = Uint8Array.from([...this.kept, ...bytes.subarray(matchFrom, to)])
    return { end: to, bannerFound: false }
  }

  /** Passes on what was kept back: no more of it will come. */
  flush(): void {
    if (this.kept.length === 0) return
    const { kept } = this
    this.kept = new Uint8Array(0)
    this.possible = RAW_BANNERS
    this.onText(kept, 0, kept.length)
  }

  private pass(bytes: Uint8Array, from: number, to: number): void {
    if (to > from) this.onText(bytes, from, to)
  }
}
