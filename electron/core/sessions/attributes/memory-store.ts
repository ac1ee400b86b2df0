import type { JsonValue } from '../../../../shared/model'
import { AttributeMap } from './attribute-map'
import type { AttributeStore } from './attribute-store'
import { storeEnded } from './store-errors'

/** Attributes that live as long as the app at most. */
export class MemoryStore implements AttributeStore {
  private readonly map = new AttributeMap()
  private hasEnded = false

  constructor(private readonly sessionId: string) {}

  async get(key: string, fallback?: JsonValue): Promise<JsonValue | undefined> {
    return this.use().get(key, fallback)
  }

  async has(key: string): Promise<boolean> {
    return this.use().has(key)
  }

  async keys(): Promise<readonly string[]> {
    return this.use().keys()
  }

  async entries(): Promise<readonly { readonly key: string; readonly value: JsonValue }[]> {
    return this.use().entries()
  }

  async set(key: string, value: JsonValue): Promise<JsonValue | undefined> {
    return this.use().set(key, value)
  }

  async setIfAbsent(key: string, value: JsonValue): Promise<{ readonly stored: boolean; readonly value: JsonValue }> {
    return this.use().setIfAbsent(key, value)
  }

  async remove(key: string): Promise<JsonValue | undefined> {
    return this.use().remove(key)
  }

  async update(key: string, change: (old: JsonValue | undefined) => JsonValue): Promise<JsonValue> {
    return this.use().update(key, change)
  }

  async clear(): Promise<void> {
    this.use().clear()
  }

  async dispose(): Promise<void> {
    this.hasEnded = true
    this.map.clear()
  }

  private use(): AttributeMap {
    if (this.hasEnded) throw storeEnded(this.sessionId)
    return this.map
  }
}
