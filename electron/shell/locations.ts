import path from 'node:path'

/** Where the parts of the app lie, as the build lays them out around the main bundle. */
export interface Locations {
  readonly preload: string
  readonly page: string
  /** Code of a simulated board's thread, and the package of its interpreter: files that must lie outside the archive. */
  readonly simulatedWorker: string
  readonly interpreterPackage: string
}

export function locate(bundleFolder: string): Locations {
  const root = path.resolve(bundleFolder, '..', '..')
  const dist = path.join(root, 'dist')
  return {
    preload: path.join(dist, 'preload', 'preload.js'),
    page: path.join(dist, 'renderer'),
    simulatedWorker: unpacked(path.join(dist, 'main', 'simulated-worker.js')),
    interpreterPackage: unpacked(path.join(root, 'node_modules', '@micropython', 'micropython-webassembly-pyscript')),
  }
}

/** A worker and WebAssembly are not read from the archive; the package keeps such files beside it. */
function unpacked(location: string): string {
  return location.replace(/([\\/])app\.asar(?=[\\/])/, '$1app.asar.unpacked')
}
