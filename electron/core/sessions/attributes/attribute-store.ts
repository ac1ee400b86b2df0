import type { JsonValue } from '../../../../shared/model'

/**
 * The user attributes of one session: key to any JSON value, for the life of the session.
 *
 * Made as the first thing of a session and disposed as the last. Every method rejects with a `MusterError`
 * (`OperationFailed`, reason `store-failed` or `not-json`; `InvalidArgument` for a bad key) and leaves the session alive.
 */
export interface AttributeStore {
  /** The default is answered, not stored; undefined where neither is there. */
  get(key: string, fallback?: JsonValue): Promise<JsonValue | undefined>
  has(key: string): Promise<boolean>
  keys(): Promise<readonly string[]>
  entries(): Promise<readonly { readonly key: string; readonly value: JsonValue }[]>
  /** The value before, undefined where there was none. */
  set(key: string, value: JsonValue): Promise<JsonValue | undefined>
  setIfAbsent(key: string, value: JsonValue): Promise<{ readonly stored: boolean; readonly value: JsonValue }>
  remove(key: string): Promise<JsonValue | undefined>
  /** Atomic per key: no other change of this key comes between the reading and the writing. */
  update(key: string, change: (old: JsonValue | undefined) => JsonValue): Promise<JsonValue>
  clear(): Promise<void>
  /** Ends it and removes what it left on disk. Never rejects; idempotent. */
  dispose(): Promise<void>
}

/** Replaceable: `memory` and `file` are built in. */
export interface AttributeStoreFactory {
  /** Rejects with a `MusterError` when the store can't be made; the session's open fails with it. */
  create(session: { readonly sessionId: string; readonly store: 'memory' | 'file' }): Promise<AttributeStore>
}
