import { EXCEPTION_TEXT_MAX_BYTES } from '../../../shared/limits'
import { AcceptanceScanner } from './acceptance-scanner'
import { BannerScanner, RAW_BANNERS } from './banner-scanner'
import { ByteHold } from './byte-hold'
import {
  ControlByte,
  FRIENDLY_BANNER_TAIL,
  FRIENDLY_PROMPT,
  indexOfBytes,
  PROMPT,
  SOFT_REBOOT_TEXT,
  startsWith,
  TRACEBACK_TEXT,
} from './control-bytes'
import { MarkScanner, type PassRange } from './end-mark'
import { type ByteEventType, EventRun } from './event-run'
import type { ControlEvent, RawReplEvent } from './raw-repl-events'
import { type Action, ANSWER_TABLE, type FramedState, type State, type Token } from './raw-repl-table'
import { StreamTail } from './stream-tail'

const END = Uint8Array.of(ControlByte.end)
const END_AND_PROMPT = Uint8Array.of(ControlByte.end, PROMPT)

/** An exception without a traceback (no memory for one) is a line; longer text is output. */
const BARE_EXCEPTION_BYTES = 1_024
/** The words of a soft reboot come this soon, or it is none. Room for stm32's `MPY: sync filesystems` before them. */
const REBOOT_TEXT_WITHIN_BYTES = 256
/** A prompt is confirmed by a banner; before it a background thread may print this much, or the prompt was output. */
const AFTER_PROMPT_BYTES = 256

/**
 * Reads what a board in raw REPL mode sends. Pure: bytes in, events out; no time, no input or output of its own.
 *
 * An answer is `OK`, output, 04, exception text, 04, `>` (MicroPython pyexec.c), and nothing in it is escaped. So what is
 * between two 04 is kept back, within bounds, until it is clear what it was; output outside of that passes at once.
 */
export class RawReplParser {
  private state: State = 'idle'
  private readonly run = new EventRun<ControlEvent>()
  private readonly banners = new BannerScanner((bytes, from, to) => this.marks.scan(bytes, from, to, this.passFromOutside))
  private readonly acceptance = new AcceptanceScanner((bytes, from, to) => this.passOutside(bytes, from, to))
  /** All that is `stdout` goes through it, and what is `outside`: code that was given up may still come to its end. */
  private readonly marks = new MarkScanner(bytes => this.run.addCopy(this.isOutside ? 'outside' : 'stdout', bytes))
  private readonly passFromOutside: PassRange = (bytes, from, to) => this.run.addRange('outside', bytes, from, to)
  private readonly passRange: PassRange = (bytes, from, to) => this.run.addRange('stdout', bytes, from, to)
  private readonly passCopy: PassRange = (bytes, from, to) => {
    // Output full of 04 comes here byte by byte: no view is made for each.
    this.run.addCopy('stdout', from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to))
  }

  /** What came after the latest 04 that may be the first of an end. While `spilled`, only its beginning, passed on already. */
  private readonly held = new ByteHold()
  private spilled = false
  private spillType: ByteEventType = 'stdout'
  /** In `error`: one more 04 is kept back right before the one that `held` follows. */
  private pair = false
  private ambiguous = false
  private restarted = false
  /** In `prompt`: what came after the `>`. */
  private readonly after = new ByteHold()
  /** Banners that can answer a request begin here in `after`. */
  private answerFrom = 0
  private requested = 0

  private readonly tail = new StreamTail()

  /** Whether the last thing read looks like the end of an execution. */
  get atPrompt(): boolean {
    return this.state === 'prompt'
  }

  /** Output is being read, and nothing has come that may be its end. */
  get isPrinting(): boolean {
    return this.state === 'output'
  }

  /** Banners asked for that have not come. */
  get promptsOwed(): number {
    return this.requested
  }

  /** The last byte of the code, a 04, is about to be written. `mark`: what the code prints last; it is no output. */
  expectExecution(mark: Uint8Array | null = null): void {
    if (mark === null) this.marks.forgetSeen()
    else this.marks.expect(mark)
    this.state = 'accepting'
    this.spilled = false
    this.pair = false
    this.ambiguous = false
    this.restarted = false
  }

  /** The board has taken code in raw-paste mode: output follows, without `OK`. */
  expectOutput(mark: Uint8Array | null = null): void {
    this.expectExecution(mark)
    this.state = 'output'
  }

  /** A 01 is about to be written: at the raw prompt, the answer is a banner. */
  promptRequested(): void {
    if (this.requested === 0) this.answerFrom = this.state === 'prompt' ? this.after.length : 0
    this.requested++
  }

  /** No more is expected of the execution. Gives what was kept back; what follows is `outside`. */
  abandon(): RawReplEvent[] {
    this.acceptance.flush()
    if (this.state === 'error' || this.state === 'closed') this.releaseHeld()
    if (this.state === 'closed') this.print(END)
    if (this.state === 'prompt') this.releaseUnconfirmed()
    this.marks.flush()
    this.toIdle()
    return this.run.take()
  }

  /** Takes the prompt that was guessed for the end, without confirmation. Only for an answer that is known in advance. */
  settle(): RawReplEvent[] {
    this.run.addCopy('outside', this.after.view())
    this.requested = 0
    this.marks.expect(null)
    this.toIdle()
    return this.run.take()
  }

  /** Reads the next bytes, cut anywhere. Events may refer to the buffer, which must not be changed afterwards. */
  feed(bytes: Uint8Array): RawReplEvent[] {
    if (bytes.length === 0) return []
    this.read(bytes)
    this.lookAtTail(bytes)
    return this.run.take()
  }

  private read(bytes: Uint8Array): void {
    let index = 0
    while (index < bytes.length) {
      if (this.state === 'idle') {
        this.passOutside(bytes, index, bytes.length)
        return
      }
      if (this.state === 'accepting') index = this.readAcceptance(bytes, index)
      else index = this.readAnswer(this.state, bytes, index)
    }
  }

  /** Text from outside of an execution. Banners are taken out of it while one is owed. */
  private passOutside(bytes: Uint8Array, from: number, to: number): void {
    let index = from
    while (index < to && this.requested > 0) {
      const { end, bannerFound } = this.banners.scan(bytes, index, to)
      if (bannerFound) this.bannerSeen()
      index = end
    }
    this.marks.scan(bytes, index, to, this.passFromOutside)
  }

  private get isOutside(): boolean {
    return this.state === 'idle' || this.state === 'accepting' || this.state === 'rebooting'
  }

  private readAcceptance(bytes: Uint8Array, from: number): number {
    const { end, accepted } = this.acceptance.scan(bytes, from)
    if (accepted) {
      this.banners.flush()
      this.marks.flush()
      this.marks.forgetSeen()
      this.run.addEvent({ type: 'accepted' })
      this.state = 'output'
    }
    return end
  }

  private readAnswer(state: FramedState, bytes: Uint8Array, from: number): number {
    const byte = bytes[from]
    let token: Token = 'text'
    let to = from + 1
    if (byte === ControlByte.end) token = 'end'
    else if (state === 'closed' && byte === PROMPT) token = 'prompt'
    else {
      const next = bytes.indexOf(ControlByte.end, from)
      to = next === -1 ? bytes.length : next
    }
    const [action, next] = ANSWER_TABLE[state][token]
    this.state = next
    return this.act(action, bytes, from, to)
  }

  /** Returns how far it has read. */
  private act(action: Action, bytes: Uint8Array, from: number, to: number): number {
    switch (action) {
      case 'pass':
        this.marks.scan(bytes, from, to, this.passRange)
        return to
      case 'open':
        this.marks.flush()
        return to
      case 'hold':
        return this.hold(bytes, from, to)
      case 'spill':
        if (this.spillType === 'stdout') this.marks.scan(bytes, from, to, this.passRange)
        else this.run.addRange(this.spillType, bytes, from, to)
        return to
      case 'close':
        this.marks.flush()
        if (this.pair) this.slidePair()
        return to
      case 'slide':
        this.slide()
        return to
      case 'guess':
        this.guessEnd()
        return to
      case 'divide':
        // `04 04` and text: the interpreter restarts, or the first 04 was output.
        if (this.held.length === 0 && !this.spilled) this.pair = true
        else this.slide()
        return this.hold(bytes, from, to)
      case 'await':
        return this.await(bytes, from, to)
      case 'refute':
        this.refute()
        if (this.restarted) this.act('reboot', bytes, from, to)
        return to
      case 'reboot':
        return this.readReboot(bytes, from, to)
    }
  }

  /** Keeps text after a 04, as long as it can be that of an exception. */
  private hold(bytes: Uint8Array, from: number, to: number): number {
    let index = from
    while (index < to) {
      const room = this.holdLimit() - this.held.length
      if (room <= 0) {
        this.startSpill()
        return index
      }
      const end = Math.min(to, index + room)
      this.held.append(bytes, index, end)
      index = end
      if (this.pair && this.judgePair()) return index
    }
    return index
  }

  private holdLimit(): number {
    if (this.pair) return REBOOT_TEXT_WITHIN_BYTES
    return startsWith(this.held.view(), TRACEBACK_TEXT) ? EXCEPTION_TEXT_MAX_BYTES : BARE_EXCEPTION_BYTES
  }

  /** Decides what `04 04` and the text after it are; true when that changes the state. */
  private judgePair(): boolean {
    const text = this.held.view()
    if (indexOfBytes(text, SOFT_REBOOT_TEXT) !== -1 || RAW_BANNERS.some(banner => indexOfBytes(text, banner) !== -1)) {
      this.pair = false
      this.restarted = true
      this.state = 'rebooting'
      this.read(this.held.take())
      return true
    }
    if (text.length >= REBOOT_TEXT_WITHIN_BYTES) this.slidePair()
    return false
  }

  /** Too long for an exception's text: it is passed on. A prompt after the next 04 can still be the end. */
  private startSpill(): void {
    if (startsWith(this.held.view(), TRACEBACK_TEXT)) {
      this.spillType = 'exception'
      this.run.addCopy('exception', this.held.view())
    } else {
      this.spillType = 'stdout'
      this.ambiguous = true
      this.print(END)
      this.print(this.held.view())
    }
    this.spilled = true
    this.state = 'spill'
  }

  /** The first of the 04 kept back, and what follows it, was output; the next one may be the end. */
  private slide(): void {
    this.ambiguous = true
    this.releaseHeld()
    this.marks.flush()
    this.held.clear()
    this.spilled = false
  }

  private slidePair(): void {
    this.pair = false
    this.ambiguous = true
    this.print(END)
  }

  private releaseHeld(): void {
    if (this.pair) this.slidePair()
    if (this.spilled) return
    this.print(END)
    this.print(this.held.view())
  }

  /** Output that was kept back. */
  private print(bytes: Uint8Array): void {
    this.marks.scan(bytes, 0, bytes.length, this.passCopy)
  }

  /** After the prompt: the banner that was asked for confirms it; much other text says that it was output. */
  private await(bytes: Uint8Array, from: number, to: number): number {
    const end = Math.min(to, from + 2 * AFTER_PROMPT_BYTES - this.after.length)
    this.after.append(bytes, from, end)
    const text = this.after.view()
    for (const banner of this.requested > 0 ? RAW_BANNERS : []) {
      const start = indexOfBytes(text, banner, this.answerFrom)
      if (start === -1) continue
      const rest = text.slice(start + banner.length)
      this.requested--
      this.end(text.slice(0, start))
      this.read(rest)
      return end
    }
    if (text.length > AFTER_PROMPT_BYTES) {
      this.refute()
      this.state = this.restarted ? 'rebooting' : 'output'
    }
    return end
  }

  private end(before: Uint8Array): void {
    const exception = this.held.copy()
    if (!this.spilled) this.run.addCopy('exception', exception)
    this.run.addCopy('outside', before)
    const { ambiguous, restarted } = this
    const marked = this.marks.wasSeen
    this.marks.expect(null)
    this.toIdle()
    this.run.addEvent({ type: 'ended', outcome: exception.length > 0 ? 'exception' : 'ok', exception, marked, ambiguous, restarted })
  }

  private refute(): void {
    this.releaseGuess()
    this.after.clear()
    this.held.clear()
    this.run.addEvent({ type: 'resumed' })
    if (this.restarted) {
      this.state = 'rebooting'
      return
    }
    this.spilled = false
    this.ambiguous = true
  }

  private releaseGuess(): void {
    if (this.restarted) {
      this.run.addCopy('outside', this.after.view())
      return
    }
    this.releaseHeld()
    this.print(END_AND_PROMPT)
    this.print(this.after.view())
  }

  /** Nothing will confirm the prompt any more, and nothing speaks against it. */
  private releaseUnconfirmed(): void {
    if (!this.spilled) this.run.addCopy('exception', this.held.view())
    this.run.addCopy('outside', this.after.view())
  }

  private readReboot(bytes: Uint8Array, from: number, to: number): number {
    const { end, bannerFound } = this.banners.scan(bytes, from, to)
    if (bannerFound) {
      this.state = 'prompt'
      this.guessEnd()
    }
    return end
  }

  private guessEnd(): void {
    this.answerFrom = 0
    this.run.addEvent({ type: 'prompt', exception: this.held.copy() })
    // After what only the last statement can print, and with no exception: nothing is left that could have sent this.
    const isProved = this.marks.isLast && this.held.length === 0 && !this.spilled && !this.restarted
    if (isProved && this.requested === 0) this.end(this.held.copy())
  }

  private bannerSeen(): void {
    const requested = this.requested > 0
    if (requested) this.requested--
    this.marks.flush()
    this.run.addEvent({ type: 'banner', requested })
  }

  private toIdle(): void {
    this.state = 'idle'
    this.held.clear()
    this.after.clear()
    this.spilled = false
    if (this.requested === 0) this.banners.flush()
  }

  /** Prompts that come where the grammar has none: the board was restarted, or bytes were lost. */
  private lookAtTail(bytes: Uint8Array): void {
    this.tail.add(bytes)
    if (this.tail.endsWith(FRIENDLY_PROMPT)) {
      this.run.addEvent({ type: 'friendly-prompt', started: this.tail.endsWith(FRIENDLY_BANNER_TAIL) })
    }
    const hidden = this.state === 'output' || this.state === 'error' || this.state === 'spill' || this.state === 'closed'
    if (hidden && this.requested > 0 && RAW_BANNERS.some(banner => this.tail.endsWith(banner))) this.bannerSeen()
  }
}
