import type { LiveSessionOptions, SessionMetadata, SessionSnapshot } from '../../../shared/model'
import { checkIdentifier, mergeDetails } from './metadata'
import { readSessionOptions } from './requests/requests-options'
import type { SessionParts } from './session-parts'

/** What users say of an open session, and the options that hold while it lives. Every method throws `SessionNotReady` once the session ends. */
export class SessionDescription {
  constructor(private readonly parts: SessionParts) {}

  /** Key by key; null deletes a key. Throws `InvalidArgument`. */
  updateDetails(patch: Readonly<Record<string, string | null>>): SessionSnapshot {
    return this.describe({ details: mergeDetails(this.parts.record.metadata.details, patch) })
  }

  /** Throws `InvalidArgument`. */
  updateIdentifier(identifier: string): SessionSnapshot {
    return this.describe({ identifier: checkIdentifier(identifier) })
  }

  /** Replaces the set of sessions that belong to this one. Whether they are known is the manager's to say. */
  setAssociates(keys: readonly string[]): SessionSnapshot {
    const { associateSessionKeys: present } = this.parts.record.metadata
    const isSame = keys.length === present.length && keys.every((key, index) => key === present[index])
    return this.describe({ associateSessionKeys: isSame ? present : Object.freeze([...keys]) })
  }

  /** Throws `InvalidArgument`. */
  configure(patch: Partial<LiveSessionOptions>): SessionSnapshot {
    const { record, idle, reconnector } = this.parts
    this.parts.assertOpen()
    const wasAutomatic = record.options.autoReconnect
    record.options = readSessionOptions(patch, record.options)
    idle.reconfigured()
    if (record.options.autoReconnect !== wasAutomatic) reconnector.reconfigured()
    this.parts.touch()
    return record.tell({ type: 'infoUpdated' })
  }

  /** Told only when something has changed by it. */
  private describe(change: Partial<Pick<SessionMetadata, 'details' | 'identifier' | 'associateSessionKeys'>>): SessionSnapshot {
    const { record } = this.parts
    this.parts.assertOpen()
    const { metadata } = record
    const changed = Object.freeze({ ...metadata, ...change })
    this.parts.touch()
    const { details, identifier, associateSessionKeys } = changed
    const isSame =
      details === metadata.details && identifier === metadata.identifier && associateSessionKeys === metadata.associateSessionKeys
    if (isSame) return record.snapshot
    record.metadata = changed
    return record.tell({ type: 'infoUpdated' })
  }
}
