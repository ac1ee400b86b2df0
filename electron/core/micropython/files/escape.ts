/**
 * Bytes that never go to a board as part of a file: 03 would interrupt the program that reads them, and the others are commands to
 * the raw prompt, where they end up when that program ends in the middle. What is left can't do harm anywhere.
 */
const ESCAPED: readonly number[] = [0x01, 0x02, 0x03, 0x04]
export const ESCAPE = 0x10
/** An escaped byte is the escape and the byte plus this. */
const SHIFT = 0x40

/**
 * Pairs of (what stands on the line, what it means), in the order in which the board replaces them: the escape itself last. Every
 * escape on the line begins a pair, so nothing that a replacement makes can look like one.
 */
export const ESCAPE_PAIRS: readonly (readonly [Uint8Array, number])[] = [...ESCAPED, ESCAPE].map(
  byte => [Uint8Array.of(ESCAPE, byte + SHIFT), byte] as const,
)

const IS_ESCAPED = Uint8Array.from({ length: 256 }, (_, byte) => (byte === ESCAPE || ESCAPED.includes(byte) ? 1 : 0))

/** The same bytes when there is nothing to escape. */
export function escapeBytes(bytes: Uint8Array): Uint8Array {
  let count = 0
  for (let at = 0; at < bytes.length; at++) count += IS_ESCAPED[bytes[at] ?? 0] ?? 0
  if (count === 0) return bytes
  const escaped = new Uint8Array(bytes.length + count)
  let to = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (IS_ESCAPED[byte] === 1) {
      escaped[to++] = ESCAPE
      escaped[to++] = byte + SHIFT
    } else {
      escaped[to++] = byte
    }
  }
  return escaped
}
