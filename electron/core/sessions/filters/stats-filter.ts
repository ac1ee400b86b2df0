import type { FilterSpec } from '../../../../shared/model'
import type { Filter, Message, Next } from './filter'
import type { FilterContext } from './filter-context'

type Event = 'received' | 'sent' | 'created' | 'opened' | 'inputClosed' | 'closing' | 'closed' | 'idle' | 'exception'

/** Counts and times what passes: for messages, how long the rest of their way took. */
export function createStatsFilter(spec: FilterSpec, { clock }: FilterContext): Filter {
  const times: Record<Event, EventTimes> = {
    received: new EventTimes('Received'),
    sent: new EventTimes('Sent'),
    created: new EventTimes('Created'),
    opened: new EventTimes('Opened'),
    inputClosed: new EventTimes('Input closed'),
    closing: new EventTimes('Closing'),
    closed: new EventTimes('Closed'),
    idle: new EventTimes('Idle'),
    exception: new EventTimes('Exceptions'),
  }
  const timed = (event: EventTimes, message: Message, next: Next): void | Promise<void> => {
    const startedMs = clock.monotonicMs()
    const going = next(message)
    if (going === undefined) event.add(clock.monotonicMs() - startedMs)
    else return going.then(() => event.add(clock.monotonicMs() - startedMs))
  }
  return {
    spec,
    accepts: 'message',
    produces: 'message',
    received: (message, next) => timed(times.received, message, next),
    sent: (message, next) => timed(times.sent, message, next),
    created: () => times.created.count(),
    opened: () => times.opened.count(),
    inputClosed: () => times.inputClosed.count(),
    closing: () => times.closing.count(),
    closed: () => times.closed.count(),
    idle: () => times.idle.count(),
    exceptionCaught: () => times.exception.count(),
    report: () => Object.values(times).flatMap(event => event.report()),
  }
}

class EventTimes {
  private calls = 0
  private totalMs = 0
  private minMs = Number.POSITIVE_INFINITY
  private maxMs = 0
  private isTimed = false

  constructor(private readonly label: string) {}

  /** Of an event that is not handed on, and so takes no time that could be measured. */
  count(): void {
    this.calls++
  }

  add(durationMs: number): void {
    this.calls++
    this.isTimed = true
    this.totalMs += durationMs
    this.minMs = Math.min(this.minMs, durationMs)
    this.maxMs = Math.max(this.maxMs, durationMs)
  }

  report(): { readonly label: string; readonly value: string }[] {
    const row = (what: string, value: string) => ({ label: `${this.label}: ${what}`, value })
    const calls = row('calls', String(this.calls))
    if (!this.isTimed) return this.calls === 0 ? [] : [calls]
    return [
      calls,
      row('total', milliseconds(this.totalMs)),
      row('average', milliseconds(this.totalMs / this.calls)),
      row('shortest', milliseconds(this.minMs)),
      row('longest', milliseconds(this.maxMs)),
    ]
  }
}

/** Three digits after the point: what a filter takes is mostly microseconds. */
function milliseconds(value: number): string {
  return `${value.toFixed(3)} ms`
}
