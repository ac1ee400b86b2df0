import type { MusterError } from '../../../shared/errors'
import { PORT_CLOSE_TIMEOUT_MS } from '../../../shared/limits'
import type {
  BoardIdentity,
  CloseResult,
  DisconnectReason,
  ExecutionOutcome,
  ExecutionResult,
  LiveSessionOptions,
  PoolRole,
  SessionInfo,
  SessionSnapshot,
  SessionState,
  SessionStatistics,
} from '../../../shared/model'
import { MetricHistory } from '../metrics/metric-history'
import type { TransportError } from '../transport/transport'
import { BoardConnection } from './board-connection'
import { ExecutionRunner } from './execution-runner'
import { closeInOrder } from './orderly-close'
import { OutputBuffer } from './output-buffer'
import { type OpenRequest, readExecuteRequest } from './requests'
import { boardLost, closedDuringOpen, openFailed, openTimedOut, type Subject, sessionNotReady } from './session-errors'
import type { CloseOptions, SessionNeeds } from './session-needs'
import { SessionRecord } from './session-record'
import { isClosedState, isOpeningState, isReadyState } from './session-states'
import { latencyOf, type Rates } from './statistics'
import type { AttributeStore } from './attributes/attribute-store'
import type { ExecuteOptions, SessionFilters, SessionIoEvent } from './session-io'
import { Deferred, settledWithin } from './waiting'
import { type Abort, endOfSession, type WireFailure } from './wire'

/** One conversation with one board, from `open` to its disposal. What may follow on what says the table of `session-states.ts`. */
export class Session {
  readonly output: OutputBuffer
  readonly metrics: MetricHistory
  private readonly record: SessionRecord
  private readonly subject: Subject
  private readonly runner: ExecutionRunner
  private connection: BoardConnection | null = null

  private readonly opening = new AbortController()
  /** Why the open fails. The first cause is the one that is told. */
  private openFailure: MusterError | null = null

  private isEnding = false
  private isKilled = false
  /** Why the session ends. The first reason is the one that is told. */
  private closeReason: DisconnectReason | null = null
  private closeFailure: MusterError | null = null
  private readonly ended = new Deferred<CloseResult>()

  constructor(
    readonly sessionId: string,
    request: OpenRequest,
    private readonly needs: SessionNeeds,
  ) {
    const { clock, logger, host } = needs
    const onListenerError = (error: unknown): void => logger.error('A listener of a session failed.', { sessionId, error })
    this.subject = { sessionId, name: request.name }
    this.output = new OutputBuffer(clock, onListenerError)
    this.metrics = new MetricHistory(sessionId, onListenerError)
    this.record = new SessionRecord(
      sessionId,
      request,
      clock,
      happenings => host.publish(happenings),
      () => ({
        running: this.runner.running,
        queued: this.runner.queued,
        pendingWriteBytes: this.connection?.pendingWriteBytes ?? 0,
      }),
    )
    this.runner = new ExecutionRunner(clock, this.subject, this.output, () => this.connection, {
      onStarted: () => this.becomeBusy(),
      onInterrupting: () => this.record.info.tellNow(),
      onQueueChanged: () => this.record.info.request(),
      onEnded: (outcome, durationMs) => this.countExecution(outcome, durationMs),
      onDrained: () => this.becomeIdle(),
      onWireFailed: failure => this.lose(failure),
    })
  }

  get state(): SessionState {
    return this.record.state
  }

  get snapshot(): SessionSnapshot {
    return this.record.snapshot
  }

  get statistics(): SessionStatistics {
    return this.record.summary
  }

  get rates(): Rates {
    return this.record.statistics.rates
  }

  // Opening: T2, then T3 or T4.

  /** Rejects with `OpenFailed`; the session is disposed then. */
  async open(): Promise<SessionSnapshot> {
    try {
      this.record.move('connect')
      const board = await this.connect()
      if (this.openFailure !== null) throw this.openFailure
      this.becomeConnected(board)
      return this.snapshot
    } catch (error) {
      const failure = this.abortOpening(openFailed(this.subject, error))
      await this.letGoOfPort()
      this.discard(failure)
      throw failure
    }
  }

  private async connect(): Promise<BoardIdentity> {
    // Whoever heard of the beginning may have closed the session again.
    if (this.openFailure !== null) throw this.openFailure
    const { clock, logger, transports, createProtocol, reservation } = this.needs
    const { statistics, info, request } = this.record
    const transport = transports.create({ port: request.port, backend: request.backend, baudRate: request.baudRate })
    reservation.releaseWhen(transport.released)
    this.connection = new BoardConnection(transport, createProtocol, clock, logger, {
      onPhase: phase => this.record.enterPhase(phase),
      onReceived: byteCount => {
        statistics.received(byteCount)
        info.request()
      },
      onSent: byteCount => {
        statistics.sent(byteCount)
        info.request()
      },
      onOutput: chunk => this.runner.collect(chunk),
      onLost: error => this.transportLost(error),
    })
    const limitMs = request.connectionTimeoutMs
    const limit = clock.after(limitMs, () => this.abortOpening(openTimedOut(this.subject, limitMs)))
    try {
      return await this.connection.open(limitMs, this.opening.signal)
    } finally {
      limit.dispose()
    }
  }

  private becomeConnected(board: BoardIdentity): void {
    this.record.setConnected(board)
    this.record.move('connected', [{ type: 'connected' }], () => {
      this.record.statistics.startSampling()
      this.metrics.mark(this.needs.clock.now(), 'connected', 'Connected')
    })
  }

  private abortOpening(failure: MusterError): MusterError {
    this.openFailure ??= failure
    this.closeReason ??= 'open-failed'
    this.opening.abort()
    return this.openFailure
  }

  /** So that the port can be opened again right away, unless the system takes its time. */
  private async letGoOfPort(): Promise<void> {
    if (this.connection === null) return
    this.connection.kill()
    await settledWithin(this.needs.clock, Promise.race([this.connection.released, this.ended.promise]), PORT_CLOSE_TIMEOUT_MS)
  }

  /** The end of a session that never was connected: nothing of it is remembered. */
  private discard(failure: MusterError): void {
    if (this.state !== 'Connecting') return
    const { host, logger } = this.needs
    this.record.setFault(failure, { final: true })
    const failed = this.record.moveQuietly('open-failed', [{ type: 'error' }], () => this.endConnection())
    host.retire(this, null)
    const gone = this.record.moveQuietly('discard', [{ type: 'disposed' }], () => this.disposeOwned())
    logger.warn('A session could not be opened.', { ...failure.info })
    host.publish([...failed, ...gone])
    this.ended.resolve(this.closeResult())
  }

  // Executing: T5 and T6, and T8 when the board is gone.

  /**
   * Rejects with `SessionNotReady`, `InvalidArgument`, `QueueFull`, `OperationTimeout`, `OperationCancelled` or
   * `OperationFailed`. An exception on the board is a result.
   */
  async execute(code: string, options: ExecuteOptions): Promise<ExecutionResult> {
    if (!this.isReady) throw sessionNotReady(this.subject, this.state)
    const request = readExecuteRequest(code, options.timeoutMs, this.record.request.operationTimeoutMs)
    return await this.runner.submit(request.code, request.timeoutMs)
  }

  /** Without an id: what runs now. Resolves when the execution has ended. */
  cancel(executionId?: string): Promise<boolean> {
    return this.runner.cancel(executionId)
  }

  private get isReady(): boolean {
    return isReadyState(this.state) && this.connection?.isOpen === true
  }

  private becomeBusy(): void {
    if (this.state === 'Connected' || this.state === 'Idle') this.record.move('busy')
    else this.record.info.tellNow()
  }

  private becomeIdle(): void {
    if (isReadyState(this.state)) this.record.move('drained')
  }

  private countExecution(outcome: ExecutionOutcome, durationMs: number): void {
    const latencyMs = latencyOf(outcome, durationMs)
    this.record.statistics.executionEnded(outcome, latencyMs)
    this.metrics.recordExecution(outcome === 'ok', latencyMs)
    this.record.info.request()
  }

  private transportLost(error: TransportError): void {
    if (isOpeningState(this.state)) this.abortOpening(openFailed(this.subject, error))
    else this.lose({ code: 'OperationFailed', reason: 'disconnected', message: error.message, hint: error.hint, cause: error })
  }

  private lose(failure: WireFailure): void {
    const abort: Abort = { code: 'OperationFailed', reason: failure.reason, happened: `failed: the board was lost. ${failure.message}` }
    if (!isReadyState(this.state)) {
      // A close waits for the running execution; it goes on without.
      this.runner.abort(abort)
      return
    }
    const fault = boardLost(this.subject, failure)
    this.record.setFault(fault, { final: false })
    this.record.move('lost', [{ type: 'disconnected', reason: 'unexpected' }, { type: 'error' }], () => {
      const at = this.needs.clock.now()
      this.runner.abort(abort)
      this.endConnection()
      this.output.mark({ type: 'note', at, tone: 'bad', text: fault.message })
      this.metrics.mark(at, 'lost', 'Lost')
    })
    this.needs.logger.warn('A session was lost.', { ...fault.info, cause: failure.cause })
  }

  // Ending: T12 and T13, T14 or T15, then T16.

  /** The first caller's is the close; everyone else joins it. Rejects with `CloseFailed` for the first one alone. */
  async close({ mode, reason }: CloseOptions): Promise<CloseResult> {
    if (this.isEnding) return { ...(await this.ended.promise), alreadyClosed: true }
    this.isEnding = true
    this.closeReason ??= reason
    if (isOpeningState(this.state)) this.abortOpening(closedDuringOpen(this.subject))
    else await this.disconnect(mode)
    const result = await this.ended.promise
    if (this.closeFailure !== null) throw this.closeFailure
    return result
  }

  /** Ends the session at once, without the board or the system being asked. */
  async kill(): Promise<CloseResult> {
    const alreadyClosed = this.isEnding
    this.isEnding = true
    this.closeReason ??= 'killed'
    this.isKilled = true
    if (isOpeningState(this.state)) this.discard(this.abortOpening(closedDuringOpen(this.subject)))
    else if (!isClosedState(this.state)) this.finish('kill')
    return { ...(await this.ended.promise), alreadyClosed }
  }

  private async disconnect(mode: CloseOptions['mode']): Promise<void> {
    this.record.move('close')
    const failure = await closeInOrder({
      clock: this.needs.clock,
      subject: this.subject,
      runner: this.runner,
      connection: this.connection,
      mode,
      abort: this.endOfWork,
      ended: this.ended.promise,
    })
    if (this.state !== 'Disconnecting') return
    if (failure === null) this.finish('closed')
    else this.failClose(failure)
  }

  private failClose(failure: MusterError): void {
    this.closeFailure = failure
    this.isKilled = true
    this.record.setFault(failure, { final: true })
    this.record.move('close-failed', [{ type: 'error' }])
    this.needs.logger.error('A session did not close in order.', { ...failure.info, cause: failure.cause })
    // Whoever heard of the failure may have killed the session already.
    if (!isClosedState(this.state)) this.finish('abandon')
  }

  private finish(trigger: 'closed' | 'abandon' | 'kill'): void {
    const { host, clock } = this.needs
    const result = this.closeResult()
    this.record.move(trigger, [{ type: 'disconnected', reason: result.reason }], () => {
      this.runner.abort(this.endOfWork)
      this.endConnection()
      this.metrics.mark(clock.now(), 'closed', 'Closed')
    })
    const gone = this.record.moveQuietly('dispose', [{ type: 'disposed' }], () => this.disposeOwned())
    host.retire(this, result)
    host.publish(gone)
    this.ended.resolve(result)
  }

  private get endOfWork(): Abort {
    return endOfSession(this.closeReason, this.isKilled)
  }

  private endConnection(): void {
    const { reservation } = this.needs
    this.record.statistics.zeroRates()
    this.connection?.kill()
    if (this.connection === null) reservation.release()
    else reservation.abandon()
  }

  private disposeOwned(): void {
    this.record.info.dispose()
    this.metrics.dispose()
    this.output.dispose()
  }

  private closeResult(): CloseResult {
    return Object.freeze({
      sessionId: this.sessionId,
      finalState: 'Closed',
      state: 'Disposed',
      alreadyClosed: false,
      reason: this.closeReason ?? 'client-close',
      killed: this.isKilled,
    })
  }

  // What the manager builds against; filled in station by station.

  get info(): SessionInfo {
    return { snapshot: this.snapshot, options: this.record.request.options, history: [], filters: this.filters.list() }
  }

  get filters(): SessionFilters {
    throw new Error('Not there yet.')
  }

  get attributes(): AttributeStore {
    throw new Error('Not there yet.')
  }

  write(_data: string | Uint8Array): Promise<{ readonly bytes: number }> {
    return Promise.reject(new Error('Not there yet.'))
  }

  /** Ends when the session is closed. Throws `SessionNotReady`. */
  readEvents(): AsyncIterableIterator<SessionIoEvent> {
    throw new Error('Not there yet.')
  }

  /** Joins an attempt under way; on a ready session it drops the connection and makes it anew. */
  reconnect(): Promise<SessionSnapshot> {
    return Promise.reject(new Error('Not there yet.'))
  }

  extendLease(_expiresAt: number | null): SessionSnapshot {
    throw new Error('Not there yet.')
  }

  isLeaseExpired(_nowWallMs: number): boolean {
    return false
  }

  /** True when it was closed by this; false when an execution runs, and it closes as soon as that has settled. */
  closeExpired(): Promise<boolean> {
    return Promise.resolve(false)
  }

  updateDetails(_patch: Readonly<Record<string, string | null>>): SessionSnapshot {
    throw new Error('Not there yet.')
  }

  updateIdentifier(_text: string): SessionSnapshot {
    throw new Error('Not there yet.')
  }

  setAssociates(_keys: readonly string[]): SessionSnapshot {
    throw new Error('Not there yet.')
  }

  configure(_patch: Partial<LiveSessionOptions>): SessionSnapshot {
    throw new Error('Not there yet.')
  }

  setPoolRole(_role: PoolRole): void {}

  clearForPool(): Promise<void> {
    return Promise.resolve()
  }

  touch(): void {}

  tick(): void {}

  suspend(): void {}

  resume(): void {}

  // Measuring, once a metric interval.

  sample(): void {
    if (!this.record.wasConnected) return
    const before = this.rates
    const rates = this.record.statistics.sample({ isFlowing: this.isReady })
    if (rates === null) return
    this.metrics.sample({ at: this.needs.clock.now(), ...rates })
    const isSame = before.bytesInPerSecond === rates.bytesInPerSecond && before.bytesOutPerSecond === rates.bytesOutPerSecond
    if (!isSame) this.record.info.request()
  }
}
