import { FILE_CHUNK_ATTEMPTS } from '../../../../shared/limits'
import type { ChunkSize } from './chunk-size'
import { Letter } from './dialogue-programs'
import { fileError } from './file-failure'
import type { Frame } from './frame'
import type { ChunkTransfer } from './transfer-context'

/**
 * A chunk did not arrive: the next ones are smaller. `failures`: how many in a row, this one included. Throws when there have been
 * enough; for lack of memory, only where chunks can't become any smaller.
 */
export function chunkFailed({ meter, deed }: ChunkTransfer, size: ChunkSize, failures: number, frame: Frame | null): void {
  const hasNoMemory = frame?.kind === Letter.noMemory
  meter.retries++
  if (failures >= FILE_CHUNK_ATTEMPTS && (!hasNoMemory || size.isSmallest)) {
    throw fileError(deed, hasNoMemory ? 'no-memory' : 'file-damaged')
  }
  size.damaged()
}
