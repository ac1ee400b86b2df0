import { promisify } from 'node:util'
import { deflateRaw } from 'node:zlib'
import { FILE_DEFLATE_MIN_SAVING } from '../../../../shared/limits'
import { type ChecksumKind, checksum } from './checksum'
import { Letter } from './dialogue-programs'
import { escapeBytes } from './escape'
import { encodeFrame } from './frame'

const deflate = promisify(deflateRaw)
/** After so many chunks that did not shrink, the next ones are not tried. */
const FAILED_TRIES = 2
const UNTRIED_CHUNKS = 8
/** Fewer bytes are not worth the work. */
const DEFLATE_MIN_BYTES = 128

/** Makes frames of chunks: compressed where that pays, escaped where it must be. */
export class ChunkPacker {
  private failedTries = 0
  private untried = 0

  constructor(
    private readonly kind: ChecksumKind,
    /** Base-2 logarithm of the window; null where the board can't decompress. */
    private deflateBits: number | null,
  ) {}

  /** From here on chunks go as they are. */
  stopCompressing(): void {
    this.deflateBits = null
  }

  async pack(position: number, chunk: Uint8Array): Promise<Uint8Array> {
    const plain = escapeBytes(chunk)
    const packed = await this.deflated(chunk)
    const isSmaller = packed !== null && packed.length <= plain.length * (1 - FILE_DEFLATE_MIN_SAVING)
    if (packed !== null) this.judge(isSmaller)
    const payload = packed !== null && isSmaller ? packed : plain
    return encodeFrame(this.kind, {
      kind: isSmaller ? Letter.deflated : plain === chunk ? Letter.plain : Letter.escaped,
      position,
      length: chunk.length,
      checksum: checksum(this.kind, chunk),
      payload,
    })
  }

  private async deflated(chunk: Uint8Array): Promise<Uint8Array | null> {
    if (this.deflateBits === null || chunk.length < DEFLATE_MIN_BYTES) return null
    if (this.untried > 0) {
      this.untried--
      return null
    }
    return escapeBytes(await deflate(chunk, { windowBits: this.deflateBits }))
  }

  private judge(isSmaller: boolean): void {
    this.failedTries = isSmaller ? 0 : this.failedTries + 1
    if (this.failedTries >= FAILED_TRIES) this.untried = UNTRIED_CHUNKS
  }
}
