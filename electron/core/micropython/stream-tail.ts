const TAIL_BYTES = 64

/** The latest bytes of a stream, so that a text at its end is found however it was cut. Looks for up to 64 bytes. */
export class StreamTail {
  private readonly bytes = new Uint8Array(TAIL_BYTES)

  add(bytes: Uint8Array): void {
    const latest = bytes.subarray(-TAIL_BYTES)
    this.bytes.copyWithin(0, latest.length)
    this.bytes.set(latest, TAIL_BYTES - latest.length)
  }

  endsWith(text: Uint8Array): boolean {
    const start = TAIL_BYTES - text.length
    for (let index = text.length - 1; index >= 0; index--) {
      if (this.bytes[start + index] !== text[index]) return false
    }
    return true
  }
}
