import type { ExecutionEnd } from './board-protocol'

/** What code has answered. */
export interface Answer {
  readonly outcome: 'ok' | 'exception'
  /** All that it printed, as the board sent it: text has `\r\n` on most boards. */
  readonly stdout: Uint8Array
  /** Text of the uncaught exception; empty for `ok`. */
  readonly exception: string
}

export interface AskOptions {
  /** Then the code is interrupted, and `ask` rejects with `timeout`, or with `no-reply` when the prompt did not come back. */
  readonly timeoutMs: number
  /** More output than this is interrupted, and `ask` rejects with `timeout`. Default: 1 MiB. */
  readonly maxBytes?: number
}

/** Reads what a program on the board says. Pure: bytes in, and what it makes of them is its own. */
export interface DialogueReader {
  /**
   * Returns how many of the bytes were the program's. Fewer than given: the program has said its last, and from there on
   * the board speaks itself (04, the text of an exception, 04, the prompt).
   */
  feed(bytes: Uint8Array): number
}

export interface DialogueOptions {
  /**
   * What the program prints as soon as it is ready to talk: a word that no board has sent before (`newToken()`), put together on
   * the board. It then reads one byte from its input, which is sent when `reader` listens, before it says anything else.
   */
  readonly readyMark: string
  readonly reader: DialogueReader
  /** For the mark. */
  readonly timeoutMs: number
}

/** A program that runs on the board and reads its standard input. */
export interface Dialogue {
  /**
   * Resolves when the system has taken the bytes. Nothing is paced: on a line without back-pressure the program has to say
   * how much it has room for. A byte 03 interrupts it.
   */
  write(bytes: Uint8Array): Promise<void>
  /** The program has ended, and the board is at its prompt. Rejects with a `ProtocolError` or a `TransportError`. */
  readonly ended: Promise<ExecutionEnd>
  /** Interrupts the program. True when the board is at its prompt; `ended` has settled then. */
  interrupt(timeoutMs: number): Promise<boolean>
}

/**
 * A board that is talked to by Muster itself, one thing at a time. Nothing of it is shown in the console, except for what
 * comes from outside of it. Rejects with a `ProtocolError` or a `TransportError`.
 */
export interface BoardTalk {
  readonly port: string
  /** Whether the far side takes bytes only as fast as it can: else no more may be on the way than the board has room for. */
  readonly hasBackPressure: boolean
  /** Runs code and gives back what it printed. An exception on the board is an answer. */
  ask(code: string, options: AskOptions): Promise<Answer>
  /** Starts a program to talk with. `answer` instead of a dialogue: it ended before it was ready. */
  converse(code: string, options: DialogueOptions): Promise<{ readonly dialogue: Dialogue } | { readonly answer: Answer }>
}
