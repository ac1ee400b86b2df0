import type { MusterError } from '../../../shared/errors'
import { SESSION_INFO_INTERVAL_MS } from '../../../shared/limits'
import type {
  BoardIdentity,
  ConnectPhase,
  RunningExecution,
  SessionEvent,
  SessionFault,
  SessionSnapshot,
  SessionState,
  SessionStatistics,
} from '../../../shared/model'
import type { Clock } from '../base/clock'
import type { OpenRequest } from './requests'
import type { Happening } from './session-events'
import { createSessionMachine, publicState, type SessionTrigger } from './session-states'
import { StatisticsCounter } from './statistics'
import { Throttle } from './throttle'

/** What changes so often that it is asked for instead of being told. */
export interface LiveFigures {
  readonly running: RunningExecution | null
  readonly queued: number
  readonly pendingWriteBytes: number
}

type Meaning = Pick<SessionEvent, 'type' | 'reason'>

/** What is known of a session, and how others learn of it. Every event carries the snapshot as it stands after the change. */
export class SessionRecord {
  readonly statistics: StatisticsCounter
  /** Tells the counters every so often. */
  readonly info: Throttle
  private readonly machine = createSessionMachine()
  private readonly openedAt: number
  private stateSince: number
  private phase: ConnectPhase | null = null
  private connected: { readonly at: number; readonly board: BoardIdentity } | null = null
  private knownFault: SessionFault | null = null

  constructor(
    readonly sessionId: string,
    readonly request: OpenRequest,
    private readonly clock: Clock,
    private readonly publish: (happenings: readonly Happening[]) => void,
    private readonly figures: () => LiveFigures,
  ) {
    this.openedAt = this.stateSince = clock.now()
    this.statistics = new StatisticsCounter(clock)
    this.info = new Throttle(clock, SESSION_INFO_INTERVAL_MS, () => this.tell('infoUpdated'))
  }

  get state(): SessionState {
    return publicState(this.machine.state)
  }

  get wasConnected(): boolean {
    return this.connected !== null
  }

  get summary(): SessionStatistics {
    const { queued, pendingWriteBytes } = this.figures()
    return this.statistics.summary({ operations: queued, writeBytes: pendingWriteBytes })
  }

  /** A frozen copy: what it says does not change with the session. */
  get snapshot(): SessionSnapshot {
    const { port, portLabel, backend, baudRate, deviceKey, clientSessionName } = this.request
    const { running, queued } = this.figures()
    return Object.freeze({
      sessionId: this.sessionId,
      deviceKey,
      port,
      portLabel,
      backend,
      baudRate: backend === 'serial' ? baudRate : null,
      clientSessionName,
      state: this.state,
      phase: this.phase,
      stateSince: this.stateSince,
      openedAt: this.openedAt,
      connectedAt: this.connected?.at ?? null,
      fault: this.knownFault,
      board: this.connected?.board ?? null,
      running,
      queuedExecutions: queued,
      statistics: this.summary,
    })
  }

  enterPhase(phase: ConnectPhase): void {
    this.phase = phase
    this.tell('phaseChanged')
  }

  setConnected(board: BoardIdentity): void {
    this.connected = { at: this.clock.now(), board: Object.freeze({ ...board }) }
  }

  setFault({ info }: MusterError, { final }: { readonly final: boolean }): void {
    const { code, reason = null, message, hint = null } = info
    this.knownFault = Object.freeze({ code, reason, message, hint, at: this.clock.now(), final })
  }

  /** Takes a row of the table, then what belongs to it, then tells. */
  move(trigger: SessionTrigger, meanings: readonly Meaning[] = [], effects: () => void = () => {}): void {
    this.publish(this.moveQuietly(trigger, meanings, effects))
  }

  /** The same, but leaves the telling to the caller. Nothing happens, and nothing is to be told, once the session is disposed. */
  moveQuietly(trigger: SessionTrigger, meanings: readonly Meaning[] = [], effects: () => void = () => {}): readonly Happening[] {
    const previous = this.state
    if (!this.machine.fire(trigger)) return []
    this.stateSince = this.clock.now()
    this.phase = trigger === 'connect' ? 'starting' : null
    this.info.alreadyTold()
    effects()
    this.info.alreadyTold()
    const snapshot = this.snapshot
    return [{ type: 'stateChanged', previous, snapshot }, ...meanings.map(meaning => ({ ...meaning, snapshot }))]
  }

  private tell(type: 'infoUpdated' | 'phaseChanged'): void {
    this.info.alreadyTold()
    this.publish([{ type, snapshot: this.snapshot }])
  }
}
