/** Taken messages are dropped from the front of the queue in runs of this many: each time would move all that wait. */
const COMPACT_AFTER = 1_024

/** What one lane does with its messages. */
export interface LaneOptions<T> {
  /** While true, no message begins its way. */
  isHeld(): boolean
  bytesOf(item: T): number
  /** Sends a message on its way. Never throws. */
  begin(item: T): void
  /** The message has gone its way, with every asynchronous step of it. */
  finish?(item: T): void
}

/**
 * One direction of a chain: a message begins its way when the one before has gone all of its own, so that none overtakes
 * another whatever its filters do. With nothing asynchronous on the way, everything happens within `push`.
 */
export class MessageLane<T> {
  private waiting: T[] = []
  private taken = 0
  private bytes = 0
  private item: T | null = null
  private steps = 0
  private ended = false
  private onQuiet: (() => void) | null = null

  constructor(private readonly options: LaneOptions<T>) {}

  /** What is on its way now. */
  get current(): T | null {
    return this.item
  }

  get waitingCount(): number {
    return this.waiting.length - this.taken
  }

  /** Of the messages that have not begun their way. */
  get waitingBytes(): number {
    return this.bytes
  }

  /** Whether `end` was called: what is still on its way goes no further. */
  get hasEnded(): boolean {
    return this.ended
  }

  push(item: T): void {
    if (this.ended) return
    if (this.waitingCount === 0 && this.mayBegin) {
      this.run(item)
      // What came meanwhile has waited.
      this.pump()
      return
    }
    this.waiting.push(item)
    this.bytes += this.options.bytesOf(item)
  }

  /** Before all that wait. */
  pushFirst(item: T): void {
    if (this.ended) return
    this.waiting.splice(this.taken, 0, item)
    this.bytes += this.options.bytesOf(item)
    this.pump()
  }

  /** To be called when the lane is held no longer. */
  pump(): void {
    while (this.waitingCount > 0 && this.mayBegin) this.run(this.take())
  }

  /** Part of the way of the message that is on it: the next one waits for this. The step must not reject. */
  track(step: Promise<void>): Promise<void> {
    this.steps++
    return step.then(() => {
      this.steps--
      if (this.steps > 0) return
      this.done()
      this.pump()
    })
  }

  /** Resolves when nothing is on its way; whoever waits holds the lane, so that nothing follows. */
  quiet(): Promise<void> {
    if (this.item === null) return Promise.resolve()
    return new Promise(resolve => {
      this.onQuiet = resolve
    })
  }

  /** Nothing goes on from here. Gives what had not gone all of its way. */
  end(): readonly T[] {
    const left = this.waiting.slice(this.taken)
    if (this.item !== null) left.unshift(this.item)
    this.ended = true
    this.item = null
    this.waiting = []
    this.taken = 0
    this.bytes = 0
    this.onQuiet?.()
    return left
  }

  private get mayBegin(): boolean {
    return this.item === null && !this.ended && !this.options.isHeld()
  }

  private take(): T {
    const item = this.waiting[this.taken++] as T
    this.bytes -= this.options.bytesOf(item)
    if (this.taken === this.waiting.length || this.taken === COMPACT_AFTER) {
      this.waiting.splice(0, this.taken)
      this.taken = 0
    }
    return item
  }

  private run(item: T): void {
    this.item = item
    this.options.begin(item)
    if (this.steps === 0) this.done()
  }

  private done(): void {
    const { item } = this
    if (item === null) return
    this.item = null
    this.options.finish?.(item)
    this.onQuiet?.()
    this.onQuiet = null
  }
}
