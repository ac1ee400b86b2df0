import { createHash, type Hash } from 'node:crypto'
import type { FileSource } from './board-files'
import { crc32 } from './checksum'
import type { FileDeed } from './file-failure'
import { fileError } from './file-failure'
import type { BoardHash } from './file-programs'

const READ_BYTES = 64 * 1024

/** A source that is hashed as it is read for the first time, from the beginning. What is read again is not hashed again. */
export class DigestedSource {
  private readonly sha = createHash('sha256')
  private crc = 0
  private hashedBytes = 0

  constructor(
    private readonly source: FileSource,
    private readonly deed: FileDeed,
  ) {}

  /** Rejects when the source has become shorter. */
  async read(position: number, length: number): Promise<Uint8Array> {
    if (position > this.hashedBytes) await this.advance(position)
    const bytes = await this.source.read(position, length)
    if (bytes.length !== length) throw fileError(this.deed, 'file-changed', 'the file on the computer has become shorter')
    const fresh = position + length - this.hashedBytes
    if (fresh > 0 && fresh <= length) this.add(bytes.subarray(length - fresh))
    return bytes
  }

  /** Of the first so many bytes, in lower-case hexadecimal digits. */
  async prefix(bytes: number, kind: BoardHash): Promise<string> {
    if (bytes !== this.hashedBytes) {
      const other = new DigestedSource(this.source, this.deed)
      await other.advance(bytes)
      return other.digest(kind)
    }
    return this.digest(kind)
  }

  /** Of the whole. */
  async whole(): Promise<{ readonly sha256: string; readonly crc32: string }> {
    await this.advance(this.source.bytes)
    return { sha256: this.digest('sha256'), crc32: this.digest('crc32') }
  }

  async advance(to: number): Promise<void> {
    while (this.hashedBytes < to) await this.read(this.hashedBytes, Math.min(READ_BYTES, to - this.hashedBytes))
  }

  private add(bytes: Uint8Array): void {
    this.sha.update(bytes)
    this.crc = crc32(bytes, this.crc)
    this.hashedBytes += bytes.length
  }

  private digest(kind: BoardHash): string {
    return kind === 'sha256' ? copyOf(this.sha).digest('hex') : this.crc.toString(16).padStart(8, '0')
  }
}

function copyOf(hash: Hash): Hash {
  return hash.copy()
}
