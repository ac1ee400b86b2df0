import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { FileSink } from '../micropython/files/board-files'
import { partName } from '../micropython/files/board-path'
import { fileFailed, isMissing, localFailure, quoted } from './file-errors'
import type { LocalRoot } from './local-root'
import { OneByOne } from './one-by-one'

const HASH_BLOCK_BYTES = 64 * 1024
const SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const FILE_MODE = 0o644

/**
 * Where a download goes: a file beside the target, hashed while it is written, and renamed when it is whole and on disk. Until then
 * nothing has touched the target. Ends with `commit`, `keep` or `discard`; writing rejects from there on.
 */
export class LocalSink implements FileSink {
  private readonly turns = new OneByOne()
  private hash: Hash = createHash('sha256')
  /** Bytes that are there and in the hash. */
  private hashed = 0
  private written: number
  private isReleased = false

  private constructor(
    private readonly root: LocalRoot,
    private readonly relative: string,
    private readonly part: string,
    private readonly handle: FileHandle,
    readonly resumeAt: number,
  ) {
    this.written = resumeAt
  }

  /** Takes up what an earlier attempt has left. The target's folder exists. Rejects with `FileFailed`. */
  static async open(root: LocalRoot, relative: string): Promise<LocalSink> {
    try {
      const part = besideTarget(await root.target(relative))
      if (!root.claim(part))
        throw fileFailed('local-file', `Another transfer is writing ${quoted(relative)}.`, { hint: 'Wait until it has ended.' })
      const handle = await root.files.open(part, constants.O_RDWR | constants.O_CREAT | SAFELY, FILE_MODE).catch(error => {
        root.release(part)
        throw error
      })
      try {
        const stats = await handle.stat()
        if (!stats.isFile()) throw fileFailed('local-file', `${quoted(path.basename(part))} is no file.`)
        return new LocalSink(root, relative, part, handle, stats.size)
      } catch (error) {
        root.release(part)
        await handle.close()
        throw error
      }
    } catch (error) {
      throw localFailure(`${quoted(relative)} could not be written`, error)
    }
  }

  /** Removes what was left beside a target. */
  static async discardPart(root: LocalRoot, relative: string): Promise<void> {
    try {
      const part = besideTarget(await root.target(relative))
      // Somebody has taken it up meanwhile.
      if (!root.claim(part)) return
      await root.files.unlink(part).finally(() => root.release(part))
    } catch (error) {
      if (!isMissing(error) && !isMissing((error as Error).cause))
        throw localFailure(`What was left of ${quoted(relative)} could not be removed`, error)
    }
  }

  prefixSha256(bytes: number): Promise<string> {
    return this.guarded(async () => {
      await this.hashUpTo(bytes)
      return this.hash.copy().digest('hex')
    })
  }

  restart(): Promise<void> {
    return this.guarded(async () => {
      await this.handle.truncate(0)
      this.hash = createHash('sha256')
      this.hashed = 0
      this.written = 0
    })
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.guarded(async () => {
      await this.hashUpTo(this.written)
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await this.handle.write(bytes, at, bytes.length - at, this.written + at)
        at += bytesWritten
      }
      this.hash.update(bytes)
      this.written += bytes.length
      this.hashed = this.written
    })
  }

  /**
   * Puts the file in its place, if it is what it should be. `replaces` false: only where there is nothing yet. Rejects with
   * `file-damaged` or `file-exists`; what was there is untouched then.
   */
  async commit(expected: { readonly bytes: number; readonly sha256: string }, { replaces }: { readonly replaces: boolean }): Promise<void> {
    await this.guarded(async () => {
      await this.hashUpTo(this.written)
      if (this.written !== expected.bytes || this.hash.copy().digest('hex') !== expected.sha256) {
        await this.handle.truncate(0)
        throw fileFailed('file-damaged', `${quoted(this.relative)} did not arrive as it is on the board.`, { hint: 'Try again.' })
      }
      await this.handle.sync()
    })
    await this.close()
    const { root, relative, part } = this
    try {
      const target = await root.target(relative)
      const there = await root.look(relative)
      if (there !== null && !there.isFile())
        throw fileFailed(there.isDirectory() ? 'is-a-folder' : 'local-file', `${quoted(relative)} is no file that could be replaced.`)
      if (there !== null && !replaces) throw fileFailed('file-exists', `${quoted(relative)} has come to be on this computer meanwhile.`)
      await root.files.rename(part, target)
      await syncFolder(root, path.dirname(target))
    } catch (error) {
      throw localFailure(`${quoted(relative)} could not be put in its place`, error)
    }
  }

  /** Closes it, and leaves what is there for the next attempt. To be called also after `commit`. Never rejects. */
  async keep(): Promise<void> {
    await this.close()
    this.release()
  }

  /** Closes it, and removes what is there. Never rejects. */
  async discard(): Promise<void> {
    await this.close()
    if (!this.isReleased) await this.root.files.unlink(this.part).catch(() => undefined)
    this.release()
  }

  private close(): Promise<void> {
    return this.turns.end(() => this.handle.close())
  }

  private release(): void {
    if (this.isReleased) return
    this.isReleased = true
    this.root.release(this.part)
  }

  private guarded<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.run(async () => {
      try {
        return await work()
      } catch (error) {
        throw localFailure(`${quoted(this.relative)} could not be written`, error)
      }
    })
  }

  private async hashUpTo(bytes: number): Promise<void> {
    if (bytes < this.hashed) {
      this.hash = createHash('sha256')
      this.hashed = 0
    }
    const block = Buffer.allocUnsafe(Math.min(HASH_BLOCK_BYTES, bytes - this.hashed))
    while (this.hashed < bytes) {
      const { bytesRead } = await this.handle.read(block, 0, Math.min(block.length, bytes - this.hashed), this.hashed)
      if (bytesRead === 0) throw fileFailed('file-changed', `${quoted(this.relative)} has become shorter while it was written.`)
      this.hash.update(block.subarray(0, bytesRead))
      this.hashed += bytesRead
    }
  }
}

function besideTarget(target: string): string {
  return path.join(path.dirname(target), partName(path.basename(target)))
}

/** A new name survives a loss of power when its folder is on disk, too. Windows can't, some file systems don't: nothing is lost by that. */
async function syncFolder(root: LocalRoot, folder: string): Promise<void> {
  const handle = await root.files.open(folder, constants.O_RDONLY).catch(() => null)
  if (handle === null) return
  await handle.sync().catch(() => undefined)
  await handle.close().catch(() => undefined)
}
