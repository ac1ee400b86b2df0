import type { HistoryEntry } from '../../../../shared/model'

/**
 * The latest entries, oldest first. One session keeps a share of its own at most, so that a noisy one pushes out its own
 * past and not everybody else's.
 */
export class HistoryRing {
  private readonly entries = new Map<number, HistoryEntry>()
  /** Numbers of the entries of each session, oldest first; those of none under null. */
  private readonly bySession = new Map<string | null, number[]>()

  constructor(
    private readonly limit: number,
    private readonly limitPerSession: number,
  ) {}

  get size(): number {
    return this.entries.size
  }

  add(entry: HistoryEntry): void {
    this.entries.set(entry.seq, entry)
    const own = this.bySession.get(entry.sessionId) ?? []
    own.push(entry.seq)
    this.bySession.set(entry.sessionId, own)
    if (own.length > this.limitPerSession) this.drop(own[0])
    if (this.entries.size > this.limit) this.drop(this.entries.keys().next().value)
  }

  /** A copy, of one session or of everything. */
  list(sessionId?: string): readonly HistoryEntry[] {
    if (sessionId === undefined) return [...this.entries.values()]
    return (this.bySession.get(sessionId) ?? []).flatMap(seq => this.entries.get(seq) ?? [])
  }

  /** Always a session's oldest. */
  private drop(seq: number | undefined): void {
    const entry = seq === undefined ? undefined : this.entries.get(seq)
    if (entry === undefined) return
    this.entries.delete(entry.seq)
    const own = this.bySession.get(entry.sessionId)
    own?.shift()
    if (own?.length === 0) this.bySession.delete(entry.sessionId)
  }
}
