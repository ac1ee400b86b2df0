import { FILE_CHUNK_ATTEMPTS } from '../../../../shared/limits'
import { newToken } from '../prompt-search'
import { exceptionFailure } from './answer'
import { readFailure } from './binary-writer'
import { chunkFailed } from './chunk-failure'
import { ChunkSize } from './chunk-size'
import { Letter, readDialogueProgram } from './dialogue-programs'
import { boardError, fileError } from './file-failure'
import { type Frame, HEADER_BYTES } from './frame'
import { FrameDialogue } from './frame-dialogue'
import type { ChunkTransfer } from './transfer-context'

/** Requests that wait for their answer: the board has the next one as soon as it is done with one. */
const WINDOW_CHUNKS = 3

export interface BinaryRead extends ChunkTransfer {
  readonly totalBytes: number
  /** Called in order, without gaps. */
  readonly take: (bytes: Uint8Array) => Promise<void>
}

/** Asks a board for the bytes of a file, from an offset on. Each chunk is proved by itself; the whole is another matter. */
export async function readBinary(read: BinaryRead, offset: number): Promise<void> {
  const reader = new BinaryReader(read, offset)
  let doneBefore = offset
  for (let attempt = 0; ; attempt++) {
    if (await reader.run(attempt)) return
    if (reader.doneBytes > doneBefore) attempt = 0
    doneBefore = reader.doneBytes
    if (attempt >= FILE_CHUNK_ATTEMPTS) throw fileError(read.deed, 'file-damaged')
  }
}

class BinaryReader {
  private readonly size: ChunkSize
  private failures = 0
  /** Of the attempts to begin a dialogue, those in a row for which there was no memory. */
  private memoryErrors = 0
  doneBytes: number

  constructor(
    private readonly read: BinaryRead,
    offset: number,
  ) {
    this.size = new ChunkSize(read.freeMemoryBytes)
    this.doneBytes = offset
  }

  /** One dialogue. False when it has broken, and the board is at its prompt. */
  async run(attempt: number): Promise<boolean> {
    const dialogue = await this.open(attempt)
    if (dialogue === null) return false
    try {
      if (!(await this.takeAll(dialogue))) {
        await dialogue.abandon()
        return false
      }
    } catch (error) {
      await dialogue.abandon().catch(() => {})
      throw error
    }
    await dialogue.quit(this.read.access.pace.patienceMs(HEADER_BYTES, FILE_CHUNK_ATTEMPTS))
    return true
  }

  private async open(attempt: number): Promise<FrameDialogue | null> {
    const { access, deed, path, signal, feedCode } = this.read
    const { talk, clock, pace, questions } = access
    const mark = newToken()
    const { checksumKind } = questions
    const code = questions.program(readDialogueProgram({ mark, path, checksumKind, ...(feedCode !== undefined && { feedCode }) }))
    const options = { talk, checksumKind, clock, pace, signal, payloadMaxBytes: this.size.max }
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
    if (!isHelped && (failure?.type === 'OSError' || failure?.type === 'MemoryError')) throw boardError(deed, failure)
    this.read.meter.retries++
    return null
  }

  private async takeAll(dialogue: FrameDialogue): Promise<boolean> {
    const { access, totalBytes } = this.read
    const { clock, pace } = access
    /** Position and length of what was asked for, in order. */
    let asked: { readonly position: number; readonly length: number }[] = []
    let next = this.doneBytes
    let lastMs = clock.monotonicMs()
    while (this.doneBytes < totalBytes) {
      while (next < totalBytes && asked.length < WINDOW_CHUNKS) {
        const length = Math.min(this.size.bytes, totalBytes - next)
        if (asked.length === 0) lastMs = clock.monotonicMs()
        asked.push({ position: next, length })
        dialogue.signal(Letter.get, next, length)
        next += length
      }
      const waitingBytes = asked.reduce((sum, { length }) => sum + length + HEADER_BYTES, 0)
      const event = await dialogue.next(pace.patienceMs(waitingBytes, this.failures))
      if (event?.type === 'ended') return false
      const frame = event?.type === 'frame' ? event.frame : null
      if (frame?.kind === Letter.failed) throw boardError(this.read.deed, readFailure(frame))
      const [expected] = asked
      if (frame?.kind === Letter.bytes && frame.position === expected?.position && dialogue.isWhole(frame)) {
        if (frame.length !== expected.length) throw fileError(this.read.deed, 'file-changed')
        asked.shift()
        const nowMs = clock.monotonicMs()
        pace.note(frame.length + HEADER_BYTES, nowMs - lastMs)
        await this.arrived(frame, nowMs - lastMs)
        lastMs = clock.monotonicMs()
        continue
      }
      this.failed(frame)
      const synced = await dialogue.sync(pace.patienceMs(waitingBytes, this.failures))
      if (synced?.kind === Letter.failed) throw boardError(this.read.deed, readFailure(synced))
      if (synced === null) return false
      asked = []
      next = this.doneBytes
    }
    return true
  }

  private async arrived(frame: Frame, elapsedMs: number): Promise<void> {
    const { meter, take } = this.read
    this.size.arrived(elapsedMs)
    this.failures = 0
    this.doneBytes += frame.length
    await take(frame.payload)
    meter.doneBytes = this.doneBytes
    meter.report()
  }

  private failed(frame: Frame | null): void {
    this.failures++
    chunkFailed(this.read, this.size, this.failures, frame)
  }
}
