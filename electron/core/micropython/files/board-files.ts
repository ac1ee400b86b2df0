import type {
  BoardEntry,
  BoardFeature,
  BoardFileHash,
  BoardListing,
  BoardTree,
  DiskSpace,
  FileProof,
  WrittenFile,
} from '../../../../shared/model'

/** What decides how files travel to and from a board. */
export interface BoardAbilities {
  readonly features: readonly BoardFeature[]
  /** At connect; null where the board does not tell. */
  readonly freeMemoryBytes: number | null
  /** Run as Python between two chunks of any file, for example `wdt.feed()`, unless an operation says its own. */
  readonly feedCode?: string
}

/** Where a file's bytes come from. May be read more than once, from anywhere: a chunk is sent again, a transfer taken up again. */
export interface FileSource {
  readonly bytes: number
  /** Rejects with a `MusterError` when it can't be read. Shorter than asked for only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>
  /**
   * Asked when all has been read: whether what is there now is what was read, by its lower-case hex SHA-256. Absent where nothing can
   * change: else a file that is written meanwhile would arrive as parts of two versions.
   */
  isStill?(sha256: string, signal: AbortSignal): Promise<boolean>
}

/** Where a file's bytes go to, from the first to the last. */
export interface FileSink {
  /** Bytes that are there already, from an earlier attempt; 0 for none. They are proved before they are kept. */
  readonly resumeAt: number
  /** Lower-case hex SHA-256 of the first so many bytes that are there. */
  prefixSha256(bytes: number): Promise<string>
  /** Drops what is there, and begins anew. */
  restart(): Promise<void>
  write(bytes: Uint8Array): Promise<void>
}

export interface FileProgress {
  /** Bytes of the file that are known to be at the far end, out of all. */
  readonly doneBytes: number
  readonly stage: 'copying' | 'verifying'
  readonly resumedAtBytes: number
  /** Chunks that had to be sent again so far. */
  readonly retries: number
}

export interface TransferOptions {
  readonly signal: AbortSignal
  readonly onProgress?: (progress: FileProgress) => void
  /** Takes up what an interrupted attempt has left on the board. */
  readonly resume?: boolean
  /** Instead of the board's own. */
  readonly feedCode?: string
}

export interface WriteOptions extends TransferOptions {
  /** Lower-case hex of the whole source, if it is known already. */
  readonly sha256?: string
  /** Only if the file there has this hash (null: only if there is none); else `file-changed` or `file-exists`. */
  readonly ifSha256?: string | null
}

export interface ReadResult {
  readonly bytes: number
  readonly sha256: string
  readonly proof: FileProof
}

/** Hash of one of many files; null for what is no file, or can't be read. */
export type FileHashes = ReadonlyMap<string, { readonly bytes: number; readonly sha256: string | null } | null>

/**
 * The files of a board, over a `BoardTalk` whose turn it is. Paths are absolute and may hold anything but NUL. Every method
 * rejects with a `MusterError` of code `FileFailed` for what is wrong with a file (the reason says what), with code
 * `InvalidArgument` for a path that is none, and with a `ProtocolError` or `TransportError` when the board does not answer.
 * Never decides on an errno: ports number them differently.
 */
export interface BoardFiles {
  list(path: string): Promise<BoardListing>
  stat(path: string): Promise<BoardEntry | null>
  df(path: string): Promise<DiskSpace>
  tree(path: string): Promise<BoardTree>
  /** Where the board can't hash, the whole file is read. */
  hash(path: string, signal: AbortSignal): Promise<BoardFileHash>
  /** By the board itself; on a board that can't hash, sizes alone. */
  hashMany(paths: readonly string[], signal: AbortSignal): Promise<FileHashes>
  mkdir(path: string, options: { readonly parents: boolean }): Promise<void>
  remove(paths: readonly string[], options: { readonly recursive: boolean }): Promise<number>
  rename(from: string, to: string, options: { readonly replace: boolean }): Promise<void>
  /** Old or new, never a part: to a temporary name, proved there, then renamed. What was cut off stays for `resume`. */
  write(path: string, source: FileSource, options: WriteOptions): Promise<WrittenFile>
  read(path: string, sink: FileSink, options: TransferOptions): Promise<ReadResult>
  /** Removes what an attempt that nobody takes up again has left beside this path. */
  discardPart(path: string): Promise<void>
}
