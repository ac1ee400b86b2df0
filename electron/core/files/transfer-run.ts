import { MusterError } from '../../../shared/errors'
import type { TransferFileState } from '../../../shared/model'
import type { Clock } from '../base/clock'
import type { Logger } from '../base/logger'
import type { BoardFiles } from '../micropython/files/board-files'
import { Deferred } from '../sessions/waiting'
import type { BoardAccess } from './board-access'
import { makeFarFolders, removeStrayFolders, removeStrays } from './far-folders'
import { copyFile } from './file-copy'
import { shown } from './file-errors'
import { LinkedAbort } from './linked-abort'
import type { LocalRoot } from './local-root'
import { LocalSink } from './local-sink'
import { makePlan, type TransferPlan } from './plan'
import { persist } from './returns'
import type { SessionGate } from './session-gate'
import { infoOf, meaningOf } from './transfer-errors'
import type { TransferRecord } from './transfer-record'
import type { Turns } from './turns'

export interface RunNeeds {
  readonly clock: Clock
  readonly logger: Logger
  readonly access: BoardAccess
  readonly gate: SessionGate
  readonly turns: Turns
  /** Throws `FileFailed` for a folder that was not granted. */
  readonly openRoot: (folderId: string) => LocalRoot
  /** Changes that are told together. */
  readonly together: (change: () => void) => void
  /** The end of the run before. */
  readonly after: Promise<void>
}

/**
 * One go at a transfer, from waiting for its turn to one final state: planning, asking, copying file after file, removing strays.
 * Begins anew by `retry` as another run of the same record, with what is done left as it is.
 */
export class TransferRun {
  readonly ended: Promise<void>
  private readonly whole = new AbortController()
  /** Of the file that is being copied. */
  private current: { readonly index: number; readonly abort: LinkedAbort; readonly settled: Deferred<void> } | null = null
  private answered = new Deferred<void>()
  /** For what is removed from the board after a cancel. */
  private readonly clearing = new AbortController()
  private endedBecause: MusterError | null = null

  constructor(
    private readonly record: TransferRecord,
    private readonly needs: RunNeeds,
  ) {
    // Whoever began it has the record in hand before anything happens to it.
    this.ended = needs.after.then(() => this.run())
  }

  /** Ends all of it. Resolves when nothing of it is under way. */
  async cancel(): Promise<void> {
    this.stop()
    await this.ended
  }

  /** The session is over: nothing is asked of the board any more. */
  abandon(because: MusterError): void {
    this.clearing.abort()
    if (!this.record.isEnded) this.endedBecause ??= because
    this.stop()
  }

  /** Ends one file. False when it has ended otherwise. */
  async cancelFile(index: number): Promise<boolean> {
    const { record, current } = this
    if (record.file(index) === undefined || record.isFileEnded(index)) return false
    if (current?.index === index) {
      current.abort.abort()
      await current.settled.promise
    } else record.changeFile(index, { state: 'cancelled' })
    this.lookForAnswers()
    return record.file(index)?.state === 'cancelled'
  }

  /** Something has been decided. */
  lookForAnswers(): void {
    if (this.record.questions.size === 0) this.answered.resolve()
  }

  private stop(): void {
    if (this.record.isEnded || this.whole.signal.aborted) return
    this.needs.together(() => this.endWaitingFiles('cancelled'))
    this.whole.abort()
  }

  private async run(): Promise<void> {
    const { record } = this
    try {
      await this.inTurn(async () => {
        if (record.plan === null) await this.plan()
        if (record.questions.size === 0) await this.carryOut()
      })
      if (record.isEnded) return
      // Others may go on while a person thinks.
      await this.untilAnswered()
      await this.inTurn(() => this.carryOut())
    } catch (error) {
      await this.endEarly(error)
    }
  }

  /** One transfer of a session at a time. */
  private async inTurn(work: () => Promise<void>): Promise<void> {
    const { record, needs, whole } = this
    record.move('waiting')
    const over = await needs.turns.take(record.request.sessionId, whole.signal)
    try {
      await work()
    } finally {
      over()
    }
  }

  private async plan(): Promise<void> {
    const { record, needs, whole } = this
    const { request } = record
    record.move('planning')
    const root = needs.openRoot(request.local.folderId)
    const { signal } = whole
    const plan = await makePlan(request, { root, signal, onBoard: (title, work) => this.onBoard(title, work) })
    needs.together(() => this.decide(plan))
  }

  private decide(plan: TransferPlan): void {
    const { record } = this
    const { conflict, deleteStrays } = record.request
    const files = deleteStrays ? plan.files : plan.files.filter(({ step }) => step !== 'stray')
    record.setPlan({ ...plan, files, strayFolders: deleteStrays ? plan.strayFolders : [] })
    for (const [index, { step }] of files.entries()) {
      if (conflict === 'ask' && (step === 'replace' || step === 'stray')) record.ask(index)
      if (conflict === 'skip' && step === 'replace') record.changeFile(index, { state: 'skipped' })
    }
  }

  private async untilAnswered(): Promise<void> {
    const { record, whole } = this
    this.answered = new Deferred<void>()
    record.move('asking')
    const stop = (): void => this.answered.resolve()
    whole.signal.addEventListener('abort', stop, { once: true })
    await this.answered.promise
    whole.signal.removeEventListener('abort', stop)
    if (whole.signal.aborted) throw new Error('The transfer was called off.')
  }

  private async carryOut(): Promise<void> {
    const { record, needs, whole } = this
    const { plan, request } = record
    if (plan === null) throw new Error('A transfer was begun without a plan.')
    const root = needs.openRoot(request.local.folderId)
    record.rate.clear()
    record.move('running')
    const work = { record, root, signal: whole.signal, onBoard: this.onBoard.bind(this) }
    await makeFarFolders(plan, work)
    for (const index of record.indicesOf('waiting')) {
      const planned = record.planned(index)
      // It may have been cancelled since.
      if (planned === undefined || planned.step === 'stray' || record.isFileEnded(index)) continue
      await this.copy(index, root)
      if (whole.signal.aborted) throw new Error('The transfer was called off.')
    }
    await removeStrays(work)
    await removeStrayFolders(plan, work)
    if (whole.signal.aborted) throw new Error('The transfer was called off.')
    record.move(this.outcome)
  }

  private get outcome(): 'done' | 'failed' | 'cancelled' {
    const states = new Set<TransferFileState>(this.record.allFiles.map(({ state }) => state))
    if (states.has('failed')) return 'failed'
    // Each file by itself has been called off.
    return states.has('cancelled') && !states.has('done') && !states.has('removed') ? 'cancelled' : 'done'
  }

  private async copy(index: number, root: LocalRoot): Promise<void> {
    const { record, needs, whole } = this
    const planned = record.planned(index)
    if (planned === undefined) return
    const abort = new LinkedAbort(whole.signal)
    const settled = new Deferred<void>()
    this.current = { index, abort, settled }
    const { clock, access, gate } = needs
    const copyNeeds = { clock, access, record, root, onTurn: () => record.move('running') }
    const attempt = async (): Promise<void> => {
      if (gate.isExecuting(record.request.sessionId)) record.move('waiting')
      await copyFile(index, planned, abort.signal, copyNeeds)
    }
    try {
      await this.persistently(attempt, abort.signal, index)
    } catch (error) {
      await this.fileEnded(index, error, abort, root)
    } finally {
      this.current = null
      abort.dispose()
      settled.resolve()
    }
  }

  private async fileEnded(index: number, error: unknown, abort: LinkedAbort, root: LocalRoot): Promise<void> {
    const { record, needs, whole } = this
    if (whole.signal.aborted || (!abort.signal.aborted && meaningOf(error) === 'over')) throw error
    if (abort.signal.aborted) {
      record.changeFile(index, { state: 'cancelled' })
      await this.discardParts([index], root)
      return
    }
    if (!(error instanceof MusterError)) needs.logger.error('A file could not be copied.', { error })
    record.changeFile(index, { state: 'failed', error: infoOf(error) })
  }

  private onBoard<T>(title: string, work: (files: BoardFiles, signal: AbortSignal) => Promise<T>): Promise<T> {
    const { needs, record, whole } = this
    return this.persistently(() => needs.access.run(record.request.sessionId, title, work, whole.signal), whole.signal, null)
  }

  private persistently<T>(work: () => Promise<T>, signal: AbortSignal, index: number | null): Promise<T> {
    const { needs, record } = this
    const { clock, gate } = needs
    const stateBefore = record.state
    return persist(work, signal, {
      clock,
      gate,
      sessionId: record.request.sessionId,
      progress: () => record.progressMark,
      onWaiting: () => {
        record.rate.clear()
        needs.together(() => {
          if (index !== null && !record.isFileEnded(index)) record.changeFile(index, { state: 'waiting' })
          record.move('waiting')
        })
      },
      onBack: () => record.move(stateBefore),
    })
  }

  // The end before the end.

  private async endEarly(error: unknown): Promise<void> {
    const { record, needs, whole } = this
    const isOver = whole.signal.aborted || meaningOf(error) === 'over'
    if (!isOver && !(error instanceof MusterError)) needs.logger.error('A transfer has failed.', { error })
    needs.together(() => {
      this.endWaitingFiles(isOver ? 'cancelled' : 'failed', error)
      const known = whole.signal.aborted ? this.endedBecause : error
      record.move(isOver ? 'cancelled' : 'failed', known === null ? null : infoOf(known))
    })
    if (isOver) await this.clearUp()
  }

  private endWaitingFiles(state: 'cancelled' | 'failed', error?: unknown): void {
    const { record } = this
    for (const index of record.indicesOf('waiting', 'copying', 'verifying')) {
      // What is being copied ends when its attempt has ended.
      if (this.current?.index === index) continue
      record.changeFile(index, { state, ...(state === 'failed' && { error: infoOf(error) }) })
    }
  }

  /** Removes what was kept of files that are not done: nobody takes them up again. Never rejects. */
  async clearUp(): Promise<void> {
    const { record, needs } = this
    const begun = [...record.begun].filter(index => record.file(index)?.state !== 'done')
    if (begun.length === 0) return
    try {
      await this.discardParts(begun, needs.openRoot(record.request.local.folderId))
    } catch (error) {
      needs.logger.debug('What a transfer has left was not removed.', { error })
    }
  }

  /** What nobody takes up again. On a board it is removed when its turn comes, if the board is still there then. */
  private async discardParts(indices: readonly number[], root: LocalRoot): Promise<void> {
    const { record, needs } = this
    const { sessionId, direction } = record.request
    const planned = indices.flatMap(index => record.planned(index) ?? [])
    for (const index of indices) record.begun.delete(index)
    try {
      if (direction === 'fromBoard') for (const { localPath } of planned) await LocalSink.discardPart(root, localPath)
      else {
        const [first] = planned
        if (first === undefined) return
        await needs.access.run(
          sessionId,
          `Clearing up after ${shown(first.name)}`,
          async files => {
            for (const { boardPath } of planned) await files.discardPart(boardPath)
          },
          this.clearing.signal,
        )
      }
    } catch (error) {
      needs.logger.debug('What a transfer has left was not removed.', { error })
    }
  }
}
