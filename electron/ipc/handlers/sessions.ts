import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createSessionHandlers({ sessions }: Services): HandlersOf<'sessions' | 'manager'> {
  return {
    'sessions:open': input => sessions.open(input),
    'sessions:close': ({ sessionId, mode }) => sessions.close(sessionId, { mode: mode ?? 'flush' }),
    'sessions:kill': ({ sessionId }) => sessions.kill(sessionId),
    'sessions:list': ({ includeClosed }) => sessions.list({ includeClosed: includeClosed ?? false }),
    'sessions:info': ({ sessionId }) => sessions.info(sessionId),
    'sessions:exec': ({ sessionId, code, timeoutMs }) => sessions.execute(sessionId, code, { timeoutMs }),
    'sessions:cancel': ({ sessionId, executionId }) => sessions.cancel(sessionId, executionId),
    'sessions:stats': ({ sessionId }) => sessions.statistics(sessionId),
    'manager:state': () => ({ state: sessions.status.state }),
    'manager:stats': () => sessions.status,
  }
}
