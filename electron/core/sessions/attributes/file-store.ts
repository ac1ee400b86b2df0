import fs from 'node:fs/promises'
import path from 'node:path'
import type { JsonValue } from '../../../../shared/model'
import type { Logger } from '../../base/logger'
import { AttributeMap } from './attribute-map'
import type { AttributeStore } from './attribute-store'
import { storeEnded, storeFailed } from './store-errors'

/** The part of the file system that a store uses. */
export type StoreFiles = Pick<typeof fs, 'mkdir' | 'readdir' | 'rename' | 'rm' | 'writeFile'>

/** Only the owner reads what a session keeps. */
const FILE_MODE = 0o600

interface Operation {
  /** Works on the map and remembers the answer; throws and leaves the map alone where it can't. */
  apply(map: AttributeMap): void
  /** Gives the answer. */
  resolve(): void
  reject(error: unknown): void
}

/**
 * Attributes that are on disk when an operation resolves. Operations take effect in their order; those that come while
 * the disk is busy are written together. A write replaces the file as a whole or leaves the one before.
 */
export class FileStore implements AttributeStore {
  private readonly file: string
  private map = new AttributeMap()
  private waiting: Operation[] = []
  private working: Promise<void> | null = null
  private disposing: Promise<void> | null = null

  constructor(
    private readonly sessionId: string,
    private readonly folder: string,
    private readonly logger: Logger,
    private readonly files: StoreFiles = fs,
  ) {
    this.file = path.join(folder, fileNameOf(sessionId))
  }

  /** Makes the file, so that a disk that can't be written is known from the beginning. */
  async create(): Promise<void> {
    await this.write(this.map)
  }

  get(key: string, fallback?: JsonValue): Promise<JsonValue | undefined> {
    return this.operate(map => map.get(key, fallback))
  }

  has(key: string): Promise<boolean> {
    return this.operate(map => map.has(key))
  }

  keys(): Promise<readonly string[]> {
    return this.operate(map => map.keys())
  }

  entries(): Promise<readonly { readonly key: string; readonly value: JsonValue }[]> {
    return this.operate(map => map.entries())
  }

  set(key: string, value: JsonValue): Promise<JsonValue | undefined> {
    return this.operate(map => map.set(key, value))
  }

  setIfAbsent(key: string, value: JsonValue): Promise<{ readonly stored: boolean; readonly value: JsonValue }> {
    return this.operate(map => map.setIfAbsent(key, value))
  }

  remove(key: string): Promise<JsonValue | undefined> {
    return this.operate(map => map.remove(key))
  }

  update(key: string, change: (old: JsonValue | undefined) => JsonValue): Promise<JsonValue> {
    return this.operate(map => map.update(key, change))
  }

  clear(): Promise<void> {
    return this.operate(map => map.clear())
  }

  dispose(): Promise<void> {
    this.disposing ??= this.end()
    return this.disposing
  }

  private operate<T>(work: (map: AttributeMap) => T): Promise<T> {
    if (this.disposing !== null) return Promise.reject(storeEnded(this.sessionId))
    return new Promise((resolve, reject) => {
      let answer: T
      this.waiting.push({
        apply: map => {
          answer = work(map)
        },
        resolve: () => resolve(answer),
        reject,
      })
      this.working ??= this.work()
    })
  }

  private async work(): Promise<void> {
    // What is asked for in the same moment is written together.
    await Promise.resolve()
    while (this.waiting.length > 0) await this.carryOut(this.waiting.splice(0))
    this.working = null
  }

  private async carryOut(operations: readonly Operation[]): Promise<void> {
    const next = new AttributeMap(this.map)
    const changing: Operation[] = []
    const reading: Operation[] = []
    for (const operation of operations) {
      const before = next.changes
      try {
        operation.apply(next)
        if (next.changes === before) reading.push(operation)
        else changing.push(operation)
      } catch (error) {
        operation.reject(error)
      }
    }
    try {
      if (changing.length > 0) await this.write(next)
      this.map = next
    } catch (error) {
      for (const operation of changing) operation.reject(error)
      // They have seen changes that did not come to be.
      await this.carryOut(reading)
      return
    }
    for (const operation of operations) operation.resolve()
  }

  private async write(map: AttributeMap): Promise<void> {
    const { files, file } = this
    const unfinished = `${file}.tmp`
    try {
      await files.writeFile(unfinished, map.text, { mode: FILE_MODE })
      await files.rename(unfinished, file)
    } catch (error) {
      await files.rm(unfinished, { force: true }).catch(() => {})
      throw storeFailed(this.sessionId, this.folder, error)
    }
  }

  private async end(): Promise<void> {
    const { files, file, logger, sessionId } = this
    for (const operation of this.waiting.splice(0)) operation.reject(storeEnded(sessionId))
    await this.working
    await files.rm(file, { force: true }).catch(error => {
      logger.warn('The file of the attributes of a session could not be removed.', { sessionId, error })
    })
  }
}

export function fileNameOf(sessionId: string): string {
  return `${sessionId}.attributes.json`
}

/** Whether a file may be what a store left behind, finished or not. */
export function isStoreFile(name: string): boolean {
  return /^session-[0-9a-f]{32}\.attributes\.json(\.tmp)?$/.test(name)
}
