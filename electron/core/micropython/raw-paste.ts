import { ControlByte, PROMPT } from './control-bytes'

/** At the raw prompt, asks for raw-paste mode: the code is taken as it comes, with flow control. */
export const RAW_PASTE_REQUEST = Uint8Array.of(ControlByte.paste, 0x41, ControlByte.enterRaw)

const KNOWN = 'R'.charCodeAt(0)
const GRANTED = 0x01
const WINDOW_FREED = 0x01

export type RawPasteState =
  /** Nothing, or half of the answer, has come. */
  | 'asking'
  /** The board takes code, as much as `window` says. */
  | 'open'
  /** The board knows the mode and does not offer it: it is at its prompt again. */
  | 'refused'
  /** The board answered something else: it is too old to know the mode, or it is no board. */
  | 'unknown'
  /** The board has taken all, or will take no more; what follows is the code's output. */
  | 'closed'

/**
 * The board's side of raw-paste mode (MicroPython pyexec.c, `do_reader_stdin`): `R 01`, the window as two bytes, lowest
 * first, then a 01 for each window that is free again and a 04 at the end. Pure: bytes in, state out.
 */
export class RawPaste {
  private current: RawPasteState = 'asking'
  private readonly head: number[] = []
  private increment = 0
  private free = 0
  private isFinished = false
  private hasFreed = false

  /** The board has freed a window: it reads what it is sent. */
  get isFlowing(): boolean {
    return this.hasFreed
  }

  get state(): RawPasteState {
    return this.current
  }

  /** Bytes of code that the board has room for. */
  get window(): number {
    return this.current === 'open' ? this.free : 0
  }

  /** So many bytes of code were written. */
  sent(byteCount: number): void {
    this.free -= byteCount
  }

  /** The last of the code and its 04 were written: from here on the board may run it, whatever comes. */
  finished(): void {
    this.isFinished = true
  }

  /**
   * Reads up to the end of the mode, or to what is no part of it; returns how many bytes it was. The rest is for whoever reads what
   * comes after, or, while the mode goes on, what comes in between: see `strangeBytes`.
   */
  feed(bytes: Uint8Array): number {
    let count = 0
    while (count < bytes.length && (this.current === 'asking' || this.current === 'open')) {
      const byte = bytes[count] ?? 0
      const isRead = this.current === 'open' ? this.readFlow(byte) : this.readHead(byte)
      if (!isRead) return count
      count++
    }
    return count
  }

  /** False for a byte that is no part of an answer. */
  private readHead(byte: number): boolean {
    const place = this.head.length
    if ((place === 0 && byte !== KNOWN) || (place === 1 && byte > GRANTED)) {
      this.current = 'unknown'
      return false
    }
    if (place === 2 && this.head[1] !== GRANTED) {
      // `R 00`, and the prompt again.
      this.current = byte === PROMPT ? 'refused' : 'unknown'
      return byte === PROMPT
    }
    this.head.push(byte)
    if (place === 3) {
      this.increment = (this.head[2] ?? 0) + byte * 256
      this.free = this.increment
      this.current = this.increment > 0 ? 'open' : 'unknown'
    }
    return true
  }

  private readFlow(byte: number): boolean {
    if (byte === WINDOW_FREED) {
      this.free += this.increment
      this.hasFreed = true
      return true
    }
    const isEnd = byte === ControlByte.end
    // After the end of the code a byte of another kind is output: the 04 before it was lost.
    if (isEnd || this.isFinished) this.current = 'closed'
    return isEnd
  }
}

/** How many bytes from the start are neither a freed window nor an end: a timer or a thread of the board prints as well. */
export function strangeBytes(bytes: Uint8Array): number {
  const end = bytes.findIndex(byte => byte === WINDOW_FREED || byte === ControlByte.end)
  return end === -1 ? bytes.length : end
}
