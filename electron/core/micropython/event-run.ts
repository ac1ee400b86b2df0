import { ByteHold } from './byte-hold'

export type ByteEventType = 'outside' | 'stdout' | 'exception'

/** Output, in the order in which the board sent it. */
export interface ByteEvent {
  readonly type: ByteEventType
  readonly bytes: Uint8Array
}

/**
 * Joins neighbouring pieces of output into one event, so that output full of 04 does not become an event a byte.
 * Pieces of the piece that is being read are not copied; pieces that were held back are.
 */
export class EventRun<E> {
  private events: (ByteEvent | E)[] = []
  private type: ByteEventType = 'outside'
  private source: Uint8Array | null = null
  private from = 0
  private to = 0
  private readonly copies = new ByteHold()

  /** Part of a buffer that stays as it is. */
  addRange(type: ByteEventType, source: Uint8Array, from: number, to: number): void {
    if (from === to) return
    if (this.source === source && this.type === type && this.to === from) {
      this.to = to
      return
    }
    this.close()
    this.type = type
    this.source = source
    this.from = from
    this.to = to
  }

  /** Bytes whose buffer will be used again. */
  addCopy(type: ByteEventType, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    if (this.source !== null || this.type !== type) this.close()
    this.type = type
    this.copies.append(bytes)
  }

  addEvent(event: E): void {
    this.close()
    this.events.push(event)
  }

  /** All events since the last call. */
  take(): (ByteEvent | E)[] {
    this.close()
    const { events } = this
    this.events = []
    return events
  }

  private close(): void {
    if (this.source !== null) {
      this.events.push({ type: this.type, bytes: this.source.subarray(this.from, this.to) })
      this.source = null
    } else if (this.copies.length > 0) {
      this.events.push({ type: this.type, bytes: this.copies.take() })
    }
  }
}
