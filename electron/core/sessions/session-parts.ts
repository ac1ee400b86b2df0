import { PROBE_TIMEOUT_MS } from '../../../shared/limits'
import type { BoardIdentity, BoardNotice, DisconnectReason, ExecutionOutcome, ResetKind } from '../../../shared/model'
import { boardKeyOf } from '../discovery/board-key'
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
import { type KnownBoard, type LiveFigures, SessionRecord } from './session-record'
import { isReadyState } from './session-states'
import { latencyOf } from './statistics'
import { BoardNotices } from './watching/board-notices'
import { HealthProbe } from './watching/health-probe'
import { IdleWatch } from './watching/idle-watch'
import { Lease } from './watching/lease'
import { OutputLoss } from './watching/output-loss'
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
  readonly notices: BoardNotices
  readonly outputLoss: OutputLoss
  /** While the board is being reset: to be gone is what it may do. */
  departure: { readonly kind: ResetKind; hasGone: boolean } | null = null
  /** It went by a reset of ours: why it has started is no news when it is back. */
  hasDeparted = false
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
    this.notices = new BoardNotices({
      clock,
      name: () => subject.name,
      isWatched: () => this.record.attachment === 'watching',
      isBusy: () => !this.runner.isQuiet,
      tell: notice => this.tellNotice(notice),
    })
    this.outputLoss = new OutputLoss(clock, gapMs => {
      const text = `Probably some output of ${subject.name} is missing: it printed while nothing was read from it for ${Math.round(gapMs)} ms.`
      this.tellNotice({ kind: 'output-lost', text })
    })
    this.line = new BoardLine(subject, request, nonce, needs, this.newLineListener())
    this.runner = new ExecutionRunner(clock, subject, this.output, options, () => this.line, {
      onStarted: () => listener.onBusy(),
      onInterrupting: () => this.tellInterrupt(),
      onQueueChanged: () => this.record.info.request(),
      onEnded: (outcome, durationMs) => this.executionEnded(outcome, durationMs),
      onTaskEnded: () => listener.onExecutionEnded(),
      onSettled: () => this.notices.settled(),
      onEndSeen: () => this.notices.cameToItsEnd(),
      onRestarted: title => this.notices.restartedDuring(title),
      onRestartedOnPurpose: () => this.notices.restartedOnPurpose(),
      onDefect: (title, error) => logger.error('A task failed in a way that it should not.', { sessionId, title, error }),
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

  /** What the board has said of itself. `isFresh`: after a start that nobody of ours has brought about. */
  setBoard(board: BoardIdentity, { isFresh }: { readonly isFresh: boolean }): void {
    this.record.setBoard(this.knownBoard(board))
    if (isFresh) this.notices.identified(board)
  }

  knownBoard(board: BoardIdentity): KnownBoard {
    const { port } = this.record.snapshot
    return { board, identity: boardKeyOf(board, this.needs.findPort(port), port) }
  }

  private tellNotice(notice: BoardNotice): void {
    const { output, charts, record, needs, sessionId } = this
    const at = needs.clock.now()
    output.mark({ type: 'note', at, tone: 'warn', text: notice.text })
    charts.mark(at, 'notice', NOTICE_MARKS[notice.kind])
    needs.logger.warn('Something happened to a board.', { sessionId, ...notice })
    record.tell({ type: 'boardNotice', notice })
  }

  private tellInterrupt(): void {
    const { record, runner, needs, sessionId } = this
    const interrupt = runner.running?.interrupt
    if (interrupt == null) return
    needs.logger.info('A board is being interrupted.', { sessionId, ...interrupt })
    record.tell({ type: 'infoUpdated', interrupt })
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
      onPaused: paused => this.outputLoss.paused(paused),
      onReceived: byteCount => {
        statistics.received(byteCount)
        metrics.bytes(sessionId, 'in', byteCount)
        idle.wasRead()
        // A simulated board waits for its reader.
        if (this.request.backend === 'serial') this.outputLoss.received()
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
      onOutput: chunk => {
        this.runner.collect(chunk)
        if (chunk.channel === 'outside') this.notices.printed(chunk.bytes)
        // What is interrupted at the raw prompt does not end with a greeting: a program that runs after a restart does.
        else if (chunk.channel === 'stdout' && this.runner.isInterrupting) this.notices.printedByRun(chunk.bytes)
      },
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

const NOTICE_MARKS: Readonly<Record<BoardNotice['kind'], string>> = {
  restarted: 'Restarted',
  'boot-loop': 'Boot loop',
  watchdog: 'Watchdog',
  'output-lost': 'Output lost',
}

/** The board is there, but does not answer as it should. */
function silence(message: string): WireFailure {
  return { code: 'OperationFailed', reason: 'no-reply', message, hint: 'Check the board and its cable.' }
}
