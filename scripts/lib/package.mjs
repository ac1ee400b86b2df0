/** The packaged app. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { resolveElectron } from '../electron-runtime.mjs'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { inRoot, rootFolder } from './paths.mjs'
import { say } from './say.mjs'

/** Installers of this platform, from the Electron that is pinned and no other. */
export async function packageRelease() {
  await ensureInstalled()
  const runtime = await resolveElectron({ forRelease: true })
  await ensureBuilt()
  const { build } = await import('electron-builder')
  await build({ projectDir: rootFolder, config: { extends: 'electron-builder.yml', electronDist: runtime.folder }, publish: 'never' })
}

/** The unpacked app, from whatever Electron is there, and with the door for Playwright open. */
export async function packageForTest() {
  await ensureInstalled()
  const runtime = await resolveElectron()
  await ensureBuilt()
  const distribution = distributionOf(runtime.folder)
  try {
    const { build, Platform } = await import('electron-builder')
    await build({
      projectDir: rootFolder,
      targets: Platform.current().createTarget('dir'),
      publish: 'never',
      config: {
        extends: 'electron-builder.test.yml',
        electronDist: distribution,
        electronVersion: runtime.version,
        afterPack: ({ packager }) => {
          // Came with Electron 29; an older runtime has no place for it.
          if (Number.parseInt(runtime.version, 10) < 29) delete packager.config.electronFuses?.grantFileProtocolExtraPrivileges
        },
      },
    })
    say(`the unpacked app is in ${inRoot('release')}.`)
  } finally {
    rmSync(distribution, { recursive: true, force: true })
  }
}

/**
 * The runtime without any default app: electron-builder takes away Electron's own, but not a stand-in's folder.
 * @param {string} folder
 */
function distributionOf(folder) {
  const copy = mkdtempSync(inRoot('node_modules', '.electron-'))
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
  rmSync(path.join(copy, 'resources', 'app'), { recursive: true, force: true })
  return copy
}
