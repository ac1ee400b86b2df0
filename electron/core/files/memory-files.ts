import { createHash } from 'node:crypto'
import type { FileSink, FileSource } from '../micropython/files/board-files'
import { fileFailed } from './file-errors'

/** Bytes that are in memory already. */
export function memorySource(data: Uint8Array): FileSource {
  return {
    bytes: data.length,
    read: async (offset, length) => data.subarray(offset, offset + length),
  }
}

/** Takes a file of at most `maxBytes` into memory. */
export class MemorySink implements FileSink {
  readonly resumeAt = 0
  private blocks: Uint8Array[] = []
  private length = 0

  constructor(
    private readonly what: string,
    private readonly maxBytes: number,
  ) {}

  get data(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.blocks, this.length))
  }

  async prefixSha256(bytes: number): Promise<string> {
    return createHash('sha256').update(this.data.subarray(0, bytes)).digest('hex')
  }

  async restart(): Promise<void> {
    this.blocks = []
    this.length = 0
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.length + bytes.length > this.maxBytes) throw tooLarge(this.what, this.maxBytes)
    this.blocks.push(bytes)
    this.length += bytes.length
  }
}

export function tooLarge(what: string, maxBytes: number): Error {
  return fileFailed('file-too-large', `${what} has more than the ${maxBytes} bytes that can be shown.`, {
    hint: 'Copy it to a folder of the computer.',
  })
}
