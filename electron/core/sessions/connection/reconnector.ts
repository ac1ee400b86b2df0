import { RECONNECT_STABLE_MS } from '../../../../shared/limits'
import type { ReconnectStatus, SessionOptions } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import { type Disposable, DisposableStore } from '../../base/disposable'
import type { DeviceLocator } from '../session-needs'

type ReconnectOptions = Pick<SessionOptions, 'autoReconnect' | 'maxReconnectAttempts' | 'reconnectDelayMs'>

export interface ReconnectActions {
  /** The time has come, and the board is there. */
  attempt(): void
  /** The status changed while waiting. */
  tell(): void
}

/**
 * When a lost session tries to get its board back: after a delay, so many times, and not before the board is there. An
 * absent board is waited for without end and uses no attempt up. Attempts count anew once the session has been ready for
 * `RECONNECT_STABLE_MS`, so that a cable with a bad contact is given up on.
 */
export class Reconnector implements Disposable {
  private made = 0
  private stage: ReconnectStatus['stage'] | null = null
  private readySinceMs = 0
  /** Wall-clock time of the next attempt. */
  private dueAt = 0
  /** The delay is over. Told by its timer: by the clock a timer may be a little early. */
  private isDue = false
  private waiting: DisposableStore | null = null

  constructor(
    private readonly clock: Clock,
    private readonly devices: DeviceLocator,
    private readonly deviceKey: string,
    private readonly options: () => ReconnectOptions,
    private readonly actions: ReconnectActions,
  ) {}

  /** Null while the session has no need of it. */
  get status(): ReconnectStatus | null {
    if (this.stage === null) return null
    const isUnderWay = this.stage === 'connecting' || this.stage === 'exhausted'
    return Object.freeze({
      attempt: isUnderWay ? this.made : this.made + 1,
      maxAttempts: this.options().maxReconnectAttempts,
      stage: this.stage,
      nextAttemptAt: this.stage === 'waiting' ? this.dueAt : null,
    })
  }

  /** No further attempt is made unless somebody asks for one. */
  get isExhausted(): boolean {
    return this.stage === 'exhausted'
  }

  /** Somebody has to ask for the next attempt: nothing happens by itself. */
  get isAtRest(): boolean {
    return this.stage === 'exhausted' || this.stage === 'off'
  }

  connected(): void {
    this.stopWaiting()
    this.stage = null
    this.readySinceMs = this.clock.monotonicMs()
  }

  /** A session that was ready has lost its board. */
  lost(): void {
    this.forgetAttemptsIfStable()
    this.arm()
  }

  /** The board has gone where it can't be connected to: it is the user's to say when it is back. */
  rest(): void {
    this.stopWaiting()
    this.stage = 'off'
  }

  /** An attempt begins, for whatever reason. */
  begin(): void {
    this.stopWaiting()
    this.made += 1
    this.stage = 'connecting'
  }

  /** The attempt under way was in vain. */
  failed(): void {
    this.arm()
  }

  /** A person asks: attempts count anew where they were used up. */
  requested(): void {
    this.forgetAttemptsIfStable()
    if (this.made < this.options().maxReconnectAttempts) return
    this.made = 0
    if (this.stage === 'exhausted') this.arm()
  }

  /** Other options hold now. */
  reconfigured(): void {
    if (this.stage === null || this.stage === 'connecting') return
    this.arm()
  }

  dispose(): void {
    this.stopWaiting()
    this.stage = null
  }

  private arm(): void {
    this.stopWaiting()
    const { autoReconnect, maxReconnectAttempts, reconnectDelayMs } = this.options()
    if (!autoReconnect || maxReconnectAttempts === 0) {
      this.stage = 'off'
      return
    }
    if (this.made >= maxReconnectAttempts) {
      this.stage = 'exhausted'
      return
    }
    this.dueAt = this.clock.now() + reconnectDelayMs
    this.isDue = false
    this.waiting = new DisposableStore()
    this.waiting.add(this.devices.watchClosely())
    this.waiting.add(this.devices.onChanged(() => this.look()))
    this.waiting.add(
      this.clock.after(reconnectDelayMs, () => {
        this.isDue = true
        this.look()
      }),
    )
    this.stage = this.isPresent ? 'waiting' : 'absent'
  }

  private look(): void {
    const before = this.stage
    this.stage = this.isPresent ? 'waiting' : 'absent'
    if (this.stage === 'waiting' && this.isDue) this.actions.attempt()
    else if (this.stage !== before) this.actions.tell()
  }

  private get isPresent(): boolean {
    return this.devices.locate(this.deviceKey) !== null
  }

  private forgetAttemptsIfStable(): void {
    const isReady = this.stage === null
    if (isReady && this.clock.monotonicMs() - this.readySinceMs >= RECONNECT_STABLE_MS) this.made = 0
  }

  private stopWaiting(): void {
    this.waiting?.dispose()
    this.waiting = null
  }
}
