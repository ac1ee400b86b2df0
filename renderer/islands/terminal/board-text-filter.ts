const ESC = 0x1b
const BEL = 0x07
const CAN = 0x18
const SUB = 0x1a
const LEFT_BRACKET = 0x5b
const BACKSLASH = 0x5c
const UPPER_K = 0x4b
const LOWER_M = 0x6d
/** In UTF-8, the control characters U+0080 to U+009F are this byte and one of 0x80 to 0x9F. */
const C1_LEAD = 0xc2
/** Longer than any colour sequence in use; what goes on beyond is not one. */
const SEQUENCE_BYTES_MAX = 64
/** A string sequence without an end would swallow all that follows. */
const STRING_BYTES_MAX = 4_096

type State = 'text' | 'c1-lead' | 'escape' | 'escape-intermediate' | 'csi' | 'string' | 'string-escape'

/**
 * Lets through of a board's output what a reader of text needs: printable bytes, line breaks, tab, backspace, colours
 * (SGR) and erase-in-line. Everything else that a terminal would obey is taken out: titles, clipboard (OSC 52),
 * links (OSC 8), questions that want an answer (DSR, DA), screen switching, cursor moves and resets, so that a board can
 * neither act on the window nor paint over what was printed before. Sequences may be split anywhere between calls.
 */
export class BoardTextFilter {
  private state: State = 'text'
  private sequence: number[] = []
  private skipped = 0

  filter(bytes: Uint8Array): Uint8Array {
    if (this.state === 'text' && isPlain(bytes)) return bytes
    // What a sequence held back from the call before comes on top.
    const out = new Uint8Array(bytes.length + SEQUENCE_BYTES_MAX + 1)
    let length = 0
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number
      switch (this.state) {
        case 'text':
          if (byte === ESC) this.state = 'escape'
          else if (byte === C1_LEAD) this.state = 'c1-lead'
          else if (isTextByte(byte)) out[length++] = byte
          break
        case 'c1-lead':
          this.state = 'text'
          if (byte >= 0x80 && byte <= 0x9f) {
            this.enterC1(byte)
          } else if (byte >= 0xa0 && byte <= 0xbf) {
            out[length++] = C1_LEAD
            out[length++] = byte
          } else {
            // A lead byte without its continuation goes, or it would join with a byte behind a removed sequence.
            index--
          }
          break
        case 'escape':
          // A line break inside a broken sequence is still a line break.
          if (byte < 0x20 && isTextByte(byte)) {
            this.state = 'text'
            index--
          } else {
            this.enterEscape(byte)
          }
          break
        case 'escape-intermediate':
          if (byte < 0x20 || byte >= 0x30) this.state = byte === ESC ? 'escape' : 'text'
          break
        case 'csi':
          if (byte >= 0x40 && byte <= 0x7e) {
            if (isHarmless(byte, this.sequence)) length = this.emitSequence(out, length, byte)
            this.state = 'text'
          } else if (byte >= 0x20 && byte <= 0x3f && this.sequence.length < SEQUENCE_BYTES_MAX - 3) {
            this.sequence.push(byte)
          } else {
            this.state = byte === ESC ? 'escape' : 'text'
            if (this.state === 'text') index--
          }
          break
        case 'string':
          if (byte === ESC) this.state = 'string-escape'
          else if (byte === BEL || byte === CAN || byte === SUB || ++this.skipped > STRING_BYTES_MAX) this.state = 'text'
          else if (byte === C1_LEAD) this.skipped++
          else if (byte === 0x9c) this.state = 'text'
          break
        case 'string-escape':
          this.state = 'text'
          if (byte !== BACKSLASH) this.enterEscape(byte)
          break
      }
    }
    return out.subarray(0, length)
  }

  private enterEscape(byte: number): void {
    if (byte === LEFT_BRACKET) this.enterCsi()
    else if (STRING_STARTS.has(byte)) this.enterString()
    else if (byte === ESC) this.state = 'escape'
    else this.state = byte >= 0x20 && byte <= 0x2f ? 'escape-intermediate' : 'text'
  }

  private enterC1(byte: number): void {
    if (byte === 0x9b) this.enterCsi()
    else if (C1_STRING_STARTS.has(byte)) this.enterString()
  }

  private enterCsi(): void {
    this.state = 'csi'
    this.sequence = []
  }

  private enterString(): void {
    this.state = 'string'
    this.skipped = 0
  }

  private emitSequence(out: Uint8Array, at: number, final: number): number {
    let length = at
    out[length++] = ESC
    out[length++] = LEFT_BRACKET
    for (const byte of this.sequence) out[length++] = byte
    out[length++] = final
    return length
  }
}

/** DCS, SOS, OSC, PM, APC as `ESC` and a letter, and as C1 controls. */
const STRING_STARTS: ReadonlySet<number> = new Set([0x50, 0x58, 0x5d, 0x5e, 0x5f])
const C1_STRING_STARTS: ReadonlySet<number> = new Set([0x90, 0x98, 0x9d, 0x9e, 0x9f])

/** Printable, or one of backspace, tab, line feed, carriage return. */
function isTextByte(byte: number): boolean {
  return (byte >= 0x20 && byte !== 0x7f) || (byte >= 0x08 && byte <= 0x0a) || byte === 0x0d
}

function isPlain(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number
    if (byte === C1_LEAD || !isTextByte(byte)) return false
  }
  return true
}

/** `m` sets colours, `K` erases within the line; with digits and separators only, as private forms differ in meaning. */
function isHarmless(final: number, parameters: readonly number[]): boolean {
  return (final === LOWER_M || final === UPPER_K) && parameters.every(byte => byte >= 0x30 && byte <= 0x3b)
}
