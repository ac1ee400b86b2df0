const FIRST_CAPACITY_BYTES = 256

const NOTHING = new Uint8Array(0)

/**
 * What one execution printed, for its reply: the first `maxBytes`, kept as bytes and decoded once when it is
 * asked for, so that a character may come in as many pieces as it likes.
 */
export class ReplyOutput {
  private kept: Uint8Array = NOTHING
  private keptBytes = 0
  private total = 0

  constructor(private readonly maxBytes: number) {}

  /** All bytes that came, kept or not. */
  get totalBytes(): number {
    return this.total
  }

  get isTruncated(): boolean {
    return this.total > this.keptBytes
  }

  append(bytes: Uint8Array): void {
    this.total += bytes.length
    const fitting = bytes.subarray(0, this.maxBytes - this.keptBytes)
    this.makeRoom(this.keptBytes + fitting.length)
    this.kept.set(fitting, this.keptBytes)
    this.keptBytes += fitting.length
  }

  /** UTF-8, `\r\n` as `\n`, U+FFFD for invalid bytes. A character that the limit cuts in two is left out. */
  get text(): string {
    return decodeText(this.kept.subarray(0, this.keptBytes), { endsInside: this.isTruncated })
  }

  private makeRoom(neededBytes: number): void {
    if (neededBytes <= this.kept.length) return
    let capacity = Math.max(this.kept.length, FIRST_CAPACITY_BYTES)
    while (capacity < neededBytes) capacity *= 2
    // Most replies are short: small ones share their memory, which is not cleared for each of them.
    const grown = Buffer.allocUnsafe(Math.min(capacity, this.maxBytes))
    grown.set(this.kept.subarray(0, this.keptBytes))
    this.kept = grown
  }
}

/** Text from a board. With `endsInside` the bytes are a beginning: an unfinished character at the end is left out. */
export function decodeText(bytes: Uint8Array, options: { readonly endsInside: boolean } = { endsInside: false }): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return decoder.decode(bytes, { stream: options.endsInside }).replaceAll('\r\n', '\n')
}
