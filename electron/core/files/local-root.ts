import type { Stats } from 'node:fs'
import path from 'node:path'
import { fileFailed, isMissing, localFailure, quoted } from './file-errors'
import type { LocalFileSystem } from './local-file-system'
import { localKey, type Platform, splitPlace } from './local-names'

/** A folder that was granted, as what uses it sees it. */
export interface LocalRootOptions {
  readonly files: LocalFileSystem
  readonly platform: Platform
  /** The folder's real path at the time when it was granted. */
  readonly path: string
  /** Files that somebody is writing, by their full paths: shared by all who write. */
  readonly claims: Set<string>
}

/**
 * Finds places below one folder. Where a place really lies is looked up each time it is used: a link that leads out of the
 * folder, in the middle or at the end, is refused. Everything rejects with `FileFailed`.
 */
export class LocalRoot {
  constructor(private readonly options: LocalRootOptions) {}

  get files(): LocalFileSystem {
    return this.options.files
  }

  get platform(): Platform {
    return this.options.platform
  }

  /** False when somebody else writes this file at the moment. */
  claim(file: string): boolean {
    const { claims } = this.options
    const key = localKey(file, this.platform)
    if (claims.has(key)) return false
    claims.add(key)
    return true
  }

  release(file: string): void {
    this.options.claims.delete(localKey(file, this.platform))
  }

  /** The real path of what is there. */
  async existing(relative: string): Promise<string> {
    const names = splitPlace(relative, this.platform)
    const root = await this.realRoot()
    const real = await this.realpath(path.join(root, ...names), relative)
    if (!isInside(root, real)) throw leadsOut(relative)
    return real
  }

  /** Where something of this name is or would be: its folder exists, the name itself is not looked at, and no link is followed for it. */
  async target(relative: string): Promise<string> {
    const names = splitPlace(relative, this.platform)
    const name = names.at(-1)
    if (name === undefined) throw fileFailed('is-a-folder', 'The folder itself is no file.')
    return path.join(await this.existing(names.slice(0, -1).join('/')), name)
  }

  /** What is there itself, not what it links to; null for nothing. */
  async look(relative: string): Promise<Stats | null> {
    try {
      return await this.files.lstat(relative === '' ? await this.existing('') : await this.target(relative))
    } catch (error) {
      if (isMissing(error) || isMissing((error as Error).cause)) return null
      throw localFailure(`${quoted(relative)} could not be looked at`, error)
    }
  }

  /** Makes the folder, and those above it, one by one: each is looked up before anything is made in it. */
  async makeFolder(relative: string): Promise<void> {
    const names = splitPlace(relative, this.platform)
    let there = await this.existing('')
    for (const [index, name] of names.entries()) {
      const below = names.slice(0, index + 1).join('/')
      try {
        await this.files.mkdir(path.join(there, name))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw localFailure(`The folder ${quoted(below)} could not be made`, error)
      }
      there = await this.existing(below)
    }
    if (!(await this.files.lstat(there)).isDirectory()) throw fileFailed('not-a-folder', `${quoted(relative)} is no folder.`)
  }

  private async realRoot(): Promise<string> {
    const { path: granted } = this.options
    const real = await this.realpath(granted, path.basename(granted))
    if (real !== granted)
      throw fileFailed('local-file', `The folder ${quoted(granted)} has been replaced by a link.`, { hint: 'Open it again.' })
    return real
  }

  private async realpath(file: string, shown: string): Promise<string> {
    try {
      return await this.files.realpath(file)
    } catch (error) {
      throw localFailure(`${quoted(shown)} could not be found`, error)
    }
  }
}

function isInside(root: string, real: string): boolean {
  const relative = path.relative(root, real)
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative))
}

function leadsOut(relative: string): Error {
  return fileFailed('local-file', `${quoted(relative)} is a link that leads out of the folder.`, {
    hint: 'Open the folder that it leads to.',
  })
}
