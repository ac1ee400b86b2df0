import { randomBytes } from 'node:crypto'
import type { CommandInput } from '../../../shared/contract'
import { MusterError } from '../../../shared/errors'
import { TRANSFER_FILES_MAX, TRANSFERS_KEPT, TRANSFERS_WAITING_MAX } from '../../../shared/limits'
import type { SessionEvent, SyncPlan, Transfer, TransferUpdate } from '../../../shared/model'
import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'
import { Emitter, type Event } from '../base/emitter'
import type { Logger } from '../base/logger'
import { groupHasNoBoard, managerNotAvailable, sessionNotReady } from '../sessions/session-errors'
import type { BoardAccess, FileSessions } from './board-access'
import { readBoardPath } from './board-paths'
import type { LocalRoot } from './local-root'
import { describePlan, makePlan } from './plan'
import { isOver, SessionGate, sessionOver } from './session-gate'
import { noSuchTransfer, notInThisState } from './transfer-errors'
import { TransferRecord, type TransferRequest } from './transfer-record'
import { TransferRun } from './transfer-run'
import { TransferUpdates } from './transfer-updates'
import { Turns } from './turns'

export interface TransfersOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly sessions: FileSessions
  readonly access: BoardAccess
  /** Throws `FileFailed` for a folder that was not granted. */
  readonly openRoot: (folderId: string) => LocalRoot
}

/** One transfer with its latest run. */
interface Entry {
  readonly record: TransferRecord
  run: TransferRun
}

interface OfSession {
  /** In the order of beginning. */
  readonly entries: Map<string, Entry>
  readonly updates: TransferUpdates
}

/**
 * Files on their way between folders of the computer and boards. A transfer outlives whoever began it, waits for a board that is
 * lost, and ends with its session. One of a session at a time; sessions do not wait for each other.
 */
export class Transfers implements Disposable {
  private readonly bySession = new Map<string, OfSession>()
  private readonly updates: Emitter<{ readonly sessionId: string; readonly update: TransferUpdate }>
  private readonly turns = new Turns()
  private readonly gate: SessionGate
  private readonly hearing: Disposable
  /** What is being removed of transfers that nobody can take up again. */
  private readonly clearing = new Set<Promise<void>>()
  private isDisposed = false

  constructor(private readonly options: TransfersOptions) {
    this.updates = new Emitter(error => options.logger.error('A listener of transfers failed.', { error }))
    this.gate = new SessionGate(options.sessions)
    this.hearing = options.sessions.onEvent(event => this.hear(event))
  }

  get onUpdate(): Event<{ readonly sessionId: string; readonly update: TransferUpdate }> {
    return this.updates.event
  }

  /** Throws `SessionNotFound`, `SessionNotReady`, `InvalidArgument`, `QueueFull` or `FileFailed` for a folder that is not open. */
  copy({ names, conflict = 'ask', always = false, ...rest }: CommandInput<'files:copy'>): Transfer {
    const wrong = names.find(name => name === '' || name.includes('/') || name.includes('\0') || name === '.' || name === '..')
    if (names.length === 0 || wrong !== undefined) {
      throw new MusterError({
        code: 'InvalidArgument',
        reason: 'bad-file-name',
        message: wrong === undefined ? 'Nothing was chosen to be copied.' : 'What is copied is chosen by its name in the folder.',
      })
    }
    return this.begin({ ...rest, kind: 'copy', names: [...new Set(names)], conflict, always, deleteStrays: false })
  }

  /** Throws as `copy`. */
  sync({ conflict = 'ask', deleteStrays = false, ...rest }: CommandInput<'files:sync'>): Transfer {
    return this.begin({ ...rest, kind: 'sync', names: null, conflict, always: false, deleteStrays })
  }

  /** What a sync would do. Rejects as `copy` throws, and with what work on the board rejects with. */
  async compare({ sessionId, ...rest }: CommandInput<'files:compare'>, signal: AbortSignal): Promise<SyncPlan> {
    const { access, openRoot } = this.options
    this.assertSession(sessionId)
    const boardFolder = readBoardPath(rest.boardFolder)
    const request = { ...rest, boardFolder, kind: 'sync' as const, names: null, conflict: 'replace' as const, always: false }
    const root = openRoot(rest.local.folderId)
    const plan = await makePlan(request, { root, signal, onBoard: (title, work) => access.run(sessionId, title, work, signal) })
    return describePlan(plan)
  }

  /** Throws `InvalidArgument` for a transfer that does not ask, and for an index it has not asked about. */
  resolve(transferId: string, decision: 'replace' | 'skip', indices: readonly number[] | undefined): Transfer {
    const { entry, of } = this.find(transferId)
    const { record, run } = entry
    if (record.state !== 'asking') throw notInThisState('This transfer has asked nothing.')
    const answered = indices ?? [...record.questions]
    const wrong = answered.find(index => !record.questions.has(index))
    if (wrong !== undefined) throw notInThisState(`The transfer has not asked about file ${wrong}.`)
    of.updates.together(() => {
      for (const index of answered) {
        record.answered(index)
        if (decision === 'skip') record.changeFile(index, { state: 'skipped' })
      }
    })
    run.lookForAnswers()
    return record.snapshot
  }

  /** Resolves when nothing of it is under way any more. */
  async cancel(transferId: string, index: number | undefined): Promise<{ readonly cancelled: boolean }> {
    const { record, run } = this.find(transferId).entry
    if (record.isEnded) return { cancelled: false }
    if (index !== undefined) return { cancelled: await run.cancelFile(index) }
    await run.cancel()
    return { cancelled: record.state === 'cancelled' }
  }

  /** Throws `InvalidArgument` for a transfer that has not ended or has nothing to be taken up again. */
  retry(transferId: string): Transfer {
    const { entry, of } = this.find(transferId)
    const { record } = entry
    const unfinished = record.indicesOf('failed', 'cancelled')
    if (!record.isEnded) throw notInThisState('This transfer has not ended yet.')
    if (record.state === 'done' && unfinished.length === 0) throw notInThisState('All of this transfer is done.')
    this.assertSession(record.request.sessionId)
    const before = entry.run
    of.updates.together(() => {
      takeUpAgain(record, unfinished)
      record.move('waiting')
    })
    entry.run = this.startRun(record, of, before.ended)
    return record.snapshot
  }

  /** Throws `InvalidArgument` for a transfer that has not ended. */
  dismiss(transferId: string): void {
    const { entry, of } = this.find(transferId)
    if (!entry.record.isEnded) throw notInThisState('This transfer has not ended yet.')
    this.drop(entry, of)
  }

  /** All of a session; nothing for one that has none. */
  readAll(sessionId: string): TransferUpdate {
    const records = [...(this.bySession.get(sessionId)?.entries.values() ?? [])].map(({ record }) => record)
    return {
      kind: 'all',
      transfers: records.map(record => record.snapshot),
      files: records.flatMap(({ transferId, allFiles }) => (allFiles.length === 0 ? [] : [{ transferId, files: [...allFiles] }])),
      gone: [],
    }
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    const runs = [...this.bySession.values()].flatMap(({ entries }) => [...entries.values()]).map(({ run }) => run.ended)
    await Promise.all([...runs, ...this.clearing])
  }

  /** Cancels everything; nothing is asked of the boards any more. `settled` resolves when all of it has ended. */
  dispose(): void {
    if (this.isDisposed) return
    this.isDisposed = true
    for (const { entries } of this.bySession.values()) {
      for (const entry of entries.values()) {
        entry.run.abandon(managerNotAvailable('Shutdown'))
        this.clearUp(entry)
      }
    }
    this.hearing.dispose()
    for (const { updates } of this.bySession.values()) updates.dispose()
    this.updates.dispose()
  }

  private begin(request: TransferRequest): Transfer {
    const { sessionId, local } = request
    this.assertSession(sessionId)
    const boardFolder = readBoardPath(request.boardFolder)
    // A folder that is not open is known at once.
    this.options.openRoot(local.folderId)
    const of = this.ofSession(sessionId)
    const underWay = [...of.entries.values()].filter(({ record }) => !record.isEnded).length
    if (underWay >= TRANSFERS_WAITING_MAX) {
      throw new MusterError({
        code: 'QueueFull',
        message: `${underWay} transfers already wait for this board.`,
        hint: 'Wait until some have ended, or cancel them.',
        retry: true,
        sessionId,
      })
    }
    const transferId = `transfer-${randomBytes(8).toString('hex')}`
    const record = new TransferRecord(transferId, { ...request, boardFolder }, this.options.clock, (changed, index, isState) => {
      of.updates.note(changed, index, isState)
      if (index === null && changed.isEnded) this.trim(of)
    })
    of.entries.set(transferId, { record, run: this.startRun(record, of) })
    of.updates.note(record, null, true)
    return record.snapshot
  }

  private startRun(record: TransferRecord, of: OfSession, after: Promise<void> = Promise.resolve()): TransferRun {
    const { clock, logger, access, openRoot } = this.options
    const together = (change: () => void): void => of.updates.together(change)
    return new TransferRun(record, { clock, logger, access, gate: this.gate, turns: this.turns, openRoot, together, after })
  }

  private ofSession(sessionId: string): OfSession {
    const known = this.bySession.get(sessionId)
    if (known !== undefined) return known
    const of: OfSession = {
      entries: new Map(),
      updates: new TransferUpdates(this.options.clock, update => this.updates.fire({ sessionId, update })),
    }
    this.bySession.set(sessionId, of)
    return of
  }

  private find(transferId: string): { readonly entry: Entry; readonly of: OfSession } {
    for (const of of this.bySession.values()) {
      const entry = of.entries.get(transferId)
      if (entry !== undefined) return { entry, of }
    }
    throw noSuchTransfer(transferId)
  }

  /** A lost board is waited for; a session that ends, or has no board, is none that could be waited for. */
  private assertSession(sessionId: string): void {
    const { snapshot } = this.options.sessions.info(sessionId)
    const subject = { sessionId, name: snapshot.portLabel || snapshot.port || snapshot.clientSessionName || sessionId }
    if (this.isDisposed) throw managerNotAvailable('Shutdown')
    if (isOver(snapshot)) throw sessionNotReady(subject, snapshot.state)
    if (snapshot.backend === 'none') throw groupHasNoBoard(subject)
  }

  private hear(event: SessionEvent): void {
    this.gate.hear(event)
    const of = this.bySession.get(event.sessionId)
    if (of === undefined) return
    if (isOver(event.snapshot)) for (const { run } of of.entries.values()) run.abandon(sessionOver(event.snapshot))
    if (event.type === 'disposed') void this.forgetSession(event.sessionId, of)
  }

  private async forgetSession(sessionId: string, of: OfSession): Promise<void> {
    await Promise.all([...of.entries.values()].map(({ run }) => run.ended))
    of.updates.together(() => {
      for (const entry of [...of.entries.values()]) this.drop(entry, of)
    })
    of.updates.dispose()
    this.bySession.delete(sessionId)
  }

  /** The oldest go first, by number and by what their files take. */
  private trim(of: OfSession): void {
    const ended = [...of.entries.values()].filter(({ record }) => record.isEnded)
    let files = ended.reduce((sum, { record }) => sum + record.fileCount, 0)
    while (ended.length > 1 && (ended.length > TRANSFERS_KEPT || files > TRANSFER_FILES_MAX)) {
      const oldest = ended.shift()
      if (oldest === undefined) return
      files -= oldest.record.fileCount
      this.drop(oldest, of)
    }
  }

  private drop(entry: Entry, of: OfSession): void {
    of.entries.delete(entry.record.transferId)
    of.updates.forget(entry.record)
    this.clearUp(entry)
  }

  /** Of a transfer that has failed something may lie beside its place, for a retry that does not come any more. */
  private clearUp({ record, run }: Entry): void {
    if (record.state !== 'failed') return
    const cleared = run.clearUp().finally(() => this.clearing.delete(cleared))
    this.clearing.add(cleared)
  }
}

/** What has failed or was cancelled waits again. Where something else came between, a person is asked. */
function takeUpAgain(record: TransferRecord, unfinished: readonly number[]): void {
  const { plan } = record
  if (plan === null) return
  const undecided = new Set(record.undecided)
  for (const index of unfinished) {
    const step = record.planned(index)?.step
    if (step === 'refused' || step === undefined) continue
    const reason = record.file(index)?.error?.reason
    // Who replaces whatever is there was never held up by it: then it is the source that has changed.
    const hasChanged = record.request.conflict !== 'replace' && (reason === 'file-changed' || reason === 'file-exists')
    if (hasChanged) record.expectAnything(index)
    record.changeFile(index, { state: 'waiting', error: null })
    if (hasChanged || undecided.has(index)) record.ask(index)
  }
}
