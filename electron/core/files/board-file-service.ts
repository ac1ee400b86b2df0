import { FILE_READ_MAX_BYTES, PACKAGE_INSTALL_TIMEOUT_MS } from '../../../shared/limits'
import type {
  BoardEntry,
  BoardFileContent,
  BoardFileHash,
  BoardListing,
  BoardTree,
  DiskSpace,
  ExecutionResult,
  WrittenFile,
} from '../../../shared/model'
import type { BoardFiles } from '../micropython/files/board-files'
import { pythonText } from '../micropython/files/python-source'
import { invalidArgument, sessionNotReady } from '../sessions/session-errors'
import type { BoardAccess, FileSessions } from './board-access'
import { lastName, readBoardPath } from './board-paths'
import { fileFailed, quoted, shown } from './file-errors'
import { MemorySink, memorySource, tooLarge } from './memory-files'
import { isOver } from './session-gate'

export interface BoardFileServiceOptions {
  readonly sessions: FileSessions
  readonly access: BoardAccess
}

/**
 * Files of one board at a time, each call one task of its session. The signal ends what waits or runs. Rejects with
 * `SessionNotFound`, `SessionNotReady`, `InvalidArgument`, `QueueFull`, `OperationCancelled`, `OperationFailed` or `FileFailed`.
 */
export class BoardFileService {
  constructor(private readonly options: BoardFileServiceOptions) {}

  async list(sessionId: string, path: string, signal: AbortSignal): Promise<BoardListing> {
    const folder = readBoardPath(path)
    return await this.task(sessionId, `Listing ${shown(folder)}`, files => files.list(folder), signal)
  }

  async stat(sessionId: string, path: string, signal: AbortSignal): Promise<BoardEntry | null> {
    const file = readBoardPath(path)
    return await this.task(sessionId, `Looking at ${shown(file)}`, files => files.stat(file), signal)
  }

  async df(sessionId: string, path: string, signal: AbortSignal): Promise<DiskSpace> {
    const folder = readBoardPath(path)
    return await this.task(sessionId, `Measuring the room on ${shown(folder)}`, files => files.df(folder), signal)
  }

  async tree(sessionId: string, path: string, signal: AbortSignal): Promise<BoardTree> {
    const folder = readBoardPath(path)
    return await this.task(sessionId, `Listing all below ${shown(folder)}`, files => files.tree(folder), signal)
  }

  async hash(sessionId: string, path: string, signal: AbortSignal): Promise<BoardFileHash> {
    const file = readBoardPath(path)
    return await this.task(sessionId, `Hashing ${shown(file)}`, (files, over) => files.hash(file, over), signal)
  }

  async mkdir(sessionId: string, path: string, options: { readonly parents: boolean }, signal: AbortSignal): Promise<void> {
    const folder = readBoardPath(path)
    await this.task(sessionId, `Making the folder ${shown(folder)}`, files => files.mkdir(folder, options), signal)
  }

  async remove(
    sessionId: string,
    paths: readonly string[],
    options: { readonly recursive: boolean },
    signal: AbortSignal,
  ): Promise<{ readonly removed: number }> {
    const doomed = paths.map(readBoardPath)
    if (doomed.includes('/')) throw invalidArgument('The root of a board can’t be removed.', 'bad-file-name')
    const [first] = doomed
    const title = doomed.length === 1 && first !== undefined ? `Removing ${shown(first)}` : `Removing ${doomed.length} files and folders`
    return { removed: await this.task(sessionId, title, files => files.remove(doomed, options), signal) }
  }

  async rename(sessionId: string, from: string, to: string, options: { readonly replace: boolean }, signal: AbortSignal): Promise<void> {
    const [old, wanted] = [readBoardPath(from), readBoardPath(to)]
    await this.task(sessionId, `Renaming ${shown(old)}`, files => files.rename(old, wanted, options), signal)
  }

  async read(sessionId: string, path: string, signal: AbortSignal): Promise<BoardFileContent> {
    const file = readBoardPath(path)
    return await this.task(
      sessionId,
      `Reading ${shown(lastName(file))}`,
      async (files, over) => {
        // A file that is far too large is not begun; the sink stands for the rest.
        const size = (await files.stat(file))?.size ?? 0
        if (size > FILE_READ_MAX_BYTES) throw tooLarge(quoted(file), FILE_READ_MAX_BYTES)
        const sink = new MemorySink(quoted(file), FILE_READ_MAX_BYTES)
        const { sha256, proof } = await files.read(file, sink, { signal: over })
        return { path: file, data: sink.data, sha256, proof }
      },
      signal,
    )
  }

  async write(
    sessionId: string,
    path: string,
    data: Uint8Array,
    { ifSha256 }: { readonly ifSha256: string | null | undefined },
    signal: AbortSignal,
  ): Promise<WrittenFile> {
    const file = readBoardPath(path)
    const condition = ifSha256 === undefined ? {} : { ifSha256 }
    let hasBegun = false
    const write = async (files: BoardFiles, over: AbortSignal): Promise<WrittenFile> => {
      hasBegun = true
      return await files.write(file, memorySource(data), { ...condition, signal: over })
    }
    try {
      return await this.task(sessionId, `Writing ${shown(lastName(file))}`, write, signal)
    } catch (error) {
      if (hasBegun && signal.aborted) this.clearUp(sessionId, file)
      throw error
    }
  }

  /** What was cancelled in the middle is not taken up again. It goes when its turn comes, or with the session. */
  private clearUp(sessionId: string, file: string): void {
    const title = `Clearing up after ${shown(lastName(file))}`
    this.task(sessionId, title, files => files.discardPart(file), new AbortController().signal).catch(() => undefined)
  }

  /** An ordinary execution: the console shows what `mip` prints. An exception on the board is a result. */
  async installPackage(
    sessionId: string,
    { name, version, target }: { readonly name: string; readonly version?: string; readonly target?: string },
    signal: AbortSignal,
  ): Promise<ExecutionResult> {
    const { sessions } = this.options
    const { snapshot } = sessions.info(sessionId)
    const { board, state, port } = snapshot
    if (isOver(snapshot)) throw sessionNotReady({ sessionId, name: port || sessionId }, state)
    if (name.trim() === '') throw invalidArgument('The package has no name.')
    const options = {
      ...(version !== undefined && version !== '' && { version }),
      ...(target !== undefined && target !== '' && { target: readBoardPath(target) }),
    }
    if (board !== null && !board.features.includes('mip')) {
      throw fileFailed('not-supported', 'This board can’t install packages: its firmware has no “mip”.', {
        hint: 'Copy the files of the package to the board instead.',
      })
    }
    const words = Object.entries(options).map(([key, value]) => `, ${key}=${pythonText(value)}`)
    const code = `import mip\nmip.install(${pythonText(name.trim())}${words.join('')})`
    return await sessions.execute(sessionId, code, { timeoutMs: PACKAGE_INSTALL_TIMEOUT_MS, signal })
  }

  private task<T>(
    sessionId: string,
    title: string,
    work: (files: BoardFiles, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    return this.options.access.run(sessionId, title, work, signal)
  }
}
