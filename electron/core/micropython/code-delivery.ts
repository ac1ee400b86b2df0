import {
  PROMPT_PROBE_TIMEOUT_MS,
  RAW_PASTE_PROBE_TIMEOUT_MS,
  RAW_PASTE_STEP_TIMEOUT_MS,
  RAW_WRITE_BLOCK_BYTES,
  RAW_WRITE_CHUNK_BYTES,
  RAW_WRITE_PAUSE_MS,
} from '../../../shared/limits'
import type { Activity } from './activity'
import { reachPrompt } from './prompt-search'
import type { RawReplLink } from './raw-repl-link'

/** Whose code it is. */
interface DeliveryHost {
  /** The execution is to end: nothing more is sent. */
  isCalledOff(): boolean
  /** The 04 that has the board execute is about to be written. */
  onLast(): void
  /** The board has the code, or as much as it gets of it: what comes next on the line is for what runs. */
  onTaken(): void
  /** The error of an execution whose board has started anew. */
  restarted(): Error
}

/** The way of code to a board at its raw prompt: in one piece, in paced pieces, or in raw-paste mode. */
export class CodeDelivery {
  constructor(
    private readonly link: RawReplLink,
    private readonly activity: Activity,
    private readonly host: DeliveryHost,
  ) {}

  /** `input` ends with the 04; `mark` is what the code prints last. Returns early when it is called off. */
  async send(input: Uint8Array, mark: Uint8Array | undefined): Promise<void> {
    const { link, host } = this
    // What goes in one piece is there sooner than the answer to the question. Longer code would lie in the board's memory
    // as a whole before it is compiled.
    const isLong = input.length > (link.hasBackPressure ? RAW_WRITE_BLOCK_BYTES : RAW_WRITE_CHUNK_BYTES)
    if (isLong && link.habits.canRawPaste && (await this.sendByRawPaste(input, mark))) return
    if (!host.isCalledOff()) await this.sendPlainly(input, mark)
  }

  /** Hands the code over as fast as the board frees its windows. False when the board does not, and is at its raw prompt. */
  private async sendByRawPaste(input: Uint8Array, mark: Uint8Array | undefined): Promise<boolean> {
    const { link, activity, host } = this
    const source = input.subarray(0, -1)
    const end = input.subarray(-1)
    const paste = link.requestRawPaste(mark)
    let sent = 0
    let isComplete = false
    // What a timer of the board prints meanwhile is no answer.
    let waitingSinceMs = link.clock.monotonicMs()
    while (!host.isCalledOff()) {
      const room = Math.min(paste.window, source.length - sent)
      if (room > 0) {
        paste.sent(room)
        await activity.waitFor(link.write(source.subarray(sent, sent + room)))
        sent += room
        waitingSinceMs = link.clock.monotonicMs()
        continue
      }
      if (paste.state === 'refused' || paste.state === 'unknown') return await this.giveUpRawPaste(paste.state === 'refused')
      const isEarlyEnd = paste.state === 'closed'
      if (!isComplete && (isEarlyEnd || (paste.state === 'open' && sent === source.length))) {
        // Exactly one 04, also after an early end: a second one would reset the board.
        isComplete = true
        paste.finished()
        host.onLast()
        void link.write(end)
      }
      if (paste.state === 'closed') break
      // The first window is freed together with the answer, or the board offers what it does not have.
      const limitMs = paste.isFlowing ? RAW_PASTE_STEP_TIMEOUT_MS : RAW_PASTE_PROBE_TIMEOUT_MS
      const leftMs = waitingSinceMs + limitMs - link.clock.monotonicMs()
      // Once it has all, the board may take its time to compile.
      const event = isComplete || leftMs > 0 ? await activity.next(isComplete ? undefined : leftMs) : null
      if (event === null) return await this.giveUpRawPaste(false)
      // Nothing of the code has run, and what it counts on is gone.
      if (event.type === 'friendly-prompt' && event.started) throw host.restarted()
    }
    host.onTaken()
    return true
  }

  private async giveUpRawPaste(isAtPrompt: boolean): Promise<false> {
    const { link, activity } = this
    link.habits.canRawPaste = false
    if (isAtPrompt) return false
    // An old board has answered with its banner, or is about to, and is ready.
    if ((await activity.nextOf('banner', link.promptsOwed > 0 ? PROMPT_PROBE_TIMEOUT_MS : 0)) !== null) return false
    // Nothing has run: all that comes now is how the board leaves the mode.
    const { sink } = activity
    activity.sink = () => {}
    try {
      await reachPrompt(link, activity)
    } finally {
      activity.sink = sink
    }
    return false
  }

  private async sendPlainly(input: Uint8Array, mark: Uint8Array | undefined): Promise<void> {
    const { link, activity, host } = this
    const chunkBytes = link.hasBackPressure ? RAW_WRITE_BLOCK_BYTES : RAW_WRITE_CHUNK_BYTES
    for (let from = 0; ; from += chunkBytes) {
      const chunk = input.subarray(from, from + chunkBytes)
      if (from + chunk.length === input.length) {
        link.expectExecution(mark)
        host.onLast()
        // Not waited for: the answer says more than the system's having taken the bytes.
        void link.write(chunk)
        host.onTaken()
        return
      }
      await activity.waitFor(link.write(chunk))
      if (!link.hasBackPressure) await activity.pause(RAW_WRITE_PAUSE_MS)
      if (host.isCalledOff()) return
      for (let event = activity.poll(); event !== null; event = activity.poll()) {
        // The rest of the code must not reach the friendly prompt, which would execute it line by line.
        if (event.type === 'friendly-prompt' && event.started) throw host.restarted()
      }
    }
  }
}
