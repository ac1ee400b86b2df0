/**
 * The memory that a simulated board's worker shares with its host: two byte rings and a few flags.
 *
 * Bytes travel through shared memory, so neither side copies more than once and no message is sent per byte. The worker
 * may block on it (`Atomics.wait`); the host never does.
 */
import { SIMULATED_INPUT_RING_BYTES, SIMULATED_OUTPUT_RING_BYTES } from '../../../../shared/limits'

/** Places in the header, one 32-bit word each. */
const word = {
  inputHead: 0,
  inputTail: 1,
  outputHead: 2,
  outputTail: 3,
  /** Counts up whenever the host changed something that the worker may wait for. */
  kicks: 4,
  /** 1 while somebody holds the board open: without a listener its output is dropped, as on a USB port without a reader. */
  listening: 5,
  /** 1 when the host wants a message for the next output byte. */
  outputWanted: 6,
  /** 1 when the host wants a message once the input ring has room again. */
  roomWanted: 7,
  /** 1 while the board runs code. */
  running: 8,
  /** Counts the collections that were made while code ran. */
  collections: 9,
  /** How long the last one took, in microseconds. */
  collectionTime: 10,
} as const
const HEADER_BYTES = 64

/** One direction. One writer and one reader, each in its own thread. The capacity is a power of two. */
export class ByteRing {
  private readonly mask: number

  constructor(
    private readonly header: Int32Array,
    private readonly head: number,
    private readonly tail: number,
    private readonly data: Uint8Array,
  ) {
    this.mask = data.length - 1
  }

  get used(): number {
    return (Atomics.load(this.header, this.head) - Atomics.load(this.header, this.tail)) | 0
  }

  get free(): number {
    return this.data.length - this.used
  }

  /** Takes as many bytes from `offset` on as there is room for, and says how many. */
  write(bytes: Uint8Array, offset: number, end: number): number {
    const head = Atomics.load(this.header, this.head)
    const count = Math.min(end - offset, this.free)
    const at = head & this.mask
    const first = Math.min(count, this.data.length - at)
    this.data.set(bytes.subarray(offset, offset + first), at)
    if (first < count) this.data.set(bytes.subarray(offset + first, offset + count), 0)
    Atomics.store(this.header, this.head, (head + count) | 0)
    return count
  }

  /** All that is there, at most `limit` bytes, in a buffer of its own. */
  read(limit: number): Uint8Array {
    const tail = Atomics.load(this.header, this.tail)
    const bytes = new Uint8Array(Math.min(limit, this.used))
    const at = tail & this.mask
    const first = Math.min(bytes.length, this.data.length - at)
    bytes.set(this.data.subarray(at, at + first))
    if (first < bytes.length) bytes.set(this.data.subarray(0, bytes.length - first), first)
    Atomics.store(this.header, this.tail, (tail + bytes.length) | 0)
    return bytes
  }

  clear(): void {
    Atomics.store(this.header, this.tail, Atomics.load(this.header, this.head))
  }
}

export class BoardLink {
  readonly input: ByteRing
  readonly output: ByteRing
  private readonly header: Int32Array

  constructor(readonly memory: SharedArrayBuffer) {
    this.header = new Int32Array(memory, 0, HEADER_BYTES / 4)
    const inputData = new Uint8Array(memory, HEADER_BYTES, SIMULATED_INPUT_RING_BYTES)
    const outputData = new Uint8Array(memory, HEADER_BYTES + SIMULATED_INPUT_RING_BYTES, SIMULATED_OUTPUT_RING_BYTES)
    this.input = new ByteRing(this.header, word.inputHead, word.inputTail, inputData)
    this.output = new ByteRing(this.header, word.outputHead, word.outputTail, outputData)
  }

  static create(): BoardLink {
    return new BoardLink(new SharedArrayBuffer(HEADER_BYTES + SIMULATED_INPUT_RING_BYTES + SIMULATED_OUTPUT_RING_BYTES))
  }

  get isListening(): boolean {
    return Atomics.load(this.header, word.listening) === 1
  }

  /** Host: begins or ends listening. What the board said before is not for the new listener. */
  setListening(listening: boolean): void {
    this.output.clear()
    Atomics.store(this.header, word.listening, listening ? 1 : 0)
    this.kick()
  }

  /** Host: asks for one message on the next output. */
  wantOutput(): void {
    Atomics.store(this.header, word.outputWanted, 1)
  }

  /** Worker: whether the host asked for a message; asking is answered once. */
  takeOutputWanted(): boolean {
    return Atomics.load(this.header, word.outputWanted) === 1 && Atomics.exchange(this.header, word.outputWanted, 0) === 1
  }

  wantRoom(): void {
    Atomics.store(this.header, word.roomWanted, 1)
  }

  takeRoomWanted(): boolean {
    return Atomics.load(this.header, word.roomWanted) === 1 && Atomics.exchange(this.header, word.roomWanted, 0) === 1
  }

  get isRunning(): boolean {
    return Atomics.load(this.header, word.running) === 1
  }

  /** Worker: code begins or ends to run. */
  setRunning(running: boolean): void {
    Atomics.store(this.header, word.running, running ? 1 : 0)
  }

  get collections(): number {
    return Atomics.load(this.header, word.collections)
  }

  get lastCollectionMs(): number {
    return Atomics.load(this.header, word.collectionTime) / 1000
  }

  /** Worker: a collection was made while code ran. */
  noteCollection(durationMs: number): void {
    Atomics.store(this.header, word.collectionTime, Math.round(durationMs * 1000))
    Atomics.add(this.header, word.collections, 1)
  }

  /** Host: wakes the worker out of whatever it waits for on this link. */
  kick(): void {
    Atomics.add(this.header, word.kicks, 1)
    Atomics.notify(this.header, word.kicks)
  }

  /** Worker: to be read before the condition is looked at, so that no kick is missed. */
  get kicks(): number {
    return Atomics.load(this.header, word.kicks)
  }

  /** Worker: blocks until the host has kicked since `kicks` was read, or the time is up. */
  waitForKick(kicks: number, timeoutMs?: number): void {
    Atomics.wait(this.header, word.kicks, kicks, timeoutMs)
  }
}
