import type { SessionHealth, SessionOptions } from '../../../../shared/model'
import type { Clock } from '../../base/clock'

/** Evaluates `True`. It names nothing else, because a snippet may have redefined any name; only a false answer raises. */
const PROBE_CODE = 'if not True: {}[0]'
const HEARTBEAT_CODE = '# heartbeat'
/** The answer of a board whose heap is full, which can't compile even a question: it is there, and a new connection would change nothing. */
const NO_MEMORY = /^MemoryError\b/

type HealthOptions = Pick<SessionOptions, 'healthChecks' | 'healthCheckIntervalMs' | 'heartbeatIntervalMs' | 'heartbeatGraceMs'>

export interface HealthActions {
  /** Something of the user's runs, waits or is being written: neither probe nor heartbeat may come in between. */
  isBusy(): boolean
  /** Runs code of our own. `onEnd` is told once, with the sentence that says why it failed, or null. */
  run(title: string, code: string, onEnd: (failure: string | null) => void): void
  onProbed(): void
  /** A probe was answered wrongly, or not at all. */
  onUnhealthy(failure: string): void
  onHeartbeatFailed(failure: string): void
  /** No heartbeat was answered for longer than the grace. */
  onHeartbeatLost(silentMs: number): void
}

/** Asks an idle board every so often whether it is still there: by a probe that has to be right, and by heartbeats. */
export class HealthProbe {
  private lastProbe: SessionHealth['lastProbe'] = null
  private lastHeartbeatAt: number | null = null
  private isArmed = false
  private isAsking = false
  private probedMs = 0
  private heartbeatMs = 0
  /** When the board last proved to be there as far as heartbeats go. */
  private aliveMs = 0

  constructor(
    private readonly clock: Clock,
    private readonly options: HealthOptions,
    private readonly actions: HealthActions,
  ) {}

  get status(): Pick<SessionHealth, 'lastProbe' | 'lastHeartbeatAt'> {
    return { lastProbe: this.lastProbe, lastHeartbeatAt: this.lastHeartbeatAt }
  }

  /** The session was handed over. The first probe and the first heartbeat come after one interval. */
  arm(): void {
    this.isArmed = true
    this.isAsking = false
    this.lastProbe = null
    this.rebase()
  }

  /** What is under way is no longer listened to. */
  disarm(): void {
    this.isArmed = false
  }

  /** After the computer has slept: its silence says nothing, so the board is asked at once. */
  resume(): void {
    this.rebase()
    this.probedMs = Number.NEGATIVE_INFINITY
  }

  tick(): void {
    if (!this.isArmed || this.isAsking) return
    const nowMs = this.clock.monotonicMs()
    if (this.actions.isBusy()) {
      // Whether a busy board is there is told by its executions.
      this.aliveMs = nowMs
      return
    }
    const { healthChecks, healthCheckIntervalMs, heartbeatIntervalMs, heartbeatGraceMs } = this.options
    const silentMs = nowMs - this.aliveMs
    if (heartbeatIntervalMs !== null && silentMs > heartbeatGraceMs) this.actions.onHeartbeatLost(silentMs)
    else if (healthChecks && nowMs - this.probedMs >= healthCheckIntervalMs) this.probe(nowMs)
    else if (heartbeatIntervalMs !== null && nowMs - this.heartbeatMs >= heartbeatIntervalMs) this.beat(nowMs)
  }

  private probe(nowMs: number): void {
    this.probedMs = nowMs
    this.ask('The health check', PROBE_CODE, failure => {
      const durationMs = this.clock.monotonicMs() - nowMs
      this.lastProbe = Object.freeze({ at: this.clock.now(), ok: failure === null, durationMs })
      if (failure === null || NO_MEMORY.test(failure)) this.proved()
      else this.actions.onUnhealthy(failure)
    })
  }

  private beat(nowMs: number): void {
    this.heartbeatMs = nowMs
    this.ask('The heartbeat', HEARTBEAT_CODE, failure => {
      if (failure !== null && !NO_MEMORY.test(failure)) {
        this.actions.onHeartbeatFailed(failure)
        return
      }
      this.lastHeartbeatAt = this.clock.now()
      this.proved()
    })
  }

  /** Either answer is as good as the other as far as being there goes. */
  private proved(): void {
    this.aliveMs = this.clock.monotonicMs()
    this.actions.onProbed()
  }

  private ask(title: string, code: string, onAnswer: (failure: string | null) => void): void {
    this.isAsking = true
    this.actions.run(title, code, failure => {
      this.isAsking = false
      if (this.isArmed) onAnswer(failure)
    })
  }

  private rebase(): void {
    this.probedMs = this.heartbeatMs = this.aliveMs = this.clock.monotonicMs()
  }
}
