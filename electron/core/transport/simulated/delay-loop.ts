import type { InterpreterExports } from './interpreter-module'
import {
  JUMP_CALLBACKS_OFFSET,
  type MemoryMap,
  NLR_JUMP_BUFFER_OFFSET,
  NLR_PYSTACK_OFFSET,
  NLR_TOP_OFFSET,
  NLR_VALUE_OFFSET,
  PYSTACK_CURRENT_OFFSET,
  TRACEBACK_OFFSET,
} from './memory-map'

/** Asking for the time this often without anything else happening is waiting. About 25 µs in the interpreter's own delay loop. */
const CALLS_TO_BEGIN = 512
/** Once it waits, so many calls show that it still does. */
const CALLS_TO_GO_ON = 8
/** The top of the Python stack that is compared: the frame that runs, at least in part. */
const COMPARED_WORDS = 64
const SLICE_MIN_MS = 1
const SLICE_MAX_MS = 8
/** A wait may be longer than asked for by this share. */
const SLICES_PER_WAIT = 64

/**
 * Turns the interpreter's busy waiting into sleeping, and lets Ctrl-C end it.
 *
 * `time.sleep` asks for the time over and over in C. Many such calls with the Python stack unchanged mean that nothing runs
 * but that loop (or a Python loop that only watches the clock): then the thread may sleep for a moment. Such a loop never
 * looks for a pending exception either, so it is raised from here, just as `nlr_jump` does; the line after the sleep is not run.
 */
export class DelayLoop {
  private calls = 0
  private waitedMs = 0
  private readonly seen = new Int32Array(COMPARED_WORDS + 1)

  constructor(
    private readonly exports: InterpreterExports,
    private readonly map: MemoryMap,
    private readonly sleep: (durationMs: number) => void,
  ) {}

  /** Something other than asking for the time happened. */
  interrupted(): void {
    this.calls = 0
    this.waitedMs = 0
    this.seen[0] = 0
  }

  /** To be called whenever the interpreter asks for the time. Does not return when it raises KeyboardInterrupt. */
  onTimeAsked(): void {
    this.calls++
    if (this.calls < (this.waitedMs > 0 ? CALLS_TO_GO_ON : CALLS_TO_BEGIN)) return
    this.calls = 0
    const words = new Int32Array(this.exports.memory.buffer)
    if (!this.isStackUnchanged(words)) {
      this.waitedMs = 0
      return
    }
    if (words[this.map.pendingException / 4] !== 0) this.raiseKeyboardInterrupt(words)
    const sliceMs = Math.min(SLICE_MAX_MS, Math.max(SLICE_MIN_MS, Math.floor(this.waitedMs / SLICES_PER_WAIT)))
    this.sleep(sliceMs)
    this.waitedMs += sliceMs
  }

  private isStackUnchanged(words: Int32Array): boolean {
    const top = words[(this.map.pendingException + PYSTACK_CURRENT_OFFSET) / 4] ?? 0
    let isSame = this.seen[0] === top
    this.seen[0] = top
    for (let index = 1; index <= COMPARED_WORDS; index++) {
      const value = words[top / 4 - index] ?? 0
      if (this.seen[index] === value) continue
      this.seen[index] = value
      isSame = false
    }
    return isSame
  }

  private raiseKeyboardInterrupt(words: Int32Array): void {
    const { pendingException, keyboardInterrupt } = this.map
    const handler = words[(pendingException + NLR_TOP_OFFSET) / 4] ?? 0
    const callbacks = words[(pendingException + JUMP_CALLBACKS_OFFSET) / 4] ?? 0
    // Without a handler nothing runs; with a callback of C code in between, the way out is not as simple as this.
    if (handler === 0 || (callbacks !== 0 && callbacks < handler)) return
    words[pendingException / 4] = 0
    words[(keyboardInterrupt + TRACEBACK_OFFSET) / 4] = 0
    words[(handler + NLR_VALUE_OFFSET) / 4] = keyboardInterrupt
    words[(pendingException + PYSTACK_CURRENT_OFFSET) / 4] = words[(handler + NLR_PYSTACK_OFFSET) / 4] ?? 0
    words[(pendingException + NLR_TOP_OFFSET) / 4] = words[handler / 4] ?? 0
    this.exports.setThrew(handler + NLR_JUMP_BUFFER_OFFSET, 1)
    // What Emscripten's longjmp throws; its callers look for a number.
    throw Number.POSITIVE_INFINITY
  }
}
