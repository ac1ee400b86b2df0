import { FILE_CHUNK_ATTEMPTS } from '../../../../shared/limits'
import { newToken } from '../prompt-search'
import { type BoardFailure, exceptionFailure, hexText } from './answer'
import { chunkFailed } from './chunk-failure'
import { ChunkPacker } from './chunk-packer'
import { ChunkSize } from './chunk-size'
import { Letter, writeDialogueProgram } from './dialogue-programs'
import { boardError, fileError } from './file-failure'
import { type Frame, HEADER_BYTES } from './frame'
import { FrameDialogue } from './frame-dialogue'
import type { ChunkTransfer } from './transfer-context'

/** Chunks on their way where the far side holds the line back by itself; else one: a board that writes to its flash does not listen. */
const WINDOW_CHUNKS = 4
/** The answers of a write are short: an exception's text is the longest. */
const ANSWER_MAX_BYTES = 4_096
/** Windows of compressed chunks on boards with much, and with little memory. */
const DEFLATE_BITS = 13
const DEFLATE_SMALL_BITS = 10
const DEFLATE_ROOMY_BYTES = 64 * 1024

/** Bytes by position, always the same ones. */
export type ReadChunk = (position: number, length: number) => Promise<Uint8Array>

export interface BinaryWrite extends ChunkTransfer {
  readonly totalBytes: number
  readonly read: ReadChunk
  /** How much of the beginning is on the board, and proved; asked whenever a dialogue has broken. */
  readonly proveBeginning: () => Promise<number>
}

/** Sends a file through `sys.stdin.buffer`. Resolves when the board has all of it in the file; the proof is another matter. */
export async function writeBinary(write: BinaryWrite, offset: number): Promise<void> {
  const writer = new BinaryWriter(write, offset)
  let from = offset
  let doneBefore = -1
  for (let attempt = 0; ; attempt++) {
    if (await writer.run(from, attempt)) return
    // A dialogue that got something across was worth it; the next one starts counting anew.
    if (writer.doneBytes > doneBefore) attempt = 0
    doneBefore = writer.doneBytes
    if (attempt >= FILE_CHUNK_ATTEMPTS) throw fileError(write.deed, 'file-damaged')
    from = await write.proveBeginning()
    write.access.logger.debug(`A transfer to the board on ${write.access.talk.port} goes on at byte ${from}.`)
  }
}

class BinaryWriter {
  private readonly size: ChunkSize
  private readonly packer: ChunkPacker
  private readonly deflateBits: number | null
  private readonly windowChunks: number
  /** Attempts at the chunk that comes next that have failed. */
  private failures = 0
  /** Of the attempts to begin a dialogue, those in a row for which there was no memory. */
  private memoryErrors = 0
  doneBytes: number

  constructor(
    private readonly write: BinaryWrite,
    offset: number,
  ) {
    const { access, freeMemoryBytes } = write
    const isRoomy = freeMemoryBytes === null || freeMemoryBytes >= DEFLATE_ROOMY_BYTES
    this.deflateBits = !access.abilities.features.includes('deflate') ? null : isRoomy ? DEFLATE_BITS : DEFLATE_SMALL_BITS
    this.size = new ChunkSize(freeMemoryBytes)
    this.packer = new ChunkPacker(access.questions.checksumKind, this.deflateBits)
    this.windowChunks = access.talk.hasBackPressure ? WINDOW_CHUNKS : 1
    this.doneBytes = offset
  }

  /** One dialogue. False when it has broken, and the board is at its prompt. */
  async run(from: number, attempt: number): Promise<boolean> {
    const dialogue = await this.open(from, attempt)
    if (dialogue === null) return false
    try {
      const isComplete = await this.sendAll(dialogue, from)
      if (!isComplete) {
        await dialogue.abandon()
        return false
      }
    } catch (error) {
      await dialogue.abandon().catch(() => {})
      throw error
    }
    const { pace } = this.write.access
    const last = await dialogue.quit(pace.patienceMs(HEADER_BYTES, FILE_CHUNK_ATTEMPTS))
    if (last?.kind === Letter.failed) throw new BoardWriteFailure(readFailure(last))
    return true
  }

  private async open(from: number, attempt: number): Promise<FrameDialogue | null> {
    const { access, deed, path, signal, feedCode } = this.write
    const { talk, clock, pace, questions } = access
    const mark = newToken()
    const { checksumKind } = questions
    const code = questions.program(
      writeDialogueProgram({
        mark,
        path,
        checksumKind,
        offset: from,
        deflateBits: this.deflateBits,
        ...(feedCode !== undefined && { feedCode }),
      }),
    )
    const options = { talk, checksumKind, clock, pace, signal, payloadMaxBytes: ANSWER_MAX_BYTES }
    const startedMs = clock.monotonicMs()
    const result = await FrameDialogue.open(options, code, mark, pace.patienceMs(code.length, attempt + 1))
    if ('dialogue' in result) {
      pace.note(code.length, clock.monotonicMs() - startedMs)
      this.memoryErrors = 0
      return result.dialogue
    }
    const failure = exceptionFailure(result.answer?.exception ?? '')
    this.memoryErrors = failure?.type === 'MemoryError' ? this.memoryErrors + 1 : 0
    const isHelped = this.memoryErrors > 0 && questions.takeLessMemory(this.memoryErrors)
    if (failure !== null && !isHelped && this.isFinal(failure))
      throw boardError(deed, failure, failure.type === 'OSError' ? 'read-only-files' : null)
    this.write.meter.retries++
    return null
  }

  /** What a damaged program would hardly raise. */
  private isFinal({ type }: BoardFailure): boolean {
    return type === 'OSError' || type === 'MemoryError'
  }

  /** False when the two could not find together again. */
  private async sendAll(dialogue: FrameDialogue, from: number): Promise<boolean> {
    const { access, totalBytes, read, meter } = this.write
    const { clock, pace } = access
    const flight = new Flight(clock.monotonicMs())
    let sent = from
    this.doneBytes = from
    meter.doneBytes = from
    while (this.doneBytes < totalBytes) {
      while (sent < totalBytes && flight.count < this.windowChunks) {
        const chunk = await read(sent, Math.min(this.size.bytes, totalBytes - sent))
        const frame = await this.packer.pack(sent, chunk)
        sent += chunk.length
        flight.add({ end: sent, wireBytes: frame.length, sentMs: clock.monotonicMs() })
        dialogue.post(frame)
      }
      const event = await dialogue.next(pace.patienceMs(flight.wireBytes, this.failures))
      if (event?.type === 'ended') return false
      const frame = event?.type === 'frame' ? event.frame : null
      if (frame?.kind === Letter.failed) throw await this.failure(dialogue, frame)
      if (frame?.kind === Letter.kept && this.isProgress(frame.position, sent)) {
        this.arrived(frame.position, flight)
        continue
      }
      if (frame !== null && frame.kind !== Letter.damaged && frame.kind !== Letter.noMemory) continue
      this.failed(frame)
      const synced = await dialogue.sync(pace.patienceMs(flight.wireBytes, this.failures))
      if (synced?.kind === Letter.failed) throw await this.failure(dialogue, synced)
      if (synced === null || synced.position < this.doneBytes || synced.position > sent) return false
      flight.clear(clock.monotonicMs())
      sent = synced.position
      if (synced.position > this.doneBytes) this.failures = 0
      this.doneBytes = synced.position
      meter.doneBytes = synced.position
    }
    return true
  }

  private isProgress(position: number, sent: number): boolean {
    return position > this.doneBytes && position <= sent
  }

  private arrived(position: number, flight: Flight): void {
    const { access, meter } = this.write
    const nowMs = access.clock.monotonicMs()
    const { wireBytes, elapsedMs } = flight.take(position, nowMs)
    access.pace.note(wireBytes, elapsedMs)
    this.size.arrived(elapsedMs)
    this.failures = 0
    this.doneBytes = position
    meter.doneBytes = position
    meter.report()
  }

  /** Counts an attempt; throws when there have been enough. */
  private failed(frame: Frame | null): void {
    this.failures++
    // A heap in pieces may have no room for a window, however small the chunks become.
    if (frame?.kind === Letter.noMemory) this.packer.stopCompressing()
    chunkFailed(this.write, this.size, this.failures, frame)
  }

  private async failure(dialogue: FrameDialogue, frame: Frame): Promise<Error> {
    await dialogue.quit(this.write.access.pace.patienceMs(HEADER_BYTES, FILE_CHUNK_ATTEMPTS))
    return new BoardWriteFailure(readFailure(frame))
  }
}

/** The board's file system did not take a chunk; why is found out by who knows the file. */
export class BoardWriteFailure extends Error {
  override readonly name = 'BoardWriteFailure'

  constructor(readonly failure: BoardFailure) {
    super(failure.text)
  }
}

/** What was sent and is not confirmed. */
class Flight {
  private chunks: { readonly end: number; readonly wireBytes: number; readonly sentMs: number }[] = []

  constructor(private lastMs: number) {}

  get count(): number {
    return this.chunks.length
  }

  get wireBytes(): number {
    return this.chunks.reduce((sum, { wireBytes }) => sum + wireBytes, 0)
  }

  add(chunk: { readonly end: number; readonly wireBytes: number; readonly sentMs: number }): void {
    this.chunks.push(chunk)
  }

  /** Confirmed up to a position: how many bytes that were on the line, and how long they took by themselves. */
  take(position: number, nowMs: number): { readonly wireBytes: number; readonly elapsedMs: number } {
    let wireBytes = 0
    let sentMs = nowMs
    while (this.chunks[0] !== undefined && this.chunks[0].end <= position) {
      wireBytes += this.chunks[0].wireBytes
      sentMs = Math.min(sentMs, this.chunks[0].sentMs)
      this.chunks.shift()
    }
    const elapsedMs = nowMs - Math.max(sentMs, this.lastMs)
    this.lastMs = nowMs
    return { wireBytes, elapsedMs }
  }

  clear(nowMs: number): void {
    this.chunks = []
    this.lastMs = nowMs
  }
}

export function readFailure({ payload }: Frame): BoardFailure {
  const [type = '', hex = ''] = Buffer.from(payload).toString('latin1').split(',')
  return { type: /^\w+$/.test(type) ? type : 'Exception', text: hexText(hex) }
}
