import { SERIAL_EAGER_READS, SERIAL_READ_PAUSE_MS } from '../../../../shared/limits'
import type { Clock } from '../../base/clock'
import type { Disposable } from '../../base/disposable'

/**
 * Joins small reads. What a fleet costs is the number of reads, not of bytes: a board that prints slowly but steadily
 * hands out a few bytes at a time. So a pause follows each small read, and the next one finds more.
 *
 * Nobody waits for output that comes by itself, but somebody waits for an answer: the first reads after a write follow
 * each other at once, and a write ends a pause. The first bytes after a silence come at once in any case.
 */
export class ReadPacer implements Disposable {
  private eagerReads = 0
  private ended = false
  private pausing: { readonly timer: Disposable; readonly resolve: () => void } | null = null

  constructor(private readonly clock: Clock) {}

  /** Resolves when the next read may be made. */
  async afterSmallRead(): Promise<void> {
    if (this.ended) return
    if (this.eagerReads > 0) {
      this.eagerReads--
      return
    }
    await new Promise<void>(resolve => {
      this.pausing = { timer: this.clock.after(SERIAL_READ_PAUSE_MS, () => this.endPause()), resolve }
    })
  }

  expectAnswer(): void {
    this.eagerReads = SERIAL_EAGER_READS
    this.endPause()
  }

  dispose(): void {
    this.ended = true
    this.endPause()
  }

  private endPause(): void {
    this.pausing?.timer.dispose()
    this.pausing?.resolve()
    this.pausing = null
  }
}
