import type { Page } from '../page'
import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createSessionHandlers({ sessions }: Services, page: Page, client: string): HandlersOf<'sessions'> {
  return {
    'sessions:open': input => sessions.open(input, client),
    'sessions:close': ({ sessionId, mode = 'flush', ...options }) => sessions.close(sessionId, { mode, ...options }),
    'sessions:kill': ({ sessionId }) => sessions.kill(sessionId),
    'sessions:list': ({ includeClosed = false, ...options }) => sessions.list({ includeClosed, ...options }),
    'sessions:info': ({ sessionId }) => sessions.info(sessionId),
    'sessions:exec': ({ sessionId, code, ...options }) => page.run(signal => sessions.execute(sessionId, code, { ...options, signal })),
    'sessions:cancel': ({ sessionId, executionId }) => sessions.cancel(sessionId, executionId),
    'sessions:interrupt': ({ sessionId, step }) => sessions.stepInterrupt(sessionId, step),
    'sessions:reset': ({ sessionId, kind }) => sessions.reset(sessionId, kind),
    'sessions:takeOver': ({ sessionId }) => sessions.takeOver(sessionId),
    'sessions:watch': ({ sessionId }) => sessions.watch(sessionId),
    'sessions:write': ({ sessionId, data }) => sessions.write(sessionId, data),
    'sessions:reconnect': ({ sessionId }) => sessions.reconnect(sessionId),
    'sessions:extendLease': ({ sessionId, expiresAt }) => sessions.extendLease(sessionId, expiresAt),
    'sessions:updateDetails': ({ sessionId, details }) => sessions.updateDetails(sessionId, details),
    'sessions:updateIdentifier': ({ sessionId, identifier }) => sessions.updateIdentifier(sessionId, identifier),
    'sessions:associate': ({ sessionId, associateSessionKeys }) => sessions.associate(sessionId, associateSessionKeys),
    'sessions:configure': ({ sessionId, options }) => sessions.configure(sessionId, options),
    'sessions:stats': ({ sessionId }) => sessions.statistics(sessionId),
  }
}
