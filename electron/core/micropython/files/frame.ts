import { ControlByte } from '../control-bytes'
import { type ChecksumKind, checksum } from './checksum'

/**
 * What programs on a board and Muster say to each other, both ways: `{`, a letter, four numbers in hexadecimal digits, a
 * checksum of all that, and so many bytes. Headers are printable, so that no control byte is in them, and none begins with the
 * 04 that ends a program's output.
 */
export interface Frame {
  /** One printable letter. */
  readonly kind: string
  /** An offset in the file, or whatever the letter says. */
  readonly position: number
  /** Bytes of the file in it. */
  readonly length: number
  /** Of the bytes of the file, not of those on the line. */
  readonly checksum: number
  /** As on the line. */
  readonly payload: Uint8Array
}

const START = '{'.charCodeAt(0)
const POSITION_DIGITS = 8
const LENGTH_DIGITS = 5
const CHECKSUM_DIGITS = 8
const HEADER_CHECK_DIGITS = 4
const CHECKED_CHARACTERS = 1 + POSITION_DIGITS + 2 * LENGTH_DIGITS + CHECKSUM_DIGITS
export const HEADER_BYTES = 1 + CHECKED_CHARACTERS + HEADER_CHECK_DIGITS
/** Nothing on a board that is read is larger; a header that says so is damaged. */
const PAYLOAD_MAX_BYTES = 16 ** LENGTH_DIGITS - 1
/** As Python's `%` formats them, and where each ends within the header. */
export const FRAME_FORMAT = `%s%0${POSITION_DIGITS}x%0${LENGTH_DIGITS}x%0${LENGTH_DIGITS}x%0${CHECKSUM_DIGITS}x`
export const FRAME_ENDS = {
  position: 1 + POSITION_DIGITS,
  length: 1 + POSITION_DIGITS + LENGTH_DIGITS,
  wireLength: 1 + POSITION_DIGITS + 2 * LENGTH_DIGITS,
  checksum: CHECKED_CHARACTERS,
  header: CHECKED_CHARACTERS + HEADER_CHECK_DIGITS,
} as const

export function encodeFrame(kind: ChecksumKind, frame: Frame): Uint8Array {
  const { position, length, payload } = frame
  const numbers = [
    hex(position, POSITION_DIGITS),
    hex(length, LENGTH_DIGITS),
    hex(payload.length, LENGTH_DIGITS),
    hex(frame.checksum, CHECKSUM_DIGITS),
  ]
  const checked = Buffer.from(`${frame.kind}${numbers.join('')}`, 'latin1')
  const header = `{${checked.toString('latin1')}${hex(checksum(kind, checked) & 0xffff, HEADER_CHECK_DIGITS)}`
  const bytes = new Uint8Array(HEADER_BYTES + payload.length)
  bytes.set(Buffer.from(header, 'latin1'))
  bytes.set(payload, HEADER_BYTES)
  return bytes
}

/** A frame without bytes. */
export function encodeSignal(kind: ChecksumKind, letter: string, position: number, length = 0): Uint8Array {
  return encodeFrame(kind, { kind: letter, position, length, checksum: 0, payload: new Uint8Array(0) })
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

/** Reads frames out of what a program prints, however it is cut into pieces. Pure: no timers, and nothing thrown. */
export class FrameReader {
  private state: 'between' | 'header' | 'payload' | 'lost' | 'ended' = 'between'
  private readonly header = new Uint8Array(HEADER_BYTES)
  private headerLength = 0
  private frame: Omit<Frame, 'payload'> | null = null
  private payload = new Uint8Array(0)
  private payloadLength = 0

  /** `onLost` is called once when something has come that is no frame: from there on only `awaitFrame` helps. */
  constructor(
    private readonly kind: ChecksumKind,
    private readonly onFrame: (frame: Frame) => void,
    private readonly onLost: () => void,
    private readonly onEnd: () => void,
    /** Larger frames are not waited for: their header is damaged, or they are none of ours. */
    private readonly payloadMaxBytes = PAYLOAD_MAX_BYTES,
  ) {}

  /** Whether everything so far made whole frames. */
  get isInStep(): boolean {
    return this.state !== 'lost'
  }

  /** Drops a frame that has begun, and searches for the next valid header in whatever comes, 04 included. */
  search(): void {
    if (this.state !== 'ended') this.state = 'lost'
    this.headerLength = 0
  }

  /** From now on nothing is read any more: the next byte is the board's own. */
  end(): void {
    this.state = 'ended'
  }

  /** How many of the bytes were the program's. */
  feed(bytes: Uint8Array): number {
    let at = 0
    while (at < bytes.length) {
      if (this.state === 'ended') return at
      if (this.state === 'payload') {
        at += this.takePayload(bytes.subarray(at))
        continue
      }
      const byte = bytes[at] ?? 0
      if (this.state === 'between') {
        if (byte === ControlByte.end) {
          this.state = 'ended'
          this.onEnd()
          return at
        }
        this.state = byte === START ? 'header' : 'lost'
        this.headerLength = 0
        if (this.state === 'lost') this.onLost()
      }
      at++
      this.takeHeader(byte)
    }
    return at
  }

  private takeHeader(byte: number): void {
    if (this.headerLength === 0 && byte !== START) return
    this.header[this.headerLength++] = byte
    if (this.headerLength < HEADER_BYTES) return
    const read = this.readHeader()
    if (read !== null) {
      const { wireLength, ...frame } = read
      this.headerLength = 0
      this.frame = frame
      this.payload = new Uint8Array(wireLength)
      this.payloadLength = 0
      this.state = 'payload'
      if (wireLength === 0) this.finishFrame()
      return
    }
    if (this.state === 'header') {
      this.state = 'lost'
      this.onLost()
    }
    this.searchWithinHeader()
  }

  /** The true start may lie within what was taken for a header. */
  private searchWithinHeader(): void {
    const next = this.header.indexOf(START, 1)
    if (next === -1) {
      this.headerLength = 0
      return
    }
    this.header.copyWithin(0, next)
    this.headerLength = HEADER_BYTES - next
  }

  private readHeader(): (Omit<Frame, 'payload'> & { readonly wireLength: number }) | null {
    const text = Buffer.from(this.header).toString('latin1')
    if (!/^\{[!-~][0-9a-f]+$/.test(text)) return null
    const field = (from: number, to: number): number => Number.parseInt(text.slice(1 + from, 1 + to), 16)
    const expected = checksum(this.kind, this.header.subarray(1, 1 + CHECKED_CHARACTERS)) & 0xffff
    if (field(FRAME_ENDS.checksum, FRAME_ENDS.header) !== expected) return null
    const wireLength = field(FRAME_ENDS.length, FRAME_ENDS.wireLength)
    if (wireLength > this.payloadMaxBytes) return null
    return {
      kind: text.charAt(1),
      position: field(1, FRAME_ENDS.position),
      length: field(FRAME_ENDS.position, FRAME_ENDS.length),
      checksum: field(FRAME_ENDS.wireLength, FRAME_ENDS.checksum),
      wireLength,
    }
  }

  private takePayload(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, this.payload.length - this.payloadLength)
    this.payload.set(bytes.subarray(0, count), this.payloadLength)
    this.payloadLength += count
    if (this.payloadLength === this.payload.length) this.finishFrame()
    return count
  }

  private finishFrame(): void {
    const { frame, payload } = this
    this.frame = null
    this.state = 'between'
    this.headerLength = 0
    if (frame !== null) this.onFrame({ ...frame, payload })
  }
}
