import type { SessionEnding } from './session-ending'
import type { SessionLife } from './session-life'
import type { SessionParts } from './session-parts'

/** What a session does because time passes: idle flags, health checks, its idle time-out, and rates. Nothing while the computer sleeps. */
export class SessionTicks {
  private isSuspended = false

  constructor(
    private readonly parts: SessionParts,
    private readonly life: SessionLife,
    private readonly ending: SessionEnding,
  ) {}

  tick(): void {
    const { isEnding, isReady, isGroup, health } = this.parts
    if (this.isSuspended || isEnding || isGroup) return
    if (isReady) this.watchIdle()
    this.parts.outputLoss.tick()
    health.tick()
    // A failure is logged where it happens.
    if (this.isForgotten) this.ending.close({ mode: 'flush', reason: 'idle-timeout' }).catch(() => {})
  }

  sample(): void {
    const { record, charts, needs, isReady } = this.parts
    if (this.isSuspended || !record.wasConnected) return
    const before = record.statistics.flow
    const rates = record.statistics.sample({ isFlowing: isReady })
    if (rates === null) return
    charts.sample({ at: needs.clock.now(), ...rates })
    const { bytesIn, bytesOut } = record.statistics.flow
    if (bytesIn !== before.bytesIn || bytesOut !== before.bytesOut) record.info.request()
  }

  suspend(): void {
    this.isSuspended = true
  }

  /** What did not happen meanwhile counts for nothing, and the board is asked whether it is there. */
  resume(): void {
    const { idle, health, activity, outputLoss, record } = this.parts
    if (!this.isSuspended) return
    this.isSuspended = false
    idle.rebase()
    outputLoss.rebase()
    activity.restart()
    record.statistics.startSampling()
    health.resume()
    health.tick()
  }

  private watchIdle(): void {
    const { idle, line, record, needs, sessionId } = this.parts
    for (const fired of idle.tick()) {
      needs.metrics.idle(sessionId, fired.kind)
      line.chain.idle(fired.kind, fired.count)
      if (fired.kind === 'both') this.life.becomeQuiet()
      record.tell({ type: 'idle', idle: fired })
    }
  }

  /** Nobody has used it for its idle time-out, and nothing is on its way: no execution, no write, no board coming back. */
  private get isForgotten(): boolean {
    const { activity, record, reconnector, runner, line, isReady, isEnding } = this.parts
    const isResting = isReady ? !runner.hasWork && line.pending.writes === 0 : reconnector.isAtRest
    return isResting && !isEnding && activity.isUnusedFor(record.options.idleTimeoutMs)
  }
}
