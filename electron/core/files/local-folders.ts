import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { LOCAL_FOLDERS_MAX, MAX_PORT_PATH_CHARS } from '../../../shared/limits'
import type { LocalFolder, LocalListing, LocalPlace } from '../../../shared/model'
import type { Logger } from '../base/logger'
import { fileFailed, isMissing, localFailure, quoted } from './file-errors'
import { type LocalFileSystem, systemFiles } from './local-file-system'
import { listFolder } from './local-listing'
import { joinRelative, localKey, nameProblem, type Platform } from './local-names'
import { LocalRoot } from './local-root'

export interface LocalFoldersOptions {
  /** Where the list is kept. */
  readonly folder: string
  readonly logger: Logger
  readonly files?: LocalFileSystem
  readonly platform?: Platform
}

const FILE_NAME = 'local-folders.json'
const FILE_MODE = 0o600

/**
 * The folders of the computer that a person has opened for Muster, the last used first. They are remembered between starts as one
 * file, which is written beside itself and renamed. Nothing outside of them can be named.
 */
export class LocalFolders {
  private saving: Promise<void> = Promise.resolve()
  private readonly claims = new Set<string>()
  private readonly options: Required<LocalFoldersOptions>

  private constructor(
    private folders: readonly LocalFolder[],
    options: Required<LocalFoldersOptions>,
  ) {
    this.options = options
  }

  /** Never rejects: a list that can't be read is empty. */
  static async load({ files = systemFiles, platform = process.platform, ...rest }: LocalFoldersOptions): Promise<LocalFolders> {
    const options = { files, platform, ...rest }
    const remembered = await readList(options)
    const there = await Promise.all(remembered.map(async folder => ((await isFolder(files, folder.path)) ? [folder] : [])))
    return new LocalFolders(there.flat(), options)
  }

  list(): readonly LocalFolder[] {
    return this.folders
  }

  /** From a path that the user has picked. Rejects with `FileFailed`. */
  async grant(picked: string): Promise<LocalFolder> {
    const { files } = this.options
    try {
      const real = await files.realpath(picked)
      if (!(await files.lstat(real)).isDirectory()) throw fileFailed('not-a-folder', `${quoted(picked)} is no folder.`)
      const known = this.folders.find(folder => folder.path === real)
      const folder =
        known ?? Object.freeze({ folderId: `folder-${randomBytes(8).toString('hex')}`, name: path.basename(real) || real, path: real })
      await this.change([folder, ...this.folders.filter(other => other !== known)].slice(0, LOCAL_FOLDERS_MAX))
      return folder
    } catch (error) {
      throw localFailure(`The folder ${quoted(picked)} could not be opened`, error)
    }
  }

  /** A folder that is not in the list is none that could be used: then there is nothing to do. */
  async forget(folderId: string): Promise<void> {
    const others = this.folders.filter(folder => folder.folderId !== folderId)
    if (others.length < this.folders.length) await this.change(others)
  }

  async entries(place: LocalPlace): Promise<LocalListing> {
    const root = this.use(place.folderId)
    try {
      return await listFolder(root, place)
    } catch (error) {
      await this.forgetIfGone(place.folderId)
      throw error
    }
  }

  async mkdir(place: LocalPlace): Promise<void> {
    const root = this.use(place.folderId)
    if ((await root.look(place.path)) !== null) throw fileFailed('file-exists', `${quoted(place.path)} is there already.`)
    const folder = await root.target(place.path)
    try {
      await root.files.mkdir(folder)
    } catch (error) {
      throw localFailure(`The folder ${quoted(place.path)} could not be made`, error)
    }
  }

  /** Another last name. What is there already is not replaced. */
  async rename({ folderId, path: place }: LocalPlace, name: string): Promise<void> {
    const root = this.use(folderId)
    const wanted = joinRelative(place.slice(0, Math.max(0, place.lastIndexOf('/'))), name)
    const problem = nameProblem(name, root.platform)
    if (problem !== null) throw fileFailed('bad-file-name', `${quoted(name)} can’t be on this computer: it has ${problem}.`)
    const file = await this.locate(root, place)
    // Where `A` and `a` are one name, what is found there is the file itself.
    const isSame = localKey(place, root.platform) === localKey(wanted, root.platform)
    if (!isSame && (await root.look(wanted)) !== null) throw fileFailed('file-exists', `${quoted(name)} is there already.`)
    try {
      await root.files.rename(file, await root.target(wanted))
    } catch (error) {
      throw localFailure(`${quoted(place)} could not be renamed`, error)
    }
  }

  /** `moveToTrash` gets one full path after the other, each looked up when its turn comes. */
  async trash(
    { folderId, path: place }: LocalPlace,
    names: readonly string[],
    moveToTrash: (file: string) => Promise<void>,
  ): Promise<{ readonly trashed: number }> {
    const root = this.use(folderId)
    for (const name of names) {
      const file = await this.locate(root, joinRelative(place, name))
      try {
        await moveToTrash(file)
      } catch (error) {
        throw fileFailed('local-file', `${quoted(name)} could not be put into the trash, and is where it was.`, {
          hint: 'Remove it with the file manager of this computer.',
          cause: error,
        })
      }
    }
    return { trashed: names.length }
  }

  /** The folder, to be worked in. Throws `FileFailed` for one that was not granted. */
  use(folderId: string): LocalRoot {
    const folder = this.folders.find(known => known.folderId === folderId)
    if (folder === undefined) {
      throw fileFailed('local-file', 'This folder of the computer is not open for Muster.', { hint: 'Choose it again.' })
    }
    // The order alone is not worth waiting for.
    if (this.folders[0] !== folder) void this.change([folder, ...this.folders.filter(other => other !== folder)])
    const { files, platform } = this.options
    return new LocalRoot({ files, platform, path: folder.path, claims: this.claims })
  }

  /** Resolves when what is remembered is on disk, or could not be written. */
  async flush(): Promise<void> {
    await this.saving
  }

  /** The full path of a file or a folder below the root. The root itself is none, and neither is a link. */
  private async locate(root: LocalRoot, place: string): Promise<string> {
    const file = await root.target(place)
    const there = await root.look(place)
    if (there === null) throw fileFailed('file-not-found', `${quoted(place)} is not on this computer any more.`)
    if (!there.isFile() && !there.isDirectory())
      throw fileFailed('local-file', `${quoted(place)} is a link or a device, and is left alone.`)
    return file
  }

  private async forgetIfGone(folderId: string): Promise<void> {
    const folder = this.folders.find(known => known.folderId === folderId)
    if (folder !== undefined && !(await isFolder(this.options.files, folder.path))) await this.forget(folderId)
  }

  private async change(folders: readonly LocalFolder[]): Promise<void> {
    this.folders = Object.freeze(folders)
    this.saving = this.saving.then(() => this.save(folders))
    await this.saving
  }

  private async save(folders: readonly LocalFolder[]): Promise<void> {
    // A later change is being waited for, and writes what is valid then.
    if (folders !== this.folders) return
    const { files, folder, logger } = this.options
    const file = path.join(folder, FILE_NAME)
    const unfinished = `${file}.${randomBytes(4).toString('hex')}.tmp`
    const kept = folders.map(({ folderId, path: location }) => ({ folderId, path: location }))
    try {
      await files.mkdir(folder, { recursive: true })
      await files.writeFile(unfinished, `${JSON.stringify({ folders: kept }, null, 2)}\n`, { mode: FILE_MODE })
      await files.rename(unfinished, file)
    } catch (error) {
      logger.warn('The folders that were opened could not be remembered.', { error })
      await files.unlink(unfinished).catch(() => undefined)
    }
  }
}

async function isFolder(files: LocalFileSystem, location: string): Promise<boolean> {
  try {
    return (await files.realpath(location)) === location && (await files.lstat(location)).isDirectory()
  } catch {
    return false
  }
}

async function readList({ files, folder, logger }: Required<LocalFoldersOptions>): Promise<readonly LocalFolder[]> {
  try {
    const parsed = JSON.parse(await files.readFile(path.join(folder, FILE_NAME), 'utf8')) as { readonly folders?: unknown } | null
    const items: readonly unknown[] = Array.isArray(parsed?.folders) ? parsed.folders : []
    return items.slice(0, LOCAL_FOLDERS_MAX).flatMap(readFolder)
  } catch (error) {
    if (!isMissing(error)) logger.warn('The folders that were opened before could not be read.', { error })
    return []
  }
}

function readFolder(item: unknown): readonly LocalFolder[] {
  if (typeof item !== 'object' || item === null) return []
  const { folderId, path: location } = item as Readonly<Record<string, unknown>>
  if (typeof folderId !== 'string' || !/^folder-[0-9a-f]{16}$/.test(folderId)) return []
  if (typeof location !== 'string' || location.length > MAX_PORT_PATH_CHARS || !path.isAbsolute(location)) return []
  return [Object.freeze({ folderId, name: path.basename(location) || location, path: location })]
}
