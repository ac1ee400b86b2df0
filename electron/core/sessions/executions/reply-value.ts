import type { BoardValue, ExpectedValue } from '../../../../shared/model'
import { newToken } from '../../micropython/prompt-search'
import { ValueReader, wrapForValue } from '../../micropython/typed-result'

/** The value of a snippet's last expression: asked for with the code, and taken out of what it prints. */
export class ReplyValue {
  /** What is sent instead of the snippet. */
  readonly code: string
  private readonly reader: ValueReader | null

  constructor(snippet: string, maxBytes: number, expect: ExpectedValue) {
    const nonce = newToken()
    const { code, hasValue } = wrapForValue(snippet, nonce, expect)
    this.code = code
    this.reader = hasValue ? new ValueReader(nonce, maxBytes, expect) : null
  }

  /** What of the printed bytes is the snippet's own. */
  push(bytes: Uint8Array): Uint8Array {
    return this.reader?.push(bytes) ?? bytes
  }

  /** Nothing more is printed. A snippet without a last expression has the value null. */
  end(): { readonly rest: Uint8Array; readonly value: BoardValue; readonly error: string | null } {
    if (this.reader === null) return { rest: new Uint8Array(0), value: null, error: null }
    const { rest, value = null, error } = this.reader.end()
    return { rest, value, error }
  }
}
