import { FILE_OPERATION_TIMEOUT_MS, FILE_TREE_MAX_DEPTH, FILE_TREE_MAX_ENTRIES, MAX_MESSAGE_BYTES } from '../../../../shared/limits'
import type { BoardEntry, BoardListing, BoardTree, DiskSpace } from '../../../../shared/model'
import { countOf } from './answer'
import { checkBoardPath, checkEntryPath, splitPath } from './board-path'
import type { Question } from './board-questions'
import { fileError } from './file-failure'
import { FLAT_LIST, flatRemoveProgram, flatStatProgram } from './flat-programs'
import { byKindAndName, readEntries, readEntry, readTree } from './folder-answers'
import { diskSpaceProgram, listProgram, makeFolderProgram, removeProgram, renameProgram, statProgram, treeProgram } from './folder-programs'
import type { BoardAccess } from './transfer-context'

/** A tree of as many entries as there may be. */
const TREE_MAX_BYTES = 4 * MAX_MESSAGE_BYTES
/** Names for one program together: it lies in the board's memory several times. */
const PATHS_MAX_CHARACTERS = 1_500
const ROOT: BoardEntry = { name: '/', kind: 'folder', size: null, modifiedAt: null }

/** The short operations: one execution each. */
export class FolderOperations {
  constructor(
    private readonly access: BoardAccess,
    private readonly isFlat: boolean,
  ) {}

  async list(path: string): Promise<BoardListing> {
    checkBoardPath(path)
    const deed = `Listing ${path}`
    if (this.isFlat) {
      if (path !== '/') throw this.error(deed, 'file-not-found')
      return { path, entries: await this.flatEntries(deed) }
    }
    return { path, entries: readEntries(await this.records({ deed, body: () => listProgram(path) })) }
  }

  async stat(path: string): Promise<BoardEntry | null> {
    checkBoardPath(path)
    const deed = `Looking at ${path}`
    const { name } = splitPath(path)
    if (this.isFlat) {
      if (path === '/') return ROOT
      if (path.lastIndexOf('/') > 0) return null
      const [first = ''] = await this.records({ deed, body: () => flatStatProgram(name) })
      return readEntry(`${Buffer.from(name).toString('hex')},${first}`, 0)
    }
    const [epoch, first = ''] = await this.records({ deed, body: () => statProgram(path) })
    if (path === '/') return ROOT
    return readEntry(`${Buffer.from(name).toString('hex')},${first}`, countOf(epoch) ?? 0)
  }

  async df(path: string): Promise<DiskSpace> {
    checkBoardPath(path)
    const deed = `Asking for the free space at ${path}`
    if (!this.access.abilities.features.includes('statvfs')) throw this.error(deed, 'not-supported')
    const [first = ''] = await this.records({ deed, body: () => diskSpaceProgram(path) })
    const [totalBytes = null, freeBytes = null] = first.split(',').map(countOf)
    if (totalBytes === null || freeBytes === null) throw this.error(deed, 'not-supported')
    return { path, totalBytes, freeBytes }
  }

  async tree(path: string): Promise<BoardTree> {
    checkBoardPath(path)
    const deed = `Listing all of ${path}`
    if (this.isFlat) {
      const { entries } = await this.list(path)
      return { path, entries: entries.map(entry => ({ ...entry, path: entry.name })), isTruncated: false }
    }
    const body = (): string => treeProgram(path, FILE_TREE_MAX_ENTRIES, FILE_TREE_MAX_DEPTH)
    const records = await this.records({ deed, body, maxBytes: TREE_MAX_BYTES, workMs: 3 * FILE_OPERATION_TIMEOUT_MS })
    return { path, ...readTree(records) }
  }

  async mkdir(path: string, { parents }: { readonly parents: boolean }): Promise<void> {
    checkEntryPath(path)
    const deed = `Making the folder ${path}`
    if (this.isFlat) throw this.error(deed, 'not-supported', 'its file system has no folders')
    await this.records({ deed, body: again => makeFolderProgram(path, parents, again) }, 'read-only-files')
  }

  async remove(paths: readonly string[], { recursive }: { readonly recursive: boolean }): Promise<number> {
    for (const path of paths) checkEntryPath(path)
    let count = 0
    if (this.isFlat) {
      for (const path of paths) {
        const deed = `Removing ${path}`
        if (path.lastIndexOf('/') > 0) throw this.error(deed, 'file-not-found')
        await this.records({ deed, body: again => flatRemoveProgram(path.slice(1), again) })
        count++
      }
      return count
    }
    for (const some of portions(paths)) {
      const deed = some.length === 1 ? `Removing ${some[0]}` : `Removing ${some.length} files and folders`
      const [removed] = await this.records({
        deed,
        body: again => removeProgram(some, recursive, again),
        workMs: FILE_OPERATION_TIMEOUT_MS,
      })
      count += countOf(removed) ?? some.length
    }
    return count
  }

  async rename(from: string, to: string, { replace }: { readonly replace: boolean }): Promise<void> {
    checkEntryPath(from)
    checkEntryPath(to)
    const deed = `Renaming ${from} to ${to}`
    if (this.isFlat || !this.access.abilities.features.includes('rename')) throw this.error(deed, 'not-supported', 'it has no renaming')
    await this.records({ deed, body: again => renameProgram(from, to, replace, again) }, 'bad-file-name')
  }

  private async flatEntries(deed: string): Promise<readonly BoardEntry[]> {
    const records = await this.records({ deed, body: () => FLAT_LIST })
    return records
      .map(record => readEntry(record, 0))
      .filter(entry => entry !== null)
      .sort(byKindAndName)
  }

  private records(question: Question, otherwise?: 'read-only-files' | 'bad-file-name'): Promise<readonly string[]> {
    return this.access.questions.records(question, otherwise)
  }

  private error(deed: string, reason: Parameters<typeof fileError>[1], detail?: string): Error {
    return fileError({ deed, port: this.access.talk.port }, reason, detail)
  }
}

/** In order, as many together as fit into one program. */
export function portions(paths: readonly string[]): string[][] {
  const result: string[][] = []
  let characters = PATHS_MAX_CHARACTERS
  for (const path of paths) {
    if (characters + path.length > PATHS_MAX_CHARACTERS) {
      result.push([])
      characters = 0
    }
    result.at(-1)?.push(path)
    characters += path.length + 3
  }
  return result
}
