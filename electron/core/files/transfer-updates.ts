import { TRANSFER_PROGRESS_MS } from '../../../shared/limits'
import type { TransferUpdate } from '../../../shared/model'
import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'
import { Throttle } from '../sessions/throttle'
import type { TransferRecord } from './transfer-record'

/**
 * Tells of one session's transfers what has changed and no more: a change of state at once, with all that has changed before it;
 * figures alone at most every `TRANSFER_PROGRESS_MS`.
 */
export class TransferUpdates implements Disposable {
  private readonly throttle: Throttle
  private readonly changed = new Map<TransferRecord, Set<number>>()
  private readonly gone: string[] = []
  /** More than nothing: changes are told when they are complete. */
  private held = 0

  constructor(
    clock: Clock,
    private readonly tell: (update: TransferUpdate) => void,
  ) {
    this.throttle = new Throttle(clock, TRANSFER_PROGRESS_MS, () => this.flush())
  }

  note(record: TransferRecord, index: number | null, isState: boolean): void {
    const files = this.changed.get(record) ?? new Set<number>()
    this.changed.set(record, files)
    if (index !== null) files.add(index)
    if (this.held > 0) return
    if (isState) this.throttle.tellNow()
    else this.throttle.request()
  }

  forget(record: TransferRecord): void {
    this.changed.delete(record)
    this.gone.push(record.transferId)
    if (this.held === 0) this.throttle.tellNow()
  }

  /** What changes meanwhile is told together. */
  together(change: () => void): void {
    this.held += 1
    try {
      change()
    } finally {
      this.held -= 1
      if (this.held === 0 && (this.changed.size > 0 || this.gone.length > 0)) this.throttle.tellNow()
    }
  }

  dispose(): void {
    this.throttle.dispose()
    this.changed.clear()
  }

  private flush(): void {
    const changed = [...this.changed]
    this.changed.clear()
    const gone = this.gone.splice(0)
    if (changed.length === 0 && gone.length === 0) return
    this.tell({
      kind: 'more',
      transfers: changed.map(([record]) => record.snapshot),
      files: changed.flatMap(([record, indices]) => {
        const files = [...indices].flatMap(index => record.file(index) ?? [])
        return files.length === 0 ? [] : [{ transferId: record.transferId, files }]
      }),
      gone,
    })
  }
}
