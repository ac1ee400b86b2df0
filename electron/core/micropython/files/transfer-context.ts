import type { Clock } from '../../base/clock'
import type { Logger } from '../../base/logger'
import type { BoardTalk } from '../board-talk'
import type { BoardAbilities } from './board-files'
import type { BoardQuestions } from './board-questions'
import type { FileDeed } from './file-failure'
import type { BoardHash, HashOptions } from './file-programs'
import type { LinePace } from './line-pace'
import { CLOSE_LEFT_PROGRAM } from './text-programs'

/** What everything that moves or asks about files needs to know. */
export interface BoardAccess {
  readonly talk: BoardTalk
  readonly abilities: BoardAbilities
  readonly questions: BoardQuestions
  readonly pace: LinePace
  readonly clock: Clock
  readonly logger: Logger
}

/** How far a transfer has come. */
export interface TransferMeter {
  doneBytes: number
  retries: number
  report(): void
}

export interface ChunkTransfer {
  readonly access: BoardAccess
  readonly deed: FileDeed
  readonly path: string
  readonly signal: AbortSignal
  readonly meter: TransferMeter
  readonly freeMemoryBytes: number | null
  readonly feedCode?: string
}

/** What the board can hash files with; null for nothing. */
export function hashOf({ features }: BoardAccess['abilities']): BoardHash | null {
  return features.includes('sha256') ? 'sha256' : features.includes('crc32') ? 'crc32' : null
}

export function hashOptions(hash: BoardHash, freeMemoryBytes: number | null, feedCode?: string): HashOptions {
  return { hash, freeMemoryBytes, ...(feedCode !== undefined && { feedCode }) }
}

/**
 * Before a file is begun, or what is left of one removed: where files stay open from one program to the next, one may be open still. The
 * smallest boards have no memory for that.
 */
export function closingWhatIsLeft({ features }: BoardAccess['abilities'], body: string): string {
  return features.includes('binaryInput') || !features.includes('stat') ? body : `${CLOSE_LEFT_PROGRAM}${body}`
}

/** Boards hash at least so fast; besides, there is the time of a short operation. */
const HASH_BYTES_PER_MS = 20

export function hashMs(bytes: number): number {
  return bytes / HASH_BYTES_PER_MS
}
