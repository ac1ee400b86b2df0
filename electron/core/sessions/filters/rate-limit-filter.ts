import type { FilterSpec } from '../../../../shared/model'
import { delay } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import type { Filter, Message, Next } from './filter'
import type { FilterContext } from './filter-context'
import { numberSetting } from './filter-settings'
import { TokenBucket } from './token-bucket'

/**
 * Holds both directions to so many bytes a second, and drops none. What goes out waits for its turn, in pieces no larger
 * than the burst. What has come in is handed on at once, and the port is not read until its time is over.
 */
export function createRateLimitFilter(spec: FilterSpec, context: FilterContext): Filter {
  const bytesPerSecond = numberSetting(spec, 'bytesPerSecond', context.settings().filters.rateLimit.bytesPerSecond)
  if (bytesPerSecond === 0) return { spec, accepts: 'bytes', produces: 'bytes', report: () => [{ label: 'Limit', value: 'off' }] }
  const burst = numberSetting(spec, 'burst', context.settings().filters.rateLimit.burst) || bytesPerSecond
  return new RateLimitFilter(spec, context, bytesPerSecond, burst)
}

class RateLimitFilter implements Filter {
  readonly accepts = 'bytes'
  readonly produces = 'bytes'
  private readonly out: TokenBucket
  private readonly in: TokenBucket
  /** Aborted when waiting has no more sense: what waits goes on at once if the limit is lifted, and else nowhere. */
  private waiting = new AbortController()
  private isLifted = false
  private rest: { readonly port: Disposable; readonly timer: Disposable } | null = null
  private delayedMs = 0
  private pauses = 0

  constructor(
    readonly spec: FilterSpec,
    private readonly context: FilterContext,
    private readonly bytesPerSecond: number,
    private readonly burst: number,
  ) {
    this.out = new TokenBucket(context.clock, bytesPerSecond, burst)
    this.in = new TokenBucket(context.clock, bytesPerSecond, burst)
  }

  sent(message: Message, next: Next): void | Promise<void> {
    if (typeof message === 'string' || this.isLifted) return next(message)
    if (message.length > this.burst || this.out.waitMs(message.length) > 0) return this.sendInTime(message, next)
    this.out.take(message.length)
    return next(message)
  }

  received(message: Message, next: Next): void | Promise<void> {
    const going = next(message)
    if (this.isLifted) return going
    this.in.take(message.length)
    this.restPort()
    return going
  }

  abandoned(): void {
    this.endWaits()
    this.waiting = new AbortController()
  }

  closed(): void {
    this.lift()
  }

  preRemove(): void {
    this.lift()
  }

  report(): ReturnType<Filter['report']> {
    return [
      { label: 'Limit', value: `${this.bytesPerSecond} B/s` },
      { label: 'Burst', value: `${this.burst} B` },
      { label: 'Sending delayed', value: `${Math.round(this.delayedMs)} ms` },
      { label: 'Reading paused', value: String(this.pauses) },
    ]
  }

  private async sendInTime(bytes: Uint8Array, next: Next): Promise<void> {
    const { clock } = this.context
    const { signal } = this.waiting
    for (let start = 0; start < bytes.length; start += this.burst) {
      const piece = bytes.subarray(start, start + this.burst)
      const waitMs = this.isLifted ? 0 : this.out.waitMs(piece.length)
      if (waitMs > 0) {
        this.delayedMs += waitMs
        await delay(clock, waitMs, signal)
        if (signal.aborted && !this.isLifted) return
      }
      this.out.take(piece.length)
      await next(piece)
    }
  }

  /** What is there can't be unread: it overdraws the bucket, and the port rests until that is made good. */
  private restPort(): void {
    if (this.rest !== null || this.in.waitMs(0) === 0) return
    this.pauses++
    const port = this.context.holdPort()
    const wait = (): void => {
      const timer = this.context.clock.after(this.in.waitMs(0), () => {
        // More may have come after the port was told to rest.
        if (this.in.waitMs(0) > 0) wait()
        else this.endRest()
      })
      this.rest = { port, timer }
    }
    wait()
  }

  private endRest(): void {
    this.rest?.timer.dispose()
    this.rest?.port.dispose()
    this.rest = null
  }

  private lift(): void {
    this.isLifted = true
    this.endWaits()
  }

  private endWaits(): void {
    this.waiting.abort()
    this.endRest()
  }
}
