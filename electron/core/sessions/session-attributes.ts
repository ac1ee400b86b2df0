import type { JsonValue } from '../../../shared/model'
import type { AttributeStore } from './attributes/attribute-store'

export interface AttributeListener {
  /** Throws `SessionNotReady` when the session's attributes can't be had any more. */
  assertOpen(): void
  /** An attribute was changed by a user of the session. */
  onChanged(key: string): void
}

/** A session's attributes as its users see them: every change counts as use of the session, and is told. */
export class SessionAttributes implements AttributeStore {
  private made: Promise<AttributeStore> | null = null

  constructor(private readonly listener: AttributeListener) {}

  /** Rejects with what the store can't be made of. */
  async create(make: () => Promise<AttributeStore>): Promise<void> {
    this.made = make()
    await this.made
  }

  async get(key: string, fallback?: JsonValue): Promise<JsonValue | undefined> {
    return await (await this.store()).get(key, fallback)
  }

  async has(key: string): Promise<boolean> {
    return await (await this.store()).has(key)
  }

  async keys(): Promise<readonly string[]> {
    return await (await this.store()).keys()
  }

  async entries(): Promise<readonly { readonly key: string; readonly value: JsonValue }[]> {
    return await (await this.store()).entries()
  }

  async set(key: string, value: JsonValue): Promise<JsonValue | undefined> {
    const old = await (await this.store()).set(key, value)
    this.listener.onChanged(key)
    return old
  }

  async setIfAbsent(key: string, value: JsonValue): Promise<{ readonly stored: boolean; readonly value: JsonValue }> {
    const result = await (await this.store()).setIfAbsent(key, value)
    if (result.stored) this.listener.onChanged(key)
    return result
  }

  async remove(key: string): Promise<JsonValue | undefined> {
    const old = await (await this.store()).remove(key)
    if (old !== undefined) this.listener.onChanged(key)
    return old
  }

  async update(key: string, change: (old: JsonValue | undefined) => JsonValue): Promise<JsonValue> {
    const value = await (await this.store()).update(key, change)
    this.listener.onChanged(key)
    return value
  }

  async clear(): Promise<void> {
    const store = await this.store()
    const keys = await store.keys()
    await store.clear()
    for (const key of keys) this.listener.onChanged(key)
  }

  /** Also of a store that is still being made. Never rejects. */
  async dispose(): Promise<void> {
    const store = await this.made?.catch(() => null)
    await store?.dispose()
  }

  private async store(): Promise<AttributeStore> {
    this.listener.assertOpen()
    if (this.made === null) throw new Error('The attributes of a session were asked for before it began to open.')
    return await this.made
  }
}
