const MEMORY_SECTION = 5
const HAS_MAXIMUM_AND_IS_SHARED = 0x03
const WASM_HEADER_BYTES = 8

/**
 * A copy of a WebAssembly binary whose one memory is shared between threads and bounded. Nothing else is touched.
 *
 * Another thread can then write a pending exception into a running interpreter, and an endless program meets a
 * MemoryError instead of taking the machine's memory. Throws when the binary has no memory section of its own.
 */
export function withSharedMemory(binary: Uint8Array, maximumPages: number): Uint8Array<ArrayBuffer> {
  let at = WASM_HEADER_BYTES
  while (at < binary.length) {
    const start = at
    const id = binary[at++]
    const size = readUnsigned(binary, at)
    const end = size.next + size.value
    if (id === MEMORY_SECTION) {
      const count = readUnsigned(binary, size.next)
      if (count.value !== 1) throw new Error(`The interpreter has ${count.value} memories instead of one.`)
      const minimum = readUnsigned(binary, count.next + 1)
      const body = [1, HAS_MAXIMUM_AND_IS_SHARED, ...unsigned(minimum.value), ...unsigned(maximumPages)]
      return Buffer.concat([
        binary.subarray(0, start),
        Uint8Array.from([MEMORY_SECTION, ...unsigned(body.length), ...body]),
        binary.subarray(end),
      ])
    }
    at = end
  }
  throw new Error('The interpreter has no memory section.')
}

/** LEB128, as the WebAssembly binary format has it. */
function readUnsigned(binary: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = binary[at++]
    if (byte === undefined) throw new Error('The interpreter file ends in the middle of a number.')
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return { value, next: at }
  }
}

function unsigned(value: number): number[] {
  const bytes: number[] = []
  do {
    const rest = Math.floor(value / 128)
    bytes.push((value % 128) | (rest > 0 ? 0x80 : 0))
    value = rest
  } while (value > 0)
  return bytes
}
