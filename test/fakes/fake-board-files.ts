import { createHash } from 'node:crypto'
import type {
  BoardAbilities,
  BoardFiles,
  FileHashes,
  FileSink,
  FileSource,
  ReadResult,
  TransferOptions,
  WriteOptions,
} from '../../electron/core/micropython/files/board-files'
import { type ErrorReason, MusterError } from '../../shared/errors'
import type { BoardEntry, BoardListing, BoardTree, BoardTreeEntry, DiskSpace, WrittenFile } from '../../shared/model'

export type DiskOperation = 'list' | 'stat' | 'tree' | 'hash' | 'mkdir' | 'remove' | 'rename' | 'write' | 'read' | 'discard'

/** What a board keeps, however often it is plugged. Tests look into it, and hold up or fail what is done with it. */
export class FakeDisk {
  readonly files = new Map<string, Uint8Array>()
  readonly folders = new Set<string>(['/'])
  /** What writes have left that were cut off. */
  readonly parts = new Map<string, Uint8Array>()
  chunkBytes = 1_000
  canHash = true
  /** `A` and `a` are the same name, as to FAT. */
  foldsCase = false
  isTreeTruncated = false
  readonly operations: string[] = []
  /** At the beginning of each operation, and for each chunk of a file; a rejection is what the operation ends with. */
  before: (operation: DiskOperation, path: string, doneBytes: number) => Promise<void> | void = () => {}
  /** After a file has got its name, before anybody hears of it. */
  afterRename: (path: string) => Promise<void> | void = () => {}
  /** Bytes of the files that are on their way through memory at the moment, and the most there have been. */
  inFlight = { bytes: 0, most: 0 }
  abilities: BoardAbilities | null = null

  put(path: string, content: string | Uint8Array): void {
    for (let at = path.indexOf('/', 1); at !== -1; at = path.indexOf('/', at + 1)) this.folders.add(path.slice(0, at))
    this.files.set(path, typeof content === 'string' ? Buffer.from(content) : content)
  }

  /** Under which name a path is there, if it is. */
  real(path: string): string {
    if (!this.foldsCase) return path
    const same = (other: string): boolean => other.toLowerCase() === path.toLowerCase()
    return [...this.files.keys(), ...this.folders].find(same) ?? path
  }

  text(path: string): string | null {
    const bytes = this.files.get(path)
    return bytes === undefined ? null : Buffer.from(bytes).toString('utf8')
  }

  /** All files, by path. */
  get contents(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.files.keys()].sort().map(path => [path, this.text(path) ?? '']))
  }

  async note(operation: DiskOperation, path: string, doneBytes = 0): Promise<void> {
    if (doneBytes === 0) this.operations.push(`${operation} ${path}`)
    await this.before(operation, path, doneBytes)
  }
}

export function diskError(reason: ErrorReason, path: string): MusterError {
  return new MusterError({ code: 'FileFailed', reason, message: `${path}: ${reason}.` })
}

/** A board's files in memory, with the promises of the interface. */
export class FakeBoardFiles implements BoardFiles {
  constructor(private readonly disk: FakeDisk) {}

  async list(path: string): Promise<BoardListing> {
    await this.disk.note('list', path)
    const entries = this.below(path).filter(({ path: name }) => !name.includes('/'))
    return { path, entries }
  }

  async stat(path: string): Promise<BoardEntry | null> {
    await this.disk.note('stat', path)
    const name = path.slice(path.lastIndexOf('/') + 1)
    const file = this.disk.files.get(this.disk.real(path))
    if (file !== undefined) return { name, kind: 'file', size: file.length, modifiedAt: null }
    return this.disk.folders.has(this.disk.real(path)) ? { name, kind: 'folder', size: null, modifiedAt: null } : null
  }

  async df(path: string): Promise<DiskSpace> {
    await this.disk.note('stat', path)
    return { path, totalBytes: 1_000_000, freeBytes: 500_000 }
  }

  async tree(path: string): Promise<BoardTree> {
    await this.disk.note('tree', path)
    return { path, entries: this.below(path), isTruncated: this.disk.isTreeTruncated }
  }

  async hash(path: string) {
    await this.disk.note('hash', path)
    const bytes = this.disk.files.get(path)
    if (bytes === undefined) throw diskError('file-not-found', path)
    return { path, bytes: bytes.length, sha256: sha256(bytes), proof: this.disk.canHash ? 'sha256' : 'readBack' } as const
  }

  async hashMany(paths: readonly string[]): Promise<FileHashes> {
    await this.disk.note('hash', paths.join(' '))
    return new Map(
      paths.map(path => {
        const bytes = this.disk.files.get(this.disk.real(path))
        return [path, bytes === undefined ? null : { bytes: bytes.length, sha256: this.disk.canHash ? sha256(bytes) : null }]
      }),
    )
  }

  async mkdir(path: string, { parents }: { readonly parents: boolean }): Promise<void> {
    await this.disk.note('mkdir', path)
    if (parents && this.disk.folders.has(this.disk.real(path))) return
    const parent = path.slice(0, path.lastIndexOf('/')) || '/'
    if (this.disk.files.has(path)) throw diskError('file-exists', path)
    if (!parents && this.disk.folders.has(path)) throw diskError('file-exists', path)
    if (!parents && !this.disk.folders.has(parent)) throw diskError('file-not-found', parent)
    this.disk.put(`${path}/x`, '')
    this.disk.files.delete(`${path}/x`)
  }

  async remove(paths: readonly string[], { recursive }: { readonly recursive: boolean }): Promise<number> {
    let removed = 0
    for (const given of paths) {
      await this.disk.note('remove', given)
      const path = this.disk.real(given)
      const inside = [...this.disk.files.keys(), ...this.disk.folders].filter(name => name.startsWith(`${path}/`))
      if (this.disk.folders.has(path) && inside.length > 0 && !recursive) throw diskError('folder-not-empty', path)
      if (!this.disk.files.has(path) && !this.disk.folders.has(path)) throw diskError('file-not-found', path)
      for (const name of [path, ...inside]) if (this.disk.files.delete(name) || this.disk.folders.delete(name)) removed += 1
    }
    return removed
  }

  async rename(from: string, to: string, { replace }: { readonly replace: boolean }): Promise<void> {
    await this.disk.note('rename', from)
    const bytes = this.disk.files.get(from)
    if (bytes === undefined) throw diskError('file-not-found', from)
    if (this.disk.files.has(to) && !replace) throw diskError('file-exists', to)
    this.disk.files.delete(from)
    this.disk.files.set(to, bytes)
  }

  async write(path: string, source: FileSource, { signal, onProgress, resume = false, ifSha256 }: WriteOptions): Promise<WrittenFile> {
    const { disk } = this
    await disk.note('write', path)
    const there = disk.real(path)
    const before = disk.files.get(there)
    const parent = disk.real(path.slice(0, path.lastIndexOf('/')) || '/')
    if (disk.folders.has(path)) throw diskError('is-a-folder', path)
    if (!disk.folders.has(parent)) throw diskError('file-not-found', parent)
    if (ifSha256 === null && before !== undefined) throw diskError('file-exists', path)
    if (ifSha256 != null && (before === undefined || sha256(before) !== ifSha256)) throw diskError('file-changed', path)
    const kept = resume ? (disk.parts.get(path) ?? new Uint8Array(0)) : new Uint8Array(0)
    const prefix = await source.read(0, Math.min(kept.length, source.bytes))
    const resumedAtBytes = Buffer.compare(prefix, kept) === 0 ? kept.length : 0
    let part: Uint8Array = resumedAtBytes > 0 ? kept : new Uint8Array(0)
    while (part.length < source.bytes) {
      if (signal.aborted) throw new Error('The task is over.')
      const chunk = await source.read(part.length, disk.chunkBytes)
      this.carry(chunk.length)
      await disk.note('write', path, part.length + 1)
      this.carry(-chunk.length)
      if (signal.aborted) throw new Error('The task is over.')
      part = Buffer.concat([part, chunk])
      disk.parts.set(path, part)
      onProgress?.({ doneBytes: part.length, stage: 'copying', resumedAtBytes, retries: 0 })
    }
    onProgress?.({ doneBytes: part.length, stage: 'verifying', resumedAtBytes, retries: 0 })
    disk.parts.delete(path)
    disk.files.delete(there)
    disk.files.set(parent === '/' ? path : `${parent}${path.slice(path.lastIndexOf('/'))}`, part)
    await disk.afterRename(path)
    return {
      path,
      bytes: part.length,
      sha256: sha256(part),
      proof: disk.canHash ? 'sha256' : 'size',
      replaced: before !== undefined,
      atomic: true,
      durationMs: 1,
    }
  }

  async read(path: string, sink: FileSink, { signal, onProgress, resume = false }: TransferOptions): Promise<ReadResult> {
    const { disk } = this
    await disk.note('read', path)
    const bytes = disk.files.get(path)
    if (bytes === undefined) throw diskError(disk.folders.has(path) ? 'is-a-folder' : 'file-not-found', path)
    const { resumeAt } = sink
    const canResume =
      resume && resumeAt > 0 && resumeAt <= bytes.length && (await sink.prefixSha256(resumeAt)) === sha256(bytes.subarray(0, resumeAt))
    if (resumeAt > 0 && !canResume) await sink.restart()
    const resumedAtBytes = canResume ? resumeAt : 0
    for (let at = resumedAtBytes; at < bytes.length; at += disk.chunkBytes) {
      const chunk = bytes.subarray(at, at + disk.chunkBytes)
      this.carry(chunk.length)
      await disk.note('read', path, at + 1)
      this.carry(-chunk.length)
      if (signal.aborted) throw new Error('The task is over.')
      await sink.write(chunk)
      onProgress?.({ doneBytes: at + chunk.length, stage: 'copying', resumedAtBytes, retries: 0 })
    }
    return { bytes: bytes.length, sha256: sha256(bytes), proof: disk.canHash ? 'sha256' : 'size' }
  }

  async discardPart(path: string): Promise<void> {
    await this.disk.note('discard', path)
    this.disk.parts.delete(path)
  }

  private carry(bytes: number): void {
    const { inFlight } = this.disk
    inFlight.bytes += bytes
    inFlight.most = Math.max(inFlight.most, inFlight.bytes)
  }

  private below(path: string): readonly BoardTreeEntry[] {
    const { files, folders } = this.disk
    if (files.has(path)) throw diskError('not-a-folder', path)
    if (!folders.has(path)) throw diskError('file-not-found', path)
    const start = path === '/' ? '/' : `${path}/`
    const entries: BoardTreeEntry[] = []
    for (const name of [...folders, ...files.keys()].filter(each => each.startsWith(start) && each !== start).sort()) {
      const size = files.get(name)?.length ?? null
      entries.push({
        name: name.slice(name.lastIndexOf('/') + 1),
        path: name.slice(start.length),
        kind: size === null ? 'folder' : 'file',
        size,
        modifiedAt: null,
      })
    }
    return entries
  }
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}
