import { PROBE_TIMEOUT_MS } from '../../../shared/limits'
import type { DisconnectReason, ExecutionOutcome } from '../../../shared/model'
import { MetricHistory } from '../metrics/metric-history'
import { BoardLine, type LineListener } from './connection/board-line'
import { ConnectAttempt } from './connection/connect-attempt'
import { Reconnector } from './connection/reconnector'
import { type WireFailure, wireFailureOf } from './connection/wire'
import { ExecutionRunner } from './executions/execution-runner'
import { EventReaders } from './output/event-reader'
import { OutputBuffer } from './output/output-buffer'
import type { OpenRequest } from './requests/requests'
import { SessionAttributes } from './session-attributes'
import { type Subject, seconds, sessionNotReady } from './session-errors'
import { ObservedFilters } from './session-filters'
import type { SessionNeeds } from './session-needs'
import { type LiveFigures, SessionRecord } from './session-record'
import { isReadyState } from './session-states'
import { latencyOf } from './statistics'
import { HealthProbe } from './watching/health-probe'
import { IdleWatch } from './watching/idle-watch'
import { Lease } from './watching/lease'
import { UserActivity } from './watching/user-activity'

/** What the stations of a session tell its life. */
export interface PartListener {
  /** An execution of the user's went on the wire. */
  onBusy(): void
  onExecutionEnded(): void
  onDrained(): void
  onLost(failure: WireFailure, reason: DisconnectReason): void
  /** The time has come to connect again. */
  onAttemptDue(): void
}

/** The stations of one session, and what they tell each other. `SessionLife` and `SessionEnding` bring them to life and to their end. */
export class SessionParts {
  readonly output: OutputBuffer
  readonly charts: MetricHistory
  readonly record: SessionRecord
  readonly line: BoardLine
  readonly runner: ExecutionRunner
  readonly reconnector: Reconnector
  readonly health: HealthProbe
  readonly idle: IdleWatch
  readonly lease: Lease
  readonly activity: UserActivity
  readonly readers: EventReaders
  readonly attributes: SessionAttributes
  readonly filters: ObservedFilters
  /** The latest attempt to connect. */
  attempt = new ConnectAttempt()
  /** Set once the session has begun to end. */
  isEnding = false

  constructor(
    readonly sessionId: string,
    readonly request: OpenRequest,
    /** What a board is to echo when it is asked who it is. Nobody else ever sees it. */
    nonce: string,
    readonly needs: SessionNeeds,
    private readonly listener: PartListener,
  ) {
    const { clock, logger, host, devices } = needs
    const { options } = request
    const onListenerError = (error: unknown): void => logger.error('A listener of a session failed.', { sessionId, error })
    this.output = new OutputBuffer(clock, onListenerError)
    this.charts = new MetricHistory(sessionId, onListenerError)
    this.lease = new Lease(clock, options.leaseDurationMs)
    this.activity = new UserActivity(clock)
    this.idle = new IdleWatch(clock, () => this.record.options)
    this.readers = new EventReaders(clock, () => this.touch())
    this.record = new SessionRecord(
      sessionId,
      request,
      clock,
      happenings => host.publish(happenings),
      () => this.figures,
    )
    const { subject } = this.record
    this.line = new BoardLine(subject, request, nonce, needs, this.newLineListener())
    this.runner = new ExecutionRunner(clock, subject, this.output, options, () => this.line, {
      onStarted: () => listener.onBusy(),
      onInterrupting: () => this.record.info.tellNow(),
      onQueueChanged: () => this.record.info.request(),
      onEnded: (outcome, durationMs) => this.executionEnded(outcome, durationMs),
      onDrained: () => listener.onDrained(),
      onWireFailed: failure => listener.onLost(failure, 'unexpected'),
    })
    this.reconnector = new Reconnector(clock, devices, request.deviceKey, () => this.record.options, {
      attempt: () => listener.onAttemptDue(),
      tell: () => this.record.tell({ type: 'infoUpdated' }),
    })
    this.health = new HealthProbe(clock, options, {
      isBusy: () => this.isBusy,
      run: (title, code, onEnd) =>
        this.runner.runInternal(code, PROBE_TIMEOUT_MS, {
          title,
          isProbe: true,
          onEnd: (outcome, message) => onEnd(outcome === 'ok' ? null : (message ?? `${title} failed.`)),
        }),
      onProbed: () => this.record.info.request(),
      onUnhealthy: failure => listener.onLost(silence(failure), 'health-check-failed'),
      onHeartbeatFailed: failure => logger.warn('A heartbeat was not answered.', { sessionId, failure }),
      onHeartbeatLost: silentMs => {
        const message = `No heartbeat was answered for ${seconds(Math.round(silentMs / 1_000) * 1_000)}.`
        listener.onLost(silence(message), 'heartbeat-lost')
      },
    })
    this.attributes = new SessionAttributes({
      assertOpen: () => this.assertOpen(),
      onChanged: attribute => {
        this.touch()
        this.record.tell({ type: 'attributesChanged', attribute })
      },
    })
    this.filters = new ObservedFilters(this.line.chain, {
      assertOpen: () => this.assertOpen(),
      onChanged: () => {
        this.touch()
        this.record.tell({ type: 'filtersChanged' })
      },
    })
  }

  get subject(): Subject {
    return this.record.subject
  }

  /** Without a board: it holds other sessions together. */
  get isGroup(): boolean {
    return this.request.backend === 'none'
  }

  get isReady(): boolean {
    return isReadyState(this.record.state) && (this.isGroup || this.line.isOpen)
  }

  /** Something runs, waits or is on its way to the board. */
  get isBusy(): boolean {
    return !this.runner.isQuiet || this.line.pending.writes > 0
  }

  /** Throws `SessionNotReady` once the session has begun to end. */
  assertOpen(): void {
    if (this.isEnding) throw sessionNotReady(this.subject, this.record.state)
  }

  /** A person or a program used the session. */
  touch(): void {
    this.activity.touch()
    this.lease.renew()
    this.record.info.request()
  }

  private get figures(): LiveFigures {
    const { writes, bytes } = this.line.pending
    const lease = this.lease.status
    const { lastProbe, lastHeartbeatAt } = this.health.status
    return {
      running: this.runner.running,
      task: this.runner.task,
      queued: this.runner.queued,
      pendingWrites: writes,
      pendingWriteBytes: bytes,
      idle: this.idle.counts,
      lease,
      health: Object.freeze({ isHealthy: this.isReady && lastProbe?.ok !== false && !lease.isPending, lastProbe, lastHeartbeatAt }),
      reconnect: this.reconnector.status,
      lastUsedAt: this.activity.lastUsedAt,
    }
  }

  private newLineListener(): LineListener {
    const { sessionId, idle, readers } = this
    const { metrics, logger } = this.needs
    const { statistics, info } = this.record
    return {
      onPhase: phase => this.record.enterPhase(phase),
      onReceived: byteCount => {
        statistics.received(byteCount)
        metrics.bytes(sessionId, 'in', byteCount)
        idle.wasRead()
        info.request()
      },
      onSent: byteCount => {
        statistics.sent(byteCount)
        metrics.bytes(sessionId, 'out', byteCount)
        idle.wasWritten()
        info.request()
      },
      onMessage: message => {
        statistics.messageIn()
        metrics.message(sessionId, 'in')
        readers.publish(message)
      },
      onMessageSent: () => {
        statistics.messageOut()
        metrics.message(sessionId, 'out')
      },
      onFilterFailed: error => logger.warn('A filter of a session failed.', { sessionId, error }),
      onOutput: chunk => this.runner.collect(chunk),
      onLost: error => this.listener.onLost(wireFailureOf(error), 'unexpected'),
    }
  }

  private executionEnded(outcome: ExecutionOutcome, durationMs: number): void {
    const latencyMs = latencyOf(outcome, durationMs)
    this.record.statistics.executionEnded(outcome, latencyMs)
    this.charts.recordExecution(outcome === 'ok', latencyMs)
    this.needs.metrics.operation(this.sessionId, durationMs, outcome === 'ok')
    this.record.info.request()
    this.listener.onExecutionEnded()
  }
}

/** The board is there, but does not answer as it should. */
function silence(message: string): WireFailure {
  return { code: 'OperationFailed', reason: 'no-reply', message, hint: 'Check the board and its cable.' }
}
