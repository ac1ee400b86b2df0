import type { ErrorCode } from '../../../shared/errors'
import type { DisconnectReason, IdleKind } from '../../../shared/model'

/**
 * What sessions and their manager tell the metrics. Called on the way, so every method is cheap and none throws.
 * Gauges (active sessions, warm, waiting, sessions by data source) are read from the manager when metrics are collected.
 */
export interface SessionMetrics {
  sessionOpened(): void
  /** Once per session that was opened; `lifetimeMs` from open to close. */
  sessionClosed(sessionId: string, reason: DisconnectReason, lifetimeMs: number): void
  fault(code: ErrorCode): void
  transportKilled(reason: string): void
  operation(sessionId: string, durationMs: number, succeeded: boolean): void
  bytes(sessionId: string, direction: 'in' | 'out', byteCount: number): void
  message(sessionId: string, direction: 'in' | 'out'): void
  idle(sessionId: string, kind: IdleKind): void
  reconnect(sessionId: string, outcome: 'ok' | 'failed' | 'exhausted'): void
  acquire(outcome: 'opened' | 'reused' | 'timeout' | 'cancelled' | 'failed'): void
  /** The session is disposed: its series go. */
  forget(sessionId: string): void
}

export const noMetrics: SessionMetrics = {
  sessionOpened() {},
  sessionClosed() {},
  fault() {},
  transportKilled() {},
  operation() {},
  bytes() {},
  message() {},
  idle() {},
  reconnect() {},
  acquire() {},
  forget() {},
}
