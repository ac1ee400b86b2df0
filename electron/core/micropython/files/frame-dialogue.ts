import { INTERRUPT_TIMEOUT_MS } from '../../../../shared/limits'
import type { Clock } from '../../base/clock'
import { ProtocolError } from '../board-protocol'
import type { Answer, BoardTalk, Dialogue } from '../board-talk'
import { isAtPrompt, throwIfAborted } from './board-questions'
import { type ChecksumKind, checksum } from './checksum'
import { FILLER, Letter } from './dialogue-programs'
import { encodeSignal, type Frame, FrameReader } from './frame'
import type { LinePace } from './line-pace'

export type DialogueEvent =
  | { readonly type: 'frame'; readonly frame: Frame }
  /** Something came that is no frame. */
  | { readonly type: 'lost' }
  /** The program has ended, whyever. */
  | { readonly type: 'ended' }

export interface FrameDialogueOptions {
  readonly talk: BoardTalk
  readonly checksumKind: ChecksumKind
  readonly clock: Clock
  readonly pace: LinePace
  readonly signal: AbortSignal
  readonly payloadMaxBytes: number
}

/** Frames to and from a program on the board. Nobody waits without a limit; an abort ends every wait. */
export class FrameDialogue {
  private readonly events: DialogueEvent[] = []
  private wake: (() => void) | null = null
  private dialogue: Dialogue | null = null
  private brokenBy: unknown = null
  private tag = 0
  private readonly reader: FrameReader
  private readonly onAbort = (): void => this.wake?.()

  private constructor(private readonly options: FrameDialogueOptions) {
    this.reader = new FrameReader(
      options.checksumKind,
      frame => this.push({ type: 'frame', frame }),
      () => this.push({ type: 'lost' }),
      () => {},
      options.payloadMaxBytes,
    )
  }

  /** `answer` instead of a dialogue: the program has ended before it was ready, or was not understood; null for no word of it. */
  static async open(
    options: FrameDialogueOptions,
    code: string,
    readyMark: string,
    timeoutMs: number,
  ): Promise<{ readonly dialogue: FrameDialogue } | { readonly answer: Answer | null }> {
    const self = new FrameDialogue(options)
    try {
      const result = await options.talk.converse(code, { readyMark, reader: self.reader, timeoutMs })
      if ('answer' in result) return result
      self.attach(result.dialogue)
      return { dialogue: self }
    } catch (error) {
      if (isAtPrompt(error) && !options.signal.aborted) return { answer: null }
      throw error
    }
  }

  private attach(dialogue: Dialogue): void {
    this.dialogue = dialogue
    this.options.signal.addEventListener('abort', this.onAbort)
    const end = (error: unknown): void => {
      this.brokenBy = isAtPrompt(error) ? null : error
      this.push({ type: 'ended' })
    }
    dialogue.ended.then(
      () => end(null),
      error => end(error),
    )
  }

  /** Null when nothing comes in time. Rejects when the board is lost, and when the work is cancelled. */
  async next(timeoutMs: number): Promise<DialogueEvent | null> {
    this.check()
    if (this.events.length === 0) await this.sleep(timeoutMs)
    this.check()
    return this.events.shift() ?? null
  }

  post(bytes: Uint8Array): void {
    // A write that fails ends the dialogue, which says so.
    this.dialogue?.write(bytes).catch(() => {})
  }

  signal(letter: string, position = 0, length = 0): void {
    this.post(encodeSignal(this.options.checksumKind, letter, position, length))
  }

  /**
   * After damage: both sides drop what they have of frames, and the program says where it is. Null when it does not within the time;
   * then only `abandon` helps.
   */
  async sync(timeoutMs: number): Promise<Frame | null> {
    const { clock } = this.options
    this.tag = (this.tag % 0xffff) + 1
    this.events.length = 0
    this.reader.search()
    this.post(FILLER)
    this.signal(Letter.sync, this.tag)
    const deadlineMs = clock.monotonicMs() + timeoutMs
    for (;;) {
      const event = await this.next(deadlineMs - clock.monotonicMs())
      if (event === null || event.type === 'ended') return null
      if (event.type !== 'frame') continue
      const { frame } = event
      if (frame.kind === Letter.failed || (frame.kind === Letter.sync && frame.length === this.tag)) return frame
    }
  }

  /** Has the program end; returns what it said last, or null when it had to be interrupted. */
  async quit(timeoutMs: number): Promise<Frame | null> {
    const { clock } = this.options
    const deadlineMs = clock.monotonicMs() + timeoutMs
    let last: Frame | null = null
    this.signal(Letter.quit)
    for (;;) {
      const event = await this.next(deadlineMs - clock.monotonicMs())
      if (event?.type === 'frame') {
        if (event.frame.kind === Letter.quit || event.frame.kind === Letter.failed) last = event.frame
        continue
      }
      if (event?.type === 'ended') break
      await this.abandon()
      return last
    }
    this.detach()
    if (this.brokenBy !== null) throw this.brokenBy
    return last
  }

  /** Interrupts the program, wherever it is, and waits for a proved prompt. Rejects when the board does not come back. */
  async abandon(): Promise<void> {
    this.detach()
    this.reader.end()
    const isBack = await this.dialogue?.interrupt(INTERRUPT_TIMEOUT_MS)
    if (isBack !== true && this.brokenBy === null) {
      throw new ProtocolError(
        'no-reply',
        `The board on ${this.options.talk.port} did not come back to its prompt after an interrupted transfer.`,
        'Press the reset button of the board, then connect again.',
      )
    }
    if (this.brokenBy !== null) throw this.brokenBy
  }

  /** True for bytes that are what the board has read of its file. */
  isWhole({ payload, length, checksum: expected }: Frame): boolean {
    return payload.length === length && checksum(this.options.checksumKind, payload) === expected
  }

  private detach(): void {
    this.options.signal.removeEventListener('abort', this.onAbort)
  }

  private check(): void {
    if (this.brokenBy !== null) throw this.brokenBy
    throwIfAborted(this.options.signal)
  }

  private push(event: DialogueEvent): void {
    this.events.push(event)
    this.wake?.()
  }

  private sleep(timeoutMs: number): Promise<void> {
    return new Promise(resolve => {
      const finish = (): void => {
        timer.dispose()
        this.wake = null
        resolve()
      }
      const timer = this.options.clock.after(Math.max(0, timeoutMs), finish)
      this.wake = finish
    })
  }
}
