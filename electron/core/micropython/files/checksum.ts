/** How one frame or one answer is checked: by what the board can compute quickly. The proof of a whole file is another matter. */
export type ChecksumKind = 'crc32' | 'sum'

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1
  return value
})

/** CRC-32 as of zlib and MicroPython's `binascii.crc32`. `before`: of the bytes before these. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before
  for (let at = 0; at < bytes.length; at++) value = (TABLE[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8)
  return ~value >>> 0
}

export function checksum(kind: ChecksumKind, bytes: Uint8Array): number {
  if (kind === 'crc32') return crc32(bytes)
  let sum = 0
  for (const byte of bytes) sum += byte
  return sum >>> 0
}
