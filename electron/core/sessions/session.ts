import { randomBytes } from 'node:crypto'
import { WRITE_QUEUE_MAX_BYTES } from '../../../shared/limits'
import type {
  CloseResult,
  ExecutionResult,
  PoolRole,
  ResetKind,
  SessionInfo,
  SessionSnapshot,
  SessionState,
  SessionStatistics,
  SessionTotals,
} from '../../../shared/model'
import type { MetricHistory } from '../metrics/metric-history'
import type { BoardTalk } from '../micropython/board-talk'
import { TransportError } from '../transport/transport'
import type { AttributeStore } from './attributes/attribute-store'
import { wireFailureOf } from './connection/wire'
import { Attachments } from './control/attachments'
import { BoardResets } from './control/board-resets'
import type { OutputBuffer } from './output/output-buffer'
import { type OpenRequest, readExecuteRequest } from './requests/requests'
import { SessionDescription } from './session-description'
import { SessionEnding } from './session-ending'
import {
  cancelledBeforeBegin,
  groupHasNoBoard,
  invalidArgument,
  leaseHasExpired,
  sessionNotReady,
  sessionWatches,
  writeFailedOf,
  writesFull,
} from './session-errors'
import type { ExecuteOptions, SessionFilters, SessionIoEvent } from './session-io'
import { SessionLife } from './session-life'
import type { CloseOptions, SessionNeeds } from './session-needs'
import { SessionParts } from './session-parts'
import { SessionTicks } from './session-ticks'
import type { Rates } from './statistics'

const NONCE_BYTES = 32

/**
 * One conversation with one board, from `open` to its disposal: what its users may do with it. What may follow on what says
 * the table of `session-states.ts`; `SessionLife` and `SessionEnding` walk it, and
 * `SessionParts` are the stations in between.
 */
export class Session {
  /** What is said of it, and its options. */
  readonly description: SessionDescription
  private readonly parts: SessionParts
  private readonly life: SessionLife
  private readonly ending: SessionEnding
  private readonly attachments: Attachments
  private readonly resets: BoardResets
  private readonly ticks: SessionTicks

  constructor(sessionId: string, request: OpenRequest, needs: SessionNeeds) {
    const nonce = randomBytes(NONCE_BYTES).toString('base64')
    this.parts = new SessionParts(sessionId, request, nonce, needs, {
      onBusy: () => this.life.becomeBusy(),
      onExecutionEnded: () => this.life.executionEnded(),
      onDrained: () => this.life.becomeIdle(),
      onLost: (failure, reason) => this.life.lose(failure, reason),
      onAttemptDue: () => this.life.attemptIsDue(),
    })
    this.ending = new SessionEnding(this.parts)
    this.life = new SessionLife(this.parts, this.ending)
    this.ticks = new SessionTicks(this.parts, this.life, this.ending)
    this.description = new SessionDescription(this.parts)
    this.attachments = new Attachments(this.parts, this.life)
    this.resets = new BoardResets(this.parts, this.life, this.attachments)
  }

  get sessionId(): string {
    return this.parts.sessionId
  }

  get state(): SessionState {
    return this.parts.record.state
  }

  get snapshot(): SessionSnapshot {
    return this.parts.record.snapshot
  }

  get info(): SessionInfo {
    const { snapshot, options, history } = this.parts.record
    return Object.freeze({ snapshot, options, history, filters: this.filters.list() })
  }

  get statistics(): SessionStatistics {
    return this.parts.record.summary
  }

  get totals(): SessionTotals {
    return this.parts.record.statistics.sums
  }

  get rates(): Rates {
    return this.parts.record.statistics.rates
  }

  get output(): OutputBuffer {
    return this.parts.output
  }

  get metrics(): MetricHistory {
    return this.parts.charts
  }

  get filters(): SessionFilters {
    return this.parts.filters
  }

  get attributes(): AttributeStore {
    return this.parts.attributes
  }

  // Life.

  /** Rejects with `OpenFailed`; the session is disposed then. */
  open(): Promise<SessionSnapshot> {
    return this.life.open()
  }

  /** Joins an attempt under way; on a ready session it drops the connection first. Rejects with `SessionNotReady` or `OpenFailed`. */
  reconnect(): Promise<SessionSnapshot> {
    return this.life.reconnect()
  }

  /** The first caller's is the close; everyone else joins it. Rejects with `CloseFailed` for the first one alone. */
  close(options: CloseOptions): Promise<CloseResult> {
    return this.ending.close(options)
  }

  /** Ends the session at once, without the board or the system being asked. */
  kill(): Promise<CloseResult> {
    return this.ending.kill()
  }

  // Work.

  /**
   * Rejects with `SessionNotReady`, `InvalidArgument`, `QueueFull`, `OperationTimeout`, `OperationCancelled` or
   * `OperationFailed`. An exception on the board is a result.
   */
  async execute(code: string, { timeoutMs, expect, signal }: ExecuteOptions = {}): Promise<ExecutionResult> {
    this.assertPrompt()
    const { runner, record, subject } = this.parts
    const request = readExecuteRequest(code, timeoutMs, record.options.operationTimeoutMs)
    if (signal?.aborted) throw cancelledBeforeBegin(subject)
    const { executionId, result } = runner.submit(request.code, { timeoutMs: request.timeoutMs, expect })
    this.touch()
    return await unlessCancelled(result, signal, () => void runner.cancel(executionId))
  }

  /**
   * Does something with the board that is no execution, when its turn has come; `cancel` takes its id. Rejects with
   * `SessionNotReady`, `QueueFull`, `OperationCancelled`, `OperationFailed`, or what the work rejects with.
   */
  async runTask<T>(
    title: string,
    work: (board: BoardTalk, signal: AbortSignal) => Promise<T>,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    this.assertPrompt()
    const { runner, subject } = this.parts
    if (signal?.aborted) throw cancelledBeforeBegin(subject)
    const { taskId, result } = runner.submitTask(title, work)
    this.touch()
    return await unlessCancelled(result, signal, () => void runner.cancel(taskId))
  }

  /** Without an id: what runs now. Resolves when the execution has ended; until then every rung of the interrupt is told. */
  cancel(executionId?: string): Promise<boolean> {
    return this.parts.runner.cancel(executionId, { asPerson: true })
  }

  /** Of an execution that is being interrupted: `hold` stays on its rung, `next` climbs at once. False when that changes nothing. */
  stepInterrupt(step: 'hold' | 'next'): boolean {
    return this.parts.runner.stepInterrupt(step)
  }

  /**
   * See `BoardResets`. Rejects with `SessionNotReady`, `OperationFailed` (reason `not-supported` where the board or its port can't)
   * or `OperationCancelled`.
   */
  async reset(kind: ResetKind): Promise<SessionSnapshot> {
    if (kind === 'hard' && this.resets.canReachLost) return await this.resets.resetLost()
    this.assertReady()
    return await this.resets.reset(kind)
  }

  /** See `Attachments`. Rejects with `SessionNotReady`, `QueueFull`, `OperationFailed` or `OperationCancelled`. */
  async takeOver(): Promise<SessionSnapshot> {
    this.assertReady()
    return await this.attachments.takeOver()
  }

  /** See `Attachments`. Rejects with `SessionNotReady`, `QueueFull` or `OperationCancelled`. */
  async watch(): Promise<SessionSnapshot> {
    this.assertReady()
    return await this.attachments.watch()
  }

  /**
   * Sends bytes as they are, or text as UTF-8, through the filters. Rejects with `SessionNotReady`, `InvalidArgument`,
   * `QueueFull`, `WriteFailed` or `FilterError`.
   */
  async write(data: string | Uint8Array): Promise<{ readonly bytes: number }> {
    this.assertReady()
    const bytes = typeof data === 'string' ? Buffer.byteLength(data) : data.length
    if (bytes === 0) throw invalidArgument('There are no bytes to send.')
    if (this.parts.line.pending.bytes + bytes > WRITE_QUEUE_MAX_BYTES) throw writesFull(this.parts.subject)
    this.touch()
    // A board that starts anew after what was typed to it did so on request.
    this.parts.notices.typed()
    try {
      await this.parts.line.write(data)
      return { bytes }
    } catch (error) {
      if (error instanceof TransportError && this.parts.isReady) this.life.lose(wireFailureOf(error), 'unexpected')
      throw writeFailedOf(this.parts.subject, error)
    }
  }

  /** What comes out at the near end of the filters, from now until the session closes. Throws `SessionNotReady`. */
  readEvents(): AsyncIterableIterator<SessionIoEvent> {
    this.assertReady()
    return this.parts.readers.open(this.parts.record.options.eventQueueCapacity)
  }

  /** For what needs the board's prompt. */
  private assertPrompt(): void {
    this.assertReady()
    if (this.parts.record.attachment === 'watching') throw sessionWatches(this.parts.subject)
  }

  private assertReady(): void {
    const { subject, record, isReady, isGroup, isEnding, lease, reconnector } = this.parts
    if (isGroup && !isEnding) throw groupHasNoBoard(subject)
    if (!isReady) throw sessionNotReady(subject, record.state, reconnector.status?.attempt)
    if (lease.endsSoon) throw leaseHasExpired(subject)
  }

  // Lease.

  /** An absolute wall-clock time, earlier or later than before; null for never. Throws `SessionNotReady`. */
  extendLease(expiresAt: number | null): SessionSnapshot {
    this.parts.assertOpen()
    this.parts.lease.extend(expiresAt)
    return this.parts.record.tell({ type: 'leaseChanged' })
  }

  isLeaseExpired(nowWallMs: number): boolean {
    return this.parts.lease.isExpired(nowWallMs)
  }

  /**
   * Ends a session whose lease has expired. True when it was closed by this; false when an execution runs, and the session
   * closes as soon as that has settled. Rejects with `CloseFailed`.
   */
  closeExpired(nowWallMs: number): Promise<boolean> {
    return this.ending.closeExpired(nowWallMs)
  }

  // The pool's.

  setPoolRole(role: PoolRole): void {
    const { record } = this.parts
    if (record.pool === role) return
    record.pool = role
    record.tell({ type: 'infoUpdated' })
  }

  /** The next caller of the pool is not to find what the one before had left. */
  clearForPool(): Promise<void> {
    return this.parts.attributes.clear()
  }

  /** A person or a program used the session. */
  touch(): void {
    this.parts.touch()
  }

  // Time.

  /** To be called every `IDLE_TICK_MS`. */
  tick(): void {
    this.ticks.tick()
  }

  /** To be called every `METRIC_INTERVAL_MS`. */
  sample(): void {
    this.ticks.sample()
  }

  /** The computer goes to sleep. */
  suspend(): void {
    this.ticks.suspend()
  }

  /** The computer was asleep. */
  resume(): void {
    this.ticks.resume()
  }
}

/** The result of what was submitted, which a signal cancels. */
function unlessCancelled<T>(result: Promise<T>, signal: AbortSignal | undefined, cancel: () => void): Promise<T> {
  // Whoever heard of the start may have aborted it already.
  if (signal?.aborted) cancel()
  else signal?.addEventListener('abort', cancel, { once: true })
  return result.finally(() => signal?.removeEventListener('abort', cancel))
}
