import { createHash } from 'node:crypto'
import { systemClock } from '../../../../electron/core/base/clock'
import { silentLogger } from '../../../../electron/core/base/logger'
import type { BoardTalk } from '../../../../electron/core/micropython/board-talk'
import type { BoardFiles, FileSink, FileSource } from '../../../../electron/core/micropython/files/board-files'
import { createBoardFiles } from '../../../../electron/core/micropython/files/create-board-files'
import type { BoardFeature } from '../../../../shared/model'

/** What the native board can, and the simulated one but for `statvfs`. */
export const FEATURES: readonly BoardFeature[] = [
  'base64',
  'deflate',
  'sha256',
  'crc32',
  'binaryInput',
  'binaryOutput',
  'kbdIntr',
  'poll',
  'rename',
  'folders',
  'stat',
  'statvfs',
]

export function filesOf(talk: BoardTalk, features = FEATURES, freeMemoryBytes: number | null = 200_000): BoardFiles {
  return createBoardFiles(talk, { features, freeMemoryBytes }, { clock: systemClock, logger: silentLogger })
}

export function without(...features: BoardFeature[]): readonly BoardFeature[] {
  return FEATURES.filter(feature => !features.includes(feature))
}

export function sourceOf(bytes: Uint8Array): FileSource {
  return { bytes: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) }
}

/** Keeps what it is given. */
export class MemorySink implements FileSink {
  readonly resumeAt: number
  restarts = 0

  constructor(public bytes: Buffer = Buffer.alloc(0)) {
    this.resumeAt = bytes.length
  }

  async prefixSha256(bytes: number): Promise<string> {
    return sha256(this.bytes.subarray(0, bytes))
  }

  async restart(): Promise<void> {
    this.restarts++
    this.bytes = Buffer.alloc(0)
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.bytes = Buffer.concat([this.bytes, bytes])
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function never(): AbortSignal {
  return new AbortController().signal
}

/** The same bytes for the same seed, every value among them. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  let state = seed * 2_654_435_761
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

/** Text that compresses as programs do. */
export function programText(length: number): Buffer {
  let text = ''
  for (let line = 0; text.length < length; line++) text += `def function_${line}(value):\n    return value * ${line} + len('${line * 7}')\n`
  return Buffer.from(text.slice(0, length))
}
