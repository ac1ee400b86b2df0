import { ascii, indexOfBytes } from './control-bytes'

const ACCEPTED = ascii('OK')

/** Finds the `OK` with which a board takes code, however it is cut. What comes before it is text, passed on. */
export class AcceptanceScanner {
  /** The `O` was the last byte, and may still be the first half. */
  private hasFirstHalf = false

  constructor(private readonly onText: (bytes: Uint8Array, from: number, to: number) => void) {}

  /** Reads to the end of the first `OK`, or to the end of the bytes. */
  scan(bytes: Uint8Array, from: number): { readonly end: number; readonly accepted: boolean } {
    if (this.hasFirstHalf && bytes[from] === ACCEPTED[1]) {
      this.hasFirstHalf = false
      return { end: from + 1, accepted: true }
    }
    this.flush()
    const start = indexOfBytes(bytes, ACCEPTED, from)
    if (start !== -1) {
      this.onText(bytes, from, start)
      return { end: start + ACCEPTED.length, accepted: true }
    }
    this.hasFirstHalf = bytes[bytes.length - 1] === ACCEPTED[0]
    this.onText(bytes, from, this.hasFirstHalf ? bytes.length - 1 : bytes.length)
    return { end: bytes.length, accepted: false }
  }

  /** Passes on what was kept back: it was no `OK`. */
  flush(): void {
    if (!this.hasFirstHalf) return
    this.hasFirstHalf = false
    this.onText(ACCEPTED, 0, 1)
  }
}
