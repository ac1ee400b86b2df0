import type { ErrorInfo } from '../errors'

/**
 * Paths on a board are absolute, with `/` between the names: `/lib/main.py`. Paths on the computer are relative to a folder that
 * the user has opened for Muster, with `/` between the names on every system; the empty path is the folder itself.
 */

/** A file or a folder on a board. */
export interface BoardEntry {
  readonly name: string
  readonly kind: 'file' | 'folder'
  /** Bytes; null for a folder, and where the board does not tell. */
  readonly size: number | null
  /** Wall-clock time of the last change, by the board's own clock; null where the board keeps none. */
  readonly modifiedAt: number | null
}

export interface BoardListing {
  readonly path: string
  /** Folders first, then by name. */
  readonly entries: readonly BoardEntry[]
}

/** One entry below the folder that was asked for; `path` is relative to it. */
export interface BoardTreeEntry extends BoardEntry {
  readonly path: string
}

export interface BoardTree {
  readonly path: string
  /** A folder stands before what is in it. */
  readonly entries: readonly BoardTreeEntry[]
  /** There was more than `FILE_TREE_MAX_ENTRIES`. */
  readonly isTruncated: boolean
}

/** Room on the file system that a path lies on. */
export interface DiskSpace {
  readonly path: string
  readonly totalBytes: number
  readonly freeBytes: number
}

/**
 * What shows that the bytes at both ends are the same: the board's own SHA-256, a checksum (CRC-32) of the whole by the board,
 * all of it read back and compared, or no more than the number of bytes.
 */
export type FileProof = 'sha256' | 'crc32' | 'readBack' | 'size'

export interface BoardFileHash {
  readonly path: string
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
  /** `sha256`: the board has computed it; `readBack`: the board can't, and the whole file was read. */
  readonly proof: 'sha256' | 'readBack'
}

export interface BoardFileContent {
  readonly path: string
  readonly data: Uint8Array
  /** Of `data`, lower-case hex: what `files:write` takes as `ifSha256`. */
  readonly sha256: string
  readonly proof: FileProof
}

export interface WrittenFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly proof: FileProof
  /** There was a file of this name before. */
  readonly replaced: boolean
  /** False where the board can't rename: for a moment there was neither the old file nor the whole new one. */
  readonly atomic: boolean
  readonly durationMs: number
}

/** A folder of the computer that the user has opened for Muster. */
export interface LocalFolder {
  readonly folderId: string
  /** Its last name. */
  readonly name: string
  /** In full, for display. */
  readonly path: string
}

export interface LocalPlace {
  readonly folderId: string
  /** Relative to the folder; empty for the folder itself. */
  readonly path: string
}

export interface LocalEntry {
  readonly name: string
  readonly kind: 'file' | 'folder'
  /** Bytes; null for a folder. */
  readonly size: number | null
  readonly modifiedAt: number
}

export interface LocalListing {
  readonly place: LocalPlace
  /** Folders first, then by name. Links, devices and what can't be read are left out. */
  readonly entries: readonly LocalEntry[]
  /** There was more than `LOCAL_LIST_MAX_ENTRIES`. */
  readonly isTruncated: boolean
}

export type TransferDirection = 'toBoard' | 'fromBoard'

/** What is to become of a file that is there already and differs. `ask` stops before the first byte, see `files:resolve`. */
export type ConflictRule = 'ask' | 'replace' | 'skip'

export type TransferState =
  /** Files are being counted and compared. */
  | 'planning'
  /** Files would be replaced or removed: waits for `files:resolve`. */
  | 'asking'
  /** Waits for its turn on the board, or for a board that was lost. */
  | 'waiting'
  | 'running'
  | 'done'
  /** At least one file failed. The others are done. */
  | 'failed'
  | 'cancelled'

export type TransferFileState =
  | 'waiting'
  | 'copying'
  /** All is there under a temporary name, and is being hashed. */
  | 'verifying'
  | 'done'
  /** The same by hash, or left alone by the user. */
  | 'skipped'
  /** A stray that a sync has removed. */
  | 'removed'
  | 'failed'
  | 'cancelled'

/** One file of a transfer. */
export interface TransferFile {
  /** Counts from 0 within the transfer. */
  readonly index: number
  /** Below what was chosen: `main.py`, `lib/umqtt/simple.py`. */
  readonly name: string
  /** Absolute, on the board. */
  readonly boardPath: string
  readonly bytes: number
  readonly doneBytes: number
  readonly state: TransferFileState
  /** Bytes of the file that this one replaces; null for none. */
  readonly replacesBytes: number | null
  /** Set with `done`, and with `skipped` where the two are the same. */
  readonly proof: FileProof | null
  /** Where an interrupted transfer was taken up again; 0 for the beginning. */
  readonly resumedAtBytes: number
  /** Chunks that had to be sent again. */
  readonly retries: number
  readonly durationMs: number | null
  readonly error: ErrorInfo | null
}

/** Files on their way between the computer and a board, as one piece of work. */
export interface Transfer {
  readonly transferId: string
  readonly sessionId: string
  readonly direction: TransferDirection
  readonly kind: 'copy' | 'sync'
  readonly state: TransferState
  readonly local: LocalPlace
  readonly boardFolder: string
  readonly startedAt: number
  readonly endedAt: number | null
  readonly fileCount: number
  readonly totalBytes: number
  readonly doneBytes: number
  /** Over the last seconds; null before anything has moved. */
  readonly bytesPerSecond: number | null
  readonly secondsLeft: number | null
  /** Indices of files that would be replaced, and of strays that would be removed, while `asking`. */
  readonly questions: readonly number[]
  /** What the transfer as a whole has failed on; a file's own error stands with the file. */
  readonly error: ErrorInfo | null
}

/** Transfers of one session. `files` holds those that are new or have changed. */
export interface TransferUpdate {
  /** `all` replaces what the reader has; `more` changes it. */
  readonly kind: 'all' | 'more'
  readonly transfers: readonly Transfer[]
  readonly files: readonly { readonly transferId: string; readonly files: readonly TransferFile[] }[]
  /** Transfers that are no longer in the list. */
  readonly gone: readonly string[]
}

/** What a sync would do, file by file. */
export interface SyncPlan {
  readonly add: readonly { readonly name: string; readonly bytes: number }[]
  readonly replace: readonly { readonly name: string; readonly bytes: number; readonly replacesBytes: number | null }[]
  readonly same: readonly { readonly name: string; readonly bytes: number }[]
  /** On the far side only: removed where that is wanted. */
  readonly strays: readonly { readonly name: string; readonly bytes: number | null }[]
}
