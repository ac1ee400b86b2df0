import { MusterError } from '../../../shared/errors'
import type { Page } from '../page'
import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createPoolHandlers({ sessions }: Services, page: Page, client: string): HandlersOf<'pool'> {
  return {
    'pool:acquire': input =>
      page.run(async signal => {
        const ticket = await sessions.acquire(input, client, signal)
        if (!signal.aborted) {
          page.borrowed(ticket.token)
          return ticket
        }
        // The page went in the moment in which it was served: nobody has the token who could give it back.
        await sessions.release(ticket.token)
        throw new MusterError({
          code: 'OperationCancelled',
          reason: 'cancelled',
          message: 'The window that waited for a session has gone.',
        })
      }),
    'pool:release'({ token }) {
      page.gaveBack(token)
      return sessions.release(token)
    },
    'pool:stats': () => sessions.poolStats,
  }
}
