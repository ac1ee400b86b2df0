/** Bytes kept back until it is known what they are. Grows by doubling, so that filling it byte by byte stays linear. */
export class ByteHold {
  private buffer = new Uint8Array(256)
  private used = 0

  get length(): number {
    return this.used
  }

  append(bytes: Uint8Array, from = 0, to = bytes.length): void {
    const needed = this.used + (to - from)
    if (needed > this.buffer.length) {
      const larger = new Uint8Array(Math.max(needed, this.buffer.length * 2))
      larger.set(this.view())
      this.buffer = larger
    }
    this.buffer.set(bytes.subarray(from, to), this.used)
    this.used = needed
  }

  /** What is held, in place: good until the next change. */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.used)
  }

  copy(): Uint8Array {
    return this.buffer.slice(0, this.used)
  }

  clear(): void {
    this.used = 0
  }

  /** A copy of what was held; the hold is empty afterwards. */
  take(): Uint8Array {
    const bytes = this.copy()
    this.clear()
    return bytes
  }
}
