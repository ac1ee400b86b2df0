import { OUTPUT_BUFFER_BYTES, OUTPUT_BUFFER_ITEMS, OUTPUT_JOIN_MS } from '../../../../shared/limits'
import type { OutputItem, OutputPosition } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import { Emitter, type Event } from '../../base/emitter'
import { ByteRing } from './byte-ring'

type OutputChannel = Extract<OutputItem, { type: 'bytes' }>['channel']
export type OutputMark = Exclude<OutputItem, { type: 'bytes' }>

/** What `read` charges for an item besides its bytes: a batch of many tiny items costs time as well. */
const ITEM_COST_BYTES = 16
/** Places of dropped marks that are remembered, to tell lost marks from lost bytes. */
const DROPPED_MARKS_REMEMBERED = 4_096

/** Bytes of one channel that came close together. */
interface Run {
  readonly position: OutputPosition
  /** Where the bytes stand in the ring. */
  readonly offset: number
  length: number
  readonly channel: OutputChannel
  readonly at: number
  readonly startedMs: number
}

interface PlacedMark {
  readonly position: OutputPosition
  /** How many bytes the session had put out before. */
  readonly offset: number
  readonly mark: OutputMark
}

type Entry = Run | PlacedMark

/**
 * What a session put out, as bytes, the latest `OUTPUT_BUFFER_BYTES`.
 *
 * Positions count every byte and every mark as one from the start of the session, and never turn back. A mark keeps its
 * place between the bytes, and goes when the bytes after it go. Appending costs the copy of the bytes, whatever is kept.
 */
export class OutputBuffer implements Disposable {
  private readonly bytes: ByteRing
  private readonly itemLimit: number
  private readonly appended: Emitter<void>
  private entries: Entry[] = []
  /** Entries before this index are gone; the array is cut when they are the most of it. */
  private firstEntry = 0
  private endPosition: OutputPosition = 0
  private clearedUpTo: OutputPosition = 0
  private bytesDropped = 0
  private readonly droppedMarks: OutputPosition[] = []

  constructor(
    private readonly clock: Clock,
    onListenerError: (error: unknown) => void,
    limits: { readonly bytes: number; readonly items: number } = { bytes: OUTPUT_BUFFER_BYTES, items: OUTPUT_BUFFER_ITEMS },
  ) {
    this.bytes = new ByteRing(limits.bytes)
    this.itemLimit = limits.items
    this.appended = new Emitter(onListenerError)
  }

  get start(): OutputPosition {
    const oldest = this.entries[this.firstEntry]
    if (oldest === undefined) return this.endPosition
    return oldest.position + Math.max(0, this.bytes.start - oldest.offset)
  }

  get end(): OutputPosition {
    return this.endPosition
  }

  /** Bytes that are gone because the buffer was full; not those that `clear` removed. */
  get droppedBytes(): number {
    return this.bytesDropped
  }

  get onAppended(): Event<void> {
    return this.appended.event
  }

  get listenerCount(): number {
    return this.appended.listenerCount
  }

  append(channel: OutputChannel, chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.runFor(channel).length += chunk.length
    this.endPosition += chunk.length
    const kept = this.bytes.start
    this.bytes.append(chunk)
    this.bytesDropped += this.bytes.start - kept
    this.dropEntriesThatAreGone()
    this.appended.fire()
  }

  mark(mark: OutputMark): void {
    this.add({ position: this.endPosition, offset: this.bytes.end, mark: Object.freeze(mark) })
    this.endPosition += 1
    this.appended.fire()
  }

  /**
   * Items after a position, about `maxBytes` of them, at least one. The bytes are copies. `missedBytes` is what was
   * dropped between the position and the first item; what the user cleared is not missed.
   */
  read(
    after: OutputPosition,
    maxBytes: number,
  ): { readonly items: readonly OutputItem[]; readonly upTo: OutputPosition; readonly missedBytes: number } {
    const items: OutputItem[] = []
    let upTo = Math.min(Math.max(after, this.start), this.endPosition)
    let budget = Math.max(1, maxBytes)
    for (let index = this.indexOf(upTo); budget > 0; index++) {
      const entry = this.entries[index]
      if (entry === undefined) break
      if ('mark' in entry) {
        items.push(entry.mark)
        upTo += 1
      } else {
        const from = entry.offset + (upTo - entry.position)
        const to = Math.min(entry.offset + entry.length, from + budget)
        items.push({ type: 'bytes', at: entry.at, channel: entry.channel, bytes: this.bytes.slice(from, to) })
        upTo += to - from
        budget -= to - from
      }
      budget -= ITEM_COST_BYTES
    }
    return { items, upTo, missedBytes: this.missedSince(after) }
  }

  /**
   * What a reader does not get that goes from `after` straight to `to`, which is still kept: how many bytes, whether they
   * are kept or not, and which of the kept marks.
   */
  skip(after: OutputPosition, to: OutputPosition): { readonly marks: readonly OutputMark[]; readonly missedBytes: number } {
    const marks: OutputMark[] = []
    const from = Math.max(after, this.start)
    for (let index = this.indexOf(from); ; index++) {
      const entry = this.entries[index]
      if (entry === undefined || entry.position >= to) break
      if ('mark' in entry) marks.push(entry.mark)
    }
    return { marks, missedBytes: this.missedSince(after) + this.offsetAt(to) - this.offsetAt(from) }
  }

  /** Forgets what is kept. Positions go on. */
  clear(): void {
    this.bytes.clear()
    this.entries = []
    this.firstEntry = 0
    this.clearedUpTo = this.endPosition
    this.droppedMarks.length = 0
  }

  dispose(): void {
    this.appended.dispose()
  }

  /** The run that the next bytes join. */
  private runFor(channel: OutputChannel): Run {
    const nowMs = this.clock.monotonicMs()
    const last = this.entries.at(-1)
    if (last !== undefined && !('mark' in last) && last.channel === channel && nowMs - last.startedMs <= OUTPUT_JOIN_MS) return last
    const at = this.clock.now()
    const run: Run = { position: this.endPosition, offset: this.bytes.end, length: 0, channel, at, startedMs: nowMs }
    this.add(run)
    return run
  }

  private add(entry: Entry): void {
    this.entries.push(entry)
    if (this.entries.length - this.firstEntry <= this.itemLimit) return
    const kept = this.bytes.start
    this.bytes.dropBefore(this.entries[this.firstEntry + 1]?.offset ?? this.bytes.end)
    this.bytesDropped += this.bytes.start - kept
    this.dropOldestEntry()
  }

  private dropEntriesThatAreGone(): void {
    for (let oldest = this.entries[this.firstEntry]; oldest !== undefined; oldest = this.entries[this.firstEntry]) {
      const isGone = 'mark' in oldest ? oldest.offset < this.bytes.start : oldest.offset + oldest.length <= this.bytes.start
      if (!isGone) return
      this.dropOldestEntry()
    }
  }

  private dropOldestEntry(): void {
    const oldest = this.entries[this.firstEntry]
    if (oldest !== undefined && 'mark' in oldest) this.rememberDroppedMark(oldest.position)
    this.firstEntry += 1
    if (this.firstEntry < 1_024 || this.firstEntry * 2 < this.entries.length) return
    this.entries = this.entries.slice(this.firstEntry)
    this.firstEntry = 0
  }

  private rememberDroppedMark(position: OutputPosition): void {
    this.droppedMarks.push(position)
    if (this.droppedMarks.length > 2 * DROPPED_MARKS_REMEMBERED) this.droppedMarks.splice(0, DROPPED_MARKS_REMEMBERED)
  }

  private missedSince(after: OutputPosition): number {
    const from = Math.max(after, this.clearedUpTo)
    if (from >= this.start) return 0
    return this.start - from - this.droppedMarks.filter(position => position >= from).length
  }

  /** How many bytes the session had put out before a position that is kept. */
  private offsetAt(position: OutputPosition): number {
    const entry = this.entries[this.indexOf(position)]
    if (entry === undefined) return this.bytes.end
    return 'mark' in entry ? entry.offset : entry.offset + position - entry.position
  }

  /** Index of the entry that holds a position, by halving. */
  private indexOf(position: OutputPosition): number {
    let low = this.firstEntry
    let high = this.entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const entry = this.entries[middle]
      const length = entry === undefined ? 0 : 'mark' in entry ? 1 : entry.length
      if (entry !== undefined && entry.position + length <= position) low = middle + 1
      else high = middle
    }
    return low
  }
}
