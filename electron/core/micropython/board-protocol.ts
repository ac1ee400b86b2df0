import type { ErrorReason } from '../../../shared/errors'
import type { BoardIdentity } from '../../../shared/model'
import type { Disposable } from '../base/disposable'
import type { Event } from '../base/emitter'
import type { Transport } from '../transport/transport'
import type { BoardHabits } from './board-habits'
import type { BoardTalk } from './board-talk'
import type { InterruptLadder } from './interrupt-ladder'

/** Why the board could not be talked to. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'

  constructor(
    readonly reason: Extract<
      ErrorReason,
      'no-reply' | 'not-micropython' | 'timeout' | 'disconnected' | 'cancelled' | 'control-character' | 'restarted'
    >,
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }
}

export interface OutputChunk {
  readonly channel: 'stdout' | 'exception' | 'outside'
  readonly bytes: Uint8Array
}

/** How an execution ended on the board. Its output has gone out through `onOutput` before. */
export interface ExecutionEnd {
  readonly outcome: 'ok' | 'exception'
  /** Text of the uncaught exception; empty for `ok`. */
  readonly exception: Uint8Array
  readonly durationMs: number
  /** The output held protocol bytes (04): where it ended is a guess, the prompt was proved anew. */
  readonly resynchronised: boolean
  /** The snippet soft-reset the board (`sys.exit()`): its globals are gone. */
  readonly restarted: boolean
}

/** What became of a board that ran code to be gone by. */
export type Departure =
  /** The code came to an end: the board is at its prompt. The text of the exception is empty for none. */
  | { readonly became: 'answered'; readonly exception: string }
  /** It started anew, and is at its prompt. */
  | { readonly became: 'restarted' }
  /** Neither; what it does now is not known. */
  | { readonly became: 'silent' }

/**
 * The conversation with one board over one open transport. One execution at a time; the session queues.
 * Every wait has a deadline on the monotonic clock or is ended by `dispose`.
 */
export interface BoardProtocol extends Disposable {
  /**
   * Ends whatever the board does and reaches the raw prompt by repeating 03 and 01 (MicroPython pyexec.c).
   * Rejects with `no-reply` (not one byte came), `not-micropython` (bytes came, but no prompt), `disconnected` or `cancelled`.
   */
  enter(options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<void>
  /**
   * One execution with every item guarded; items that the board does not have are null. Never rejects on odd answers. A board that had
   * no memory when its prompt was proved is not asked.
   * The nonce is printed first: an answer without it is somebody else's, and says nothing of this board.
   */
  identify(options: { readonly timeoutMs: number; readonly nonce?: string }): Promise<BoardIdentity>
  /**
   * Rejects with `control-character`, `restarted` (the board restarted meanwhile: the next execution finds it ready),
   * `disconnected` or, after a failed `interrupt`, `no-reply`; with a `TransportError` when the port refuses a write.
   * Has no time-out of its own.
   */
  execute(code: string): Promise<ExecutionEnd>
  /**
   * Ends the running execution, rung by rung: see `interrupt-ladder.ts`. With a number of milliseconds: by the gentle rungs,
   * within that time. Resolves true when the prompt is proved, false when the last rung was in vain; a true means that `execute`
   * has settled. Without a running execution it proves the prompt.
   */
  interrupt(limit: number | InterruptLadder): Promise<boolean>
  /**
   * Bytes to the board as they are: the input of what runs. When nothing runs, the next execution proves the prompt
   * first, because nobody knows what the bytes did. Without a byte it says that such bytes follow by another way, and
   * resolves when the protocol itself is not speaking. Rejects with a `TransportError`, or with a `ProtocolError`: before
   * `enter`, when the board is lost, and with `cancelled` when an interrupt came before all of it had gone.
   */
  write(bytes: Uint8Array): Promise<void>
  /** For work of Muster's own. Takes turns with `execute`: one thing at a time. */
  readonly talk: BoardTalk
  /** Something runs on the board that was begun here, or is being done with it. */
  readonly isBusy: boolean
  /**
   * Instead of `enter`: not one byte is sent, the board's program goes on, and what it prints comes from outside of any execution.
   * `write` passes bytes to it; nothing else may be asked for until `enter`.
   */
  watch(): void
  /** From the prompt to watching: 02, and what the board answers to it is shown to nobody. Bounded; rejects only with a lost board. */
  leaveToWatch(timeoutMs: number): Promise<void>
  /**
   * A new interpreter, without main.py: 04 at the raw prompt. The globals are gone, and the prompt is proved. Rejects with `no-reply`
   * where there is no prompt, `timeout` where the board did not restart, `cancelled` or `disconnected`.
   */
  softReset(options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<void>
  /** A new interpreter, with main.py: 04 at the friendly prompt. The board is watched from then on. Rejects as `softReset`. */
  restart(options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<void>
  /** Runs code that does not come back: a hard reset. Rejects with `disconnected` when the port goes with the board. */
  runAway(code: string, options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<Departure>
  /** Back to the friendly prompt (02), so that the next tool finds the board as usual. Best effort, bounded. Nothing while it watches. */
  leave(timeoutMs: number): Promise<void>

  readonly onOutput: Event<OutputChunk>
}

/** `habits`: of the board, from earlier connections; what this one finds out is added. */
export type BoardProtocolFactory = (transport: Transport, habits: BoardHabits) => BoardProtocol
