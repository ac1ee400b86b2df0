import { ascii } from './control-bytes'

/** What the friendly REPL answers to a 03 at an empty line; its answer to 01 begins with the same line end. */
const FRIENDLY_PROMPT = Uint8Array.from(ascii('\r\n>>> '))

/**
 * Takes the friendly REPL's answers to our own control bytes out of what a board prints while its prompt is looked for,
 * however it is cut into pieces. They tell nobody anything; everything else is passed on unchanged.
 */
export class FriendlyPromptFilter {
  /** How much of a prompt the latest bytes are. Only its first byte begins one, so no shorter match can hide in it. */
  private matched = 0

  constructor(private readonly pass: (bytes: Uint8Array) => void) {}

  push(bytes: Uint8Array): void {
    /** Start of what is neither passed on nor part of a possible prompt in these bytes. */
    let from = 0
    let matchedBefore = this.matched
    for (let index = 0; index < bytes.length; index++) {
      if (bytes[index] !== FRIENDLY_PROMPT[this.matched]) {
        if (matchedBefore > 0) {
          this.pass(FRIENDLY_PROMPT.slice(0, matchedBefore))
          matchedBefore = 0
        }
        this.matched = bytes[index] === FRIENDLY_PROMPT[0] ? 1 : 0
        continue
      }
      this.matched += 1
      if (this.matched < FRIENDLY_PROMPT.length) continue
      const textEnd = index + 1 - (FRIENDLY_PROMPT.length - matchedBefore)
      if (textEnd > from) this.pass(bytes.slice(from, textEnd))
      from = index + 1
      this.matched = 0
      matchedBefore = 0
    }
    const textEnd = bytes.length - (this.matched - matchedBefore)
    if (textEnd > from) this.pass(bytes.slice(from, textEnd))
  }

  /** The prompt was found, or given up. What was kept back is the line end before a raw banner, or the start of nothing. */
  end(): void {
    if (this.matched > LINE_END_BYTES) this.pass(FRIENDLY_PROMPT.slice(0, this.matched))
    this.matched = 0
  }
}

const LINE_END_BYTES = 2
