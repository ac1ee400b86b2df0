import { ascii, ControlByte } from './control-bytes'

/**
 * Takes answers to probes that came too late out of what a board prints while its prompt is looked for, however they are cut into
 * pieces. Whoever reads the output has not asked for them; everything else is passed on unchanged.
 */
export class ProbeAnswerFilter {
  private readonly answers: Uint8Array[] = []
  /** The beginning of what may become an answer. */
  private held: Uint8Array = new Uint8Array(0)

  constructor(private readonly pass: (bytes: Uint8Array) => void) {}

  /** From now on the board may answer with this word in a `KeyError`. */
  expect(token: string): void {
    const { end } = ControlByte
    const text = `Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\nKeyError: ${token}\r\n`
    const answer = [end, ...ascii(text), end, ...ascii('>')]
    // Its first part may have come in time.
    this.answers.push(Uint8Array.from([...ascii('OK'), ...answer]), Uint8Array.from(answer))
  }

  push(bytes: Uint8Array): void {
    const all = this.held.length === 0 ? bytes : Uint8Array.from([...this.held, ...bytes])
    this.held = new Uint8Array(0)
    let passed = 0
    for (let at = 0; at < all.length; ) {
      const length = this.matchAt(all, at)
      if (length === 0) {
        at += 1
        continue
      }
      if (at > passed) this.pass(all.slice(passed, at))
      if (length === null) {
        this.held = all.slice(at)
        return
      }
      at += length
      passed = at
    }
    if (all.length > passed) this.pass(all.slice(passed))
  }

  /** Nothing is looked for any more: what was kept back is the beginning of nothing. */
  end(): void {
    if (this.held.length > 0) this.pass(this.held)
    this.held = new Uint8Array(0)
  }

  /** Length of the answer that stands there, 0 for none; null where the bytes end before it can be told. */
  private matchAt(bytes: Uint8Array, at: number): number | null {
    for (const answer of this.answers) {
      const length = Math.min(answer.length, bytes.length - at)
      let same = 0
      while (same < length && bytes[at + same] === answer[same]) same++
      if (same === answer.length) return same
      if (same === length) return null
    }
    return 0
  }
}
