import fs from 'node:fs/promises'
import path from 'node:path'
import { APP_HOST, APP_SCHEME } from './app-origin'

export interface AppFile {
  readonly location: string
  readonly mimeType: string
}

/** Every file of the page's build, by the path it is asked for. */
export type AppFiles = ReadonlyMap<string, AppFile>

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Lists the build once, at start-up. Links are not followed, and files of unknown kinds are not served. */
export async function listAppFiles(folder: string): Promise<AppFiles> {
  const files = new Map<string, AppFile>()
  await addFolder(files, folder, '')
  return files
}

async function addFolder(files: Map<string, AppFile>, folder: string, prefix: string): Promise<void> {
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const location = path.join(folder, entry.name)
    const name = `${prefix}/${entry.name}`
    if (entry.isDirectory()) await addFolder(files, location, name)
    const mimeType = MIME_TYPES[path.extname(entry.name)]
    if (entry.isFile() && mimeType !== undefined) files.set(name, { location, mimeType })
  }
}

/**
 * The file that an address means, or null. An address never becomes a path on disk: it is looked up among those listed,
 * as it stands, so that there is nothing to decode and nowhere to climb out of.
 */
export function findAppFile(files: AppFiles, address: string): AppFile | null {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return null
  }
  const isOurs = url.protocol === `${APP_SCHEME}:` && url.host === APP_HOST && url.username === '' && url.password === ''
  return (isOurs && files.get(url.pathname)) || null
}
