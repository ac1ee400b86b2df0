import type { ByteEvent } from './event-run'

/** What the driver decides on. `prompt` is a guess until `ended` confirms it; see the README. */
export type ControlEvent =
  /** The raw prompt was announced, but nothing of an execution's end was seen with it. `requested`: an answer to a 01. */
  | { readonly type: 'banner'; readonly requested: boolean }
  /** The friendly prompt is the last thing that came; `started`: right after the interpreter's start-up text. */
  | { readonly type: 'friendly-prompt'; readonly started: boolean }
  /** In raw-paste mode the board said something. */
  | { readonly type: 'raw-paste' }
  /** The board has taken the code. */
  | { readonly type: 'accepted' }
  /** What came looks like the end of the execution. Ask for the prompt, with `promptRequested`, to make sure. */
  | { readonly type: 'prompt'; readonly exception: Uint8Array }
  /** It was not the end: more output came. */
  | { readonly type: 'resumed' }
  | EndedEvent

export interface EndedEvent {
  readonly type: 'ended'
  readonly outcome: 'ok' | 'exception'
  /** At most `EXCEPTION_TEXT_MAX_BYTES`. */
  readonly exception: Uint8Array
  /** The output held 04. */
  readonly ambiguous: boolean
  /** What the code was to print last has come. */
  readonly marked: boolean
  /** The interpreter was restarted by the snippet. */
  readonly restarted: boolean
}

export type RawReplEvent = ByteEvent | ControlEvent
