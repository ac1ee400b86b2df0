import type { ErrorInfo } from '../../../shared/errors'
import type { Transfer, TransferFile, TransferFileState, TransferState } from '../../../shared/model'
import type { Clock } from '../base/clock'
import type { PlannedFile, PlanRequest, TransferPlan } from './plan'
import { RateMeter } from './rate-meter'

export interface TransferRequest extends PlanRequest {
  readonly sessionId: string
  readonly deleteStrays: boolean
}

/** `index`: of the file that has changed; null for the transfer itself. `isState`: more than figures. */
export type OnRecordChanged = (record: TransferRecord, index: number | null, isState: boolean) => void

export type FileChange = Partial<Omit<TransferFile, 'index' | 'name' | 'boardPath' | 'replacesBytes'>>

const ENDED: ReadonlySet<TransferState> = new Set<TransferState>(['done', 'failed', 'cancelled'])
const ENDED_FILE: ReadonlySet<TransferFileState> = new Set<TransferFileState>(['done', 'skipped', 'removed', 'failed', 'cancelled'])

/** What is known of one transfer, with its sums. Says what has changed, and decides nothing. */
export class TransferRecord {
  readonly rate: RateMeter
  plan: TransferPlan | null = null
  /** Files of which a part may lie beside their place. */
  readonly begun = new Set<number>()
  private current: TransferState = 'waiting'
  private files: TransferFile[] = []
  private failure: ErrorInfo | null = null
  private endedAt: number | null = null
  private totalBytes = 0
  private doneBytes = 0
  private readonly open = new Set<number>()
  /** Asked about and never answered: what was cancelled meanwhile is still undecided. */
  private readonly unanswered = new Set<number>()
  /** Whatever is at the far end by now may be replaced. */
  private readonly unexpecting = new Set<number>()
  private readonly startedAt: number

  constructor(
    readonly transferId: string,
    readonly request: TransferRequest,
    private readonly clock: Clock,
    private readonly onChanged: OnRecordChanged,
  ) {
    this.rate = new RateMeter(clock)
    this.startedAt = clock.now()
  }

  get state(): TransferState {
    return this.current
  }

  get isEnded(): boolean {
    return ENDED.has(this.current)
  }

  get error(): ErrorInfo | null {
    return this.failure
  }

  /** Indices that a person has not decided on. */
  get questions(): ReadonlySet<number> {
    return this.open
  }

  get fileCount(): number {
    return this.files.length
  }

  /** Grows as long as the transfer comes on. */
  get progressMark(): number {
    return this.doneBytes + this.files.filter(({ state }) => ENDED_FILE.has(state)).length
  }

  get snapshot(): Transfer {
    const { transferId, request, startedAt, endedAt, totalBytes, doneBytes, failure } = this
    const { sessionId, direction, kind, local, boardFolder } = request
    const bytesPerSecond = this.isEnded ? null : this.rate.bytesPerSecond
    const isMoving = this.current === 'running' && bytesPerSecond !== null && bytesPerSecond > 0
    return Object.freeze({
      transferId,
      sessionId,
      direction,
      kind,
      state: this.current,
      local,
      boardFolder,
      startedAt,
      endedAt,
      fileCount: this.files.length,
      totalBytes,
      doneBytes,
      bytesPerSecond,
      secondsLeft: isMoving ? Math.ceil((totalBytes - doneBytes) / bytesPerSecond) : null,
      questions: this.current === 'asking' ? [...this.open].sort((a, b) => a - b) : [],
      error: failure,
    })
  }

  file(index: number): TransferFile | undefined {
    return this.files[index]
  }

  get allFiles(): readonly TransferFile[] {
    return this.files
  }

  planned(index: number): PlannedFile | undefined {
    const planned = this.plan?.files[index]
    return planned !== undefined && this.unexpecting.has(index) ? { ...planned, expected: { is: 'file', sha256: null } } : planned
  }

  move(state: TransferState, error: ErrorInfo | null = null): void {
    if (this.current === state && this.failure === error) return
    this.current = state
    this.failure = error
    this.endedAt = ENDED.has(state) ? this.clock.now() : null
    this.onChanged(this, null, true)
  }

  /** The files as they are planned, with what is decided already. */
  setPlan(plan: TransferPlan): void {
    this.plan = plan
    this.files = plan.files.map(asTransferFile)
    this.open.clear()
    this.unanswered.clear()
    this.unexpecting.clear()
    this.totalBytes = this.files.reduce((sum, file) => sum + (this.isOnTheWay(file) ? file.bytes : 0), 0)
    this.doneBytes = 0
    for (const index of this.files.keys()) this.onChanged(this, index, true)
  }

  ask(index: number): void {
    this.open.add(index)
    this.unanswered.add(index)
  }

  get undecided(): ReadonlySet<number> {
    return this.unanswered
  }

  /** What is at the far end has changed since the plan: from here on it does not matter what it is. */
  expectAnything(index: number): void {
    const file = this.files[index]
    if (file === undefined) return
    this.unexpecting.add(index)
    this.files[index] = Object.freeze({ ...file, replacesBytes: file.replacesBytes ?? 0 })
  }

  answered(index: number): void {
    this.unanswered.delete(index)
    if (this.open.delete(index)) this.onChanged(this, null, true)
  }

  changeFile(index: number, change: FileChange): void {
    const before = this.files[index]
    if (before === undefined) return
    const after = Object.freeze({ ...before, ...change })
    this.files[index] = after
    this.totalBytes += (this.isOnTheWay(after) ? after.bytes : 0) - (this.isOnTheWay(before) ? before.bytes : 0)
    this.doneBytes += (this.isOnTheWay(after) ? after.doneBytes : 0) - (this.isOnTheWay(before) ? before.doneBytes : 0)
    if (ENDED_FILE.has(after.state)) this.open.delete(index)
    this.onChanged(this, index, after.state !== before.state)
  }

  /** Of a file that is left alone, and of a stray, no bytes are moved. */
  private isOnTheWay({ index, state }: TransferFile): boolean {
    return state !== 'skipped' && this.planned(index)?.step !== 'stray'
  }

  /** Whether a file of this transfer has come to its end. */
  isFileEnded(index: number): boolean {
    const file = this.files[index]
    return file !== undefined && ENDED_FILE.has(file.state)
  }

  indicesOf(...states: readonly TransferFileState[]): readonly number[] {
    return this.files.filter(({ state }) => states.includes(state)).map(({ index }) => index)
  }
}

function asTransferFile({ name, boardPath, bytes, step, replacesBytes, proof, refusal }: PlannedFile, index: number): TransferFile {
  return Object.freeze({
    index,
    name,
    boardPath,
    bytes,
    doneBytes: 0,
    state: step === 'same' ? 'skipped' : step === 'refused' ? 'failed' : 'waiting',
    replacesBytes,
    proof,
    resumedAtBytes: 0,
    retries: 0,
    durationMs: null,
    error: refusal?.info ?? null,
  })
}
