import type { AttributeStore, AttributeStoreFactory } from '../../electron/core/sessions/attributes/attribute-store'
import type { JsonValue } from '../../shared/model'

/** A map that counts how often it was disposed. */
export class FakeAttributeStore implements AttributeStore {
  readonly values = new Map<string, JsonValue>()
  disposals = 0

  constructor(readonly sessionId: string) {}

  async get(key: string, fallback?: JsonValue): Promise<JsonValue | undefined> {
    return this.values.get(key) ?? fallback
  }

  async has(key: string): Promise<boolean> {
    return this.values.has(key)
  }

  async keys(): Promise<readonly string[]> {
    return [...this.values.keys()]
  }

  async entries(): Promise<readonly { readonly key: string; readonly value: JsonValue }[]> {
    return [...this.values].map(([key, value]) => ({ key, value }))
  }

  async set(key: string, value: JsonValue): Promise<JsonValue | undefined> {
    const old = this.values.get(key)
    this.values.set(key, value)
    return old
  }

  async setIfAbsent(key: string, value: JsonValue): Promise<{ readonly stored: boolean; readonly value: JsonValue }> {
    const old = this.values.get(key)
    if (old !== undefined) return { stored: false, value: old }
    this.values.set(key, value)
    return { stored: true, value }
  }

  async remove(key: string): Promise<JsonValue | undefined> {
    const old = this.values.get(key)
    this.values.delete(key)
    return old
  }

  async update(key: string, change: (old: JsonValue | undefined) => JsonValue): Promise<JsonValue> {
    const value = change(this.values.get(key))
    this.values.set(key, value)
    return value
  }

  async clear(): Promise<void> {
    this.values.clear()
  }

  async dispose(): Promise<void> {
    this.disposals += 1
  }
}

/** Remembers what it made; `failure`, if set, is what the next `create` rejects with. */
export class FakeAttributeStores implements AttributeStoreFactory {
  readonly made: FakeAttributeStore[] = []
  failure: Error | null = null

  async create({ sessionId }: { readonly sessionId: string }): Promise<AttributeStore> {
    if (this.failure !== null) throw this.failure
    const store = new FakeAttributeStore(sessionId)
    this.made.push(store)
    return store
  }

  get latest(): FakeAttributeStore {
    const store = this.made.at(-1)
    if (store === undefined) throw new Error('No attribute store was made.')
    return store
  }
}
