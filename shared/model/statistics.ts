/** No bytes read, none written, or neither, for the configured time. */
export type IdleKind = 'read' | 'write' | 'both'

export interface IdleCount {
  /** How often the period has passed since the last byte of this kind. */
  readonly count: number
  readonly lastAt: number | null
}

export type IdleCounts = Readonly<Record<IdleKind, IdleCount>>

export interface LatencySummary {
  readonly last: number
  readonly p50: number
  readonly p95: number
  readonly max: number
  readonly count: number
}

/** What sessions have moved and done: see `SessionStatistics`. */
export type SessionTotals = Pick<SessionStatistics, 'bytesIn' | 'bytesOut' | 'messagesIn' | 'messagesOut' | 'operations' | 'errors'>

export interface SessionStatistics {
  readonly bytesIn: number
  readonly bytesOut: number
  /** Executions that ended, whatever their outcome. */
  readonly operations: number
  /** Executions that ended in anything but `ok`. */
  readonly errors: number
  /** What arrived at, and was sent from, the near end of the filter chain. */
  readonly messagesIn: number
  readonly messagesOut: number
  readonly pendingOperations: number
  readonly pendingWrites: number
  readonly pendingWriteBytes: number
  readonly lastReadAt: number | null
  readonly lastWriteAt: number | null
  readonly lastIoAt: number | null
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
  readonly messagesInPerSecond: number
  readonly messagesOutPerSecond: number
  readonly reconnects: number
  readonly idle: IdleCounts
  /** Latency over the whole session; null before the first execution. */
  readonly latencyMs: LatencySummary | null
}
