import fs from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from '../../base/logger'
import type { AttributeStoreFactory } from './attribute-store'
import { FileStore, isStoreFile, type StoreFiles } from './file-store'
import { MemoryStore } from './memory-store'
import { storeFailed } from './store-errors'

export interface AttributeStoresOptions {
  /** Of the stores alone. Made when it is needed; what an app that crashed has left in it is removed. */
  readonly folder: string
  readonly logger: Logger
  readonly files?: StoreFiles
}

const FOLDER_MODE = 0o700

/** The built-in stores. Only one app at a time may use the folder. */
export function createAttributeStores({ folder, logger, files = fs }: AttributeStoresOptions): AttributeStoreFactory {
  const cleaned = removeLeftOvers(folder, logger, files)
  return {
    async create({ sessionId, store }) {
      if (store === 'memory') return new MemoryStore(sessionId)
      await cleaned
      await files.mkdir(folder, { recursive: true, mode: FOLDER_MODE }).catch(error => {
        throw storeFailed(sessionId, folder, error)
      })
      const fileStore = new FileStore(sessionId, folder, logger, files)
      await fileStore.create()
      return fileStore
    },
  }
}

async function removeLeftOvers(folder: string, logger: Logger, files: StoreFiles): Promise<void> {
  try {
    const names = (await files.readdir(folder)).filter(isStoreFile)
    await Promise.all(names.map(name => files.rm(path.join(folder, name), { force: true })))
    if (names.length > 0) logger.info('Attributes of sessions that did not end in order were removed.', { files: names.length })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    logger.warn('Attributes that an earlier run has left could not be removed.', { folder, error })
  }
}
