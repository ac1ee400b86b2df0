import type { MusterError } from '../../../shared/errors'
import type { CloseResult, DisconnectReason } from '../../../shared/model'
import { closeInOrder } from './connection/orderly-close'
import { type Abort, endOfSession } from './connection/wire'
import { closedDuringOpen, closedWhileConnecting } from './session-errors'
import type { CloseOptions } from './session-needs'
import type { SessionParts } from './session-parts'
import { isClosedState, isOpeningState } from './session-states'
import { Deferred, settledWithin } from './waiting'

/** How a session ends, row by row of the table in `session-states.ts`: an open that failed, a close, a kill. */
export class SessionEnding {
  private isKilled = false
  /** Why the session ends. The first reason is the one that is told. */
  private closeReason: DisconnectReason | null = null
  private closeFailure: MusterError | null = null
  private readonly done = new Deferred<CloseResult>()
  /** Resolves when filters and attributes are gone. */
  private cleared: Promise<unknown> = Promise.resolve()

  constructor(private readonly parts: SessionParts) {}

  /** Resolves when the session is disposed. */
  get ended(): Promise<CloseResult> {
    return this.done.promise
  }

  // An open that failed: T4.

  /** Ends the first attempt to connect. The first cause is the one that is told. */
  abortOpening(failure: MusterError): MusterError {
    this.closeReason ??= 'open-failed'
    return this.parts.attempt.abort(failure)
  }

  /** Lets go of the port, so that it can be opened again right away, and of everything else. */
  async failOpening(failure: MusterError): Promise<void> {
    const { line } = this.parts
    line.drop()
    await line.released(this.ended)
    this.discard(failure)
    await this.cleared
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
    this.done.resolve(this.closeResult())
  }

  // Ending: T12 and T13, T14 or T15, then T16.

  /** The first caller's is the close; everyone else joins it. Rejects with `CloseFailed` for the first one alone. */
  async close({ mode, reason }: CloseOptions): Promise<CloseResult> {
    const { parts } = this
    if (parts.isEnding) return { ...(await this.ended), alreadyClosed: true }
    parts.isEnding = true
    this.closeReason ??= reason
    if (isOpeningState(parts.record.stored)) this.abortOpening(closedDuringOpen(parts.subject))
    else await this.disconnect(mode)
    const result = await this.ended
    await this.cleared
    if (this.closeFailure !== null) throw this.closeFailure
    return result
  }

  /**
   * Ends a session whose lease has expired. True when it was closed by this; false when an execution runs, and the session
   * closes as soon as that has settled. Rejects with `CloseFailed`.
   */
  async closeExpired(nowWallMs: number): Promise<boolean> {
    const { lease, record, runner, isEnding } = this.parts
    if (isEnding || !lease.isExpired(nowWallMs)) return false
    if (runner.hasWork) {
      if (lease.endsSoon) return false
      lease.markPending()
      record.tell({ type: 'leaseChanged' })
      return false
    }
    return !(await this.close({ mode: 'flush', reason: 'lease-expired' })).alreadyClosed
  }

  /** Closes as soon as what runs has settled, if its lease ended meanwhile. */
  closeIfLeaseEnded(): void {
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
    return { ...(await this.ended), alreadyClosed }
  }

  private async disconnect(mode: CloseOptions['mode']): Promise<void> {
    const { record, reconnector, health, line, runner, request, needs, subject } = this.parts
    const isConnecting = record.stored === 'Connecting(again)'
    record.move('close', [], () => {
      reconnector.dispose()
      health.disarm()
      line.chain.closing()
      if (isConnecting) {
        this.parts.attempt.abort(closedWhileConnecting(subject))
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
      ended: this.ended,
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
    const { record, runner, health, charts, readers, needs, sessionId } = this.parts
    const { host, clock, metrics } = needs
    const result = this.closeResult()
    record.move(trigger, [{ type: 'disconnected', reason: result.reason }], () => {
      // First: a check that is cut off says nothing about the board.
      health.disarm()
      runner.abort(this.endOfWork)
      this.endLine()
      readers.dispose()
      charts.mark(clock.now(), 'closed', 'Closed')
      if (this.isKilled) metrics.transportKilled(trigger === 'abandon' ? 'CloseFailed' : 'SessionKilled')
      metrics.sessionClosed(sessionId, result.reason, record.ageMs)
    })
    const { operations, errors } = record.summary
    needs.logger.info('A session has ended.', { sessionId, reason: result.reason, durationMs: record.ageMs, operations, errors })
    this.cleared = this.clear({ wasOpened: true })
    const gone = record.moveQuietly('dispose', [{ type: 'disposed' }], () => this.disposeOwned())
    host.retire(record, result)
    host.publish(gone)
    this.done.resolve(result)
  }

  private get endOfWork(): Abort {
    return endOfSession(this.closeReason, this.isKilled)
  }

  private endLine(): void {
    const { record, line, reconnector, health, needs } = this.parts
    reconnector.dispose()
    health.disarm()
    this.parts.attempt.abort(closedWhileConnecting(this.parts.subject))
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
