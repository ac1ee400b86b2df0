import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createSamplerHandlers({ sessions }: Services): HandlersOf<'sampler'> {
  return {
    'sampler:start': ({ sessionId, ...request }) => sessions.samplers.start(sessionId, request),
    'sampler:stop': ({ sessionId }) => ({ stopped: sessions.samplers.stop(sessionId) }),
  }
}
