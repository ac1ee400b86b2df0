import type { MusterError } from '../../../shared/errors'
import type { BoardIdentity, CloseResult, DisconnectReason, SessionSnapshot } from '../../../shared/model'
import { ConnectAttempt } from './connect-attempt'
import { HandOver } from './hand-over'
import { closeInOrder } from './orderly-close'
import {
  boardAbsent,
  boardLost,
  closedDuringOpen,
  closedWhileConnecting,
  groupHasNoBoard,
  openFailed,
  openTimedOut,
  pathTaken,
  sessionNotReady,
} from './session-errors'
import type { CloseOptions } from './session-needs'
import type { SessionParts } from './session-parts'
import type { Meaning } from './session-record'
import { isClosedState, isOpeningState, isReadyState } from './session-states'
import { Deferred, settledWithin, unlessAborted } from './waiting'
import { type Abort, droppedByRequest, endOfSession, lossOf, type WireFailure } from './wire'

/** The life of a session, row by row of the table in `session-states.ts`: opening, losing the board, reconnecting, ending. */
export class SessionLife {
  private readonly handOver: HandOver
  /** The latest attempt to connect. */
  private attempt = new ConnectAttempt()
  /** What joins the attempt under way. */
  private reconnecting: Promise<SessionSnapshot> | null = null
  private isKilled = false
  /** Why the session ends. The first reason is the one that is told. */
  private closeReason: DisconnectReason | null = null
  private closeFailure: MusterError | null = null
  private readonly ended = new Deferred<CloseResult>()
  /** Resolves when filters and attributes are gone. */
  private cleared: Promise<unknown> = Promise.resolve()

  constructor(private readonly parts: SessionParts) {
    this.handOver = new HandOver(parts, this.ended.promise)
  }

  // Opening: T2, then T3 or T4.

  /** Rejects with `OpenFailed`; the session is disposed then. */
  async open(): Promise<SessionSnapshot> {
    const { record, request, line, needs, subject } = this.parts
    const { attempt } = this
    const limitMs = request.options.connectionTimeoutMs
    try {
      record.move('connect')
      const onLate = (): void => void this.abortOpening(openTimedOut(subject, limitMs))
      const board = await attempt.run(needs.clock, limitMs, onLate, signal => this.prepare(signal))
      attempt.check()
      this.becomeConnected(board)
    } catch (error) {
      const failure = this.abortOpening(openFailed(subject, error))
      line.drop()
      await line.released(this.ended.promise)
      this.discard(failure)
      await this.cleared
      throw failure
    }
    await this.handOver.run()
    return record.snapshot
  }

  private async prepare(signal: AbortSignal): Promise<BoardIdentity | null> {
    const { attributes, line, needs, request, sessionId, isGroup } = this.parts
    const { attributeStore: store, filters, connectionTimeoutMs } = request.options
    await unlessAborted(
      attributes.create(() => needs.attributeStores.create({ sessionId, store })),
      signal,
    )
    await unlessAborted(line.chain.install(filters), signal)
    if (!isGroup) return await line.connect(request.port, connectionTimeoutMs, signal)
    await unlessAborted(line.chain.opened(), signal)
    return null
  }

  /** T3 and T10. */
  private becomeConnected(board: BoardIdentity | null): void {
    const { record, charts, output, idle, activity, readers, reconnector, needs, sessionId } = this.parts
    const isAgain = record.wasConnected
    const at = needs.clock.now()
    record.setConnected(board)
    record.move('connected', [{ type: 'connected', ...(isAgain && { reconnected: true }) }], () => {
      record.statistics.startSampling()
      charts.mark(at, 'connected', 'Connected')
      idle.restart()
      activity.restart()
      reconnector.connected()
      if (isAgain) {
        record.statistics.reconnected()
        needs.metrics.reconnect(sessionId, 'ok')
        readers.markGap()
        output.mark({ type: 'note', at, tone: 'info', text: 'The board is connected again. Nothing was run anew.' })
      } else needs.metrics.sessionOpened()
      this.handOver.begin()
    })
  }

  private abortOpening(failure: MusterError): MusterError {
    this.closeReason ??= 'open-failed'
    return this.attempt.abort(failure)
  }

  /** The end of a session that never was connected: nothing of it is remembered. */
  private discard(failure: MusterError): void {
    const { record, needs, line } = this.parts
    if (record.stored !== 'Connecting') return
    const { host, logger, metrics } = needs
    this.parts.isEnding = true
    record.setFault(failure, { final: true })
    const failed = record.moveQuietly('open-failed', [{ type: 'error' }], () => this.endLine())
    host.retire(record, null)
    this.cleared = this.clear({ wasOpened: false })
    metrics.fault(failure.code)
    if (line.wasMade) metrics.transportKilled('OpenSessionFailed')
    logger.warn('A session could not be opened.', { ...failure.info })
    const gone = record.moveQuietly('discard', [{ type: 'disposed' }], () => this.disposeOwned())
    host.publish([...failed, ...gone])
    this.ended.resolve(this.closeResult())
  }

  // Executing: T5 to T7.

  becomeBusy(): void {
    const { record } = this.parts
    this.parts.activity.touch()
    if (record.state === 'Connected' || record.state === 'Idle') record.move('busy')
    else record.tell({ type: 'infoUpdated' })
  }

  executionEnded(): void {
    // Of one that ends with its board, the loss is told first.
    if (isReadyState(this.parts.record.state)) this.closeIfLeaseEnded()
  }

  becomeIdle(): void {
    const { record, activity } = this.parts
    if (!isReadyState(record.state)) return
    activity.restart()
    record.move('drained')
  }

  /** Nothing was read or written for the configured time. */
  becomeQuiet(): void {
    if (this.parts.record.state === 'Connected') this.parts.record.move('quiet')
  }

  // Losing the board, and getting it back: T8 to T11.

  lose(failure: WireFailure, reason: DisconnectReason): void {
    const { record, subject, runner, reconnector, needs, sessionId } = this.parts
    if (isOpeningState(record.stored)) this.abortOpening(openFailed(subject, failure.cause))
    else if (record.stored === 'Connecting(again)') this.attempt.abort(openFailed(subject, failure.cause))
    else if (!isReadyState(record.state)) {
      // A close waits for the running execution; it goes on without.
      runner.abort(lossOf(failure))
    } else {
      const fault = boardLost(subject, failure)
      record.setFault(fault, { final: false })
      needs.metrics.fault(fault.code)
      reconnector.lost()
      if (reconnector.isExhausted) needs.metrics.reconnect(sessionId, 'exhausted')
      const exhausted = reconnector.isExhausted && { exhausted: true }
      this.disconnectFromBoard(lossOf(failure), fault.message, [
        { type: 'disconnected', reason },
        { type: 'error', ...exhausted },
      ])
      needs.logger.warn('A session was lost.', { ...fault.info, cause: failure.cause })
      this.closeIfLeaseEnded()
    }
  }

  /** T8: what runs and what waits ends, once, and is never run anew. */
  private disconnectFromBoard(abort: Abort, text: string, meanings: readonly Meaning[]): void {
    const { record, runner, health, line, output, charts, activity, needs } = this.parts
    const at = needs.clock.now()
    record.move('lost', meanings, () => {
      health.disarm()
      activity.restart()
      runner.abort(abort)
      record.statistics.zeroRates()
      line.drop()
      needs.reservation?.leavePort()
      output.mark({ type: 'note', at, tone: 'bad', text })
      charts.mark(at, 'lost', 'Lost')
    })
  }

  /** Joins the attempt under way. On a ready session: drops the connection first. Rejects with `SessionNotReady` or `OpenFailed`. */
  reconnect(): Promise<SessionSnapshot> {
    const { record, reconnector, request, needs, subject, isGroup, isReady } = this.parts
    if (isGroup) return Promise.reject(groupHasNoBoard(subject))
    if (record.stored === 'Connecting(again)' && this.reconnecting !== null) return this.reconnecting
    if (!isReady && record.stored !== 'Error(lost)') return Promise.reject(sessionNotReady(subject, record.state))
    const { port } = record.snapshot
    reconnector.requested()
    const path = needs.devices.locate(request.deviceKey) ?? (isReady ? port : null)
    if (path === null) {
      record.tell({ type: 'infoUpdated' })
      return Promise.reject(boardAbsent(subject))
    }
    if (isReady) this.drop()
    // Whoever heard of the drop may have closed the session, or be ahead with an attempt.
    if (record.stored !== 'Error(lost)') return this.reconnecting ?? Promise.reject(sessionNotReady(subject, record.state))
    return this.connectAgain(path)
  }

  private drop(): void {
    const { record, subject } = this.parts
    const { fault, abort } = droppedByRequest(subject)
    record.setFault(fault, { final: false })
    this.disconnectFromBoard(abort, fault.message, [{ type: 'disconnected', reason: 'client-close' }])
  }

  /** An attempt that nobody asked for: its failure is the session's own affair. */
  attemptIsDue(): void {
    const { record, request, needs } = this.parts
    const path = needs.devices.locate(request.deviceKey)
    if (path !== null && record.stored === 'Error(lost)') this.connectAgain(path).catch(() => {})
  }

  private connectAgain(path: string): Promise<SessionSnapshot> {
    // Made before the attempt is told of, so that whoever hears of it can join.
    let follow: (result: Promise<SessionSnapshot>) => void = () => {}
    this.reconnecting = new Promise(resolve => {
      follow = resolve
    })
    follow(this.makeAttempt(path))
    return this.reconnecting
  }

  private async makeAttempt(path: string): Promise<SessionSnapshot> {
    const { record, reconnector, request, line, needs, subject } = this.parts
    const limitMs = request.options.connectionTimeoutMs
    const attempt = new ConnectAttempt()
    this.attempt = attempt
    try {
      const isTaken = needs.reservation?.takePort(path) === false
      if (!isTaken) record.setPort(path)
      reconnector.begin()
      record.move('reconnect')
      if (isTaken) throw pathTaken(subject, path)
      const onLate = (): void => void attempt.abort(openTimedOut(subject, limitMs))
      const board = await attempt.run(needs.clock, limitMs, onLate, signal => line.connect(path, limitMs, signal))
      attempt.check()
      this.becomeConnected(board)
    } catch (error) {
      const failure = attempt.abort(openFailed(subject, error))
      this.attemptFailed(failure)
      throw failure
    }
    await this.handOver.run()
    return record.snapshot
  }

  /** T11. */
  private attemptFailed(failure: MusterError): void {
    const { record, reconnector, line, needs, sessionId } = this.parts
    if (record.stored !== 'Connecting(again)') return
    needs.metrics.reconnect(sessionId, 'failed')
    needs.logger.warn('A session could not be connected again.', { ...failure.info })
    line.drop()
    needs.reservation?.leavePort()
    record.setFault(failure, { final: false })
    reconnector.failed()
    if (reconnector.isExhausted) needs.metrics.reconnect(sessionId, 'exhausted')
    record.move('attempt-failed', reconnector.isExhausted ? [{ type: 'error', exhausted: true }] : [])
  }

  // Ending: T12 and T13, T14 or T15, then T16.

  /** The first caller's is the close; everyone else joins it. Rejects with `CloseFailed` for the first one alone. */
  async close({ mode, reason }: CloseOptions): Promise<CloseResult> {
    const { parts } = this
    if (parts.isEnding) return { ...(await this.ended.promise), alreadyClosed: true }
    parts.isEnding = true
    this.closeReason ??= reason
    if (isOpeningState(parts.record.stored)) this.abortOpening(closedDuringOpen(parts.subject))
    else await this.disconnect(mode)
    const result = await this.ended.promise
    await this.cleared
    if (this.closeFailure !== null) throw this.closeFailure
    return result
  }

  /** Closes as soon as what runs has settled, if its lease ended meanwhile. */
  private closeIfLeaseEnded(): void {
    const { lease, isEnding } = this.parts
    if (!lease.endsSoon || isEnding) return
    // A failure is logged where it happens.
    this.close({ mode: 'flush', reason: 'lease-expired' }).catch(() => {})
  }

  /** Ends the session at once, without the board or the system being asked. */
  async kill(): Promise<CloseResult> {
    const { parts } = this
    const alreadyClosed = parts.isEnding
    parts.isEnding = true
    this.closeReason ??= 'killed'
    this.isKilled = true
    if (isOpeningState(parts.record.stored)) this.discard(this.abortOpening(closedDuringOpen(parts.subject)))
    else if (!isClosedState(parts.record.state)) this.finish('kill')
    return { ...(await this.ended.promise), alreadyClosed }
  }

  private async disconnect(mode: CloseOptions['mode']): Promise<void> {
    const { record, reconnector, health, line, runner, request, needs, subject } = this.parts
    const isConnecting = record.stored === 'Connecting(again)'
    record.move('close', [], () => {
      reconnector.dispose()
      health.disarm()
      if (isConnecting) {
        this.attempt.abort(closedWhileConnecting(subject))
        line.drop()
      }
    })
    const failure = await closeInOrder({
      clock: needs.clock,
      subject,
      runner,
      line,
      mode,
      limitMs: request.options.shutdownTimeoutMs,
      abort: this.endOfWork,
      ended: this.ended.promise,
    })
    if (record.state !== 'Disconnecting') return
    if (failure === null) this.finish('closed')
    else this.failClose(failure)
  }

  private failClose(failure: MusterError): void {
    const { record, needs } = this.parts
    this.closeFailure = failure
    this.isKilled = true
    record.setFault(failure, { final: true })
    needs.metrics.fault(failure.code)
    record.move('close-failed', [{ type: 'error' }])
    needs.logger.error('A session did not close in order.', { ...failure.info, cause: failure.cause })
    // Whoever heard of the failure may have killed the session already.
    if (!isClosedState(record.state)) this.finish('abandon')
  }

  private finish(trigger: 'closed' | 'abandon' | 'kill'): void {
    const { record, runner, charts, readers, needs, sessionId } = this.parts
    const { host, clock, metrics } = needs
    const result = this.closeResult()
    record.move(trigger, [{ type: 'disconnected', reason: result.reason }], () => {
      runner.abort(this.endOfWork)
      this.endLine()
      readers.dispose()
      charts.mark(clock.now(), 'closed', 'Closed')
      if (this.isKilled) metrics.transportKilled(trigger === 'abandon' ? 'CloseFailed' : 'SessionKilled')
      metrics.sessionClosed(sessionId, result.reason, record.ageMs)
    })
    this.cleared = this.clear({ wasOpened: true })
    const gone = record.moveQuietly('dispose', [{ type: 'disposed' }], () => this.disposeOwned())
    host.retire(record, result)
    host.publish(gone)
    this.ended.resolve(result)
  }

  private get endOfWork(): Abort {
    return endOfSession(this.closeReason, this.isKilled)
  }

  private endLine(): void {
    const { record, line, reconnector, health, needs } = this.parts
    reconnector.dispose()
    health.disarm()
    this.attempt.abort(closedWhileConnecting(this.parts.subject))
    record.statistics.zeroRates()
    line.drop()
    needs.reservation?.abandon()
  }

  /** Filters first, because theirs may be the last attributes. Each has a limit of its own; this one is for all. */
  private async clear({ wasOpened }: { readonly wasOpened: boolean }): Promise<void> {
    const { line, attributes, needs, request, sessionId } = this.parts
    const step = async (what: string, work: () => Promise<void>): Promise<void> => {
      await work().catch(error => needs.logger.error(`${what} of a session did not end in order.`, { sessionId, error }))
    }
    const steps = async (): Promise<void> => {
      if (wasOpened) await step('The filters', () => line.chain.closed())
      await step('The filters', () => line.chain.dispose())
      await step('The attributes', () => attributes.dispose())
    }
    await settledWithin(needs.clock, steps(), request.options.shutdownTimeoutMs)
  }

  private disposeOwned(): void {
    const { record, charts, output, readers, needs, sessionId } = this.parts
    readers.dispose()
    record.info.dispose()
    charts.dispose()
    output.dispose()
    needs.metrics.forget(sessionId)
  }

  private closeResult(): CloseResult {
    return Object.freeze({
      sessionId: this.parts.sessionId,
      finalState: 'Closed',
      state: 'Disposed',
      alreadyClosed: false,
      reason: this.closeReason ?? 'client-close',
      killed: this.isKilled,
    })
  }
}
