import type { EventName, EventParams, EventPayload } from '../../shared/contract'
import { MusterError } from '../../shared/errors'
import { EVENT_BATCH_MS, MAX_SUBSCRIPTIONS_PER_WINDOW } from '../../shared/limits'
import type { OutputPosition } from '../../shared/model'
import type { EventMessage, SubscriptionId } from '../../shared/wire'
import type { Clock } from '../core/base/clock'
import type { Disposable } from '../core/base/disposable'
import { createEventSources, type EventSource, type EventSources, type PlainEventName } from './event-sources'
import { Outbox, type Sender } from './outbox'
import { OutputStream } from './output-stream'
import type { Page } from './page'
import type { Services } from './services'

export interface EventHubOptions {
  readonly services: Services
  readonly page: Page
  readonly clock: Clock
  readonly post: (message: EventMessage) => void
}

/**
 * The subscriptions of one window. A reload, a crash and the window's end all end with `dropAll`, so that nothing is
 * delivered to a page that did not ask for it.
 */
export class EventHub implements Disposable {
  private readonly subscriptions = new Map<SubscriptionId, Sender & Disposable>()
  /** The reader of each session's output. */
  private readonly streams = new Map<string, OutputStream>()
  private readonly sources: EventSources
  private readonly outbox: Outbox
  private windowVisible = true

  constructor(private readonly options: EventHubOptions) {
    this.sources = createEventSources(options.services, options.page)
    this.outbox = new Outbox(options.clock, options.post)
  }

  get subscriptionCount(): number {
    return this.subscriptions.size
  }

  subscribe<N extends EventName>(subscription: SubscriptionId, name: N, params: EventParams<N>): void
  subscribe(subscription: SubscriptionId, name: EventName, params: EventParams<EventName>): void {
    if (this.subscriptions.has(subscription)) throw refused(`Subscription ${subscription} exists already.`)
    if (this.subscriptions.size >= MAX_SUBSCRIPTIONS_PER_WINDOW) {
      throw refused(`This window has ${MAX_SUBSCRIPTIONS_PER_WINDOW} subscriptions, which is all it may have.`)
    }
    this.subscriptions.set(subscription, this.start(subscription, name, params))
  }

  /** Ending what has ended already does nothing. */
  unsubscribe(subscription: SubscriptionId): void {
    const ended = this.subscriptions.get(subscription)
    if (ended === undefined) return
    this.subscriptions.delete(subscription)
    if (ended instanceof OutputStream && this.streams.get(ended.sessionId) === ended) this.streams.delete(ended.sessionId)
    ended.dispose()
  }

  acknowledge(sessionId: string, upTo: OutputPosition): void {
    this.streams.get(sessionId)?.acknowledge(upTo)
  }

  /** A window nobody sees gets its output in larger and rarer batches. */
  setWindowVisible(visible: boolean): void {
    this.windowVisible = visible
    for (const stream of this.streams.values()) stream.setWindowVisible(visible)
  }

  dropAll(): void {
    for (const subscription of [...this.subscriptions.keys()]) this.unsubscribe(subscription)
  }

  dispose(): void {
    this.dropAll()
    this.outbox.dispose()
  }

  private start(subscription: SubscriptionId, name: EventName, params: EventParams<EventName>): Sender & Disposable {
    if (name === 'output:batch') return this.startStream(subscription, params as EventParams<'output:batch'>)
    const source = this.sources[name] as EventSource<PlainEventName>
    if (source.isImmediate) return this.startDirect(subscription, source, params)
    return new Subscription(subscription, source, params, this.outbox)
  }

  private startDirect(
    subscription: SubscriptionId,
    source: EventSource<PlainEventName>,
    params: EventParams<EventName>,
  ): Sender & Disposable {
    const listening = source.start(params as EventParams<PlainEventName>, payload => this.options.post([[subscription, payload]]))
    return { subscription, take: () => [], dispose: () => listening.dispose() }
  }

  private startStream(subscription: SubscriptionId, params: EventParams<'output:batch'>): OutputStream {
    const source = this.options.services.sessions.output(params.sessionId)
    const earlier = this.streams.get(params.sessionId)
    if (earlier !== undefined) this.unsubscribe(earlier.subscription)
    const stream = new OutputStream({ ...params, subscription, source, outbox: this.outbox }, this.windowVisible)
    this.streams.set(params.sessionId, stream)
    return stream
  }
}

/** Everything but output: payloads wait for the next message, joined where that loses nothing. */
class Subscription implements Sender, Disposable {
  private waiting: EventPayload<PlainEventName>[] = []
  private readonly listening: Disposable

  constructor(
    readonly subscription: SubscriptionId,
    private readonly source: EventSource<PlainEventName>,
    params: EventParams<EventName>,
    private readonly outbox: Outbox,
  ) {
    this.listening = source.start(params as EventParams<PlainEventName>, payload => this.deliver(payload))
  }

  take(): readonly unknown[] {
    const taken = this.waiting
    this.waiting = []
    return taken
  }

  dispose(): void {
    this.listening.dispose()
    this.outbox.withdraw(this)
  }

  private deliver(payload: EventPayload<PlainEventName>): void {
    const last = this.waiting.pop()
    const joined = last === undefined ? payload : this.source.join(last, payload)
    if (joined !== null) this.waiting.push(joined)
    else if (last !== undefined) this.waiting.push(last, payload)
    this.outbox.request(this, EVENT_BATCH_MS)
  }
}

function refused(message: string): MusterError {
  return new MusterError({ code: 'bad-request', message })
}
