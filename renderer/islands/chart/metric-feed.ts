import type { MetricUpdate } from '../../../shared/model'
import type { Client } from '../../bridge/client'
import { MetricRing } from './metric-ring'

/** The recording of one session for as long as a view looks at it: samples in, listeners told. Past React. */
export class MetricFeed {
  readonly ring = new MetricRing()
  private readonly listeners = new Set<() => void>()
  private readonly unsubscribe: () => void

  constructor(client: Client, sessionId: string) {
    this.unsubscribe = client.subscribe('metrics:samples', { sessionId }, update => this.take(update))
  }

  /** Calls back after new samples. Returns the function that ends it. */
  onSamples(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  dispose(): void {
    this.unsubscribe()
    this.listeners.clear()
  }

  private take(update: MetricUpdate): void {
    this.ring.apply(update)
    for (const listener of [...this.listeners]) listener()
  }
}
