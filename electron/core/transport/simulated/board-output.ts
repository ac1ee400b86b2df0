import type { BoardLink } from './board-link'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** What a simulated board says: line ends as on a board, and nothing lost while somebody listens. */
export class BoardOutput {
  private lastByte = 0
  private skipBytes = 0
  private isMuted = false
  private heard: string | null = null
  private text = new Uint8Array(4096)

  constructor(
    private readonly link: BoardLink,
    private readonly callHost: () => void,
  ) {}

  /** From the interpreter. `bytes` may change after the call. */
  write(bytes: Uint8Array, kind: 'text' | 'binary'): void {
    if (this.isMuted) return
    let start = 0
    if (this.skipBytes > 0) {
      start = Math.min(this.skipBytes, bytes.length)
      this.skipBytes -= start
    }
    if (start === bytes.length) return
    const rest = start === 0 ? bytes : bytes.subarray(start)
    if (this.heard !== null) this.heard += Buffer.from(rest).toString('latin1')
    if (kind === 'text' && rest.includes(LINE_FEED)) this.sendText(rest)
    else this.send(rest, rest.length)
  }

  /** From the shim: one character a byte, no change of line ends. */
  sendRaw(text: string): void {
    const bytes = Buffer.from(text, 'latin1')
    this.send(bytes, bytes.length)
  }

  /** Drops the interpreter's next bytes. */
  skip(count: number): void {
    this.skipBytes = count
  }

  mute(run: () => void): void {
    this.isMuted = true
    run()
    this.isMuted = false
  }

  /** What the interpreter sends while `run` runs, one character a byte. It is sent all the same. */
  listen(run: () => void): string {
    this.heard = ''
    run()
    const heard = this.heard
    this.heard = null
    return heard
  }

  /** The interpreter ends lines with `\n`, firmware with `\r\n`; the REPL's own `\r\n` stays as it is. */
  private sendText(bytes: Uint8Array): void {
    if (this.text.length < bytes.length * 2) this.text = new Uint8Array(bytes.length * 2)
    let length = 0
    let last = this.lastByte
    for (const byte of bytes) {
      if (byte === LINE_FEED && last !== CARRIAGE_RETURN) this.text[length++] = CARRIAGE_RETURN
      this.text[length++] = byte
      last = byte
    }
    this.send(this.text, length)
  }

  /** Blocks while the host has not taken what was sent before: a simulated board's line loses nothing. */
  private send(bytes: Uint8Array, length: number): void {
    this.lastByte = bytes[length - 1] ?? this.lastByte
    let sent = 0
    while (sent < length) {
      const kicks = this.link.kicks
      if (!this.link.isListening) return
      sent += this.link.output.write(bytes, sent, length)
      if (this.link.takeOutputWanted()) this.callHost()
      if (sent < length) this.link.waitForKick(kicks)
    }
  }
}
