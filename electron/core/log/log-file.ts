import fs from 'node:fs/promises'
import path from 'node:path'
import { LOG_BUFFER_BYTES, LOG_FILE_BYTES, LOG_FILES_KEPT, LOG_FLUSH_MS } from '../../../shared/limits'
import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'
import { logFileNames, needsRotation, rotationSteps } from './rotation'

export interface LogFileOptions {
  readonly folder: string
  /** Name without `.log`. */
  readonly baseName: string
  readonly clock: Clock
  readonly fileBytes?: number
  readonly filesKept?: number
}

/** Only the owner reads what the app says about its boards. */
const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

/**
 * A log file that turns over by size. Lines are gathered and written together, never synchronously, one write at a
 * time. A disk that takes nothing costs lines, which are counted and said, never memory or a failure of the app.
 */
export class LogFile {
  readonly file: string
  private readonly fileBytes: number
  private readonly filesKept: number
  private lines: string[] = []
  private waitingBytes = 0
  private droppedLines = 0
  private writtenBytes: number | null = null
  private timer: Disposable | null = null
  private writing: Promise<void> = Promise.resolve()

  constructor(private readonly options: LogFileOptions) {
    this.fileBytes = options.fileBytes ?? LOG_FILE_BYTES
    this.filesKept = options.filesKept ?? LOG_FILES_KEPT
    this.file = path.join(options.folder, `${options.baseName}.log`)
  }

  /** Takes a line with its line feed. It is on disk after `LOG_FLUSH_MS`, or after `flush`. */
  append(line: string): void {
    const bytes = Buffer.byteLength(line)
    if (this.waitingBytes + bytes > LOG_BUFFER_BYTES) {
      this.droppedLines++
      return
    }
    this.lines.push(line)
    this.waitingBytes += bytes
    this.timer ??= this.options.clock.after(LOG_FLUSH_MS, () => void this.flush())
  }

  /** Resolves when everything appended so far has been written, or could not be. Never rejects. */
  flush(): Promise<void> {
    this.timer?.dispose()
    this.timer = null
    this.writing = this.writing.then(() => this.write()).catch(() => undefined)
    return this.writing
  }

  private async write(): Promise<void> {
    if (this.lines.length === 0) return
    const text = this.lines.join('') + (this.droppedLines > 0 ? `${this.droppedLines} lines could not be written\n` : '')
    const lostLines = this.lines.length + this.droppedLines
    this.lines = []
    this.waitingBytes = 0
    this.droppedLines = 0
    try {
      await this.writeText(text)
    } catch {
      // What was just tried is lost; the state of the file is read anew the next time.
      this.droppedLines += lostLines
      this.writtenBytes = null
    }
  }

  private async writeText(text: string): Promise<void> {
    const bytes = Buffer.byteLength(text)
    if (this.writtenBytes === null) this.writtenBytes = await this.prepare()
    if (needsRotation(this.writtenBytes, bytes, this.fileBytes)) {
      await this.rotate()
      this.writtenBytes = 0
    }
    await fs.appendFile(this.file, text, { mode: FILE_MODE })
    this.writtenBytes += bytes
  }

  /** Size of what an earlier run left. Files that others may read are closed to them. */
  private async prepare(): Promise<number> {
    await fs.mkdir(this.options.folder, { recursive: true, mode: FOLDER_MODE })
    for (const name of logFileNames(this.options.baseName, this.filesKept)) {
      await ignoreMissing(fs.chmod(path.join(this.options.folder, name), FILE_MODE))
    }
    return (await ignoreMissing(fs.stat(this.file)))?.size ?? 0
  }

  private async rotate(): Promise<void> {
    for (const { from, to } of rotationSteps(this.options.baseName, this.filesKept)) {
      await ignoreMissing(fs.rename(path.join(this.options.folder, from), path.join(this.options.folder, to)))
    }
  }
}

async function ignoreMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
