import type { Dirent } from 'node:fs'
import path from 'node:path'
import { FILE_TREE_MAX_DEPTH, LOCAL_LIST_MAX_ENTRIES, TRANSFER_FILES_MAX } from '../../../shared/limits'
import type { LocalEntry, LocalListing, LocalPlace } from '../../../shared/model'
import { fileFailed, localFailure, quoted } from './file-errors'
import { joinRelative } from './local-names'
import type { LocalRoot } from './local-root'

/** Files that are looked at side by side. */
const LOOKS_AT_ONCE = 32

/** Folders first, then by name. Links, devices and what can't be looked at are left out. */
export async function listFolder(root: LocalRoot, place: LocalPlace): Promise<LocalListing> {
  const folder = await root.existing(place.path)
  const found: Dirent[] = []
  let isTruncated = false
  for await (const entry of await openFolder(root, folder, place.path)) {
    if (!entry.isFile() && !entry.isDirectory()) continue
    isTruncated = found.length >= LOCAL_LIST_MAX_ENTRIES
    if (isTruncated) break
    found.push(entry)
  }
  const entries: LocalEntry[] = []
  for (let at = 0; at < found.length; at += LOOKS_AT_ONCE) {
    const looked = await Promise.all(found.slice(at, at + LOOKS_AT_ONCE).map(entry => lookAt(root, folder, entry.name)))
    entries.push(...looked.flat())
  }
  return { place, entries: entries.sort(foldersFirst), isTruncated }
}

async function lookAt(root: LocalRoot, folder: string, name: string): Promise<readonly LocalEntry[]> {
  try {
    const stats = await root.files.lstat(path.join(folder, name))
    const modifiedAt = Math.round(stats.mtimeMs)
    if (stats.isFile()) return [{ name, kind: 'file', size: stats.size, modifiedAt }]
    return stats.isDirectory() ? [{ name, kind: 'folder', size: null, modifiedAt }] : []
  } catch {
    return []
  }
}

/** What stands below a folder. */
export interface LocalTree {
  readonly files: ReadonlyMap<string, { readonly bytes: number; readonly modifiedMs: number }>
  readonly folders: ReadonlySet<string>
  /** Links, devices and the like: neither copied nor overwritten nor removed. */
  readonly others: ReadonlySet<string>
}

/**
 * All below a folder, by names relative to `base`. Rejects with `FileFailed`, also when a folder can't be read or when there is too
 * much: from half a tree nobody can say what is missing at the other end.
 */
export async function walkFolder(root: LocalRoot, base: string, start: string, signal: AbortSignal): Promise<LocalTree> {
  const files = new Map<string, { readonly bytes: number; readonly modifiedMs: number }>()
  const folders = new Set<string>()
  const others = new Set<string>()
  const waiting = [start]
  for (let relative = waiting.pop(); relative !== undefined; relative = waiting.pop()) {
    if (relative.split('/').length > FILE_TREE_MAX_DEPTH) {
      throw fileFailed('file-too-large', `Folders lie more than ${FILE_TREE_MAX_DEPTH} deep in each other at ${quoted(relative)}.`)
    }
    const place = joinPlace(base, relative)
    const folder = await root.existing(place)
    for await (const entry of await openFolder(root, folder, place)) {
      if (signal.aborted) throw new Error('Nobody wants to know any more.')
      const name = joinRelative(relative, entry.name)
      if (entry.isDirectory()) {
        folders.add(name)
        waiting.push(name)
      } else if (entry.isFile()) {
        const stats = await root.files.lstat(path.join(folder, entry.name)).catch(error => {
          throw localFailure(`${quoted(name)} could not be looked at`, error)
        })
        files.set(name, { bytes: stats.size, modifiedMs: stats.mtimeMs })
      } else others.add(name)
      if (files.size + folders.size > TRANSFER_FILES_MAX) {
        throw fileFailed('file-too-large', `There are more than ${TRANSFER_FILES_MAX} files in ${quoted(place || 'the folder')}.`, {
          hint: 'Choose a smaller folder.',
        })
      }
    }
  }
  return { files, folders, others }
}

export function joinPlace(base: string, relative: string): string {
  return relative === '' ? base : joinRelative(base, relative)
}

async function openFolder(root: LocalRoot, folder: string, shown: string): Promise<AsyncIterable<Dirent>> {
  try {
    // The iteration closes it, whatever ends it.
    return await root.files.opendir(folder, { bufferSize: 256 })
  } catch (error) {
    throw localFailure(`The folder ${quoted(shown)} could not be listed`, error)
  }
}

function foldersFirst(a: LocalEntry, b: LocalEntry): number {
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1
  return a.name < b.name ? -1 : 1
}
