import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** The unpacked app that `npm run package:dir` has made on this platform. */
export interface PackagedApp {
  readonly executable: string
  /** Where fuses are read from. */
  readonly resources: string
  readonly archive: string
  readonly unpacked: string
}

const releaseFolder = path.resolve(__dirname, '..', '..', 'release')

export function findPackagedApp(): PackagedApp {
  const { executable, resources } = locate()
  if (!existsSync(executable)) throw new Error(`There is no packaged app at ${executable}. Make it with: npm run package:dir`)
  return { executable, resources, archive: path.join(resources, 'app.asar'), unpacked: path.join(resources, 'app.asar.unpacked') }
}

function locate(): { readonly executable: string; readonly resources: string } {
  const folder = (pattern: RegExp): string =>
    path.join(releaseFolder, readdirSync(releaseFolder).find(name => pattern.test(name)) ?? 'none')
  if (process.platform === 'darwin') {
    const contents = path.join(folder(/^mac/), 'Muster.app', 'Contents')
    return { executable: path.join(contents, 'MacOS', 'Muster'), resources: path.join(contents, 'Resources') }
  }
  const unpacked = folder(process.platform === 'win32' ? /^win.*-unpacked$/ : /^linux.*-unpacked$/)
  return {
    executable: path.join(unpacked, process.platform === 'win32' ? 'Muster.exe' : 'muster'),
    resources: path.join(unpacked, 'resources'),
  }
}
