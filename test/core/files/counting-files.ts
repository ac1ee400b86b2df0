import type { FileHandle } from 'node:fs/promises'
import { type LocalFileSystem, systemFiles } from '../../../electron/core/files/local-file-system'

/** The computer's own files, with its open handles counted, and its disk as full as a test wants it. */
export class CountingFiles {
  opened = 0
  closed = 0
  /** So many bytes can still be written; null for as many as there are. */
  room: number | null = null
  readonly files: LocalFileSystem

  constructor() {
    this.files = { ...systemFiles, open: this.open as LocalFileSystem['open'] }
  }

  get openHandles(): number {
    return this.opened - this.closed
  }

  private readonly open = async (...parameters: Parameters<LocalFileSystem['open']>): Promise<FileHandle> => {
    const handle = await systemFiles.open(...parameters)
    this.opened += 1
    const close = handle.close.bind(handle)
    const write = handle.write.bind(handle) as (...all: unknown[]) => Promise<{ bytesWritten: number }>
    handle.close = async () => {
      this.closed += 1
      await close()
    }
    const limited = async (bytes: Uint8Array, at: number, length: number, position: number): Promise<{ bytesWritten: number }> => {
      if (this.room !== null && length > this.room) throw Object.assign(new Error('The disk is full.'), { code: 'ENOSPC' })
      if (this.room !== null) this.room -= length
      return await write(bytes, at, length, position)
    }
    handle.write = limited as typeof handle.write
    return handle
  }
}
