const FIRST_CAPACITY_BYTES = 16 * 1024

/** The last so many bytes of a stream, addressed by their offset from its beginning. Grows to its limit as it fills. */
export class ByteRing {
  private storage = new Uint8Array(0)
  private first = 0
  private next = 0

  constructor(private readonly limitBytes: number) {}

  /** Offset of the oldest byte kept. */
  get start(): number {
    return this.first
  }

  /** Offset after the newest byte. */
  get end(): number {
    return this.next
  }

  append(bytes: Uint8Array): void {
    const kept = bytes.length > this.limitBytes ? bytes.subarray(bytes.length - this.limitBytes) : bytes
    this.next += bytes.length - kept.length
    this.dropBefore(this.next + kept.length - this.limitBytes)
    this.makeRoom(this.next + kept.length - this.first)
    this.copyIn(kept, this.next)
    this.next += kept.length
  }

  /** A copy. Both offsets must lie within what is kept. */
  slice(from: number, to: number): Uint8Array {
    const copy = new Uint8Array(to - from)
    if (copy.length === 0) return copy
    const place = from % this.storage.length
    const head = this.storage.subarray(place, Math.min(place + copy.length, this.storage.length))
    copy.set(head)
    copy.set(this.storage.subarray(0, copy.length - head.length), head.length)
    return copy
  }

  dropBefore(offset: number): void {
    this.first = Math.max(this.first, Math.min(offset, this.next))
  }

  /** Drops everything, and gives the memory back. */
  clear(): void {
    this.first = this.next
    this.storage = new Uint8Array(0)
  }

  private makeRoom(neededBytes: number): void {
    if (neededBytes <= this.storage.length) return
    let capacity = Math.max(this.storage.length, FIRST_CAPACITY_BYTES)
    while (capacity < neededBytes) capacity *= 2
    const kept = this.slice(this.first, this.next)
    this.storage = new Uint8Array(Math.min(capacity, this.limitBytes))
    this.copyIn(kept, this.first)
  }

  private copyIn(bytes: Uint8Array, offset: number): void {
    if (bytes.length === 0) return
    const place = offset % this.storage.length
    const head = bytes.subarray(0, this.storage.length - place)
    this.storage.set(head, place)
    this.storage.set(bytes.subarray(head.length), 0)
  }
}
