import { devDependencies, version } from '../../package.json'
import type { AppInfo } from '../../shared/model'

const RELEASE_ELECTRON = devDependencies.electron

/** What runs, and whether it is what releases run on. */
export function describeApp(versions: NodeJS.ProcessVersions, isPackaged: boolean): AppInfo {
  const electron = versions.electron ?? 'none'
  return {
    version,
    electron,
    chromium: versions.chrome ?? 'none',
    node: versions.node,
    packaged: isPackaged,
    runtimeNote:
      majorOf(electron) < majorOf(RELEASE_ELECTRON) ? `Development runtime: Electron ${electron}; releases use ${RELEASE_ELECTRON}.` : null,
  }
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10) || 0
}
