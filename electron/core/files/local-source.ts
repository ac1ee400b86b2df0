import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { FileSource } from '../micropython/files/board-files'
import { fileFailed, localFailure, quoted } from './file-errors'
import type { LocalRoot } from './local-root'
import { OneByOne } from './one-by-one'

const HASH_BLOCK_BYTES = 64 * 1024
/** Through no link, and without waiting for the other end of a pipe. Windows has neither. */
const SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** A local file that is read in pieces. Whoever opens it closes it. */
export class LocalSource implements FileSource {
  private readonly turns = new OneByOne()

  private constructor(
    private readonly handle: FileHandle,
    private readonly shown: string,
    readonly bytes: number,
    readonly modifiedMs: number,
  ) {}

  static async open(root: LocalRoot, relative: string): Promise<LocalSource> {
    const shown = quoted(relative)
    try {
      const handle = await root.files.open(await root.existing(relative), constants.O_RDONLY | SAFELY)
      try {
        const stats = await handle.stat()
        if (!stats.isFile())
          throw fileFailed(stats.isDirectory() ? 'is-a-folder' : 'local-file', `${shown} is no file that could be copied.`)
        return new LocalSource(handle, shown, stats.size, stats.mtimeMs)
      } catch (error) {
        await handle.close()
        throw error
      }
    } catch (error) {
      throw localFailure(`${shown} could not be opened`, error)
    }
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.turns.run(async () => {
      try {
        const block = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.bytes - offset)))
        let filled = 0
        while (filled < block.length) {
          const { bytesRead } = await this.handle.read(block, filled, block.length - filled, offset + filled)
          if (bytesRead === 0)
            throw fileFailed('file-changed', `${this.shown} has become shorter while it was read.`, { hint: 'Try again.' })
          filled += bytesRead
        }
        return block
      } catch (error) {
        throw localFailure(`${this.shown} could not be read`, error)
      }
    })
  }

  /** Lower-case hex SHA-256 of all of it. */
  async hash(signal: AbortSignal): Promise<string> {
    const hash = createHash('sha256')
    for (let offset = 0; offset < this.bytes; offset += HASH_BLOCK_BYTES) {
      if (signal.aborted) throw new Error('Nobody wants to know any more.')
      hash.update(await this.read(offset, HASH_BLOCK_BYTES))
    }
    return hash.digest('hex')
  }

  /** See `FileSource`: neither longer nor another one. */
  async isStill(sha256: string, signal: AbortSignal): Promise<boolean> {
    try {
      const { size } = await this.turns.run(() => this.handle.stat())
      return size === this.bytes && (await this.hash(signal)) === sha256
    } catch (error) {
      if (signal.aborted) throw error
      return false
    }
  }

  /** After what is under way. Reading rejects from here on. Never rejects. */
  close(): Promise<void> {
    return this.turns.end(() => this.handle.close())
  }
}
