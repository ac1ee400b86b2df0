import type { MusterError } from '../../../shared/errors'
import { SESSION_INFO_INTERVAL_MS, STATE_HISTORY_LIMIT } from '../../../shared/limits'
import type {
  BoardIdentity,
  BoardKey,
  ConnectPhase,
  IdleCounts,
  PoolRole,
  SessionAttachment,
  SessionEvent,
  SessionFault,
  SessionMetadata,
  SessionOptions,
  SessionSnapshot,
  SessionState,
  SessionStatistics,
  StateChange,
} from '../../../shared/model'
import type { Clock } from '../base/clock'
import type { OpenRequest } from './requests/requests'
import { nameOf, type Subject } from './session-errors'
import type { Happening } from './session-events'
import { createSessionMachine, publicState, type SessionTrigger, type StoredState } from './session-states'
import { StatisticsCounter } from './statistics'
import { Throttle } from './throttle'

/** What other stations know of a session; asked for instead of being told. */
export interface LiveFigures extends Pick<SessionSnapshot, 'running' | 'task' | 'lease' | 'health' | 'reconnect' | 'lastUsedAt'> {
  readonly queued: number
  readonly pendingWrites: number
  readonly pendingWriteBytes: number
  readonly idle: IdleCounts
}

export interface KnownBoard {
  readonly board: BoardIdentity
  readonly identity: BoardKey
}

export type Meaning = Omit<SessionEvent, 'seq' | 'at' | 'sessionId' | 'snapshot' | 'previous'>

/** What is known of a session, and how others learn of it. Every event carries the snapshot as it stands after the change. */
export class SessionRecord {
  readonly statistics: StatisticsCounter
  /** Board and port as a person says them. The port changes when the board turns up on another one. */
  readonly subject: Subject
  /** Tells the counters every so often. */
  readonly info: Throttle
  options: SessionOptions
  metadata: SessionMetadata
  pool: PoolRole = 'none'
  attachment: SessionAttachment
  private readonly machine = createSessionMachine()
  private readonly openedAt: number
  private readonly openedMs: number
  private readonly changes: StateChange[] = []
  private port: string
  private stateSince: number
  private phase: ConnectPhase | null = null
  private connectedAt: number | null = null
  private board: BoardIdentity | null = null
  private identity: BoardKey | null = null
  private knownFault: SessionFault | null = null

  constructor(
    readonly sessionId: string,
    readonly request: OpenRequest,
    private readonly clock: Clock,
    private readonly publish: (happenings: readonly Happening[]) => void,
    private readonly figures: () => LiveFigures,
  ) {
    const { options, metadata, port, portLabel, name } = request
    this.options = options
    this.metadata = metadata
    this.attachment = options.attach === 'watch' && request.backend !== 'none' ? 'watching' : 'prompt'
    this.port = port
    const currentName = (): string => (this.port === port ? name : nameOf(this.port, portLabel))
    this.subject = {
      sessionId,
      get name() {
        return currentName()
      },
    }
    this.openedAt = this.stateSince = clock.now()
    this.openedMs = clock.monotonicMs()
    this.statistics = new StatisticsCounter(clock, options.throughputIntervalMs)
    this.info = new Throttle(clock, SESSION_INFO_INTERVAL_MS, () => this.tell({ type: 'statistics' }))
    this.remember()
  }

  get state(): SessionState {
    return publicState(this.machine.state)
  }

  get stored(): StoredState {
    return this.machine.state
  }

  get wasConnected(): boolean {
    return this.connectedAt !== null
  }

  /** How long the session has been there, in milliseconds; whoever sets the computer's clock changes nothing about it. */
  get ageMs(): number {
    return this.clock.monotonicMs() - this.openedMs
  }

  get history(): readonly StateChange[] {
    return Object.freeze([...this.changes])
  }

  get summary(): SessionStatistics {
    return this.summaryOf(this.figures())
  }

  /** A frozen copy: what it says does not change with the session. */
  get snapshot(): SessionSnapshot {
    const { portLabel, backend, baudRate, deviceKey, clientSessionName, clientCorrelationId, clientIdentity } = this.request
    const figures = this.figures()
    const { running, task, queued, lease, health, reconnect, lastUsedAt } = figures
    return Object.freeze({
      sessionId: this.sessionId,
      deviceKey,
      port: this.port,
      portLabel,
      backend,
      baudRate: backend === 'serial' ? baudRate : null,
      clientSessionName,
      clientCorrelationId,
      clientIdentity,
      metadata: this.metadata,
      state: this.state,
      phase: this.phase,
      stateSince: this.stateSince,
      openedAt: this.openedAt,
      connectedAt: this.connectedAt,
      fault: this.knownFault,
      board: this.board,
      identity: this.identity,
      attachment: this.attachment,
      running,
      task,
      queuedExecutions: queued,
      lease,
      health,
      reconnect,
      pool: this.pool,
      autoReconnect: this.options.autoReconnect,
      idleTimeoutMs: this.options.idleTimeoutMs,
      lastUsedAt,
      statistics: this.summaryOf(figures),
    })
  }

  enterPhase(phase: ConnectPhase): void {
    this.phase = phase
    this.remember()
    this.tell({ type: 'phaseChanged' })
  }

  /** Null for a session without a board, and for a board that is only watched. */
  setConnected(known: KnownBoard | null): void {
    this.connectedAt = this.clock.now()
    this.knownFault = null
    this.setBoard(known)
  }

  /** What the board has said of itself just now. */
  setBoard(known: KnownBoard | null): void {
    this.board = known === null ? null : Object.freeze({ ...known.board })
    this.identity = known === null ? null : Object.freeze({ ...known.identity })
  }

  setPort(port: string): void {
    this.port = port
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
    this.phase = trigger === 'connect' || trigger === 'reconnect' ? 'starting' : null
    this.remember()
    this.info.alreadyTold()
    effects()
    this.info.alreadyTold()
    const snapshot = this.snapshot
    return [{ type: 'stateChanged', previous, snapshot }, ...meanings.map(meaning => ({ ...meaning, snapshot }))]
  }

  /** Something happened that is no change of state. Returns the snapshot as told. */
  tell(meaning: Meaning): SessionSnapshot {
    const { snapshot } = this
    if (this.state !== 'Disposed') {
      this.info.alreadyTold()
      this.publish([{ ...meaning, snapshot }])
    }
    return snapshot
  }

  private summaryOf({ queued, pendingWrites, pendingWriteBytes, idle }: LiveFigures): SessionStatistics {
    return this.statistics.summary({ operations: queued, writes: pendingWrites, writeBytes: pendingWriteBytes, idle })
  }

  private remember(): void {
    this.changes.push(Object.freeze({ at: this.clock.now(), state: this.state, phase: this.phase }))
    if (this.changes.length > STATE_HISTORY_LIMIT) this.changes.shift()
  }
}
