import { MusterError } from '../../../../shared/errors'
import { ATTRIBUTE_KEY_MAX_CHARS, ATTRIBUTE_MAX_BYTES, ATTRIBUTES_MAX_BYTES, ATTRIBUTES_MAX_KEYS } from '../../../../shared/limits'
import type { JsonValue } from '../../../../shared/model'
import { jsonText } from './json-text'

/**
 * Attributes in memory, each as its JSON text: what a caller does with a value afterwards changes nothing here.
 * Every method does all of its work or throws a `MusterError` and does none.
 */
export class AttributeMap {
  private readonly texts: Map<string, string>
  private bytes: number
  private changeCount = 0

  constructor(other?: AttributeMap) {
    this.texts = new Map(other?.texts)
    this.bytes = other?.bytes ?? 0
  }

  /** Grows with every change of this map. */
  get changes(): number {
    return this.changeCount
  }

  /** The whole as JSON. */
  get text(): string {
    return `{${[...this.texts].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}\n`
  }

  /** The fallback is answered, not stored. */
  get(key: string, fallback?: JsonValue): JsonValue | undefined {
    checkKey(key)
    const text = this.texts.get(key)
    return text === undefined ? fallback : (JSON.parse(text) as JsonValue)
  }

  has(key: string): boolean {
    checkKey(key)
    return this.texts.has(key)
  }

  keys(): readonly string[] {
    return [...this.texts.keys()]
  }

  entries(): readonly { readonly key: string; readonly value: JsonValue }[] {
    return [...this.texts].map(([key, text]) => ({ key, value: JSON.parse(text) as JsonValue }))
  }

  set(key: string, value: JsonValue): JsonValue | undefined {
    const old = this.get(key)
    const text = jsonText(value)
    if (text === null) throw notJson(key)
    const size = sizeOf(key, text)
    if (size > ATTRIBUTE_MAX_BYTES)
      throw tooLarge(`The attribute '${shown(key)}' would take ${size} bytes; one may take ${ATTRIBUTE_MAX_BYTES}.`)
    const bytes = this.bytes + size - this.sizeOfStored(key)
    if (bytes > ATTRIBUTES_MAX_BYTES) throw tooLarge(`The attributes of a session may take ${ATTRIBUTES_MAX_BYTES} bytes together.`)
    if (!this.texts.has(key) && this.texts.size >= ATTRIBUTES_MAX_KEYS) {
      throw tooLarge(`A session may have ${ATTRIBUTES_MAX_KEYS} attributes.`)
    }
    this.bytes = bytes
    this.texts.set(key, text)
    this.changeCount++
    return old
  }

  setIfAbsent(key: string, value: JsonValue): { readonly stored: boolean; readonly value: JsonValue } {
    const old = this.get(key)
    if (old !== undefined) return { stored: false, value: old }
    this.set(key, value)
    return { stored: true, value }
  }

  remove(key: string): JsonValue | undefined {
    const old = this.get(key)
    this.bytes -= this.sizeOfStored(key)
    if (this.texts.delete(key)) this.changeCount++
    return old
  }

  update(key: string, change: (old: JsonValue | undefined) => JsonValue): JsonValue {
    const value = change(this.get(key))
    this.set(key, value)
    return value
  }

  clear(): void {
    if (this.texts.size > 0) this.changeCount++
    this.texts.clear()
    this.bytes = 0
  }

  private sizeOfStored(key: string): number {
    const text = this.texts.get(key)
    return text === undefined ? 0 : sizeOf(key, text)
  }
}

function sizeOf(key: string, text: string): number {
  return Buffer.byteLength(key) + Buffer.byteLength(text)
}

function checkKey(key: string): void {
  if (typeof key === 'string' && key !== '' && key.length <= ATTRIBUTE_KEY_MAX_CHARS) return
  throw new MusterError({ code: 'InvalidArgument', message: `The key of an attribute has 1 to ${ATTRIBUTE_KEY_MAX_CHARS} characters.` })
}

function notJson(key: string): MusterError {
  return new MusterError({
    code: 'OperationFailed',
    reason: 'not-json',
    message: `The attribute '${shown(key)}' was not stored: its value is nothing that JSON can say.`,
    hint: 'Use null, true or false, numbers, text, lists, and objects of these.',
  })
}

function tooLarge(message: string): MusterError {
  return new MusterError({ code: 'InvalidArgument', message, hint: 'Store less, or remove an attribute first.' })
}

function shown(key: string): string {
  return key.length <= 64 ? key : `${key.slice(0, 64)}…`
}
