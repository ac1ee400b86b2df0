import { MusterError } from '../../../shared/errors'
import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createConfigHandlers({ config }: Services): HandlersOf<'config'> {
  return {
    'config:get': () => config.report,
    'config:set'({ key, value, reset = false }) {
      if (reset && value === undefined) return config.reset(key)
      if (!reset && value !== undefined) return config.set(key, value)
      throw new MusterError({ code: 'InvalidArgument', message: `The key "${key}" can be given a value or be reset: just one of them.` })
    },
  }
}
