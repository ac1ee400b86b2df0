import type { FilterInfo, FilterSpec, FlowType, IdleKind } from '../../../../shared/model'

/** What flows through a chain: bytes, or text where a codec has made lines of them. */
export type Message = Uint8Array | string

/**
 * Hands a message on to the next filter. Resolves, or returns, when the rest of the way has been gone; never rejects or
 * throws. A filter that hands on several messages waits for each, and returns a promise if it waited for any.
 */
export type Next = (message: Message) => void | Promise<void>

/**
 * One link of a session's filter chain. Incoming messages go from the head (the port) to the tail (the readers), outgoing
 * ones the other way. A filter may hand on at once, later, several times, or not at all; messages of one direction
 * never overtake each other.
 */
export interface Filter {
  readonly spec: FilterSpec
  /** Seen from the port: what it takes in, and what it hands on towards the tail. */
  readonly accepts: FlowType
  readonly produces: FlowType
  received?(message: Message, next: Next): void | Promise<void>
  sent?(message: Message, next: Next): void | Promise<void>
  /** The session was made, and nothing is open yet. A rejection fails the open, here as with `opened`. */
  created?(): void | Promise<void>
  opened?(): void | Promise<void>
  /** The board is lost: nothing more comes in, unless it is connected again. */
  inputClosed?(): void
  /** The session is to be closed; what is on its way may still go. From tail to head, like all that goes outwards. */
  closing?(): void
  closed?(): void | Promise<void>
  idle?(kind: IdleKind, count: number): void
  exceptionCaught?(error: unknown): void
  /** The connection is gone, and with it what was on its way: a filter that holds some of it lets it go. */
  abandoned?(): void
  preAdd?(): void | Promise<void>
  /** A rejection takes the filter out again. */
  postAdd?(): void | Promise<void>
  /** The filter's last chance to hand on what it holds, towards the tail. */
  preRemove?(flush: Next): void | Promise<void>
  postRemove?(): void | Promise<void>
  report(): FilterInfo['report']
}
