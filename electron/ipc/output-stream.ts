import {
  OUTPUT_BATCH_BYTES,
  OUTPUT_BATCH_HIDDEN_MS,
  OUTPUT_BATCH_VISIBLE_MS,
  OUTPUT_BEHIND_MAX_BYTES,
  OUTPUT_RESUME_BYTES,
  OUTPUT_UNACKED_HIGH_BYTES,
  OUTPUT_UNACKED_LOW_BYTES,
} from '../../shared/limits'
import type { OutputBatch, OutputPosition } from '../../shared/model'
import type { SubscriptionId } from '../../shared/wire'
import type { Disposable } from '../core/base/disposable'
import type { Outbox, Sender } from './outbox'
import type { OutputSource } from './services'

export interface OutputStreamOptions {
  readonly subscription: SubscriptionId
  readonly sessionId: string
  /** Position that the reader already has. */
  readonly after: OutputPosition
  readonly visible: boolean
  readonly source: OutputSource
  readonly outbox: Outbox
}

/**
 * One reader's way through one session's output. Nothing is copied or queued here: a batch is read from the session's
 * buffer when it is sent, so a reader that does not acknowledge costs no memory. A reader that falls far behind is taken
 * to the latest output, so that the view of a board that was stopped stops too; what it has not seen is reported as
 * `missedBytes`, and the marks among it are delivered.
 */
export class OutputStream implements Sender, Disposable {
  readonly subscription: SubscriptionId
  readonly sessionId: string
  private readonly source: OutputSource
  private readonly outbox: Outbox
  private readonly listening: Disposable
  private readonly visible: boolean
  private windowVisible: boolean
  private sent: OutputPosition
  private acknowledged: OutputPosition
  private seq = 0
  private isHeld = false

  constructor(options: OutputStreamOptions, windowVisible: boolean) {
    this.subscription = options.subscription
    this.sessionId = options.sessionId
    this.source = options.source
    this.outbox = options.outbox
    this.visible = options.visible
    this.windowVisible = windowVisible
    // A position from before this session's output, or beyond its end, is as good as none.
    this.sent = options.after <= options.source.end ? options.after : 0
    this.acknowledged = this.sent
    this.listening = options.source.onAppended(() => this.wake())
    this.outbox.request(this, 0)
  }

  /** The reader has shown everything up to a position. Older and impossible positions change nothing. */
  acknowledge(upTo: OutputPosition): void {
    this.acknowledged = Math.max(this.acknowledged, Math.min(upTo, this.sent))
    if (!this.isHeld || this.sent - this.acknowledged > OUTPUT_UNACKED_LOW_BYTES) return
    this.isHeld = false
    this.wake()
  }

  setWindowVisible(visible: boolean): void {
    if (this.windowVisible === visible) return
    this.windowVisible = visible
    this.wake()
  }

  take(): readonly OutputBatch[] {
    if (this.isHeld || (this.seq > 0 && this.waiting === 0)) return []
    const skipped = this.skipAhead()
    const { items, upTo, missedBytes } = this.source.read(this.sent, OUTPUT_BATCH_BYTES)
    this.sent = upTo
    this.isHeld = this.sent - this.acknowledged > OUTPUT_UNACKED_HIGH_BYTES
    this.wake()
    return [
      {
        sessionId: this.sessionId,
        seq: ++this.seq,
        upTo,
        missedBytes: skipped.missedBytes + missedBytes,
        items: [...skipped.marks, ...items],
      },
    ]
  }

  dispose(): void {
    this.listening.dispose()
    this.outbox.withdraw(this)
  }

  private skipAhead(): ReturnType<OutputSource['skip']> {
    if (this.waiting <= OUTPUT_BEHIND_MAX_BYTES) return { marks: [], missedBytes: 0 }
    const from = this.sent
    this.sent = this.source.end - OUTPUT_RESUME_BYTES
    return this.source.skip(from, this.sent)
  }

  private get waiting(): number {
    return this.source.end - this.sent
  }

  private wake(): void {
    if (this.isHeld || this.waiting === 0) return
    this.outbox.request(this, this.waiting >= OUTPUT_BATCH_BYTES ? 0 : this.intervalMs)
  }

  private get intervalMs(): number {
    return this.visible && this.windowVisible ? OUTPUT_BATCH_VISIBLE_MS : OUTPUT_BATCH_HIDDEN_MS
  }
}
