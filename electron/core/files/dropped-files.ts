import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { DROP_BYTES_MAX, DROPS_BEGUN_MAX, TRANSFER_FILES_MAX } from '../../../shared/limits'
import type { LocalPlace, TransferUpdate } from '../../../shared/model'
import type { Disposable } from '../base/disposable'
import type { Logger } from '../base/logger'
import { fileFailed, localFailure, quoted } from './file-errors'
import { type LocalFileSystem, systemFiles } from './local-file-system'
import type { Platform } from './local-names'
import { LocalRoot } from './local-root'

export interface DroppedFilesOptions {
  /** A folder of its own: what is in it goes. */
  readonly folder: string
  readonly logger: Logger
  readonly files?: LocalFileSystem
  readonly platform?: Platform
}

/** What one drop has brought so far. */
interface Drop {
  /** The real path of its folder. */
  readonly path: string
  /** Once it is being copied. */
  transferId: string | null
  bytes: number
  entries: number
  /** By place: how much of it is there. */
  readonly written: Map<string, number>
  /** Of the transfer's files, those that may be taken up again. */
  readonly unfinished: Set<number>
}

const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

/**
 * Files that were dropped on a window from outside. The page has their bytes and no path, so they are laid down in a folder of
 * Muster's own, one for each drop, and are copied from there like those of any other folder. It goes when the transfer is done or is
 * forgotten; what an earlier run has left goes first. Rejects with `FileFailed`.
 */
export class DroppedFiles implements Disposable {
  private readonly drops = new Map<string, Drop>()
  private readonly options: Required<DroppedFilesOptions>
  /** What is under way on the disk, one after the other. */
  private work: Promise<unknown>

  constructor({ files = systemFiles, platform = process.platform, ...rest }: DroppedFilesOptions) {
    this.options = { files, platform, ...rest }
    this.work = this.removeFolder(rest.folder)
  }

  /** A folder for what is dropped. Of those that were begun and never copied, the oldest goes. */
  begin(): Promise<LocalPlace> {
    return this.inTurn(async () => {
      const { files, folder } = this.options
      const waiting = [...this.drops].filter(([, { transferId }]) => transferId === null)
      for (const [folderId] of waiting.slice(0, Math.max(0, waiting.length - DROPS_BEGUN_MAX + 1))) this.forget(folderId)
      const folderId = `drop-${randomBytes(8).toString('hex')}`
      const location = path.join(folder, folderId)
      try {
        await files.mkdir(location, { recursive: true, mode: FOLDER_MODE })
        this.drops.set(folderId, begun(await files.realpath(location)))
      } catch (error) {
        throw localFailure('There is no place for what was dropped', error)
      }
      return { folderId, path: '' }
    })
  }

  /** The next bytes of a file, or a folder for null. Folders above are made. */
  add({ folderId, path: place }: LocalPlace, offset: number, data: Uint8Array | null): Promise<void> {
    return this.inTurn(async () => {
      const drop = this.drops.get(folderId)
      const root = this.find(folderId)
      if (drop === undefined || root === null || drop.transferId !== null) throw gone()
      if (data === null) return await root.makeFolder(place)
      const there = drop.written.get(place)
      if (offset !== (there ?? 0)) throw fileFailed('file-changed', `${quoted(place)} did not come in its order.`)
      const all = [...this.drops.values()].reduce((sum, { bytes }) => sum + bytes, 0)
      if (all + data.length > DROP_BYTES_MAX) throw fileFailed('file-too-large', tooMuch(), { hint: OPEN_IT_INSTEAD })
      if (there === undefined && ++drop.entries > TRANSFER_FILES_MAX)
        throw fileFailed('file-too-large', tooMany(), { hint: OPEN_IT_INSTEAD })
      await this.write(root, place, there === undefined ? 'wx' : 'a', data)
      drop.bytes += data.length
      drop.written.set(place, offset + data.length)
    })
  }

  /** Null for a folder that is none of a drop. */
  find(folderId: string): LocalRoot | null {
    const { files, platform } = this.options
    const drop = this.drops.get(folderId)
    return drop === undefined ? null : new LocalRoot({ files, platform, path: drop.path, claims: new Set() })
  }

  /** False for a folder that is none of a drop. */
  forget(folderId: string): boolean {
    const isDrop = this.drops.delete(folderId)
    if (isDrop) void this.inTurn(() => this.removeFolder(path.join(this.options.folder, folderId)))
    return isDrop
  }

  /** What has become of the transfers that copy from here. */
  follow({ transfers, files, gone }: TransferUpdate): void {
    for (const { transferId, local } of transfers) {
      const drop = this.drops.get(local.folderId)
      if (drop !== undefined) drop.transferId = transferId
    }
    for (const [folderId, drop] of [...this.drops]) {
      const { transferId, unfinished } = drop
      if (transferId === null) continue
      for (const { index, state } of files.find(changed => changed.transferId === transferId)?.files ?? []) {
        if (state === 'failed' || state === 'cancelled') unfinished.add(index)
        else unfinished.delete(index)
      }
      const isDone = transfers.some(transfer => transfer.transferId === transferId && transfer.state === 'done') && unfinished.size === 0
      // Whoever forgets a transfer may still look for its folder in the same breath.
      if (isDone || gone.includes(transferId)) queueMicrotask(() => this.forget(folderId))
    }
  }

  /** Resolves when nothing of any drop is on the disk, or could not be removed. */
  async settled(): Promise<void> {
    await this.work
  }

  dispose(): void {
    this.drops.clear()
    void this.inTurn(() => this.removeFolder(this.options.folder))
  }

  private async write(root: LocalRoot, place: string, flags: 'wx' | 'a', data: Uint8Array): Promise<void> {
    try {
      const above = place.lastIndexOf('/')
      if (above > 0) await root.makeFolder(place.slice(0, above))
      const handle = await root.files.open(await root.target(place), flags, FILE_MODE)
      try {
        await handle.writeFile(data)
      } finally {
        await handle.close()
      }
    } catch (error) {
      throw localFailure(`${quoted(place)} could not be taken`, error)
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.work.then(work)
    this.work = done.catch(() => undefined)
    return done
  }

  /** Never rejects. */
  private async removeFolder(folder: string): Promise<void> {
    try {
      await this.options.files.rm(folder, { recursive: true, force: true })
    } catch (error) {
      this.options.logger.warn('What was dropped could not be removed.', { error })
    }
  }
}

function begun(location: string): Drop {
  return { path: location, transferId: null, bytes: 0, entries: 0, written: new Map(), unfinished: new Set() }
}

const OPEN_IT_INSTEAD = 'Open its folder on the left, and copy from there.'

function tooMuch(): string {
  return `At most ${DROP_BYTES_MAX / 1_000_000} MB can be dropped at once.`
}

function tooMany(): string {
  return `At most ${TRANSFER_FILES_MAX} files can be dropped at once.`
}

function gone(): Error {
  return fileFailed('local-file', 'What was dropped is not being taken any more.', { hint: 'Drop it again.' })
}
