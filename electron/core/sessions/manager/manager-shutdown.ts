import { SHUTDOWN_MARGIN_MS } from '../../../../shared/limits'
import type { Clock } from '../../base/clock'
import type { Logger } from '../../base/logger'
import type { CloseOptions } from '../session-needs'
import { settledWithin } from '../waiting'

interface ClosableSession {
  readonly sessionId: string
  close(options: CloseOptions): Promise<unknown>
  kill(): Promise<unknown>
}

/**
 * Closes all sessions at once and kills those that take too long. One that fails does not keep the others from closing.
 * Never rejects, and ends within the limit and `SHUTDOWN_MARGIN_MS`.
 */
export async function closeAllInTime(
  sessions: readonly ClosableSession[],
  limitMs: number,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<void> {
  const closing = sessions.map(async session => {
    const closed = session.close({ mode: 'now', reason: 'gateway-shutdown' })
    closed.catch(error => logger.warn('A session was ended by force at shutdown.', { sessionId: session.sessionId, error }))
    if (await settledWithin(clock, closed, limitMs)) return
    logger.warn('A session did not close in time and is killed.', { sessionId: session.sessionId, limitMs })
    await settledWithin(clock, session.kill(), SHUTDOWN_MARGIN_MS)
  })
  await Promise.all(closing)
}
