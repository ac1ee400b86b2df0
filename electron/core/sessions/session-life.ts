import type { MusterError } from '../../../shared/errors'
import type { BoardIdentity, DisconnectReason, SessionSnapshot } from '../../../shared/model'
import { ConnectAttempt } from './connection/connect-attempt'
import { HandOver } from './connection/hand-over'
import { type Abort, droppedByRequest, lossOf, type WireFailure } from './connection/wire'
import type { SessionEnding } from './session-ending'
import { boardAbsent, boardLost, departed, groupHasNoBoard, openFailed, openTimedOut, pathTaken, sessionNotReady } from './session-errors'
import type { SessionParts } from './session-parts'
import type { Meaning } from './session-record'
import { isOpeningState, isReadyState } from './session-states'
import { unlessAborted } from './waiting'

/** The life of a session, row by row of the table in `session-states.ts`: opening, losing the board, getting it back. */
export class SessionLife {
  private readonly handOver: HandOver
  /** The latest attempt to connect again, for those who join it. */
  private reconnecting: Promise<SessionSnapshot> | null = null

  constructor(
    private readonly parts: SessionParts,
    private readonly ending: SessionEnding,
  ) {
    this.handOver = new HandOver(parts, ending.ended)
  }

  // Opening: T2, then T3 or T4.

  /** Rejects with `OpenFailed`; the session is disposed then. */
  async open(): Promise<SessionSnapshot> {
    const { record, request, attempt, needs, subject } = this.parts
    const limitMs = request.options.connectionTimeoutMs
    try {
      record.move('connect')
      const onLate = (): void => void this.ending.abortOpening(openTimedOut(subject, limitMs))
      const board = await attempt.run(needs.clock, limitMs, onLate, signal => this.prepare(signal))
      attempt.check()
      this.becomeConnected(board)
    } catch (error) {
      const failure = this.ending.abortOpening(openFailed(subject, error))
      await this.ending.failOpening(failure)
      throw failure
    }
    await this.handOver.run()
    return record.snapshot
  }

  private async prepare(signal: AbortSignal): Promise<BoardIdentity | null> {
    const { attributes, line, record, needs, request, sessionId, isGroup } = this.parts
    const { attributeStore: store, filters, connectionTimeoutMs } = request.options
    await unlessAborted(
      attributes.create(() => needs.attributeStores.create({ sessionId, store })),
      signal,
    )
    await unlessAborted(line.chain.install(filters), signal)
    if (!isGroup) return await line.connect(request.port, connectionTimeoutMs, signal, record.attachment)
    await unlessAborted(line.chain.opened(), signal)
    return null
  }

  /** T3 and T10. */
  private becomeConnected(board: BoardIdentity | null): void {
    const { record, charts, output, idle, activity, readers, reconnector, notices, outputLoss, needs, sessionId } = this.parts
    const isAgain = record.wasConnected
    const at = needs.clock.now()
    record.setConnected(board === null ? null : this.parts.knownBoard(board))
    record.move('connected', [{ type: 'connected', ...(isAgain && { reconnected: true }) }], () => {
      record.statistics.startSampling()
      charts.mark(at, 'connected', 'Connected')
      idle.restart()
      activity.restart()
      reconnector.connected()
      notices.connected()
      outputLoss.rebase()
      if (isAgain) {
        record.statistics.reconnected()
        needs.metrics.reconnect(sessionId, 'ok')
        readers.markGap()
        output.mark({ type: 'note', at, tone: 'info', text: 'The board is connected again. What was cut off was not run anew.' })
      } else needs.metrics.sessionOpened()
      this.handOver.begin()
    })
    if (board !== null && !this.parts.hasDeparted) notices.identified(board)
    this.parts.hasDeparted = false
  }

  // Executing: T5 to T7.

  becomeBusy(): void {
    const { record } = this.parts
    this.parts.activity.touch()
    if (record.state === 'Connected' || record.state === 'Idle') record.move('busy')
    else record.info.tellNow()
  }

  executionEnded(): void {
    // Of one that ends with its board, the loss is told first.
    if (isReadyState(this.parts.record.state)) this.ending.closeIfLeaseEnded()
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
    if (isOpeningState(record.stored)) this.ending.abortOpening(openFailed(subject, failure.cause))
    else if (record.stored === 'Connecting(again)') this.parts.attempt.abort(openFailed(subject, failure.cause))
    else if (!isReadyState(record.state)) {
      // A close waits for the running execution; it goes on without.
      runner.abort(lossOf(failure))
    } else if (this.parts.departure !== null && failure.reason === 'disconnected') this.depart(this.parts.departure, failure)
    else {
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
      this.ending.closeIfLeaseEnded()
    }
  }

  /** T8 as well, but on request: the board was reset, and its port has gone with it. One in its bootloader is not waited for. */
  private depart(departure: NonNullable<SessionParts['departure']>, failure: WireFailure): void {
    const { record, subject, reconnector, needs, sessionId } = this.parts
    const { kind } = departure
    const fault = departed(subject, kind)
    const { message } = fault.info
    departure.hasGone = true
    this.parts.hasDeparted = true
    record.setFault(fault, { final: false })
    if (kind === 'bootloader') reconnector.rest()
    else reconnector.lost()
    this.disconnectFromBoard(lossOf(failure), message, [{ type: 'disconnected', reason: 'unexpected', message }])
    needs.logger.info('A board has gone by a reset.', { sessionId, kind })
    this.ending.closeIfLeaseEnded()
  }

  /** T8: what runs and what waits ends, once, and is never run anew. */
  private disconnectFromBoard(abort: Abort, text: string, meanings: readonly Meaning[]): void {
    const { record, runner, health, line, output, charts, activity, notices, needs } = this.parts
    const at = needs.clock.now()
    notices.hush()
    record.move('lost', meanings, () => {
      health.disarm()
      activity.restart()
      runner.abort(abort)
      record.statistics.zeroRates()
      line.chain.inputClosed()
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
    if (this.attemptUnderWay !== null) return this.attemptUnderWay
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
    if (record.stored !== 'Error(lost)') return this.attemptUnderWay ?? Promise.reject(sessionNotReady(subject, record.state))
    return this.connectAgain(path)
  }

  private get attemptUnderWay(): Promise<SessionSnapshot> | null {
    return this.parts.record.stored === 'Connecting(again)' ? this.reconnecting : null
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
    this.parts.attempt = attempt
    try {
      const isTaken = needs.reservation?.takePort(path) === false
      if (!isTaken) record.setPort(path)
      reconnector.begin()
      record.move('reconnect')
      if (isTaken) throw pathTaken(subject, path)
      const onLate = (): void => void attempt.abort(openTimedOut(subject, limitMs))
      const board = await attempt.run(needs.clock, limitMs, onLate, signal => line.connect(path, limitMs, signal, record.attachment))
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
}
