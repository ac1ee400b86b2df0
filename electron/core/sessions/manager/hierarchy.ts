import { type ErrorReason, MusterError } from '../../../../shared/errors'

/** Which sessions belong to which. */
export interface Family {
  /** Whether there is, or lately was, a session with this key. */
  knows(sessionKey: string): boolean
  associatesOf(sessionKey: string): readonly string[]
}

/**
 * The keys of the sessions that are to belong to this one, each once. A session may belong to many others, but not to
 * itself, not even by way of others. A key that already was in the list may stay, also when its session is forgotten.
 * Throws `InvalidArgument`.
 */
export function checkAssociates(sessionKey: string | null, wanted: readonly string[], family: Family): readonly string[] {
  const keys = [...new Set(wanted)]
  const present = new Set(sessionKey === null ? [] : family.associatesOf(sessionKey))
  for (const key of keys) {
    if (key === sessionKey) throw refused('A session can’t belong to itself.', 'cycle')
    if (!present.has(key) && !family.knows(key)) throw refused(`There is no session ${key} that could belong to another.`, 'not-found')
    if (sessionKey !== null && descendantsOf(key, family).includes(sessionKey)) {
      throw refused(`The session ${key} can’t belong to ${sessionKey}: it is the other way round.`, 'cycle')
    }
  }
  return keys
}

/** All that belong to a session, directly or by way of others, each once and without the session itself. */
export function descendantsOf(sessionKey: string, family: Pick<Family, 'associatesOf'>): readonly string[] {
  const found = new Set([sessionKey])
  // The set grows while it is walked.
  for (const key of found) for (const associate of family.associatesOf(key)) found.add(associate)
  found.delete(sessionKey)
  return [...found]
}

function refused(message: string, reason: ErrorReason): MusterError {
  return new MusterError({ code: 'InvalidArgument', reason, message })
}
