import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import type { Message } from '../filters/filter'
import type { SessionIoEvent } from '../session-io'

type Result = IteratorResult<SessionIoEvent, undefined>

const ENDED: Result = { done: true, value: undefined }
const COMPACT_AFTER = 1_024

/** All who read a session's messages. Each has a queue of its own, so that a slow one costs nobody else anything. */
export class EventReaders implements Disposable {
  private readonly readers = new Set<EventReader>()

  constructor(
    private readonly clock: Clock,
    /** A reader asked for the next message. */
    private readonly onRead: () => void,
  ) {}

  get count(): number {
    return this.readers.size
  }

  /** `capacity`: messages that wait for the reader at most; the oldest go first. */
  open(capacity: number): EventReader {
    const reader: EventReader = new EventReader(capacity, this.clock, this.onRead, () => this.readers.delete(reader))
    this.readers.add(reader)
    return reader
  }

  publish(message: Message): void {
    if (this.readers.size === 0) return
    const event: SessionIoEvent = { type: 'message', at: this.clock.now(), message }
    for (const reader of this.readers) reader.push(event)
  }

  /** The board was lost, and is back. */
  markGap(): void {
    const event: SessionIoEvent = { type: 'gap', at: this.clock.now() }
    for (const reader of this.readers) reader.push(event)
  }

  /** Readers get what still waits for them, then their end. */
  dispose(): void {
    for (const reader of this.readers) reader.end()
    this.readers.clear()
  }
}

export class EventReader implements AsyncIterableIterator<SessionIoEvent> {
  private waiting: SessionIoEvent[] = []
  private taken = 0
  private missed = 0
  private hasEnded = false
  private readonly asking: ((result: Result) => void)[] = []

  constructor(
    private readonly capacity: number,
    private readonly clock: Clock,
    private readonly onRead: () => void,
    private readonly onLeft: () => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Result> {
    if (!this.hasEnded) this.onRead()
    const event = this.take()
    if (event !== undefined) return Promise.resolve({ done: false, value: event })
    if (this.hasEnded) return Promise.resolve(ENDED)
    return new Promise(resolve => this.asking.push(resolve))
  }

  /** The reader has had enough: what waits for it is dropped. */
  return(): Promise<Result> {
    this.waiting = []
    this.taken = 0
    this.missed = 0
    this.end()
    this.onLeft()
    return Promise.resolve(ENDED)
  }

  push(event: SessionIoEvent): void {
    const ask = this.asking.shift()
    if (ask !== undefined) {
      ask({ done: false, value: event })
      return
    }
    if (this.waiting.length - this.taken >= this.capacity) {
      this.missed += 1
      this.takeOldest()
    }
    this.waiting.push(event)
  }

  end(): void {
    this.hasEnded = true
    for (const ask of this.asking.splice(0)) ask(ENDED)
  }

  private take(): SessionIoEvent | undefined {
    if (this.missed === 0) return this.takeOldest()
    const count = this.missed
    this.missed = 0
    return { type: 'missed', at: this.clock.now(), count }
  }

  /** Taking from the front of a long array would move all of it each time. */
  private takeOldest(): SessionIoEvent | undefined {
    const event = this.waiting[this.taken]
    if (event === undefined) return undefined
    this.taken += 1
    if (this.taken === this.waiting.length || this.taken >= COMPACT_AFTER) {
      this.waiting = this.waiting.slice(this.taken)
      this.taken = 0
    }
    return event
  }
}
