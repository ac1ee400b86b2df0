import type { Activity, OutputSink } from './activity'
import type { ByteEvent } from './event-run'

/** An exception's text is judged together with its end; longer text is nothing that is ever withdrawn. */
const HELD_MAX_BYTES = 4 * 1024

/** Keeps back an execution's exception, and what follows it, until it is clear that it is the snippet's own. */
export class OutputHold {
  private readonly sink: OutputSink
  private held: ByteEvent[] | null = null
  private heldBytes = 0
  private hasPassedAll = false
  /** Output has gone by. */
  hasPrinted = false

  constructor(private readonly activity: Activity) {
    this.sink = activity.sink
    activity.sink = event => this.take(event)
  }

  /** Withdraws the exception. */
  withdrawException(): void {
    this.held = this.held?.filter(({ type }) => type !== 'exception') ?? null
  }

  /** Passes on what is left, and everything from now on. */
  release(): void {
    if (this.hasPassedAll) return
    this.hasPassedAll = true
    this.activity.sink = this.sink
    for (const event of this.held ?? []) this.sink(event)
    this.held = null
  }

  private take(event: ByteEvent): void {
    if (event.type === 'stdout') this.hasPrinted = true
    if (event.type === 'exception') this.held ??= []
    if (this.held === null) {
      this.sink(event)
      return
    }
    this.held.push(event)
    this.heldBytes += event.bytes.length
    if (this.heldBytes > HELD_MAX_BYTES) this.release()
  }
}
