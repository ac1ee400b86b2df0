import { createHash } from 'node:crypto'
import type { BoardEntry, BoardFileHash, BoardListing, BoardTree, DiskSpace, WrittenFile } from '../../../../shared/model'
import type { Clock } from '../../base/clock'
import type { Logger } from '../../base/logger'
import type { BoardTalk } from '../board-talk'
import { countOf } from './answer'
import type { BoardAbilities, BoardFiles, FileHashes, FileSink, FileSource, ReadResult, TransferOptions, WriteOptions } from './board-files'
import { checkEntryPath, partPath, splitPath } from './board-path'
import { BoardQuestions } from './board-questions'
import { fileError } from './file-failure'
import { discardProgram, hashProgram, kindsProgram } from './file-programs'
import { flatRemoveProgram } from './flat-programs'
import { FolderOperations, portions } from './folder-operations'
import { LinePace } from './line-pace'
import type { ProgramForm } from './python-source'
import { FileRead } from './read-file'
import { type BoardAccess, closingWhatIsLeft, hashMs, hashOptions } from './transfer-context'
import { FileWrite } from './write-file'

export interface BoardFilesNeeds {
  readonly clock: Clock
  readonly logger: Logger
}

/** With less free memory than this, a board does not get programs twice: as text to be checked, and as what is run. */
const CHECKED_PROGRAM_HEAP_BYTES = 24 * 1024
/** And with less than this, none that it has to unpack. */
const PACKED_PROGRAM_HEAP_BYTES = 48 * 1024

/** The files of a board, for as long as the talk is ours. Keeps what it learns of the line. */
export function createBoardFiles(talk: BoardTalk, abilities: BoardAbilities, needs: BoardFilesNeeds): BoardFiles {
  return new TalkingBoardFiles(talk, abilities, needs)
}

class TalkingBoardFiles implements BoardFiles {
  private readonly access: BoardAccess
  private readonly folders: FolderOperations
  /** One folder, and no way to ask about a file but for its size. */
  private readonly isFlat: boolean

  constructor(talk: BoardTalk, abilities: BoardAbilities, { clock, logger }: BoardFilesNeeds) {
    const pace = new LinePace()
    const { features } = abilities
    const hasCrc32 = features.includes('crc32')
    const questions = new BoardQuestions(talk, hasCrc32 ? 'crc32' : 'sum', programForm(abilities), clock, pace)
    this.access = { talk, abilities, questions, pace, clock, logger }
    this.isFlat = !features.includes('stat')
    this.folders = new FolderOperations(this.access, this.isFlat)
  }

  list(path: string): Promise<BoardListing> {
    return this.folders.list(path)
  }

  stat(path: string): Promise<BoardEntry | null> {
    return this.folders.stat(path)
  }

  df(path: string): Promise<DiskSpace> {
    return this.folders.df(path)
  }

  tree(path: string): Promise<BoardTree> {
    return this.folders.tree(path)
  }

  mkdir(path: string, options: { readonly parents: boolean }): Promise<void> {
    return this.folders.mkdir(path, options)
  }

  remove(paths: readonly string[], options: { readonly recursive: boolean }): Promise<number> {
    return this.folders.remove(paths, options)
  }

  rename(from: string, to: string, options: { readonly replace: boolean }): Promise<void> {
    return this.folders.rename(from, to, options)
  }

  async hash(path: string, signal: AbortSignal): Promise<BoardFileHash> {
    checkEntryPath(path)
    const deed = { deed: `Hashing ${path}`, port: this.access.talk.port }
    if (!this.canHash) {
      const { bytes, sha256 } = await this.readForHash(path, signal)
      return { path, bytes, sha256, proof: 'readBack' }
    }
    const kinds = await this.kinds([path], deed.deed, signal)
    const [kind] = kinds
    if (kind?.kind === 2) throw fileError(deed, 'is-a-folder')
    if (kind === undefined || kind.kind === 0) throw fileError(deed, 'file-not-found')
    const found = (await this.hashSome([path], kind.bytes, deed.deed, signal)).get(path)
    if (typeof found?.sha256 !== 'string') throw fileError(deed, 'file-changed')
    return { path, bytes: found.bytes, sha256: found.sha256, proof: 'sha256' }
  }

  async hashMany(paths: readonly string[], signal: AbortSignal): Promise<FileHashes> {
    for (const path of paths) checkEntryPath(path)
    const deed = `Comparing ${paths.length} files`
    const hashes = new Map<string, { readonly bytes: number; readonly sha256: string | null } | null>()
    for (const some of this.isFlat ? [] : portions(paths)) {
      const kinds = await this.kinds(some, deed, signal)
      const files = some.filter((_, index) => kinds[index]?.kind === 1)
      const totalBytes = kinds.reduce((sum, { bytes }) => sum + bytes, 0)
      for (const [index, path] of some.entries()) {
        const kind = kinds[index]
        hashes.set(path, kind?.kind === 1 && !this.canHash ? { bytes: kind.bytes, sha256: null } : null)
      }
      if (!this.canHash || files.length === 0) continue
      for (const [path, found] of await this.hashSome(files, totalBytes, deed, signal)) hashes.set(path, found)
    }
    if (!this.isFlat) return hashes
    for (const path of paths) {
      const entry = await this.folders.stat(path)
      hashes.set(path, entry?.size === undefined || entry.size === null ? null : { bytes: entry.size, sha256: null })
    }
    return hashes
  }

  async write(path: string, source: FileSource, options: WriteOptions): Promise<WrittenFile> {
    checkEntryPath(path)
    this.refuseFolders(path, `Writing ${path}`, 'not-supported')
    const sha256Of = async (file: string, signal: AbortSignal): Promise<string> =>
      this.canHash ? (await this.hash(file, signal)).sha256 : (await this.readForHash(file, signal)).sha256
    return await new FileWrite(this.access, { sha256Of, isFlat: this.isFlat }, path, source, this.fed(options)).run()
  }

  async read(path: string, sink: FileSink, options: TransferOptions): Promise<ReadResult> {
    checkEntryPath(path)
    this.refuseFolders(path, `Reading ${path}`, 'file-not-found')
    return await new FileRead(this.access, this.isFlat, path, sink, this.fed(options)).run()
  }

  async discardPart(path: string): Promise<void> {
    checkEntryPath(path)
    const part = partPath(path)
    const remove = this.isFlat ? flatRemoveProgram(part.slice(1), true) : discardProgram(part, splitPath(path).folder)
    const body = (): string => closingWhatIsLeft(this.access.abilities, remove)
    await this.access.questions.records({ deed: `Removing ${part}`, body })
  }

  private fed<T extends TransferOptions>(options: T): T {
    const { feedCode } = this.access.abilities
    return feedCode === undefined ? options : { feedCode, ...options }
  }

  private get canHash(): boolean {
    return this.access.abilities.features.includes('sha256')
  }

  private async kinds(
    paths: readonly string[],
    deed: string,
    signal: AbortSignal,
  ): Promise<readonly { readonly kind: number; readonly bytes: number }[]> {
    const records = await this.access.questions.records({ deed, signal, body: () => kindsProgram(paths) })
    return records.map(record => {
      const [kind, bytes] = record.split(',').map(countOf)
      return { kind: kind ?? 0, bytes: bytes ?? 0 }
    })
  }

  private async hashSome(paths: readonly string[], bytes: number, deed: string, signal: AbortSignal): Promise<FileHashes> {
    const options = hashOptions('sha256', this.access.abilities.freeMemoryBytes)
    const records = await this.access.questions.records({ deed, signal, workMs: hashMs(bytes), body: () => hashProgram(paths, options) })
    return new Map(
      paths.map((path, index) => {
        const [kind, size, digest = ''] = records[index]?.split(',') ?? []
        const isFile = kind === '1'
        return [path, isFile ? { bytes: countOf(size) ?? 0, sha256: /^[0-9a-f]{64}$/.test(digest) ? digest : null } : null]
      }),
    )
  }

  /** Reads all of a file and keeps nothing but its hash. */
  private async readForHash(path: string, signal: AbortSignal): Promise<ReadResult> {
    const hash = createHash('sha256')
    const sink: FileSink = {
      resumeAt: 0,
      prefixSha256: async () => hash.copy().digest('hex'),
      restart: async () => {},
      write: async bytes => {
        hash.update(bytes)
      },
    }
    return await this.read(path, sink, { signal })
  }

  private refuseFolders(path: string, deed: string, reason: 'not-supported' | 'file-not-found'): void {
    if (!this.isFlat || path.lastIndexOf('/') === 0) return
    throw fileError({ deed, port: this.access.talk.port }, reason, 'its file system has no folders')
  }
}

function programForm({ features, freeMemoryBytes }: BoardAbilities): ProgramForm {
  if (!features.includes('stat')) return 'short'
  if (!features.includes('crc32') || (freeMemoryBytes !== null && freeMemoryBytes < CHECKED_PROGRAM_HEAP_BYTES)) return 'plain'
  const hasRoom = freeMemoryBytes === null || freeMemoryBytes >= PACKED_PROGRAM_HEAP_BYTES
  return hasRoom && features.includes('deflate') && features.includes('base64') ? 'packed' : 'checked'
}
