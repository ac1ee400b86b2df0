/**
 * Stands in for Electron's default app in the development runtime, whose archive held another app.
 * Known here is what the scripts and tests use: `electron [-r module] [switches] folder [arguments]` and `--version`.
 * See "electron/default_app" in Electron's repository for the behaviour this follows.
 */

const { app } = require('electron')
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')

/** @param {readonly string[]} argumentList */
function parse(argumentList) {
  const preloads = []
  let folder = null
  for (let index = 0; index < argumentList.length && folder === null; index++) {
    const argument = argumentList[index]
    if (argument === '--version' || argument === '-v') return { version: true, preloads, folder }
    if (argument === '-r' || argument === '--require') preloads.push(argumentList[++index])
    else if (!argument.startsWith('-')) folder = argument
  }
  return { version: false, preloads, folder }
}

/** @param {string} location a folder with a package.json, or a script */
function load(location) {
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true, configurable: false })
  const target = path.resolve(location)
  const manifestFile = path.join(target, 'package.json')
  if (fs.existsSync(manifestFile)) {
    const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8'))
    const name = manifest.productName || manifest.name
    if (manifest.version) app.setVersion(manifest.version)
    if (name) {
      app.setName(name)
      if (process.platform === 'linux') app.setDesktopName(manifest.desktopName || `${name}.desktop`)
    }
    app.setAppPath(target)
  } else {
    app.setAppPath(path.dirname(Module._resolveFilename(target, module, true)))
  }
  Module._load(target, module, true)
}

const options = parse(process.argv.slice(1))
if (options.version) {
  console.log(`v${process.versions.electron}`)
  process.exit(0)
}
if (options.preloads.length > 0) Module._preloadModules(options.preloads)
if (options.folder === null) {
  console.error('Say which app to start: electron <folder>')
  process.exit(1)
}
try {
  load(options.folder)
} catch (error) {
  console.error('The app could not be started.')
  console.error(error.stack || String(error))
  process.exit(1)
}
