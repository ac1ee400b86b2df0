import { FILE_CHUNK_HEAP_SHARE, FILE_CHUNK_MAX_BYTES, FILE_CHUNK_MIN_BYTES } from '../../../../shared/limits'

/** Transfers begin with chunks of this size: slow lines are not blocked for long, and quick ones have grown after a few. */
const FIRST_BYTES = 2_048
/** File systems like whole blocks. */
const BLOCK_BYTES = 512
/** So many chunks without damage before they grow. */
const CALM_CHUNKS = 2
/** Once there was damage, it is to be expected again. */
const CALM_CHUNKS_AFTER_DAMAGE = 16
/** Chunks that take longer than this are large enough. */
const LONG_MS = 250

/** How large the next chunk is: by the board's heap, by how the line has done so far. */
export class ChunkSize {
  readonly max: number
  private size: number
  private calm = 0
  private calmNeeded = CALM_CHUNKS

  constructor(freeMemoryBytes: number | null) {
    const share = freeMemoryBytes === null ? FIRST_BYTES : Math.floor(freeMemoryBytes * FILE_CHUNK_HEAP_SHARE)
    const rounded = share > BLOCK_BYTES ? share - (share % BLOCK_BYTES) : share
    this.max = Math.max(FILE_CHUNK_MIN_BYTES, Math.min(FILE_CHUNK_MAX_BYTES, rounded))
    this.size = Math.min(FIRST_BYTES, this.max)
  }

  get bytes(): number {
    return this.size
  }

  get isSmallest(): boolean {
    return this.size <= FILE_CHUNK_MIN_BYTES
  }

  arrived(elapsedMs: number): void {
    if (++this.calm < this.calmNeeded || elapsedMs > LONG_MS) return
    this.calm = 0
    this.size = Math.min(this.max, this.size * 2)
  }

  damaged(): void {
    this.calm = 0
    this.calmNeeded = CALM_CHUNKS_AFTER_DAMAGE
    this.size = Math.max(FILE_CHUNK_MIN_BYTES, this.size >> 1)
  }
}
