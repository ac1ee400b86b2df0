import { promisify } from 'node:util'
import { deflateRaw } from 'node:zlib'
import { MusterError } from '../../../../shared/errors'
import {
  FILE_CHUNK_ATTEMPTS,
  FILE_CHUNK_HEAP_SHARE,
  FILE_CHUNK_MAX_BYTES,
  FILE_CHUNK_MIN_BYTES,
  FILE_DEFLATE_MIN_SAVING,
} from '../../../../shared/limits'
import { countOf, type ProgramAnswer } from './answer'
import type { BinaryRead } from './binary-reader'
import { type BinaryWrite, BoardWriteFailure } from './binary-writer'
import { isAtPrompt, type Question } from './board-questions'
import { boardError, fileError } from './file-failure'
import { CLOSE_PROGRAM, openProgram, readTextProgram, type TextChunk, type TextEncoding, writeTextProgram } from './text-programs'
import type { ChunkTransfer } from './transfer-context'

const deflate = promisify(deflateRaw)
const DEFLATE_BITS = 10
/** Text takes several times the room of its bytes, as the program's own text and as what becomes of it. */
const TEXT_SHARE = 4
/** Hexadecimal digits are made and read by Python, an object each. */
const HEX_SHARE = 32
/** No board had so little memory that this did not fit, once its garbage is collected. */
const TEXT_CHUNK_MIN_BYTES = 32
/** A board whose heap is not known is a small one. */
const UNKNOWN_HEAP_BYTES = 32 * 1024

/** What decoding raises where a digit was damaged on the way. */
const DAMAGED_TEXT: ReadonlySet<string> = new Set(['ValueError', 'EOFError'])

function encodingOf({ access }: ChunkTransfer): TextEncoding {
  return access.abilities.features.includes('base64') ? 'base64' : 'hex'
}

function chunkBytes({ freeMemoryBytes }: ChunkTransfer, encoding: TextEncoding): number {
  const heap = freeMemoryBytes ?? UNKNOWN_HEAP_BYTES
  const share = Math.floor((heap * FILE_CHUNK_HEAP_SHARE) / (encoding === 'hex' ? HEX_SHARE : TEXT_SHARE))
  return Math.max(FILE_CHUNK_MIN_BYTES, Math.min(FILE_CHUNK_MAX_BYTES / TEXT_SHARE, share))
}

/** Sends a file as text in programs: for boards whose input can't carry every byte. */
export async function writeText(write: BinaryWrite, offset: number): Promise<void> {
  const { access, deed, path, signal, meter, totalBytes, read, feedCode } = write
  const { questions } = access
  const encoding = encodingOf(write)
  let canDeflate = access.abilities.features.includes('deflate')
  let size = chunkBytes(write, encoding)
  let sentBytes = offset
  await questions.records({ deed: deed.deed, signal, body: () => openProgram(path, offset === 0 ? 'wb' : 'ab', offset) }, 'read-only-files')
  try {
    for (let position = offset, failures = 0; position < totalBytes; ) {
      const bytes = await read(position, Math.min(size, totalBytes - position))
      const chunk = await encode(encoding, position, bytes, canDeflate)
      const body = (): string => writeTextProgram({ ...chunk, ...(feedCode !== undefined && { feedCode }) })
      sentBytes = Math.max(sentBytes, position + bytes.length)
      const answer = await askForChunk(write, { deed: deed.deed, signal, body })
      if (typeof answer === 'string') {
        size = smaller(write, size, answer)
        canDeflate = canDeflate && answer !== 'no-memory'
        continue
      }
      if (answer.failure !== null && !DAMAGED_TEXT.has(answer.failure.type)) throw new BoardWriteFailure(answer.failure)
      const at = answer.failure === null ? countOf(answer.records[0]) : position
      if (at === null || at < position || at > sentBytes) throw fileError(deed, 'file-damaged')
      if (at === position) {
        meter.retries++
        if (++failures >= FILE_CHUNK_ATTEMPTS) throw fileError(deed, 'file-damaged')
        continue
      }
      failures = 0
      position = at
      meter.doneBytes = at
      meter.report()
    }
  } catch (error) {
    await closeQuietly(write)
    throw error
  }
  const { failure } = await questions.ask({ deed: deed.deed, signal, body: () => CLOSE_PROGRAM })
  if (failure !== null) throw new BoardWriteFailure(failure)
}

async function encode(encoding: TextEncoding, position: number, bytes: Uint8Array, canDeflate: boolean): Promise<TextChunk> {
  const packed = canDeflate ? await deflate(bytes, { windowBits: DEFLATE_BITS }) : null
  const isSmaller = packed !== null && packed.length <= bytes.length * (1 - FILE_DEFLATE_MIN_SAVING)
  return {
    encoding,
    position,
    length: bytes.length,
    deflateBits: isSmaller ? DEFLATE_BITS : null,
    text: Buffer.from(packed !== null && isSmaller ? packed : bytes).toString(encoding),
    sum: bytes.reduce((sum, byte) => sum + byte, 0),
  }
}

/** Reads a file as text that programs print: for boards whose output can't carry every byte. */
export async function readText(read: BinaryRead, offset: number): Promise<void> {
  const { access, deed, path, signal, meter, totalBytes, take, feedCode } = read
  const { questions } = access
  const encoding = encodingOf(read)
  const canSeek = access.abilities.features.includes('stat')
  let size = chunkBytes(read, encoding)
  await questions.records({ deed: deed.deed, signal, body: () => openProgram(path, 'rb', offset) })
  try {
    for (let position = offset; position < totalBytes; ) {
      const length = Math.min(size, totalBytes - position)
      const body = (): string => readTextProgram(encoding, position, length, { canSeek, ...(feedCode !== undefined && { feedCode }) })
      const answer = await askForChunk(read, { deed: deed.deed, signal, body })
      if (typeof answer === 'string') {
        size = smaller(read, size, answer)
        continue
      }
      if (answer.failure !== null) throw boardError(deed, answer.failure)
      const [text = '', from] = answer.records
      if (countOf(from) !== position) {
        size = smaller(read, size, 'file-damaged')
        continue
      }
      const bytes = Buffer.from(text, encoding)
      // Nothing more is there: the file has become shorter.
      if (bytes.length === 0 || bytes.length > length || bytes.toString(encoding) !== text) throw fileError(deed, 'file-changed')
      await take(bytes)
      position += bytes.length
      meter.doneBytes = position
      meter.report()
    }
  } finally {
    await closeQuietly(read)
  }
}

/** What a chunk was too much for: the board's memory, or a line that loses bytes. */
type TooMuch = 'no-memory' | 'file-damaged'

async function askForChunk({ access }: ChunkTransfer, question: Question): Promise<ProgramAnswer | TooMuch> {
  try {
    const answer = await access.questions.ask(question)
    return answer.failure?.type === 'MemoryError' ? 'no-memory' : answer
  } catch (error) {
    if (error instanceof MusterError && (error.reason === 'no-memory' || error.reason === 'file-damaged')) return error.reason
    if (isAtPrompt(error) && question.signal?.aborted !== true) return 'file-damaged'
    throw error
  }
}

/** Half of a size that was too much. Throws where there is nothing less. */
function smaller({ deed, meter }: ChunkTransfer, size: number, why: TooMuch): number {
  if (size <= TEXT_CHUNK_MIN_BYTES) throw fileError(deed, why)
  meter.retries++
  return Math.max(TEXT_CHUNK_MIN_BYTES, size >> 1)
}

/** Best effort: the transfer has its own end, and a board that is lost has no names any more. */
async function closeQuietly({ access, deed, signal }: ChunkTransfer): Promise<void> {
  if (signal.aborted) return
  await access.questions.ask({ deed: deed.deed, signal, body: () => CLOSE_PROGRAM }).catch(error => {
    access.logger.debug(`A file on the board on ${deed.port} was not closed.`, { error: String(error) })
  })
}
