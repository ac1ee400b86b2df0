import { MusterError } from '../../../shared/errors'
import type { JsonValue } from '../../../shared/model'
import type { HandlersOf } from '../routes'
import type { Services } from '../services'

/** Null stands for what is not there: nothing else can cross. */
export function createAttributeHandlers({ sessions }: Services): HandlersOf<'attributes'> {
  return {
    'attributes:list': ({ sessionId }) => sessions.attributes(sessionId).entries(),
    'attributes:keys': ({ sessionId }) => sessions.attributes(sessionId).keys(),
    async 'attributes:get'({ sessionId, key, default: fallback = null }) {
      const value = await sessions.attributes(sessionId).get(key)
      return { value: value === undefined ? fallback : value, found: value !== undefined }
    },
    async 'attributes:set'({ sessionId, key, value }) {
      return { old: (await sessions.attributes(sessionId).set(key, value)) ?? null }
    },
    'attributes:setIfAbsent': ({ sessionId, key, value }) => sessions.attributes(sessionId).setIfAbsent(key, value),
    async 'attributes:has'({ sessionId, key }) {
      return { found: await sessions.attributes(sessionId).has(key) }
    },
    async 'attributes:remove'({ sessionId, key }) {
      return { old: (await sessions.attributes(sessionId).remove(key)) ?? null }
    },
    async 'attributes:update'({ sessionId, key, add, initial = 0 }) {
      let sum = 0
      await sessions.attributes(sessionId).update(key, old => {
        sum = sumOf(key, old === undefined ? initial : old, add)
        return sum
      })
      return { value: sum }
    },
  }
}

function sumOf(key: string, old: JsonValue, add: number): number {
  if (typeof old !== 'number') throw invalid(`The attribute "${key}" holds no number, so nothing can be added to it.`)
  const sum = old + add
  if (!Number.isFinite(sum)) throw invalid(`The attribute "${key}" would grow beyond every number.`)
  return sum
}

function invalid(message: string): MusterError {
  return new MusterError({ code: 'InvalidArgument', message })
}
