import { IDLE_TICK_MS } from '../../../../shared/limits'
import { type Clock, every } from '../../base/clock'
import type { Disposable } from '../../base/disposable'
import type { Logger } from '../../base/logger'

interface TickingSession {
  readonly sessionId: string
  sample(): void
  tick(): void
}

/** One ticker for all sessions: measures each, and lets each look at its clocks. One that fails does not stop the others. */
export class SessionTicker implements Disposable {
  private ticking: Disposable | null = null

  constructor(
    private readonly options: {
      readonly clock: Clock
      readonly logger: Logger
      readonly sessions: () => readonly TickingSession[]
      readonly onTicked: () => void
    },
  ) {}

  start(): void {
    this.ticking ??= every(this.options.clock, IDLE_TICK_MS, () => this.tick())
  }

  stop(): void {
    this.ticking?.dispose()
    this.ticking = null
  }

  dispose(): void {
    this.stop()
  }

  private tick(): void {
    for (const session of this.options.sessions()) {
      try {
        session.sample()
        session.tick()
      } catch (error) {
        this.options.logger.error('A session could not be looked at.', { sessionId: session.sessionId, error })
      }
    }
    this.options.onTicked()
  }
}
